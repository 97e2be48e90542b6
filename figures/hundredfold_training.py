"""A hundred times the training moves the depth sigmoid networks learn at from {limit_first} layers to {limit_last}.

Digits right by depth after one, ten and a hundred epochs. Dotted: half of them right, where the depth limit is
read off; none is read off below one layer. Five layers still guess.
"""

from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "hundredfold_training"
title = "Accuracy by depth after one, ten and a hundred epochs"
alt = (
    "Accuracy by depth for sigmoid networks. After one epoch half of the digits are right with {limit_first} layers, "
    "after ten with {limit_middle}, after a hundred with {limit_last}. With five and eight layers the accuracy "
    "is {deep} after all three."
)
arm = "epoch"


def _limit(tables: Tables, look: int) -> float:
    return float(tables["limits"].set_index("epoch")["limit"].sort_index().iloc[look])


def _accuracy(tables: Tables, depth: int) -> float:
    """After the longest training."""
    table = tables["accuracy"]
    return float(table[table["depth"] == depth].set_index("epoch")["test_accuracy"].sort_index().iloc[-1])


def _last(tables: Tables, column: str) -> float:
    return float(tables["limits"].set_index("epoch")[column].sort_index().iloc[-1])


def _exponent(tables: Tables) -> float:
    """Decades of training that twenty layers would need, at the measured price of a layer."""
    return 2 * (20 - _limit(tables, 0)) / _last(tables, "gain")


claims = {
    "limit_first": Claim(text="{:.1f}", value=lambda tables: _limit(tables, 0), at_least=1, at_most=1.6),
    "limit_middle": Claim(text="{:.1f}", value=lambda tables: _limit(tables, 1), at_least=2.2, at_most=3),
    "limit_last": Claim(text="{:.1f}", value=lambda tables: _limit(tables, 2), at_least=3.5, at_most=4.5),
    "gain": Claim(text="{:.1f} layers", value=lambda tables: _last(tables, "gain"), at_least=2, at_most=3.6),
    "theory": Claim(
        text="{:.1f} layers",
        value=lambda tables: _last(tables, "theory"),
        at_least=3.18,
        at_most=3.2,
    ),
    "short_of_theory": Claim(
        text="{:.0%}",
        value=lambda tables: 1 - _last(tables, "gain") / _last(tables, "theory"),
        at_least=-0.15,
        at_most=0.4,
        counterfeit=lambda table: table.assign(gain=0.0) if "gain" in table else table,
    ),
    "three": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, 3), at_least=0.85),
    "deep": Claim(
        text="{:.0%}",
        value=lambda tables: max(_accuracy(tables, depth) for depth in (5, 8)),
        at_most=0.2,
        counterfeit=lambda table: table.assign(test_accuracy=0.9) if "test_accuracy" in table else table,
    ),
    "one": Claim(text="{:.0%}", value=lambda tables: _accuracy(tables, 1), at_least=0.93),
    "price": Claim(
        text="{:.0f} times", value=lambda tables: float(100 ** (1 / _last(tables, "gain"))), at_least=3.5, at_most=10
    ),
    "exponent": Claim(text="{:.0f} decades", value=_exponent, at_least=10, at_most=18),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels(height=280)
    table = run.tables["accuracy"]
    looks = sorted(table["epoch"].unique())
    for look, marker in zip(looks, ("o", "D", "s"), strict=False):
        marks.line(axes, table[table["epoch"] == look], "depth", "test_accuracy", "sigmoid", marker=marker)
    marks.threshold(axes, 0.5, "")
    for text, (x, y) in {"1": (1.3, 0.22), "10": (2.8, 0.66), "100 epochs": (4.5, 0.86)}.items():
        marks.label(axes, x, y, text, "sigmoid", side="on")
    axes.set_ylim(0, 1.03)
    axes.set_xticks(sorted(table["depth"].unique()))
    marks.describe(axes, y="Share of digits right", x="depth (hidden layers)")
    return figure
