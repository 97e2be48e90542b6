"""Whether all examples look alike to a layer."""

import pandas as pd

from vgcore.diagnosis.levels import WHOLE, first_step
from vgcore.diagnosis.measured import Measured

DIRECTIONS = 1.3
"""In how many directions examples differ at least; 1 = they lie along a line."""

CLOSE = 0.1
"""The angle, in radians, that examples lie apart at least: their cosines are 0.99 then."""

APART = 2.0
"""How many times farther apart the trial has to turn them before they count as told apart."""

OWN_MEAN = ("sigmoid", "hard_sigmoid", "softplus")
"""Functions that are not 0 at 0: they add the same mean to all examples, of any network."""


def alike(measured: Measured) -> pd.DataFrame:
    """The hidden layers to which all examples look alike at every look before training, by the first of these."""
    hidden = measured.before[0].hidden
    lasting = ~hidden["pooled"] | _stay(measured)
    return hidden[[all(each) for each in zip(*(_alike(seen.hidden, lasting) for seen in measured.before), strict=True)]]


def near(hidden: pd.DataFrame) -> "pd.Series[bool]":
    """To which layers all examples point the same way, however large they are."""
    return (hidden["angle"] < CLOSE) & ~hidden["activation"].isin(OWN_MEAN)


def _alike(hidden: pd.DataFrame, lasting: "pd.Series[bool]") -> "pd.Series[bool]":
    return (near(hidden) & lasting) | (hidden["dimensions"] < DIRECTIONS)


def _stay(measured: Measured) -> "pd.Series[bool]":
    """Which layers the trial leaves alike: averaged over an image, examples of any network begin that way.

    A trial whose first step wipes out the weights tells nothing of them.
    """
    before = measured.before[0].hidden["angle"]
    if measured.after is None or first_step(measured.before[0], measured.trial.update_ratios) > WHOLE:
        return pd.Series(data=False, index=before.index)
    return measured.after.hidden["angle"] < APART * before
