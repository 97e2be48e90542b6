"""What networks lose whose first layers never learn, because they are frozen on purpose."""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.data import Digits
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """ReLU networks of `depth` layers with some frozen; and one layer that learns, behind random ones."""

    depth: int = 8  # as many as ReLU with He's weights trains without trouble
    widths: tuple[int, ...] = (16, 64)  # 64 is as many units as the image has pixels
    frozen: tuple[int, ...] = (0, 2, 4, 8)
    behind: tuple[int, ...] = (0, 1, 2, 3, 5, 7)
    learning_rate: float = 0.1
    epochs: int = 16
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, widths=(8,), frozen=(0, 2), behind=(0, 1), epochs=1, batch_size=512)

RELU = MLP(activation="relu", initialisation="he_normal")  # no gradient vanishes in it
SIGMOID = MLP()  # Keras's own weights

BEHIND = {"ReLU": RELU, "sigmoid": SIGMOID}


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Accuracy on digits never seen, `test_accuracy`, 0 to 1.

    - "frozen": ReLU networks of `depth` layers by `arm` (the width in words, such as "16 units") and `frozen`, how many
      of their layers, counted from the input, keep their first weights and biases;
    - "behind": `arm` ("ReLU", "sigmoid"; 64 units), `random` (layers in front that keep their first weights), and
      behind them one layer of the same kind that learns: its gradient has to pass the output layer only.
    """
    frozen = [
        {"arm": f"{width} units", "frozen": count, "test_accuracy": _frozen(config, seed, width, count)}
        for width in config.widths
        for count in config.frozen
    ]
    behind = [
        {
            "arm": arm,
            "random": count,
            "test_accuracy": _accuracy(_recipe(config, replace(network, depth=1)), seen, _other(seed)),
        }
        for arm, network in BEHIND.items()
        for count, seen in _views(config, network, seed).items()
    ]
    return {"frozen": pd.DataFrame(frozen), "behind": pd.DataFrame(behind)}


def _frozen(config: Config, seed: int, width: int, count: int) -> float:
    network = replace(RELU, depth=config.depth, width=width)
    recipe = replace(_recipe(config, network), frozen=tuple(range(1, count + 1)))
    return _accuracy(recipe, data.digits(), seed)


def _views(config: Config, network: MLP, seed: int) -> dict[int, Digits]:
    """The digits as they are, and what some random layers make of them."""
    front: Any = replace(network, depth=max(config.behind)).build(seed)
    views = {0: data.digits()}
    for count in config.behind[1:]:
        view: Any = keras.Model(front.input, front.get_layer(f"hidden_{count}").output)
        train, test = (np.asarray(view(x)) for x in (views[0].train_x, views[0].test_x))
        views[count] = replace(views[0], train_x=train, test_x=test)
    return views


def _other(seed: int) -> int:
    """For the layer that learns: the same seed would draw the first random layer once more."""
    return seed + 100_000


def _recipe(config: Config, network: MLP) -> Training:
    return Training(
        network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
    )


def _accuracy(recipe: Training, digits: Digits, seed: int) -> float:
    return float(sweep.outcomes(recipe, digits, seed, after=(recipe.epochs,))["test_accuracy"].iloc[-1])
