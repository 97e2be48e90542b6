"""The gradient fits shuffled labels too, {train_shuffled} of them; only true labels help with new digits.

Accuracy after each epoch, for a network trained on digits with their labels, and on the same digits with the labels
dealt out at random. A mark is the median of the seeds, the bar behind it
spans them all.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "shuffled_labels"
title = "Accuracy on training and unseen digits, for true and shuffled labels"
alt = (
    "Two panels over the epochs of training. On the training digits the network reaches {train_true} with true labels "
    "within a few epochs, and {train_shuffled} with shuffled ones, later. On digits it has not seen it reaches "
    "{test_true} after training on true labels, and stays at {test_shuffled}, which is guessing, after shuffled ones."
)
arm = "arm"

TRUE, SHUFFLED = "true labels", "shuffled labels"
DRAWN = (0, 1, 2, 3, 5, 7, 9, 12, 16, 20, 25)  # epochs: later ones hardly differ


def _last(table: pd.DataFrame, arm: str, column: str) -> float:
    one = table[table["arm"] == arm].set_index("epoch")[column]
    return float(one.loc[one.index.max()])


def _epochs(table: pd.DataFrame, arm: str) -> float:
    """Epochs until 95 of 100 training digits are right."""
    one = table[table["arm"] == arm].set_index("epoch")["train_accuracy"]
    return float((one < 0.95).sum())


claims = {
    "train_true": Claim(
        text="{:.0%}", value=lambda table: _last(table, TRUE, "train_accuracy"), at_least=0.99,
        counterfeit=lambda table: table.assign(train_accuracy=0.1),
    ),
    "train_shuffled": Claim(
        text="{:.0%}", value=lambda table: _last(table, SHUFFLED, "train_accuracy"), at_least=0.95,
        counterfeit=lambda table: table.assign(train_accuracy=0.1),
    ),
    "test_true": Claim(text="{:.0%}", value=lambda table: _last(table, TRUE, "test_accuracy"), at_least=0.93),
    "test_shuffled": Claim(
        text="{:.0%}", value=lambda table: _last(table, SHUFFLED, "test_accuracy"), at_least=0.03, at_most=0.2
    ),
    "times_longer": Claim(
        text="{:.0f} times", value=lambda table: _epochs(table, SHUFFLED) / _epochs(table, TRUE), at_least=2
    ),
}  # fmt: skip


def draw(run: Run) -> Figure:
    figure, training, test = marks.panels(2, share_y=True)
    _panel(training, run.table, "train_accuracy", "Share of training digits right")
    _panel(test, run.table, "test_accuracy", "Share of unseen digits right")
    marks.label(training, 9, 0.62, SHUFFLED, side="right")
    marks.label(training, 4, 1.09, TRUE, "relu", side="right")
    marks.label(test, 12, 0.24, SHUFFLED, side="on")
    marks.label(test, 12, 0.86, TRUE, "relu", side="on")
    marks.threshold(test, 0.1, "dotted: guessing", side="below left")
    return figure


def _panel(axes: Axes, table: pd.DataFrame, column: str, words: str) -> None:
    for arm, meaning in {SHUFFLED: "ink", TRUE: "relu"}.items():
        marks.line(axes, table[(table["arm"] == arm) & table["epoch"].isin(DRAWN)], "epoch", column, meaning)
    axes.set_ylim(-0.06, 1.18)
    axes.set_yticks([0, 0.5, 1], ["0", "50%", "100%"])
    marks.describe(axes, y=words, x="epoch")
