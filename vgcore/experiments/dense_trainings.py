"""Other ways to train a deep dense network."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import compare
from vgcore.pretraining import train_layer_by_layer


@dataclass(frozen=True, kw_only=True)
class Config:
    """Which fixes, and how long they are trained; None for all of them, and for as long as the network without."""

    arms: tuple[str, ...] | None = None
    epochs: int = fixes.DENSE.epochs
    layer_epochs: int = (
        4  # for each layer of its own, before the whole network is trained; by gradient descent it stalls
    )


published = Config()
smoke = Config(arms=("none",), epochs=1, layer_epochs=0)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each fix; see `vgcore.comparison.compare` for the tables.

    `arm`: "none", a fix of `vgcore.fixes.trainings`, or "layer by layer" (in "accuracy" only, where its epoch 0 is
    after the layers' own training).
    """
    arms = {"none": fixes.DENSE} | fixes.trainings()
    chosen = {name: replace(arms[name], epochs=config.epochs) for name in config.arms or arms}
    tables = compare(chosen, data.digits(), seed)
    if config.layer_epochs:
        tables["accuracy"] = pd.concat([tables["accuracy"], _layer_by_layer(config, seed)], ignore_index=True)
    return tables


def _layer_by_layer(config: Config, seed: int) -> pd.DataFrame:
    """Each layer on its own first; what follows is the training of the network without a fix."""
    layer = replace(fixes.DENSE, optimiser="adam", learning_rate=0.01, epochs=config.layer_epochs)
    whole = replace(fixes.DENSE, epochs=config.epochs)
    history = train_layer_by_layer(whole, data.digits(), seed, layer).history.epochs
    return history[["epoch", "train_accuracy", "test_accuracy"]].assign(arm="layer by layer")
