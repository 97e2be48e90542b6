import json
from dataclasses import replace
from pathlib import Path

import pytest

from vgcore.press import citations
from vgcore.press.citations import Citation
from vgcore.press.markdown import Pages, Shown
from vgcore.press.pages import cited_in, figure_page, part, with_values
from vgcore.press.project import Figure
from vgcore.press.store import Entry

COINS = Figure(
    name="coins", message="Heads {share} of the time.", caption="Share of heads.", title="Coins",
    alt="Heads {share}, says <alt>.", experiments=("coins",), claims=("share", "gap"), arm="coin",
)  # fmt: skip
VERDICT = {
    "values": {"0": 0.5, "1": 0.6}, "text": "60 %", "lowest": "50 %", "highest": "60 %", "bounds": "at least 0.4",
    "holds": True,
}  # fmt: skip


@pytest.fixture
def pages(tmp_path: Path) -> Pages:
    for name in ("column.svg", "phone.svg"):
        (tmp_path / name).write_text(f"<svg><title>@@title@@</title><desc>@@description@@</desc>{name}</svg>")
    record = {"claims": {"share": VERDICT, "gap": VERDICT}, "seeds": [0, 1], "data": ["coins.csv"], "config": {}}
    entry = Entry(tmp_path, record)
    return Pages(shown={"coins": Shown(figure=COINS, entry=entry, part="coins")}, versions="Keras 3", commit="abc")


def render(pages: Pages, text: str) -> str:
    return pages.text(text, lambda target: f"../{target}", {"ledger": lambda part: f"LEDGER{part}"})


def cite(text: str) -> list[Citation]:
    return list(citations.citations_in("docs/page.md", text))


def problem(text: str) -> str:
    (found,) = citations.problems(cite(text), {"coins": COINS})
    return found


def test_a_claim_becomes_its_value_linked_to_the_ledger(pages: Pages) -> None:
    html = render(pages, "Heads {{ claim: coins.share }} of the time.")
    assert 'href="../evidence/claims/coins/#coins.share"' in html
    assert ">60 %</a> of the time." in html


def test_a_claim_carries_its_range(pages: Pages) -> None:
    assert 'data-range="50 % to 60 %" data-seeds="2"' in render(pages, "{{ claim: coins.share }}")


def test_a_claim_is_a_place_once_on_a_page(pages: Pages) -> None:
    html = render(pages, "{{ claim: coins.share }} and {{ claim: coins.share }} and {{ claim: coins.gap }}")
    assert [html.count(f'id="coins.{name}"') for name in ("share", "gap")] == [1, 1]


def test_a_claims_place_is_its_sentence_rather_than_the_figure_above_it(pages: Pages) -> None:
    figure, _, sentence = render(pages, "{{ figure: coins }}\n\n{{ claim: coins.share }}").split("\n")
    assert 'id="coins.share"' in sentence
    assert 'id="coins.share"' not in figure


def test_a_claims_place_is_the_figure_where_no_sentence_states_it(pages: Pages) -> None:
    assert 'id="coins.share"' in render(pages, "{{ figure: coins }}")


def test_a_figure_leaves_its_picture_to_the_rendered_page(pages: Pages) -> None:
    html = render(pages, "{{ figure: coins }}")
    assert "<svg" not in html
    assert "<svg" in pages.fill(html)


def test_a_figure_is_one_line_for_markdown(pages: Pages) -> None:
    assert "\n" not in render(pages, "{{ figure: coins }}")


def test_the_message_carries_its_claim(pages: Pages) -> None:
    assert ">60 %</a> of the time.</p>" in render(pages, "{{ figure: coins }}")


def test_the_description_is_filled_in_and_escaped(pages: Pages) -> None:
    assert "<desc>Heads 60 %, says &lt;alt&gt;.</desc>" in pages.fill("<!--figure coins-->")


@pytest.mark.parametrize(
    "text", ["`{{ claim: coins.share }}`", "```\n{{ figure: coins }}\n```", "~~~\n{{ ledger }}\n~~~"]
)
def test_code_is_left_alone(pages: Pages, text: str) -> None:
    assert render(pages, text) == text
    assert cite(text) == []


def test_a_block_is_put_in(pages: Pages) -> None:
    assert render(pages, "{{ ledger }}") == "LEDGER"


def test_an_unknown_claim_is_named_with_page_line_and_the_nearest() -> None:
    expected = "docs/page.md:3: figure 'coins' has no claim 'shaer': did you mean coins.share"
    assert problem("# A\n\nHeads {{ claim: coins.shaer }}.").startswith(expected)


def test_an_unknown_figure_is_named_with_the_nearest() -> None:
    assert problem("{{ figure: coin }}") == "docs/page.md:1: there is no figure 'coin': did you mean coins?"


def test_an_unknown_directive_is_named() -> None:
    assert "unknown directive 'figur': did you mean figure?" in problem("{{ figur: coins }}")


def test_a_claim_that_a_figure_does_not_make_but_names_is_found() -> None:
    strange = Figure(**{**COINS.__dict__, "caption": "Or {shrae}."})
    (found,) = citations.words_problems({"coins": strange})
    assert found.startswith("figures/coins.py: its words name the claim 'shrae': did you mean share")


def test_a_citation_knows_its_sentence() -> None:
    text = "First *one*. Then [heads](x.md) come {{ claim: coins.share }}\nof the time. Last."
    assert cite(text)[0].sentence == "Then heads come {{ claim: coins.share }} of the time."


def test_a_stale_figure_says_so_in_a_preview(pages: Pages) -> None:
    stale = Shown(figure=COINS, entry=pages.shown["coins"].entry, status="stale")
    html = Pages(shown={"coins": stale}, versions="", commit="").figure("coins", str)
    assert '<p class="vg-badge vg-stale" role="status">stale</p>' in html


def test_a_figure_without_a_result_has_a_place() -> None:
    waiting = Pages(shown={"coins": Shown(figure=COINS, entry=None, status="computing")}, versions="", commit="")
    assert "appears here" in waiting.fill(waiting.figure("coins", str))


def test_a_claim_in_a_table_stands_in_its_row_not_in_the_whole_table() -> None:
    first, second = cite(
        "| coin | heads |\n|---|---|\n| one | {{ claim: coins.share }} |\n| two | {{ claim: coins.gap }} |"
    )
    assert first.sentence == "one · {{ claim: coins.share }}"
    assert second.sentence == "two · {{ claim: coins.gap }}"


def test_very_many_tables_are_folded(pages: Pages) -> None:
    few = render(pages, "{{ figure: coins }}")
    assert '<a href="../data/coins.csv">data</a>' in few
    assert "tables of data" not in few
    coins = pages.shown["coins"]
    assert coins.entry
    record = {**coins.entry.record, "data": [f"coins.{number}.csv" for number in range(9)]}
    with_many = replace(coins, entry=Entry(coins.entry.folder, record))
    many = render(replace(pages, shown={"coins": with_many}), "{{ figure: coins }}")
    assert "<summary>9 tables of data</summary>" in many
    assert many.count('<a href="../data/coins.') == 9 + 2  # and the pictures


def test_a_figure_of_very_many_experiments_leads_to_the_code_of_most(tmp_path: Path, pages: Pages) -> None:
    names = tuple(f"coins_{number}" for number in range(9))
    for folder, written in {"figures": ["all"], "vgcore/experiments": names}.items():
        (tmp_path / folder).mkdir(parents=True)
        for name in written:
            (tmp_path / folder / f"{name}.py").write_text(f"# the code of {name}\n")
    whole = Shown(figure=replace(COINS, name="all", experiments=names), entry=None)
    single = Shown(figure=replace(COINS, name="first", experiments=names[:8]), entry=None)
    page = figure_page(replace(pages, shown={"all": whole, "first": single}), tmp_path, "all")
    assert "[`vgcore/experiments/coins_0.py`](first.md#code)" in page
    assert "# the code of coins_0" not in page
    assert "# the code of coins_8" in page  # no other page shows it


def test_a_range_and_the_bounds_stand_in_plain_words(pages: Pages) -> None:
    html = render(pages, "| {{ range: coins.share }} | {{ bounds: coins.share }} |")
    assert html == "| 50 % to 60 % | at least 0.4 |"


def test_a_number_of_all_seeds_together_has_no_range(pages: Pages) -> None:
    entry = pages.shown["coins"].entry
    assert entry
    entry.record["claims"]["share"] = VERDICT | {"values": {"-1": 0.6}}
    assert render(pages, "{{ range: coins.share }}") == "all seeds together"


def test_a_range_without_a_result_has_a_place() -> None:
    waiting = Pages(shown={"coins": Shown(figure=COINS, entry=None)}, versions="", commit="")
    assert render(waiting, "{{ range: coins.share }}, {{ bounds: coins.share }}") == "…, …"


@pytest.mark.parametrize("kind", ["range", "bounds"])
def test_a_range_of_an_unknown_claim_is_named_with_the_nearest(kind: str) -> None:
    expected = "docs/page.md:3: figure 'coins' has no claim 'shaer': did you mean coins.share"
    assert problem(f"# A\n\nHeads {{{{ {kind}: coins.shaer }}}}.").startswith(expected)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "One. As [He et al. say](https://he.org), {{ claim: coins.share }}. Two.",
            "As He et al. say, {{ claim: coins.share }}.",
        ),
        ("| 1 | [heads](page.md#heads) | {{ claim: coins.share }} |", "1 · heads · {{ claim: coins.share }}"),
    ],
)
def test_the_sentence_of_a_claim_has_no_markup(text: str, sentence: str) -> None:
    (found,) = cite(text)
    assert found.sentence == sentence


def test_the_sentence_of_a_row_leaves_out_what_the_ledger_has_columns_for() -> None:
    row = "| heads | 1/2 | {{ claim: coins.share }} | {{ range: coins.share }} | {{ bounds: coins.share }} | in kind |"
    assert {one.sentence for one in cite(row)} == {"heads · 1/2 · {{ claim: coins.share }} · in kind"}


def test_the_ledger_fills_in_ranges_and_bounds(pages: Pages) -> None:
    row = "heads · {{ claim: coins.share }} · {{ range: coins.share }} · {{ bounds: coins.share }}"
    assert with_values(pages, row, "coins") == "heads · 60 % · 50 % to 60 % · at least 0.4"


def test_a_claim_in_a_caption_is_quoted_with_its_own_sentence(pages: Pages) -> None:
    caption = "Coins are fair. Heads came in {share} of throws. They were thrown at night."
    coins = replace(pages.shown["coins"], figure=replace(pages.shown["coins"].figure, caption=caption))
    quoted = [sentence for sentence, *_ in cited_in("coins.share", {"coins": coins}, cite("{{ figure: coins }}"))]
    assert "Heads came in {share} of throws." in quoted
    assert caption not in quoted


def test_a_figure_belongs_where_it_is_shown_not_where_its_range_is_stated() -> None:
    stated = citations.citations_in("docs/evidence/papers.md", "{{ range: coins.share }}")
    shown = citations.citations_in("docs/causes/coins.md", "{{ figure: coins }}")
    assert part("coins", [*stated, *shown]) == "causes"


def test_the_name_of_a_row_leads_to_its_page(pages: Pages, tmp_path: Path) -> None:
    made = {"columns": ["coin", "heads"], "rows": [["[fair](coins/fair)", "50 %"], ["loaded [x]", "80 %"]]}
    (tmp_path / "table.json").write_text(json.dumps(made))
    html = render(pages, "{{ table: coins }}")
    assert '<tr><th scope="row"><a href="../coins/fair/">fair</a></th><td>50 %</td></tr>' in html
    assert '<tr><th scope="row">loaded [x]</th>' in html


@pytest.mark.parametrize(("plane", "kind"), [("null", "vg-explore"), ('{"x":"depth"}', "vg-explore vg-mapped")])
def test_what_is_explored_becomes_a_room_and_its_script(pages: Pages, tmp_path: Path, plane: str, kind: str) -> None:
    (tmp_path / "explore.json").write_text(f'{{"map":{plane}}}')
    html = render(pages, "{{ explore: coins }}")
    assert html.startswith(f'<div class="{kind}" role="group" aria-label="Explore: Coins"><!--explore coins--></div>')
    assert '<script src="../assets/explore.js" defer></script>' in html


def test_a_room_is_filled_with_what_is_explored(pages: Pages, tmp_path: Path) -> None:
    (tmp_path / "explore.json").write_text('{"map":null,"said":"1 < 2 & 3"}')
    html = pages.fill(render(pages, "{{ explore: coins }}"))
    assert '<template>{"map":null,"said":"1 &lt; 2 &amp; 3"}</template></div>' in html


def test_a_figure_that_cannot_be_explored_is_named_with_its_place() -> None:
    assert problem("Text.\n\n{{ explore: coins }}") == (
        "docs/page.md:3: figure 'coins' cannot be explored: there is none yet"
    )
