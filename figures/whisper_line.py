"""Each person in the sigmoid line passes on {sigmoid} of what they hear: after five, {sigmoid_five} is left.

A person is a layer; what they pass on is ∂L/∂h, measured before training on handwritten digits. Left: the area of a
circle is what arrives there, relative to what was said; circles stop growing at four times. Right: the same in decades;
marks are medians, bars span the seeds, dashed is theory, nothing fitted.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "whisper_line"
title = "What arrives of a gradient, person by person, in six networks"
alt = (
    "Six lines of people. With sigmoid the circles are gone after three people, {sigmoid_forty} after forty. ReLU "
    "with Keras's weights passes on {relu} each, with He's {he}, and with weights a fifth larger {shout}, so that "
    "after forty it is {shout_forty} as loud. With skips it stays as it is. All follow the dashed theory."
)
arm = "line"

SIGMOID, SHORT, RELU, HE, SKIPS, SHOUT = (
    "sigmoid", "sigmoid, few layers", "ReLU", "ReLU, He", "sigmoid, skips", "ReLU, He x 1.2",
)  # fmt: skip
ROWS = {
    SHOUT: ("ReLU, He’s weights × 1.2", "relu"),
    SKIPS: ("sigmoid with skips", "sigmoid"),
    HE: ("ReLU, He’s weights", "relu"),
    RELU: ("ReLU, Keras’s weights", "relu"),
    SHORT: ("sigmoid, two layers only", "sigmoid"),
    SIGMOID: ("sigmoid, Keras’s weights", "sigmoid"),
}
FURTHEST = 20
"""People who are drawn as circles."""

INAUDIBLE = 0.003
"""A smaller share would be a circle that nobody can see."""

WIDTH = 64


def _line(tables: Tables, line: str) -> pd.Series:
    loudness = tables["loudness"]
    return loudness[loudness["line"] == line].set_index("step")["arrives"].sort_index()


def _factor(line: str) -> Callable[[Tables], float]:
    """What one person passes on: the geometric mean over the line."""

    def value(tables: Tables) -> float:
        arrives = _line(tables, line)
        return float(arrives.iloc[-1] ** (1 / (len(arrives) - 1)))

    return value


def _arrives(line: str, people: int) -> Callable[[Tables], float]:
    return lambda tables: float(_line(tables, line).loc[people])


def _lost(line: str, people: int) -> Callable[[Tables], float]:
    return lambda tables: -float(np.log10(_line(tables, line).loc[people]))


def _near(text: str, line: str, people: int, factor: float) -> Claim:
    """What arrives, within four standard deviations of what theory's factor alone would give.

    In a random ReLU network the logarithm of one direction's size has the variance 5 people / (4 width).
    """
    expected, spread = factor**people, float(np.exp(2 * np.sqrt(5 * people / WIDTH)))
    low, high = (float(f"{bound:.2g}") for bound in (expected / spread, expected * spread))
    return Claim(text=text, value=_arrives(line, people), at_least=low, at_most=high)


def _off_theory(run: Run) -> float:
    """Largest distance of a mark from its theory line, in decades."""
    medians = run.tables["loudness"].groupby(["line", "step"])[["arrives", "theory"]].median()
    return float(np.abs(np.log10(medians["arrives"] / medians["theory"])).max())


claims = {
    "sigmoid": Claim(text="{:.3f}", value=_factor(SIGMOID), at_least=0.22, at_most=0.25),
    "sigmoid_five": Claim(text="{:.2%}", value=_arrives(SIGMOID, 5), at_least=0.0003, at_most=0.0015),
    "sigmoid_ten": Claim(text="{:.1f} decades lost", value=_lost(SIGMOID, 10), at_least=5.5, at_most=7),
    "sigmoid_twenty": Claim(text="{:.1f} decades lost", value=_lost(SIGMOID, 20), at_least=11.5, at_most=13.5),
    "sigmoid_forty": Claim(text="{:.1f} decades lost", value=_lost(SIGMOID, 40), at_least=24, at_most=26),
    "short": Claim(text="{:.3f}", value=_factor(SHORT), at_least=0.2, at_most=0.28),
    "short_two": Claim(text="{:.0%}", value=_arrives(SHORT, 2), at_least=0.04, at_most=0.08),
    "relu": Claim(text="{:.3f}", value=_factor(RELU), at_least=0.67, at_most=0.74),
    "relu_five": _near("{:.0%}", RELU, 5, 0.5**0.5),
    "relu_ten": _near("{:.1%}", RELU, 10, 0.5**0.5),
    "relu_twenty": _near("{:.2%}", RELU, 20, 0.5**0.5),
    "relu_forty": Claim(text="{:.1f} decades lost", value=_lost(RELU, 40), at_least=5, at_most=7),
    "he": Claim(text="{:.3f}", value=_factor(HE), at_least=0.95, at_most=1.05),
    "he_five": _near("{:.0%}", HE, 5, 1),
    "he_ten": _near("{:.0%}", HE, 10, 1),
    "he_twenty": _near("{:.0%}", HE, 20, 1),
    "he_forty": _near("{:.0%}", HE, 40, 1),
    "skips": Claim(text="{:.3f}", value=_factor(SKIPS), at_least=0.99, at_most=1.01),
    "skips_five": Claim(text="{:.0%}", value=_arrives(SKIPS, 5), at_least=0.9, at_most=1.1),
    "skips_ten": Claim(text="{:.0%}", value=_arrives(SKIPS, 10), at_least=0.9, at_most=1.1),
    "skips_twenty": Claim(text="{:.0%}", value=_arrives(SKIPS, 20), at_least=0.9, at_most=1.1),
    "skips_forty": Claim(text="{:.0%}", value=_arrives(SKIPS, 40), at_least=0.9, at_most=1.1),
    "shout": Claim(text="{:.2f}", value=_factor(SHOUT), at_least=1.15, at_most=1.25),
    "shout_five": _near("{:.1f} times", SHOUT, 5, 1.2),
    "shout_ten": _near("{:.0f} times", SHOUT, 10, 1.2),
    "shout_twenty": _near("{:.0f} times", SHOUT, 20, 1.2),
    "shout_forty": _near("{:.0f} times", SHOUT, 40, 1.2),
    "off_theory": Claim(
        text="{:.2f} decades", value_of_run=_off_theory, at_most=0.5,
        counterfeit=lambda table: table.assign(theory=1.0) if "theory" in table else table,
    ),
}  # fmt: skip


def draw(run: Run) -> Figure:
    figure, people, decades = marks.panels(2, height=360)
    table = run.tables["loudness"]
    _people(people, table)
    _decades(decades, table)
    return figure


def _people(axes: Axes, table: pd.DataFrame) -> None:
    loudness = table.groupby(["line", "step"])["arrives"].median()
    for row, (line, (name, meaning)) in enumerate(ROWS.items()):
        arrives = loudness.loc[line].loc[:FURTHEST]
        axes.hlines(-row, 0, arrives.index.max(), color="axis", linewidth=0.75, zorder=1)
        heard = arrives[arrives > INAUDIBLE].clip(upper=4)
        areas = np.where(heard > 0.2, heard.round(1), heard)
        for area, alike in heard.groupby(areas):  # equal circles are drawn at once: they weigh little on the page
            axes.plot(alike.index, [-row] * len(alike), "o", color=meaning, markersize=4.7 * area**0.5)
        marks.label(axes, -0.5, 0.16 - row, name, meaning, side="above right")
    axes.set_ylim(1 - len(ROWS) - 0.5, 0.9)
    axes.set_yticks([])
    axes.set_xlim(-0.7, FURTHEST + 0.7)
    marks.describe(axes, y="Area: share of the message that arrives", x="steps along the line, one a layer")


def _decades(axes: Axes, table: pd.DataFrame) -> None:
    table = table.assign(decades=np.log10(table["arrives"]), predicted=np.log10(table["theory"]))
    for line, meaning in {SHOUT: "relu", SKIPS: "sigmoid", HE: "relu", RELU: "relu", SIGMOID: "sigmoid"}.items():
        one = table[(table["line"] == line) & (table["step"] % 5 == 0)]
        predicted = one.groupby("step")["predicted"].median()
        marks.theory(axes, predicted.index, predicted)
        marks.points(axes, one, "step", "decades", meaning)
    marks.label(axes, 16, 3.6, "ReLU, He × 1.2", "relu", side="on")
    marks.label(axes, 22, -5.8, "ReLU", "relu", side="on")
    marks.label(axes, 17, -15, "sigmoid", "sigmoid", side="on")
    marks.label(axes, 15, -22, "theory, dashed", side="on")
    marks.label(axes, 32, -2.1, "He, and skips", side="on")
    axes.set_yticks([0, -8, -16, -24])
    marks.describe(axes, y="Decades relative to what was said", x="steps along the line, one a layer")
