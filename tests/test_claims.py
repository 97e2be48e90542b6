"""What every claim must satisfy: that a page cites it, that it holds, and that it could fail."""

import importlib
import re
from collections.abc import Callable, Iterator
from functools import cache, partial

import numpy as np
import pandas as pd
import pytest

from tests import folders
from tests.folders import DRAWN, PAGES, ROOT
from vgcore.evidence import Claim, Run, judge
from vgcore.press.project import Project

FIGURES = Project(ROOT).figures

figures = pytest.mark.parametrize("figure", DRAWN)
claims = pytest.mark.parametrize(
    ("figure", "claim"), [(name, claim) for name, words in FIGURES.items() for claim in words.claims]
)

DIRECTIVE = re.compile(r"\{\{\s*(figure|claim):\s*([\w.]+)\s*\}\}")
CODE_BLOCK = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)


@cache
def asked_for() -> dict[str, set[str]]:
    """The figures and the claims that the pages ask for; a page's code is not asked."""
    texts = [CODE_BLOCK.sub("", (ROOT / page).read_text()) for page in PAGES]
    found = [match for text in texts for match in DIRECTIVE.findall(text)]
    return {kind: {name for one, name in found if one == kind} for kind in ("figure", "claim")}


@claims
def test_every_claim_is_cited_by_a_page(figure: str, claim: str) -> None:
    words = FIGURES[figure]
    in_words = f"{{{claim}}}" in words.message + words.caption and figure in asked_for()["figure"]
    assert in_words or f"{figure}.{claim}" in asked_for()["claim"]


def test_every_cited_claim_exists() -> None:
    assert asked_for()["claim"] <= {f"{name}.{claim}" for name in DRAWN for claim in FIGURES[name].claims}
    assert asked_for()["figure"] <= set(DRAWN)


@figures
def test_every_measured_figure_makes_a_claim(figure: str) -> None:
    words = FIGURES[figure]
    assert bool(words.claims) == bool(words.experiments)


Change = Callable[[pd.DataFrame], pd.DataFrame]


def permutations(runs: list[Run], arm: str) -> Iterator[Change]:
    """Give each arm's numbers to the next arm, to the one after it, and so on round."""
    names = sorted({name for run in runs for table in run.tables.values() if arm in table for name in table[arm]})
    for shift in range(1, len(names)):
        given = dict(zip(names, names[shift:] + names[:shift], strict=True))
        yield partial(_renamed, arm, given)


def _renamed(arm: str, given: dict[str, str], table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(**{arm: table[arm].map(given)}) if arm in table else table


def flattened(table: pd.DataFrame) -> pd.DataFrame:
    """Let every measured number be the same everywhere: no effect is left."""
    medians = {str(column): table[column].median() for column in table.select_dtypes("float")}
    return table.assign(**medians)


def breaks(claim: Claim, runs: list[Run], change: Change) -> bool:
    """Whether a counterfeit makes a claim false; that it cannot be computed, or is no number, refutes nothing."""
    try:
        with np.errstate(all="ignore"):
            verdict = judge(claim, *(run.with_tables(change) for run in runs))
    except (ArithmeticError, LookupError, TypeError, ValueError):
        return False
    return not verdict.holds and not any(map(np.isnan, dict(verdict.values).values()))


def is_refutable(claim: Claim, runs: list[Run], arm: str) -> bool:
    changes = [*permutations(runs, arm), flattened, *([claim.counterfeit] if claim.counterfeit else [])]
    return any(breaks(claim, runs, change) for change in changes)


@claims
def test_every_claim_holds_and_is_broken_by_a_counterfeit(figure: str, claim: str) -> None:
    made: Claim = importlib.import_module(f"figures.{figure}").claims[claim]
    runs = folders.published_runs(figure)
    assert judge(made, *runs).holds
    assert is_refutable(made, runs, FIGURES[figure].arm), (
        f"{figure}.{claim} survives every permutation of its arms and a flat table, so it does not depend on what it "
        f"compares: give it the other bound, or a counterfeit= that must break it"
    )


RUN = Run(
    experiment="coins",
    config={},
    tables={
        "table": pd.DataFrame({"seed": [0, 0], "coin": ["fair", "loaded"], "heads": [0.5, 0.9], "throws": [10, 10]})
    },
)


def heads(table: pd.DataFrame, coin: str) -> float:
    return float(table.heads[table.coin == coin].item())


@pytest.mark.parametrize(
    ("claim", "refutable"),
    [
        (Claim(text="{}", value=lambda table: heads(table, "loaded"), at_least=0.8), True),
        (Claim(text="{}", value=lambda table: heads(table, "loaded") - heads(table, "fair"), at_least=0.1), True),
        (Claim(text="{}", value=lambda table: heads(table, "loaded"), at_least=0.4), False),
        (Claim(text="{}", value=lambda table: table.throws.iloc[0], at_least=10), False),
        (
            Claim(text="{}", value=lambda table: table.throws.iloc[0], at_least=10,
                  counterfeit=lambda table: table.assign(throws=1)),
            True,
        ),
        (Claim(text="{}", value=lambda table: 1 / (heads(table, "loaded") - 0.5), at_least=0), False),
        (Claim(text="{}", value=lambda table: 1 if heads(table, "loaded") == 0.9 else np.nan, at_least=0), False),
    ],
    ids=["level", "difference", "always true", "not measured", "own counterfeit", "cannot be computed", "no number"],
)  # fmt: skip
def test_a_claim_that_cannot_fail_is_noticed(claim: Claim, refutable: bool) -> None:
    assert judge(claim, RUN).holds
    assert is_refutable(claim, [RUN], "coin") == refutable
