"""Units that are off for every example: how many there are after training, and how many come back."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.models.perceptron import PIECES
from vgcore.training import Training, loss_and_accuracy

Arm = tuple[str, str, str]

nan_allowed = ("idle", "first_moved")  # where training ended in numbers that are none


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation and Keras initialiser."""

    arms: tuple[Arm, ...] = (
        ("ReLU", "relu", "he_normal"),
        ("Leaky ReLU", "leaky_relu", "he_normal"),
        ("PReLU", "prelu", "he_normal"),
        ("Maxout", "maxout", "lecun_normal"),
    )
    depth: int = 5
    width: int = 64
    rates: tuple[float, ...] = (0.1, 0.5, 1.0)
    shares: tuple[float, ...] = (0.0, 0.5, 0.75, 0.875)
    silencing_bias: float = -5.0  # several deviations of what a unit gets, so that it is off whatever the digit
    silenced_rate: float = 0.1
    epochs: int = 10
    batch_size: int = 64


published = Config()
smoke = Config(arms=(("ReLU", "relu", "he_normal"),), depth=1, width=8, rates=(0.1,), shares=(0.5,), epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Networks trained on digits, and the units of all hidden layers that are off for every training example.

    `idle` is their share, 0 to 1, after training, and `idle_before` the share before. Of a maxout unit the pieces are
    counted, and idle is a piece that is never the larger one. An idle unit of a ReLU network gets no gradient, nor
    does an idle piece. `is_finite`: 1, or 0 where training ended in numbers that are none; then `idle` is NaN.

    - "rates": `arm`, `rate` (in words), `idle_before`, `idle`, `is_finite`, `first_moved`, `test_accuracy` (0
      to 1);
    - "silenced", without Maxout: in each layer the units of a `share` (in words) begin with a bias that turns them off.
      The same columns, and `silenced`, the share as a number.

    `first_moved`: |W - W_0| / |W_0| over the incoming weights of the first layer's silenced units, or of all of its
    units where none is silenced; NaN too where the weights are no numbers.
    """
    rates = [{"rate": f"{rate:g}"} | _trained(config, seed, arm, rate) for arm in config.arms for rate in config.rates]
    silenced = [
        {"share": f"{share:g}", "silenced": share} | _trained(config, seed, arm, config.silenced_rate, share)
        for arm in config.arms
        if arm[1] != "maxout"
        for share in config.shares
    ]
    return {"rates": pd.DataFrame(rates), "silenced": pd.DataFrame(silenced)}


def _trained(config: Config, seed: int, arm: Arm, rate: float, share: float = 0.0) -> dict[str, Any]:
    name, activation, initialisation = arm
    network = MLP(depth=config.depth, width=config.width, activation=activation, initialisation=initialisation)
    recipe = Training(network=network, learning_rate=rate, epochs=config.epochs, batch_size=config.batch_size)
    before = network.build(seed)
    off = np.arange(config.width) < share * config.width
    if share:
        for layer in _hidden(config, before):
            layer.bias.assign(np.where(off, config.silencing_bias, 0.0))
    start = [variable.value.numpy() for variable in before.trainable_variables]
    after = sweep.trained(recipe, data.digits(), seed, start)
    digits = data.digits()
    finite = all(np.isfinite(weight).all() for weight in after.get_weights())
    return {
        "arm": name,
        "idle_before": _idle(config, before, activation),
        "idle": _idle(config, after, activation) if finite else float("nan"),
        "is_finite": float(finite),
        "test_accuracy": float(loss_and_accuracy(after(digits.test_x, training=False), digits.test_y)[1]),
        "first_moved": _change(before, after, off if share else ~off),
    }


def _hidden(config: Config, model: Any) -> list[Any]:
    return [model.get_layer(f"hidden_{number}") for number in range(1, config.depth + 1)]


def _idle(config: Config, model: Any, activation: str) -> float:
    """Whether its activation is part of it or not, a hidden layer's output is positive where a unit is on."""
    outputs = keras.Model(model.inputs[0], [layer.output for layer in _hidden(config, model)])(data.digits().train_x)
    shares = []
    for output in map(np.asarray, keras.tree.flatten(outputs)):
        pieces = output.reshape(len(output), -1, PIECES) if activation == "maxout" else output
        on = pieces == pieces.max(axis=2, keepdims=True) if activation == "maxout" else pieces > 0
        shares.append(1 - on.any(axis=0).mean())
    return float(np.mean(shares))


def _change(before: Any, after: Any, off: Any) -> float:
    """How far the incoming weights of some of the first layer's units have moved."""
    mask = np.resize(off, before.get_layer("hidden_1").units)  # a maxout unit has several pieces
    old, new = (np.asarray(model.get_layer("hidden_1").kernel, float)[:, mask] for model in (before, after))
    return float(np.linalg.norm(new - old) / np.linalg.norm(old))
