"""Layers and paths added to a deep dense network."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import chosen, compare


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which arms, all of them for None; epochs and layers at most, None for as many as `vgcore.fixes` says."""

    arms: tuple[str, ...] | None = None
    epochs: int | None = None
    depth: int | None = None


published = Config()
smoke = Config(arms=("none",), epochs=1, depth=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", or a fix of `vgcore.fixes.structures`.

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {"none": fixes.DENSE} | fixes.structures()
    return compare(chosen(arms, config.arms, config.epochs, config.depth), data.digits(), seed)
