"""What every row of the pages on papers must hold: a number, its place, ours with range and bounds, and a verdict."""

import re
from pathlib import Path

import pytest

from tests.folders import ROOT

PAGES = sorted((ROOT / "docs/evidence").glob("papers-*.md"))
VERDICTS = {"matches", "in kind", "does not match"}

REQUIRED = (
    "Hochreiter, 1991", "Hochreiter and Schmidhuber, 1997", "Bengio, Simard and Frasconi, 1994",
    "Glorot and Bengio, 2010", "Pascanu, Mikolov and Bengio, 2013", "Saxe, McClelland and Ganguli, 2013",
    "He, Zhang, Ren and Sun, 2015", "Ioffe and Szegedy, 2015", "Santurkar, Tsipras, Ilyas and Madry, 2018",
    "Yang et al., 2019", "He, Zhang, Ren and Sun, 2016", "Veit, Wilber and Belongie, 2016", "Balduzzi et al., 2017",
    "Schoenholz, Gilmer, Ganguli and Sohl-Dickstein, 2017", "Pennington, Schoenholz and Ganguli, 2017",
    "Klambauer, Unterthiner, Mayr and Hochreiter, 2017", "Hanin, 2018", "Hanin and Nica, 2020",
    "Jozefowicz, Zaremba and Sutskever, 2015", "Le, Jaitly and Hinton, 2015",
)  # fmt: skip
"""The papers that the book promises."""


def headings(page: Path) -> list[str]:
    return re.findall(r"^## (.+)$", page.read_text(), re.MULTILINE)


def rows(page: Path) -> list[list[str]]:
    """The cells of every row that states a number."""
    lines = re.findall(r"^\| (.+) \|$", page.read_text(), re.MULTILINE)
    return [line.split(" | ") for line in lines if "{{" in line]


@pytest.mark.parametrize("paper", REQUIRED)
def test_every_promised_paper_has_a_section(paper: str) -> None:
    named = [name for page in PAGES for heading in headings(page) for name in heading.split("; ")]
    assert paper in named


def test_the_pages_hold_as_many_numbers_as_the_book_promises() -> None:
    assert sum(len(rows(page)) for page in PAGES) >= 40


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_row_states_one_claim_with_its_range_bounds_and_verdict(page: Path) -> None:
    for what, paper, ours, over_seeds, checked, verdict in rows(page):
        (claim,) = re.findall(r"\{\{ claim: ([\w.]+) \}\}", ours)
        assert over_seeds == f"{{{{ range: {claim} }}}}", what
        assert checked == f"{{{{ bounds: {claim} }}}}", what
        assert verdict in VERDICTS, what
        assert what
        assert paper


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_section_cites_its_paper(page: Path) -> None:
    _, *sections = re.split(r"^## ", page.read_text(), flags=re.MULTILINE)
    assert [section.split("\n")[0] for section in sections if not re.search(r"\]\((?:https://|cite:)", section)] == []
