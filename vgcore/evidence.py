"""What an experiment leaves behind, and what a page may say about it."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import numpy as np
import pandas as pd

Tables = Mapping[str, pd.DataFrame]
Measured = pd.DataFrame | Tables
"""What `measure` returns for one seed: one tidy table, or several by name."""

SINGLE = "table"
"""The name under which an experiment's only table is kept."""

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, kw_only=True)
class Run:
    """All seeds of one experiment.

    `tables` holds the tables that `measure` returned, seeds stacked, with the integer column `seed` in front.
    `config` is the experiment's configuration as plain values.
    """

    experiment: str
    config: Mapping[str, Any]
    tables: Tables

    @property
    def table(self) -> pd.DataFrame:
        """The only table of an experiment that returns one."""
        if set(self.tables) != {SINGLE}:
            raise ValueError(f"experiment {self.experiment!r} has the tables {sorted(self.tables)}: name one of them")
        return self.tables[SINGLE]

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds that were run, in order."""
        first = next(iter(self.tables.values()))
        return tuple(int(seed) for seed in sorted(first["seed"].unique()))

    def of_seed(self, seed: int) -> Measured:
        """What `measure` returned for one seed."""
        tables = {
            name: table[table["seed"] == seed].drop(columns="seed").reset_index(drop=True)
            for name, table in self.tables.items()
        }
        return tables[SINGLE] if set(tables) == {SINGLE} else tables

    def with_tables(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> "Run":
        """The same run with every table changed: how tests make a counterfeit."""
        return replace(self, tables={name: change(table) for name, table in self.tables.items()})


def stack(experiment: str, config: Mapping[str, Any], measured: Mapping[int, Measured]) -> Run:
    """The run made of what `measure` returned for each seed."""
    by_seed = {
        seed: {SINGLE: result} if isinstance(result, pd.DataFrame) else dict(result)
        for seed, result in sorted(measured.items())
    }
    names = next(iter(by_seed.values()))
    tables = {
        name: pd.concat([tables[name].assign(seed=seed) for seed, tables in by_seed.items()], ignore_index=True)
        for name in names
    }
    for name, table in tables.items():
        tables[name] = table[["seed", *(column for column in table if column != "seed")]]
    return Run(experiment=experiment, config=config, tables=tables)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A sentence's number and the bounds within which the sentence is true.

    `text` formats the number for the page, as in `"{:.1f} decades"`. `value` takes what the figure's experiments
    returned for one seed, one argument an experiment, and must satisfy the bounds for *every* seed; `value_of_run`
    takes the whole runs instead, for a statement about all seeds together. `counterfeit` changes one table so that
    the claim must fail; it is needed only where exchanging the arms and flattening the numbers would not break it.

    Examples:
        >>> Claim(text="{:.0f} apples", value=len, at_least=2).text.format(3)
        '3 apples'
    """

    text: str
    value: Callable[..., float] | None = None
    value_of_run: Callable[..., float] | None = None
    at_least: float | None = None
    at_most: float | None = None
    holds: Callable[[float], bool] | None = None
    counterfeit: Callable[[pd.DataFrame], pd.DataFrame] | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.value_of_run is None):
            raise ValueError(f"claim {self.text!r} needs value= or value_of_run=, one of the two")
        if self.at_least is None and self.at_most is None and self.holds is None:
            raise ValueError(f"claim {self.text!r} cannot fail: give it at_least=, at_most= or holds=")

    @property
    def bounds(self) -> str:
        """The bounds in words, for the page and for a failure."""
        parts = [
            f"at least {self._bound(self.at_least)}" if self.at_least is not None else "",
            f"at most {self._bound(self.at_most)}" if self.at_most is not None else "",
            "the stated comparison" if self.holds is not None else "",
        ]
        return ", ".join(part for part in parts if part)

    def _bound(self, bound: float) -> str:
        """A bound as the number is written, unless that would round it."""
        percent = self.number.rstrip("}").endswith("%")
        written = self.number.format(bound)
        plain = round(bound * 100, 9) if percent else bound
        exact = float(written.rstrip("%").replace(",", "")) == round(plain, 9)
        return written if exact else f"{plain:g}%" if percent else f"{plain:g}"

    @property
    def number(self) -> str:
        """The part of the text that formats the number; a text in words still has a number behind it."""
        found = re.search(r"\{[^}]*\}", self.text)
        return found.group() if found else "{:.3g}"

    def admits(self, value: float) -> bool:
        """Whether a value lies within the bounds; a value that is no number never does."""
        return (
            not math.isnan(value)
            and (self.at_least is None or value >= self.at_least)
            and (self.at_most is None or value <= self.at_most)
            and (self.holds is None or bool(self.holds(value)))
        )


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """A claim held against its runs: the text with the median in it, and the range over the seeds.

    `values` maps each seed to its value; a value of the whole run has the seed -1.
    """

    values: Mapping[int, float]
    text: str
    lowest: str
    highest: str
    bounds: str
    holds: bool


def judge(claim: Claim, *runs: Run) -> Verdict:
    """Hold a claim against one run for each of its figure's experiments."""
    if claim.value_of_run is not None:
        values = {-1: float(claim.value_of_run(*runs))}
    else:
        assert claim.value is not None
        # pure mathematics brings no seed of its own, or its 0 would be asked of runs that began elsewhere
        seeds = sorted(set().union(*(run.seeds for run in runs if run.seeds != (0,)))) or [0]
        values = {seed: float(claim.value(*(_of_seed(run, seed) for run in runs))) for seed in seeds}
    return Verdict(
        values=values,
        text=typeset(claim.text.format(float(median(values.values())))),
        lowest=typeset(claim.number.format(min(values.values()))),
        highest=typeset(claim.number.format(max(values.values()))),
        bounds=typeset(claim.bounds, exact=True),
        holds=all(claim.admits(value) for value in values.values()),
    )


def _of_seed(run: Run, seed: int) -> Measured:
    """Pure mathematics runs once, as seed 0, and serves every seed."""
    return run.of_seed(seed if seed in run.seeds else 0)


def typeset(text: str, *, exact: bool = False) -> str:
    """A text with its numbers as in print: powers of ten, a minus sign for the hyphen, no sign before nothing.

    Examples:
        >>> typeset("from -2 to -0.00"), typeset("a two-way 3-layer network")
        ('from −2 to 0.00', 'a two-way 3-layer network')
    """
    signed = re.sub(r"(?<![\w.])-(?=\d)", "−", in_powers(text, exact=exact))
    return re.sub(r"−(?=0(?:\.0*)?(?![\d.]))", "", signed)


def in_powers(text: str, *, exact: bool = False) -> str:
    """A text in which numbers in computers' notation have one decimal and a power of ten, or all their decimals.

    No line breaks inside them.

    Examples:
        >>> in_powers("1.97e-09").split(), in_powers("1.97e-09", exact=True).split()
        (['2.0', '×', '10⁻⁹'], ['1.97', '×', '10⁻⁹'])
    """

    def written(found: re.Match[str]) -> str:
        decimals = max(1, len(found[1] or "")) if exact else 1
        digits, power = f"{float(found[0]):.{decimals}e}".split("e")
        return f"{digits}\N{NO-BREAK SPACE}×\N{NO-BREAK SPACE}{ten_to(int(power))}"

    return re.sub(r"\d(?:\.(\d+))?e[-+]\d+", written, text)


def ten_to(power: int) -> str:
    """A power of ten in plain letters, legible in any font.

    Examples:
        >>> ten_to(-7)
        '10⁻⁷'
    """
    return "10" + str(power).translate(_SUPERSCRIPTS)


def in_the_median(value: Callable[..., float]) -> Callable[..., float]:
    """A claim's `value_of_run`, made of a `value`: its median over the seeds, for what single networks do by luck."""

    def of_runs(*runs: Run) -> float:
        seeds = next((run.seeds for run in runs if run.seeds != (0,)), (0,))  # pure mathematics brings none of its own
        return float(median(value(*(_of_seed(run, seed) for run in runs)) for seed in seeds))

    return of_runs


def decades(larger: float, smaller: float) -> float:
    """How many factors of ten lie between two positive numbers."""
    return float(np.log10(larger) - np.log10(smaller))
