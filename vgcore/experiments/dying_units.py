"""Units that are off for every example: how many a large learning rate makes, and which of them come back."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.models.perceptron import PIECES
from vgcore.training import Training, loss_and_accuracy


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation and Keras initialiser."""

    arms: tuple[tuple[str, str, str], ...] = (
        ("ReLU", "relu", "he_normal"),
        ("Leaky ReLU", "leaky_relu", "he_normal"),
        ("PReLU", "prelu", "he_normal"),
        ("Maxout", "maxout", "lecun_normal"),
    )
    depth: int = 5
    width: int = 64
    rates: tuple[float, ...] = (0.1, 0.3, 1.0, 2.0)
    silenced_rate: float = 0.1
    silent_bias: float = -5.0  # several deviations of what a unit gets, so that it is off whatever the digit
    epochs: int = 10
    batch_size: int = 64


published = Config()
smoke = Config(depth=1, width=8, rates=(0.1,), epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Networks trained on digits; `idle` are the units of all hidden layers that are off for every training example.

    Of a maxout unit the pieces are counted, and idle is a piece that is never the larger one. A unit of a ReLU network
    that is idle gets no gradient, nor does a maxout piece.

    - "rates": `arm`, `rate` (in words), `idle` (share, 0 to 1, after training), `test_accuracy` (0 to 1);
    - "silenced": the same network whose units have a bias that silences every second one of each layer, without
      Maxout: `arm`, `idle_before`, `idle` (shares before and after training), `test_accuracy`.
    """
    rates = [_trained_at(config, seed, arm, rate) for arm in config.arms for rate in config.rates]
    silenced = [_silenced(config, seed, arm) for arm in config.arms if arm[1] != "maxout"]
    return {"rates": pd.DataFrame(rates), "silenced": pd.DataFrame(silenced)}


def _trained_at(config: Config, seed: int, arm: tuple[str, str, str], rate: float) -> dict[str, float | str]:
    model = sweep.trained(_recipe(config, arm, rate), data.digits(), seed)
    return {"arm": arm[0], "rate": f"{rate:g}", "idle": _idle(config, model, arm[1]), "test_accuracy": _accuracy(model)}


def _silenced(config: Config, seed: int, arm: tuple[str, str, str]) -> dict[str, float | str]:
    recipe = _recipe(config, arm, config.silenced_rate)
    model = recipe.network.build(seed)
    for layer in _hidden(config, model):
        layer.bias.assign(np.where(np.arange(config.width) % 2, config.silent_bias, 0.0))
    start = [variable.value.numpy() for variable in model.trainable_variables]
    after = sweep.trained(recipe, data.digits(), seed, start)
    return {
        "arm": arm[0],
        "idle_before": _idle(config, model, arm[1]),
        "idle": _idle(config, after, arm[1]),
        "test_accuracy": _accuracy(after),
    }


def _recipe(config: Config, arm: tuple[str, str, str], rate: float) -> Training:
    network = MLP(depth=config.depth, width=config.width, activation=arm[1], initialisation=arm[2])
    return Training(network=network, learning_rate=rate, epochs=config.epochs, batch_size=config.batch_size)


def _hidden(config: Config, model: Any) -> list[Any]:
    return [model.get_layer(f"hidden_{number}") for number in range(1, config.depth + 1)]


def _idle(config: Config, model: Any, activation: str) -> float:
    """What a hidden layer returns is positive where a unit is on, activation included or not."""
    outputs = keras.Model(model.inputs, [layer.output for layer in _hidden(config, model)])(data.digits().train_x)
    shares = []
    for output in map(np.asarray, keras.tree.flatten(outputs)):
        pieces = output.reshape(len(output), -1, PIECES if activation == "maxout" else 1)
        on = pieces == pieces.max(axis=2, keepdims=True) if activation == "maxout" else pieces > 0
        shares.append(1 - on.any(axis=0).mean())
    return float(np.mean(shares))


def _accuracy(model: Any) -> float:
    digits = data.digits()
    return float(loss_and_accuracy(model(digits.test_x, training=False), digits.test_y)[1])
