"""Seven networks get {worst} right or less, for seven reasons, and the first sign out of bounds names {named}.

Each row is a network that was spoilt in one way, each column a sign that can be seen before training: the neighbours in
the training set, the others in one batch. Read a row from the left: the first marked number names the cause. On a
narrow screen all other numbers are dots. Medians of the seeds; the last column is what came of it, as the share of new
digits that the network named rightly after the training.
"""

import math
from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, decades, in_the_median
from vgcore.press import marks

experiment = "one_symptom"
title = "One symptom, seven causes"
alt = (
    "A grid of numbers, eight networks by seven signs. The healthy network has every sign in bounds and learns "
    "{healthy}. Out of bounds are: inputs of {input_rms}; {agree} of neighbours with the same label; {dead} dead "
    "units; {decades} lost; a cosine of {cosine} between digits; a first loss of {first_loss}; a step of "
    "{update_ratio} of the weights. Each names one of the seven networks that learn {worst} at most."
)
arm = "arm"

HEALTHY = "healthy"
SIGNS = {
    "input_rms": ("unscaled inputs", "inputs’ size", "{:.0f}"),
    "neighbours_agree": ("wrong labels", "neighbours agree", "{:.2f}"),
    "dead": ("dead units", "dead units", "{:.2f}"),
    "decades": ("vanishing gradient", "decades lost", "{:z.0f}"),
    "cosine": ("indistinguishable inputs", "cosine of inputs", "{:.2f}"),
    "first_loss": ("wrong output layer", "first loss", "{:.0f}"),
    "update_ratio": ("learning rate", "step / weights", ""),
}
"""For each sign the cause that it names, its head, and how its numbers are written, in the order of the questions."""

SHORT = {
    "unscaled inputs": "unscaled", "wrong labels": "labels", "dead units": "dead", "vanishing gradient": "vanishing",
    "indistinguishable inputs": "alike", "wrong output layer": "output", "learning rate": "rate",
}  # fmt: skip
"""What stands beside the picture of a phone."""

BOUNDS = {
    "input_rms": (0.01, 10.0),
    "neighbours_agree": (0.5, 1.0),
    "dead": (0.0, 0.99),
    "decades": (-3.0, 3.0),
    "cosine": (-1.0, 0.98),
    "first_loss": (0.0, 2 * math.log(10)),
    "update_ratio": (1e-5, 0.5),
}
"""What is within them calls for the next question."""


def _all_alike(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no network tells two digits apart."""
    return table.assign(cosine=1.0)


def _named(table: pd.DataFrame) -> "pd.Series[str]":
    """For each row the cause of the first sign that is out of bounds, else that it is healthy."""
    outside = pd.DataFrame({cause: ~table[sign].between(*BOUNDS[sign]) for sign, (cause, *_) in SIGNS.items()}).assign(
        **{HEALTHY: True}
    )
    named: pd.Series[str] = outside.idxmax(axis=1).astype(str)
    return named


def _right(run: Run) -> float:
    """How many of the spoilt networks the medians name, or none if the healthy one is accused."""
    medians = run.table.groupby("arm", as_index=False).median(numeric_only=True)
    right = _named(medians) == medians["arm"]
    healthy = medians["arm"] == HEALTHY
    return float(right[~healthy].sum()) if right[healthy].all() else 0.0


def _of(column: str, arm: str = "") -> Callable[[pd.DataFrame], float]:
    """A column's value in the row of the network that the sign convicts, or in another row."""
    name = arm or SIGNS[column][0]
    return lambda table: float(table.set_index("arm")[column].loc[name])


def _shorter(table: pd.DataFrame) -> float:
    """By how many decades a step of the vanishing network is shorter than one of the healthy network."""
    return decades(_of("update_ratio", HEALTHY)(table), _of("update_ratio", "vanishing gradient")(table))


claims = {
    "named": Claim(text="all {:.0f}", value_of_run=_right, at_least=len(SIGNS)),
    "worst": Claim(
        text="{:.0%}",
        value_of_run=lambda run: float(run.table[run.table["arm"] != HEALTHY]["test_accuracy"].max()),
        at_most=0.25,
    ),
    "healthy": Claim(text="{:.0%}", value=_of("test_accuracy", HEALTHY), at_least=0.8),
    "input_rms": Claim(text="{:.0f}", value=_of("input_rms"), at_least=50),
    "agree": Claim(text="{:.0%}", value=_of("neighbours_agree"), at_most=0.2),
    "agree_right": Claim(text="{:.0%}", value=_of("neighbours_agree", HEALTHY), at_least=0.95),
    "dead": Claim(text="{:.0%}", value=_of("dead"), at_least=1.0),
    "decades": Claim(text="{:.0f} decades", value=_of("decades"), at_least=10, at_most=14),
    "cosine": Claim(text="{:.3f}", value=_of("cosine"), at_least=0.98),
    "cosine_right": Claim(text="{:.1f}", value=_of("cosine", HEALTHY), at_most=0.95, counterfeit=_all_alike),
    "alike_decades": Claim(
        text="{:.1f} decades",
        value=lambda table: abs(_of("decades", "indistinguishable inputs")(table)),
        at_most=2,
        counterfeit=lambda table: table.assign(decades=12.0),
    ),
    "first_loss": Claim(text="{:.0f}", value_of_run=in_the_median(_of("first_loss")), at_least=7),
    "first_loss_right": Claim(text="{:.1f}", value_of_run=in_the_median(_of("first_loss", HEALTHY)), at_most=3.5),
    "vanishing_cosine": Claim(text="{:.3f}", value=_of("cosine", "vanishing gradient"), at_least=0.98),
    "vanishing_shorter": Claim(text="{:.1f} decades", value=_shorter, at_least=5, at_most=8),
    "unscaled_loss": Claim(
        text="{:.0f}", value_of_run=in_the_median(_of("first_loss", "unscaled inputs")), at_least=50
    ),
    "unscaled_step": Claim(
        text="{:.1f} times", value_of_run=in_the_median(_of("update_ratio", "unscaled inputs")), at_least=1
    ),
    "update_ratio": Claim(
        text="{:.6%}", value=_of("update_ratio"), at_most=1e-5, counterfeit=lambda table: table.assign(update_ratio=1.0)
    ),
    "update_ratio_right": Claim(text="{:.1%}", value=_of("update_ratio", HEALTHY), at_least=0.003, at_most=0.1),
}


def draw(run: Run) -> Figure:
    medians = run.table.groupby("arm").median(numeric_only=True)
    rows = [HEALTHY, *(cause for cause, *_ in SIGNS.values() if cause in medians.index)]
    figure, axes = marks.panels(height=38 * len(rows) + 150)
    axes.grid(visible=False)
    wide = figure.get_figwidth() > 5
    for row, arm in enumerate(rows):
        values = {sign: float(medians[sign].loc[arm]) for sign in (*SIGNS, "test_accuracy")}
        outside = [sign for sign in SIGNS if not BOUNDS[sign][0] <= values[sign] <= BOUNDS[sign][1]]
        for column, sign in enumerate(SIGNS):
            text = SIGNS[sign][2].format(values[sign]) or _magnitude(values[sign])
            shown = text if wide or sign in outside[:1] else "·"
            _cell(axes, row, column, shown, outside=sign in outside, first=sign in outside[:1])
        learnt = f"{values['test_accuracy']:.0%}"
        axes.text(len(SIGNS) + 0.1, row, learnt, ha="center", va="center", color="ink")
    heads = [head for _, head, _ in SIGNS.values()]
    axes.set_xticks(range(len(SIGNS) + 1), [*heads, "learns"], rotation=90)
    axes.set_xlim(-0.5, len(SIGNS) + 0.5)
    axes.set_yticks(range(len(rows)), [arm if wide else SHORT.get(arm, arm) for arm in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    marks.describe(axes, y="Network, and share of new digits it gets", x="shares, decades, nats, ratios")
    return figure


def _cell(axes: Axes, row: int, column: int, text: str, *, outside: bool, first: bool) -> None:
    """A number: in red where it is out of bounds, in a box the first of its row."""
    place: dict[str, Any] = {"ha": "center", "va": "center"}
    if not outside:
        axes.text(column, row, text, color="muted", **place)
        return
    box = {"boxstyle": "round,pad=0.25", "facecolor": "paper", "edgecolor": "broken"} if first else None
    axes.text(column, row, text, color="broken", fontweight="bold", bbox=box, **place)


def _magnitude(value: float) -> str:
    if not 0 < value < 0.1:
        return f"{value:.1f}" if value else "0"
    return marks.power_of_ten(10.0 ** round(math.log10(value)))
