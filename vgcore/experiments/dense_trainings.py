"""Other ways to train a deep dense network."""

from dataclasses import dataclass, replace
from math import ceil

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import chosen, compare
from vgcore.pretraining import passes, train_layer_by_layer


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which arms, all of them for None; epochs and layers at most, None for as many as `vgcore.fixes` says."""

    arms: tuple[str, ...] | None = None
    epochs: int | None = None
    depth: int | None = None
    layer_epochs: int = 3  # for each layer on its own, before the whole network is trained


published = Config()
smoke = Config(arms=("none",), epochs=1, depth=2, layer_epochs=0)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", a fix of `vgcore.fixes.trainings`, or "layer by layer" (in "accuracy" only). An `epoch` of that one
    is as much work as an epoch of the others; its first rows come when the layers' own training is over.

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {"none": fixes.DENSE} | fixes.trainings()
    tables = compare(chosen(arms, config.arms, config.epochs, config.depth), data.digits(), seed)
    if config.layer_epochs:
        tables["accuracy"] = pd.concat([tables["accuracy"], _layer_by_layer(config, seed)], ignore_index=True)
    return tables


def _layer_by_layer(config: Config, seed: int) -> pd.DataFrame:
    """Each layer on its own first, by Adam, since by gradient descent it stalls; then the network as without a fix."""
    layer = replace(fixes.DENSE, optimiser="adam", learning_rate=0.01, epochs=config.layer_epochs)
    whole = replace(fixes.DENSE, epochs=fixes.DENSE.epochs // 2)
    digits = data.digits()
    trained = train_layer_by_layer(whole, digits, seed, layer)
    before = ceil(trained.pretraining_passes / passes(replace(whole, epochs=1), digits))
    curve = trained.history.epochs[["epoch", "train_accuracy", "test_accuracy"]]
    return curve.assign(epoch=curve["epoch"] + before, arm="layer by layer")
