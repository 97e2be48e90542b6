"""Fixes in a recurrent network that has to remember."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import compare


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which fixes, and how long they are trained; None for all of them, and for as long as the network without."""

    arms: tuple[str, ...] | None = None
    epochs: int = fixes.RECURRENT.epochs
    lag: int = 12  # rows of noise between the digit and the answer


published = Config()
smoke = Config(arms=("none",), epochs=1, lag=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The recurrent network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", or a fix of `vgcore.fixes.recurrent`.
    """
    arms = {"none": fixes.RECURRENT} | fixes.recurrent()
    chosen = {name: replace(arms[name], epochs=config.epochs) for name in config.arms or arms}
    return compare(chosen, data.digit_then_noise(config.lag, seed), seed)
