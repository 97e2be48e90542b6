"""The small book, built for real: what is made, what is kept, and what bad input gets."""

import json
import re
from pathlib import Path

from tests.checkout import Checkout, made

COINS = "vgcore/experiments/coins.py"


def errors(checkout: Checkout, *command: str) -> str:
    result = checkout.vgcore(*(command or ("build",)))
    assert result.returncode == 1
    assert "Traceback" not in result.stdout + result.stderr
    return result.stderr


def test_a_second_build_makes_nothing(checkout: Checkout) -> None:
    assert "coins seed 4, figure coins" in made(checkout)
    assert "nothing" in made(checkout)


def test_words_comments_and_layout_make_nothing(checkout: Checkout) -> None:
    made(checkout)
    checkout.replace("figures/coins.py", "Share of heads in", "How often heads came in")
    checkout.replace("vgcore/odds.py", "A probability.", "A chance, from 0 to 1.")
    checkout.replace(COINS, "    throws: int = 100", "    throws: int = 100  # a round number\n")
    checkout.replace("vgcore/evidence.py", '"""All seeds of one experiment.', '"""The seeds of one experiment.')
    assert "nothing" in made(checkout)


def test_a_change_in_a_figure_draws_that_figure_alone(checkout: Checkout) -> None:
    made(checkout)
    checkout.replace("figures/coins.py", 'y="share of heads"', 'y="heads"')
    assert made(checkout) == "made: figure coins\n"


def test_a_change_far_down_runs_the_experiment_again(checkout: Checkout) -> None:
    made(checkout)
    checkout.replace("vgcore/odds.py", "return p", "return p / 1")
    assert "coins seed 0" in made(checkout)


def test_an_unused_definition_may_change(checkout: Checkout) -> None:
    checkout.write("vgcore/odds.py", (checkout.root / "vgcore/odds.py").read_text() + "\n\nUNUSED = 1\n")
    made(checkout)
    checkout.replace("vgcore/odds.py", "UNUSED = 1", "UNUSED = 2")
    assert "nothing" in made(checkout)


def test_explain_names_what_changed_and_the_path_to_it(checkout: Checkout) -> None:
    made(checkout)
    checkout.replace("vgcore/odds.py", "return p", "return p / 1")
    said = checkout.vgcore("explain", "coins").stdout
    assert "run coins, seeds 0, 1, 2, 3, 4: stale" in said
    assert "vgcore.odds:chance changed, reached by vgcore.experiments.coins:measure → vgcore.odds:chance" in said


def test_a_claim_that_does_not_hold_is_a_sentence_with_its_values(checkout: Checkout) -> None:
    checkout.replace("figures/coins.py", "at_least=0.7", "at_least=0.9")
    said = errors(checkout)
    assert "docs/index.md:7" in said
    assert "“A loaded coin shows heads 87% of the time.”" in said
    assert "0.87 (seed 0), 0.92 (seed 1)" in said
    assert "it must be at least 90%" in said


def test_changing_one_number_in_a_model_turns_exactly_the_dependent_claims_red(checkout: Checkout) -> None:
    for kind in ("vgcore/experiments", "figures"):
        text = (checkout.root / kind / "coins.py").read_text()
        checkout.write(f"{kind}/dice.py", text.replace("coins", "dice").replace("chance(0.9)", "0.9"))
    checkout.write("docs/dice.md", "# Dice\n\n{{ figure: dice }}\n{{ claim: dice.gap }}\n")
    made(checkout)
    checkout.replace("vgcore/odds.py", "return p", "return p / 2")
    said = errors(checkout)
    assert "coins.heads_loaded does not hold" in said
    assert "coins.gap does not hold" in said
    assert "dice" not in said


def test_an_experiment_that_raises_is_named_with_seed_and_line(checkout: Checkout) -> None:
    checkout.replace(COINS, "    random = np", "    if seed == 3:\n        raise ValueError('three')\n    random = np")
    said = errors(checkout)
    assert f"experiment coins, seed 3 ({COINS}:20): ValueError: three" in said


def test_a_failed_seed_is_not_kept_and_the_others_are(checkout: Checkout) -> None:
    checkout.replace(COINS, "    random = np", "    if seed == 3:\n        raise ValueError('three')\n    random = np")
    errors(checkout)
    kept = [json.loads(path.read_text())["seed"] for path in checkout.root.glob(".cache/press/runs/coins/*/run.json")]
    assert sorted(kept) == [0, 1, 2, 4]


def test_a_nan_is_named_with_its_column(checkout: Checkout) -> None:
    checkout.replace(COINS, "/ config.throws for p", "/ (config.throws if p < 0.9 else float('nan')) for p")
    said = errors(checkout)
    assert "nan in column 'heads'" in said
    assert "nan_allowed" in said


def test_a_nan_may_be_allowed(checkout: Checkout) -> None:
    checkout.replace(COINS, "/ config.throws for p", "/ (config.throws if p > 0.5 else float('nan')) for p")
    checkout.replace(COINS, "published =", 'nan_allowed = ("heads",)\npublished =')
    assert "nan" not in errors(checkout).split("coins.gap")[0]


def test_a_run_past_its_limit_is_named_with_seed_and_line(checkout: Checkout) -> None:
    checkout.replace(COINS, "    random = np", "    while seed == 2:\n        pass\n    random = np")
    checkout.replace(COINS, "published =", "limit_seconds = 0.5\npublished =")
    said = errors(checkout)
    assert f"experiment coins, seed 2 ({COINS}:" in said
    assert "ran past its limit of 0.5 s" in said


def test_a_result_whose_code_was_edited_while_it_ran_is_not_kept(checkout: Checkout) -> None:
    edit = f"    if seed == 2:\n        open({COINS!r}, 'a').write('\\npublished = Config(throws=7)')\n"
    checkout.replace(COINS, "    random = np", f"{edit}    random = np")
    assert "its code was edited while it ran, so the result is not kept" in errors(checkout)
    kept = [json.loads(path.read_text())["seed"] for path in checkout.root.glob(".cache/press/runs/coins/*/run.json")]
    assert 2 not in kept


def test_a_damaged_entry_is_made_again_and_said_so(checkout: Checkout) -> None:
    made(checkout)
    figure = next(checkout.root.glob(".cache/press/figures/coins/*/column.svg"))
    figure.write_text("half")
    result = checkout.vgcore("build")
    assert "damaged (column.svg does not match its digest): it will be made again" in result.stderr
    assert result.stdout == "made: figure coins\n"


def test_a_syntax_error_is_one_sentence(checkout: Checkout) -> None:
    checkout.replace(COINS, "published = Config()", "published = Config(")
    said = errors(checkout)
    assert "vgcore/experiments/coins.py:25" in said
    assert "was never closed" in said


def test_a_figure_without_a_description_is_refused(checkout: Checkout) -> None:
    checkout.replace("figures/coins.py", 'alt = "The loaded coin shows heads {heads_loaded} of the time."', 'alt = ""')
    assert "figures/coins.py lacks `alt`" in errors(checkout)


def test_a_figure_of_an_unknown_experiment_is_refused(checkout: Checkout) -> None:
    checkout.replace("figures/coins.py", 'experiment = "coins"', 'experiment = "coin"')
    assert "there is no experiment 'coin': did you mean coins?" in errors(checkout)


def test_an_unknown_name_on_the_command_line_gets_the_nearest(checkout: Checkout) -> None:
    assert "there is no figure or lab 'coin': did you mean coins?" in errors(checkout, "build", "coin")


def test_claims_can_be_tried_on_other_seeds(checkout: Checkout) -> None:
    result = checkout.vgcore("claims", "coins", "--seed-offset", "1000", "--seeds", "3")
    assert "holds  coins.heads_loaded" in result.stdout
    kept = [json.loads(path.read_text())["seed"] for path in checkout.root.glob(".cache/press/runs/coins/*/run.json")]
    assert sorted(kept) == [1000, 1001, 1002]


def test_an_experiment_runs_from_the_command_line(checkout: Checkout) -> None:
    assert "coin,heads\nfair," in checkout.vgcore("run", "coins", "--smoke").stdout


def test_outside_a_checkout_it_says_so_in_one_sentence(checkout: Checkout) -> None:
    (checkout.root / "figures").rename(checkout.root / "elsewhere")
    assert "is no checkout of the book, it has no figures/" in errors(checkout)


def test_reports_of_time_stay_out_of_the_site(checkout: Checkout) -> None:
    made(checkout)
    report = json.loads((checkout.root / ".cache/press/times.json").read_text())
    assert report["last build"]["seconds"] > 0
    assert not Path(checkout.root / "site").exists()


def test_time_is_counted_by_the_processor(checkout: Checkout) -> None:
    checkout.replace(COINS, "    random = np", "    __import__('time').sleep(0.5)\n    random = np")
    made(checkout)
    report = json.loads((checkout.root / ".cache/press/times.json").read_text())
    assert report["seconds a seed"]["coins"] < 0.4


def test_a_missing_library_is_said_in_one_sentence(checkout: Checkout) -> None:
    code = "import sys; sys.modules['matplotlib'] = None; sys.argv[1:] = ['build']; from vgcore.cli import main; main()"
    result = checkout.python("-c", code)
    assert result.returncode == 1
    assert "matplotlib is missing: install what builds the book with `pip install 'vgcore[site]'`" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_missing_chart_library_is_said_with_the_figure_that_needs_it(checkout: Checkout) -> None:
    checkout.write("altair.py", "raise ModuleNotFoundError('No module named altair', name='altair')\n")
    checkout.replace("figures/coins.py", "from vgcore.press", "import altair\nfrom vgcore.press")
    said = errors(checkout)
    assert re.search(r"figure coins \(.*\): altair is missing: install what builds the book with `pip install", said)
    assert "Traceback" not in said


def test_explain_goes_through_the_whole_book(checkout: Checkout) -> None:
    made(checkout)
    checkout.replace("figures/coins.py", 'y="share of heads"', 'y="heads"')
    said = checkout.vgcore("explain").stdout
    assert re.search(
        r"run coins, seeds 0, 1, 2, 3, 4: fresh .*\nfigure coins: stale\n  figures.coins:draw changed", said
    )


def test_check_makes_nothing_and_fails_where_something_is_stale(checkout: Checkout) -> None:
    assert "stale: coins; `vgcore explain NAME` says why" in errors(checkout, "build", "--check")
    assert not list(checkout.root.glob(".cache/press/runs/*"))


def test_check_passes_where_nothing_is_stale(checkout: Checkout) -> None:
    made(checkout)
    assert checkout.vgcore("build", "--check").returncode == 0


def test_pruning_leaves_what_the_book_is_made_from(checkout: Checkout) -> None:
    made(checkout)
    checkout.replace("vgcore/odds.py", "return p", "return p / 1")
    made(checkout)
    assert "removed 6 results" in checkout.vgcore("store", "prune").stdout
    assert "nothing" in made(checkout)


def test_figures_can_be_built_by_name(checkout: Checkout) -> None:
    text = (checkout.root / "figures/coins.py").read_text()
    for name in ("one", "two"):
        checkout.write(f"figures/{name}.py", text)
    result = checkout.vgcore("build", "one", "two")
    assert "figure one, figure two" in result.stdout
    assert "figure coins" not in result.stdout
