"""Fixes in a deep convolutional network."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import chosen, compare
from vgcore.models import ConvNet
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which arms, all of them for None; and for how many epochs at most, None for as many as `vgcore.fixes` says."""

    arms: tuple[str, ...] | None = None
    epochs: int | None = None
    depth: int = 20


published = Config()
smoke = Config(arms=("none",), epochs=1, depth=4)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The convolutional network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", or a fix of `vgcore.fixes.convolutional`.

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {"none": fixes.CONVOLUTIONAL} | fixes.convolutional()
    arms = {name: _of_depth(arm, config.depth) for name, arm in arms.items()}
    return compare(chosen(arms, config.arms, config.epochs), data.digits(), seed)


def _of_depth(arm: Training, depth: int) -> Training:
    assert isinstance(arm.network, ConvNet)
    return replace(arm, network=replace(arm.network, depth=depth))
