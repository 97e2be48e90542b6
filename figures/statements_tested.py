"""Of {count} common statements {true} are true as they stand, {half} are half true, and {false} are false.

Each statement predicts something. A mark shows how much of that was measured: 1, dashed, is all of it, 0 is nothing.
Where it depends on the network there are two marks: for the one that suits the statement best, and for the one that
suits it least. Squares reach a half, circles do not. Only squares: true. One of each: half true. Only circles: false.
Marks are medians, bars span the seeds; what lies further out is drawn at the edge.
"""

from collections.abc import Callable
from typing import Any

import matplotlib as mpl
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from figures._statements import STATEMENTS
from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = (
    "layer_factors", "tanh_starts", "depth_decay", "same_matrix", "jacobian_spectrum", "gradients_in_formats",
    "dense_activations", "smooth_activations", "covariate_shift", "degradation", "batch_norm_rates", "branch_scales",
    "gradient_by_lag", "dense_trainings", "learning_rates", "adam_rescue", "decayed_weights", "plateau", "one_symptom",
    "layer_changes", "memory_span", "hundredfold_training", "norm_placement",
)  # fmt: skip
title = "Common statements, and how much of what they predict was measured"
alt = (
    "A row for each of {count} statements, with one or two marks between nothing and all of what it predicts. {true} "
    "rows have all their marks beyond a half, {half} have one on either side, and {false} have none beyond. Most marks "
    "lie near one of the ends: what is true is true nearly in full, and of what is false hardly anything is left."
)
arm = "network"

ENOUGH = 0.5
"""How much of what it predicts a statement needs."""
EDGES = (-0.12, 1.12)

Change = Callable[[pd.DataFrame], pd.DataFrame]


class _Measured(dict[str, Any]):
    """What each experiment returned for one seed, taken from its run when it is first asked for."""

    def __init__(self, seed: int, runs: tuple[Run, ...]) -> None:
        super().__init__()
        self._seed, self._runs = seed, {run.experiment: run for run in runs}

    def __missing__(self, experiment: str) -> Any:
        self[experiment] = self._runs[experiment].of_seed(self._seed)
        return self[experiment]


def _readings(name: str, runs: tuple[Run, ...]) -> pd.DataFrame:
    """One row a seed: `best` and `least`, the shares where it suits a statement best and where it suits it least."""
    measured = {seed: _Measured(seed, runs) for seed in runs[0].seeds}
    statement = STATEMENTS[name]
    rows = [
        {"seed": seed, "best": statement.best(one), "least": statement.least(one)} for seed, one in measured.items()
    ]
    return pd.DataFrame(rows)


def _holds(name: str, *runs: Run) -> float:
    """In how many of the two cases a statement keeps what it predicts, in the medians over the seeds."""
    medians = _readings(name, runs)[["best", "least"]].median(skipna=False)
    return float((medians >= ENOUGH).sum()) if medians.notna().all() else float("nan")


def _counted(*held: float) -> Callable[..., float]:
    """How many statements hold in so many cases."""
    return lambda *runs: float(sum(_holds(name, *runs) in held for name in STATEMENTS))


def _all(**values: float) -> Change:
    """A counterfeit: some columns hold one value everywhere."""
    return lambda table: table.assign(**{name: value for name, value in values.items() if name in table})


def _of(arm: str, **values: float) -> Change:
    """A counterfeit: they do so in the rows of one arm."""

    def change(table: pd.DataFrame) -> pd.DataFrame:
        found = {name: value for name, value in values.items() if name in table and "arm" in table}
        return table.assign(**{name: table[name].mask(table["arm"] == arm, value) for name, value in found.items()})

    return change


def _as(new: str, old: str) -> Change:
    """A counterfeit: a column holds what another one does."""
    return lambda table: table.assign(**{new: table[old].astype(float)}) if {new, old} <= set(table) else table


WORDS = ("✕ false", "◐ half true", "✓ true")
"""A verdict, by the number of cases in which a statement holds."""


def _verdict(name: str, held: int, counterfeit: Change) -> Claim:
    return Claim(
        text=WORDS[held], value_of_run=lambda *runs: _holds(name, *runs), at_least=held, at_most=held,
        counterfeit=counterfeit,
    )  # fmt: skip


GUESSING, LEARNING, UNKNOWN = (_all(test_accuracy=value) for value in (0.1, 0.9, float("nan")))

claims = {
    "count": Claim(text="{:.0f}", value_of_run=_counted(0, 1, 2), at_least=23, at_most=23, counterfeit=UNKNOWN),
    "true": Claim(text="{:.0f}", value_of_run=_counted(2), at_least=4, at_most=4, counterfeit=LEARNING),
    "half": Claim(text="{:.0f}", value_of_run=_counted(1), at_least=11, at_most=11, counterfeit=LEARNING),
    "false": Claim(text="{:.0f}", value_of_run=_counted(0), at_least=8, at_most=8, counterfeit=LEARNING),
    "quarter": _verdict("quarter", 1, _all(factor=1.0)),
    "tanh": _verdict("tanh", 1, LEARNING),
    "weights": _verdict("weights", 1, _all(weight_gradient_rms=1.0)),
    "singular": _verdict("singular", 1, _as("gradient_norm", "step")),
    "directions": _verdict("directions", 0, _all(singular_value=1.0)),
    "bfloat16": _verdict("bfloat16", 2, _of("bfloat16", share_not_zero=0.0)),
    "relu": _verdict("relu", 1, LEARNING),
    "selu": _verdict("selu", 1, _all(relative_gradient=1.0)),
    "batch_norm": _verdict("batch_norm", 1, _all(test_error=0.1)),
    "rates": _verdict("rates", 2, _of("before", test_accuracy=0.1)),
    "shift": _verdict("shift", 0, _of("noise behind it", test_accuracy=0.1)),
    "skips": _verdict("skips", 1, LEARNING),
    "gates": _verdict("gates", 0, _all(state_gradient=1.0)),
    "clipping": _verdict("clipping", 0, LEARNING),
    "rate": _verdict("rate", 0, LEARNING),
    "adam": _verdict("adam", 1, LEARNING),
    "zero": _verdict("zero", 1, _all(left=0.0)),
    "first": _verdict("first", 2, _all(relative_change=1.0)),
    "minimum": _verdict("minimum", 0, _all(most=1.0)),
    "symptom": _verdict("symptom", 0, _all(decades=12.0)),
    "steps": _verdict("steps", 2, LEARNING),
    "hardware": _verdict("hardware", 0, _as("limit", "epoch")),
    "solved": _verdict("solved", 1, _all(stream_gradient=1.0)),
}


def draw(*runs: Run) -> Figure:
    wide = mpl.rcParams["figure.figsize"][0] > 5
    figure, axes = marks.panels(height=(26 if wide else 38) * len(STATEMENTS) + 60)
    names = [f"{row} {statement.words}" for row, statement in enumerate(STATEMENTS.values(), 1)]
    for row, name in enumerate(STATEMENTS):
        readings = _readings(name, runs)
        for case in ("best", "least"):
            _mark(axes, row, readings[case])
        if not wide:
            axes.text(0, row - 0.45, names[row], va="center", color="ink")
    _track(axes, np.arange(len(names)))
    axes.set_xlim(*EDGES)
    axes.set_ylim(len(names) - 0.4, -0.7 if wide else -0.9)
    axes.set_xticks([0, 0.5, 1], ["0", "½", "1"])
    axes.set_yticks(range(len(names)), names if wide else [""] * len(names), color="ink")
    axes.grid(visible=False)
    marks.describe(axes, y="Share of each prediction measured", x="share: 1 is all that was predicted")
    return figure


def _track(axes: Axes, rows: "np.ndarray[Any, Any]") -> None:
    """From nothing to what is predicted, with a tick at a half."""
    axes.hlines(rows, 0, 1, color="grid", linewidth=0.75, zorder=0)
    axes.vlines(np.full(len(rows), ENOUGH), rows - 0.2, rows + 0.2, color="muted", linewidth=1.1, linestyle=(0, (1, 1)))
    axes.vlines(np.ones(len(rows)), rows - 0.2, rows + 0.2, color="ink", linewidth=1.1, linestyle=(0, (2.5, 1.5)))


def _mark(axes: Axes, row: int, shares: "pd.Series[float]") -> None:
    """The median of the seeds, and a bar over all."""
    if not np.isfinite(shares).any():
        return
    middle = float(shares.median())
    low, median, high = np.clip([shares.min(), middle, shares.max()], *EDGES)
    meaning, marker = ("healthy", "s") if middle >= ENOUGH else ("broken", "o")
    axes.plot([low, high], [row, row], color=meaning, linewidth=1.1, zorder=2)
    axes.plot(median, row, color=meaning, marker=marker, zorder=3, clip_on=False)
