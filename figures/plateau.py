"""The loss stops at the logarithm of the number of classes. Move the first ten layers at random, and it stays there.

Twenty sigmoid layers. Left: the training loss; dashed is the entropy of the ten digits, the least for a network that
gives every image the same answer. Right: how far the loss of the network that stands still changes, up or down, when
weights are moved in random directions by a share of their own size: the largest of ten changes. Marks are medians, bars
span the seeds.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "plateau"
title = "The loss at a plateau, and how it changes as weights are moved at random"
alt = (
    "Left: the plain network's loss falls in its first epoch to within {off_entropy} nats of the entropy and stays "
    "there; with skips it falls to {skips_loss}. Right: moving the output layer by its own size changes the loss by "
    "{output_whole} nats, moving the ten hidden layers before it by {second_whole}, and moving the first ten by "
    "{first_whole}."
)
arm = "arm"

FIRST, LAST, OUTPUT = "first half", "second half", "output layer"


def _losses(tables: Tables, arm: str) -> pd.Series:
    training = tables["training"]
    return training[training["arm"] == arm].set_index("epoch")["train_loss"].sort_index()


def _off_entropy(tables: Tables) -> float:
    """The farthest that the plain network is from the entropy after its first epoch."""
    return float((_losses(tables, "plain").loc[1:] - tables["training"]["entropy"].iloc[0]).abs().max())


def _whole(tables: Tables, part: str) -> float:
    """The largest change of the loss as a part's weights are moved by their own size."""
    moved = tables["moved"]
    return float(moved[(moved["part"] == part) & (moved["share"] == moved["share"].max())]["most"].iloc[0])


def _of_three_classes(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the least loss without looking is another."""
    return table.assign(entropy=1.0) if "entropy" in table else table


def _in_a_pit(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: the loss changes in whatever direction the weights are moved."""
    return table.assign(most=1.0) if "most" in table else table


claims = {
    "entropy": Claim(
        text="{:.2f}",
        value=lambda tables: float(tables["training"]["entropy"].iloc[0]),
        at_least=2.29,
        at_most=2.303,
        counterfeit=_of_three_classes,
    ),
    "off_entropy": Claim(
        text="{:.2f}",
        value=_off_entropy,
        at_most=0.05,
        counterfeit=_of_three_classes,
    ),
    "skips_loss": Claim(text="{:.2f}", value=lambda tables: float(_losses(tables, "with skips").iloc[-1]), at_most=0.3),
    "first_whole": Claim(
        text="less than a millionth",
        value=lambda tables: _whole(tables, FIRST),
        at_most=1e-6,
        counterfeit=_in_a_pit,
    ),
    "second_whole": Claim(text="{:.2f}", value=lambda tables: _whole(tables, LAST), at_most=0.1, counterfeit=_in_a_pit),
    "output_whole": Claim(text="{:.1f}", value=lambda tables: _whole(tables, OUTPUT), at_least=0.1),
}


def draw(run: Run) -> Figure:
    figure, loss, moved = marks.panels(2, height=300)
    training = run.tables["training"]
    for arm, meaning in {"plain": "broken", "with skips": "healthy"}.items():
        marks.line(loss, training[training["arm"] == arm], "epoch", "train_loss", meaning)
    entropy = training.groupby("epoch")["entropy"].median()
    marks.theory(loss, entropy.index, entropy)
    loss.set_ylim(0, 4)
    marks.label(loss, 8, 2.4, "plain", "broken", side="above")
    marks.label(loss, 8, 0.3, "with skips", "healthy", side="above")
    marks.describe(loss, y="Training loss, nats", x="epoch")
    table = run.tables["moved"].assign(percent=100 * run.tables["moved"]["share"])
    for part, (meaning, marker) in {OUTPUT: ("ink", "^"), LAST: ("ink", "s"), FIRST: ("broken", "o")}.items():
        marks.line(moved, table[table["part"] == part], "percent", "most", meaning, marker=marker)
    moved.set_ylim(1e-11, 10)
    marks.logarithmic(moved)
    marks.logarithmic(moved, "x")
    marks.label(moved, 30, 0.1, OUTPUT, side="above")
    marks.label(moved, 30, 8e-4, "layers 11 to 20", side="below")
    marks.label(moved, 30, 1e-8, "layers 1 to 10", "broken", side="above")
    marks.describe(moved, y="Change of the loss, nats", x="weights moved by, % of their size")
    return figure
