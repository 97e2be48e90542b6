"""Fixes in a recurrent network that has to remember."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import chosen, compare


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which arms, all of them for None; and for how many epochs at most, None for as many as `vgcore.fixes` says."""

    arms: tuple[str, ...] | None = None
    epochs: int | None = None
    lag: int = 12  # rows of noise between the digit and the answer


published = Config()
smoke = Config(arms=("none",), epochs=1, lag=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The recurrent network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", or a fix of `vgcore.fixes.recurrent`.

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {"none": fixes.RECURRENT} | fixes.recurrent()
    return compare(chosen(arms, config.arms, config.epochs), data.digit_then_noise(config.lag, seed), seed)
