"""The deep dense network with tanh in place of the sigmoid, from the weights of before 2010 and from Glorot's."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import chosen, compare
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """The gain on Glorot's weights of each arm; epochs and layers at most, None for as many as `vgcore.fixes` says."""

    # U(-1, 1) / sqrt(inputs) has a third of the variance of Glorot's weights where inputs and outputs are as many
    gains: tuple[tuple[str, float], ...] = (("tanh, usual weights", 3**-0.5), ("tanh, Glorot's weights", 1.0))
    epochs: int | None = None
    depth: int | None = None


published = Config()
smoke = Config(epochs=1, depth=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each start; see `vgcore.comparison.compare` for the tables.

    `arm`: "tanh, usual weights" (uniform, up to one over the root of the inputs) or "tanh, Glorot's weights".

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {arm: replace(fixes.DENSE, network=MLP(activation="tanh", gain=gain)) for arm, gain in config.gains}
    return compare(chosen(arms, None, config.epochs, config.depth), data.digits(), seed)
