"""The remedies against an exploding gradient that the fix matrix leaves out, on its exploding network."""

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import chosen, compare


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which arms, all of them for None; epochs and layers at most, None for as many as `vgcore.fixes` says."""

    arms: tuple[str, ...] | None = None
    epochs: int | None = None
    depth: int | None = None
    clip_value: float = 0.01  # that and a norm of 1 are what the page about clipping takes
    clip_norm: float = 1.0
    l1: float = 0.002  # times the rate as much as in the page about penalties


published = Config()
smoke = Config(arms=("L1",), epochs=1, depth=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The exploding network of the fix matrix with each remedy; see `vgcore.comparison.compare` for the tables.

    `arm`: "clipping by value", "clipping by norm" (of each weight matrix and bias on its own), "L1".

    - "gradient": `arm`, `decades` of dL/dh lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    changes: dict[str, dict[str, Any]] = {
        "clipping by value": {"clip_value": config.clip_value},
        "clipping by norm": {"clip_norm": config.clip_norm},
        "L1": {"l1": config.l1},
    }
    arms = {name: replace(fixes.EXPLODING, **change) for name, change in changes.items()}
    return compare(chosen(arms, config.arms, config.epochs, config.depth), data.digits(), seed)
