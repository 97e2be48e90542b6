"""What every row of the pages on papers must hold: a number, its place, ours with range and bounds, and a verdict."""

import importlib
import re
from pathlib import Path
from statistics import median

import pytest

from tests import folders
from tests.folders import ROOT
from vgcore.evidence import judge

PAGES = sorted((ROOT / "docs/evidence").glob("papers-*.md"))
VERDICTS = {"matches", "in kind", "does not match"}

REQUIRED = (
    "Hochreiter, 1991", "Hochreiter and Schmidhuber, 1997", "Bengio, Simard and Frasconi, 1994",
    "Glorot and Bengio, 2010", "Pascanu, Mikolov and Bengio, 2013", "Saxe, McClelland and Ganguli, 2013",
    "He, Zhang, Ren and Sun, 2015, on rectifiers", "Ioffe and Szegedy, 2015",
    "Santurkar, Tsipras, Ilyas and Madry, 2018",
    "Yang et al., 2019", "He, Zhang, Ren and Sun, 2015, on residual networks",
    "Veit, Wilber and Belongie, 2016", "Balduzzi et al., 2017",
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


CLOSE = 0.1
"""Two numbers match if they lie within a tenth of each other; the page says so."""


def number(words: str) -> float | None:
    """What is printed, if it is a number and nothing more: "√⅓ = 0.577" and "69.8 % right" are, "above ½" is not."""
    plain = words.rpartition(" = ")[-1].removesuffix(" right").replace("½", "0.5").translate(SUPERSCRIPTS)
    found = re.fullmatch(r"(-?[\d.]+)(?: × 10(?P<power>⁻?\d+))?(?: ?(?P<percent>%))?", plain)
    if found is None:
        return None
    return float(found[1]) * 10.0 ** int(found["power"] or 0) / (100 if found["percent"] else 1)


SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def measured(claim: str) -> float:
    figure, name = claim.split(".")
    verdict = judge(importlib.import_module(f"figures.{figure}").claims[name], *folders.published_runs(figure))
    return median(verdict.values.values())


SHARP = [
    (what, paper, here, verdict)
    for page in PAGES
    for what, paper, here, *_, verdict in rows(page)
    if number(paper) and verdict != "in kind"
]
"""What can be compared: in another setting a number may be near by luck."""


@pytest.mark.parametrize(("paper", "here", "verdict"), [row[1:] for row in SHARP], ids=[row[0] for row in SHARP])
def test_a_number_matches_if_it_lies_within_a_tenth_of_the_papers(paper: str, here: str, verdict: str) -> None:
    printed = number(paper)
    assert printed
    assert (verdict == "matches") == (abs(measured(here.split()[2]) / printed - 1) <= CLOSE)


@pytest.mark.parametrize(
    ("words", "value"),
    [("√⅓ = 0.577", 0.577), ("69.8 % right", 0.698), ("1.7 × 10⁴", 17000.0), ("½", 0.5), ("above ½", None)],
)
def test_a_printed_number_is_told_from_a_sentence(words: str, value: float | None) -> None:
    assert number(words) == (pytest.approx(value) if value else None)
