"""The small book's site, built by MkDocs: drafts, labs, tables, and what ends a build."""

import json
import re

import pytest

from tests.checkout import Checkout, made


def test_an_unchanged_site_imports_nothing_heavy(checkout: Checkout) -> None:
    made(checkout)
    code = (
        "import sys; from mkdocs.config import load_config; from mkdocs.commands.build import build;"
        "config = load_config('mkdocs.yml'); config.plugins.on_startup(command='build', dirty=False); build(config);"
        "print({'tensorflow', 'keras', 'matplotlib', 'pandas', 'numpy'} & set(sys.modules))"
    )
    assert checkout.python("-c", code).stdout.strip().endswith("set()")


def test_the_site_fails_on_an_unknown_claim_before_anything_runs(checkout: Checkout) -> None:
    checkout.replace("docs/index.md", "coins.gap", "coins.gpa")
    result = checkout.mkdocs("build")
    assert result.returncode == 1
    assert "docs/index.md:7: figure 'coins' has no claim 'gpa': did you mean coins.gap" in result.stderr
    assert not list(checkout.root.glob(".cache/press/runs/*"))


def test_a_formula_that_cannot_be_set_is_named_with_its_page(checkout: Checkout) -> None:
    checkout.replace("docs/index.md", "# Coins\n", "# Coins\n\nNot $\\nosuch{x}$.\n")
    result = checkout.mkdocs("build")
    assert result.returncode == 1
    assert "docs/index.md: The formula \\nosuch{x} cannot be typeset" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_draft_marks_every_page_and_figure(checkout: Checkout) -> None:
    checkout.replace("mkdocs.yml", "search, press", "search, press: {draft: true}")
    result = checkout.mkdocs("build")
    assert result.returncode == 0, result.stderr
    for page in ("index.html", "evidence/claims/index.html", "figures/coins/index.html"):
        assert "Draft: runs too small to mean anything" in (checkout.root / "site" / page).read_text()
    pictures = re.findall(r"<svg role.*?</svg>", (checkout.root / "site/index.html").read_text(), re.DOTALL)
    assert [">draft</text></svg>" in picture for picture in pictures] == [True, True]
    assert re.search(r'<p class="vg-provenance"[^>]*>draft · ', (checkout.root / "site/index.html").read_text())


def test_a_draft_measures_at_smoke_size(checkout: Checkout) -> None:
    checkout.replace("mkdocs.yml", "search, press", "search, press: {draft: true}")
    checkout.mkdocs("build")
    records = [json.loads(path.read_text()) for path in checkout.root.glob(".cache/press/runs/coins/*/run.json")]
    assert {record["config"]["throws"] for record in records} == {20}


@pytest.mark.parametrize(
    ("value", "trouble"),
    [
        ("table.heads[9]", "KeyError: 9"),
        ("table.heads[0] / (0 * table.heads[0])", "FloatingPointError: divide by zero"),
    ],
)
def test_a_claim_that_small_runs_cannot_answer_waits_in_a_draft(checkout: Checkout, value: str, trouble: str) -> None:
    asked = 'value=lambda table: table.heads[table.coin == "loaded"].item(), at_least=0.7'
    checkout.replace("figures/coins.py", asked, f"value=lambda table: {value}, at_least=0.7")
    published = checkout.mkdocs("build")
    assert (published.returncode, trouble in published.stderr) == (1, True)
    checkout.replace("mkdocs.yml", "search, press", "search, press: {draft: true}")
    draft = checkout.mkdocs("build")
    assert draft.returncode == 0, draft.stderr
    page = (checkout.root / "site/index.html").read_text()
    assert 'coins.heads_loaded">…</a>' in page
    assert 'data-claim="coins.gap"' in page


LAB = """# %% [markdown]
# # Lab
#
# See [the coins](../index.md#coins) and [nothing](../nowhere.md).

# %%
print("heads")
"""


MEETING = """\
# %% [markdown]
# # A lab that waits for another

# %%
import time
from pathlib import Path

Path("{name}").touch()
while not Path("{other}").exists():
    time.sleep(0.05)
print("met {other}")
"""


def test_a_labs_link_to_nowhere_is_named_with_its_line(checkout: Checkout) -> None:
    checkout.write("docs/labs/toss.py", LAB)
    checkout.replace("mkdocs.yml", "search, press", 'search, press, mkdocs-jupyter: {ignore: ["*.md", "data/*"]}')
    result = checkout.mkdocs("build")
    assert result.returncode == 1
    assert "docs/labs/toss.py:4: there is no page '../nowhere.md' to link to" in result.stderr


def test_labs_run_side_by_side(checkout: Checkout) -> None:
    for name, other in (("heads", "tails"), ("tails", "heads")):
        checkout.write(f"docs/labs/{name}.py", MEETING.format(name=name, other=other))
    built = checkout.vgcore("build", "--workers", "2")
    assert built.returncode == 0, built.stderr
    outputs = " ".join(path.read_text() for path in (checkout.root / ".cache/press/labs").rglob("outputs.json"))
    assert sorted(re.findall(r"met (\w+)", outputs)) == ["heads", "tails"]


def test_a_labs_links_lead_to_pages_of_the_site(checkout: Checkout) -> None:
    checkout.write("docs/labs/toss.py", LAB.replace("[nothing](../nowhere.md)", "[a lab](toss.ipynb)"))
    checkout.replace("mkdocs.yml", "search, press", 'search, press, mkdocs-jupyter: {ignore: ["*.md", "data/*"]}')
    result = checkout.mkdocs("build")
    assert result.returncode == 0, result.stderr
    assert '<a href="../../#coins">' in (checkout.root / "site/labs/toss/index.html").read_text()
    assert '<a href="../../labs/toss/">' in (checkout.root / "site/labs/toss/index.html").read_text()
    taken_away = (checkout.root / "site/data/toss.ipynb").read_text()
    assert "](http://localhost:8000/coins/#coins)" in taken_away
    assert "](http://localhost:8000/coins/labs/toss/)" in taken_away


TABLE = '''

def table(run: Run) -> pd.DataFrame:
    """Median share of heads."""
    medians = run.table.groupby("coin")["heads"].median()
    return pd.DataFrame({"coin": medians.index, "heads": [f"{share:.0%}" for share in medians]})
'''


def with_table(checkout: Checkout) -> Checkout:
    text = (checkout.root / "figures/coins.py").read_text()
    head = "from matplotlib.figure import Figure\n"
    checkout.write("figures/coins.py", text.replace(head, f"import pandas as pd\n{head}") + TABLE)
    checkout.replace("docs/index.md", "{{ figure: coins }}", "{{ figure: coins }}\n\n{{ table: coins }}")
    return checkout


def test_a_figures_table_has_a_name_for_each_row_and_column(checkout: Checkout) -> None:
    result = with_table(checkout).mkdocs("build")
    assert result.returncode == 0, result.stderr
    page = (checkout.root / "site/index.html").read_text()
    assert '<th scope="col">coin</th><th scope="col">heads</th>' in page
    assert re.search(r'<tr><th scope="row">loaded</th><td>(8|9)\d%</td></tr>', page)


def test_an_edited_table_is_made_again(checkout: Checkout) -> None:
    made(with_table(checkout))
    checkout.replace("figures/coins.py", "{share:.0%}", "{share:.3f}")
    assert made(checkout).strip() == "made: figure coins"


def test_a_table_that_a_figure_does_not_make_is_named_with_its_page(checkout: Checkout) -> None:
    checkout.replace("docs/index.md", "{{ figure: coins }}", "{{ table: coins }}")
    result = checkout.mkdocs("build")
    assert result.returncode == 1
    assert "docs/index.md:9: figure 'coins' has no table" in result.stderr
