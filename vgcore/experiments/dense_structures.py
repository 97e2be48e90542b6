"""Layers and paths added to a deep dense network."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import compare


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which fixes, and how long they are trained; None for all of them, and for as long as the network without."""

    arms: tuple[str, ...] | None = None
    epochs: int = fixes.DENSE.epochs


published = Config()
smoke = Config(arms=("none",), epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", or a fix of `vgcore.fixes.structures`.
    """
    arms = {"none": fixes.DENSE} | fixes.structures()
    chosen = {name: replace(arms[name], epochs=config.epochs) for name in config.arms or arms}
    return compare(chosen, data.digits(), seed)
