"""The tested statements: each section is complete, is linked from the book, and says what its claim decides."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import pytest

from figures import statements_tested
from figures._statements import STATEMENTS, Reading
from tests.folders import PAGES, ROOT

FOLDER = "docs/evidence"
GROUPS = [f"{FOLDER}/statements-{group}.md" for group in ("causes", "fixes", "consequences")]
OTHERS = [page for page in PAGES if not page.startswith(FOLDER)]

HEADING = re.compile(r"^## “(?P<words>.+)” \{ #(?P<anchor>\w+) \}$", re.MULTILINE)
LINE = re.compile(r"^\*Commonly said:\* .*$", re.MULTILINE)
SAID = re.compile(r"\[“(?P<words>[^]]+)”\]\((?P<link>[^)]+)\)(?:: (?P<verdict>[a-z ]+)[;.])?")


@dataclass(frozen=True, kw_only=True)
class Section:
    """One statement on its page: its words, where it stands, and what is said below."""

    words: str
    place: str
    body: str


def sections() -> Iterator[tuple[str, Section]]:
    for page in GROUPS:
        text = (ROOT / page).read_text()
        headings = [*HEADING.finditer(text)]
        ends = [*(one.start() for one in headings[1:]), len(text)]
        for heading, end in zip(headings, ends, strict=True):
            place = f"{page.rpartition('/')[2]}#{heading['anchor']}"
            yield heading["anchor"], Section(words=heading["words"], place=place, body=text[heading.end() : end])


SECTIONS = dict(sections())

statements = pytest.mark.parametrize("name", STATEMENTS)


def verdict(name: str) -> str:
    """What a statement's claim decides, without its glyph."""
    return statements_tested.claims[name].text.partition(" ")[2]


def test_every_statement_of_the_picture_has_a_section_in_its_order() -> None:
    assert list(SECTIONS) == list(STATEMENTS)


@statements
@pytest.mark.parametrize("part", ["Prediction", "Run", "Verdict", "Limits"])
def test_every_section_says_what_was_predicted_run_and_decided_and_within_which_limits(name: str, part: str) -> None:
    assert len(re.findall(rf"^\*\*{part}\.\*\* \S", SECTIONS[name].body, re.MULTILINE)) == 1


@statements
def test_the_prediction_comes_before_the_run_and_the_run_before_the_verdict(name: str) -> None:
    parts = re.findall(r"^\*\*(\w+)\.\*\*", SECTIONS[name].body, re.MULTILINE)
    assert parts == ["Prediction", "Run", "Verdict", "Limits"]


@statements
def test_every_run_is_told_in_measured_numbers(name: str) -> None:
    run = SECTIONS[name].body.partition("**Run.**")[2].partition("**Verdict.**")[0]
    cited = re.findall(r"\{\{ claim: (\w+)\.\w+ \}\}", run)
    assert cited
    assert "statements_tested" not in cited


@statements
def test_every_verdict_is_the_one_that_its_own_claim_decides(name: str) -> None:
    assert re.findall(r"claim: statements_tested\.(\w+)", SECTIONS[name].body) == [name]
    assert f"**Verdict.** {{{{ claim: statements_tested.{name} }}}}: " in SECTIONS[name].body


@statements
def test_every_section_ends_with_the_page_that_explains_it(name: str) -> None:
    assert re.search(r"See \[[^]]+\]\(\.\./(?!evidence)[^)]+\.md[^)]*\)\.$", SECTIONS[name].body.rstrip())


@statements
def test_every_section_says_who_says_so(name: str) -> None:
    assert re.match(r"\*(Said|Commonly said|Asked|Commonly advised)[,:]?\*", SECTIONS[name].body.lstrip())


def test_the_table_of_all_statements_names_and_links_each_in_order() -> None:
    rows = re.findall(
        r"^\| (\d+) \| \[“(.+)”\]\((.+)\) \| \{\{ claim: statements_tested\.(\w+) \}\} \|$",
        (ROOT / FOLDER / "statements.md").read_text(),
        re.MULTILINE,
    )
    wanted = [(str(n), one.words, one.place, name) for n, (name, one) in enumerate(SECTIONS.items(), 1)]
    assert rows == wanted


def linked() -> Iterator[tuple[str, str]]:
    """Every link from another page of the book to a statement."""
    for page in OTHERS:
        for name in re.findall(r"\]\((?:\.\./)?evidence/statements-\w+\.md#(\w+)\)", (ROOT / page).read_text()):
            yield page, name


@statements
def test_every_statement_is_linked_from_a_page_that_touches_it(name: str) -> None:
    assert name in {found for _, found in linked()}


@pytest.mark.parametrize("page", OTHERS)
def test_a_page_says_of_a_statement_what_its_claim_decides(page: str) -> None:
    lines = LINE.findall((ROOT / page).read_text())
    assert len(lines) <= 1
    for found in (one for line in lines for one in SAID.finditer(line)):
        name = found["link"].rpartition("#")[2]
        assert found["link"].removeprefix("../evidence/") == SECTIONS[name].place
        assert (found["words"], found["verdict"]) == (SECTIONS[name].words, verdict(name))


@statements
def test_the_bounds_of_a_verdict_are_those_of_its_word(name: str) -> None:
    claim = statements_tested.claims[name]
    held = {"false": 0, "half true": 1, "true": 2}[verdict(name)]
    assert (claim.at_least, claim.at_most) == (held, held)


LIMITS = pd.DataFrame({"epoch": [1, 10, 100], "limit": [2.0, 5.0, 11.0]})
SYMPTOMS = pd.DataFrame({"arm": ["healthy", "a", "b", "c", "d"], "decades": [9.0, 3.5, 0.0, -4.0, 2.9]})
SPAN = pd.DataFrame({"cell": "SimpleRNN", "lag": [0, 8, 16], "test_accuracy": [0.9, 0.5, 0.3]})
NOISE = pd.DataFrame({"arm": ["plain", "normalised", "noise behind it"], "test_accuracy": [0.2, 0.6, 0.5]})
FACTORS = pd.DataFrame({"arm": "Keras default", "layer": [2, 3], "factor": [0.25, 0.5]})
RATES = pd.DataFrame(
    {"arm": ["none"] * 3 + ["before"] * 3, "rate": [0.1, 0.3, 1] * 2, "test_accuracy": [0.9, 0.4, 0.1, 0.8, 0.55, 0.9]}
)


@pytest.mark.parametrize(
    ("reading", "experiment", "measured", "share"),
    [
        (STATEMENTS["hardware"].best, "hundredfold_training", {"limits": LIMITS}, 0.5),
        (STATEMENTS["symptom"].best, "one_symptom", SYMPTOMS, 0.25),
        (STATEMENTS["steps"].best, "memory_span", SPAN, 0.75),
        (STATEMENTS["shift"].best, "covariate_shift", {"training": NOISE}, 0.25),
        (STATEMENTS["quarter"].best, "layer_factors", FACTORS, 0.75),
        (STATEMENTS["rates"].best, "batch_norm_rates", RATES, 0.5),
    ],
    ids=["hardware", "symptom", "steps", "shift", "quarter", "rates"],
)
def test_a_share_of_a_prediction_is_what_a_hand_computes(
    reading: Reading, experiment: str, measured: object, share: float
) -> None:
    assert reading({experiment: measured}) == pytest.approx(share)
