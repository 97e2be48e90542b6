"""Dropout of the state inside recurrent cells: what it does to the gradient, and to what is remembered."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd

from vgcore import data, models, probes, training
from vgcore.models import Recurrent
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Cells of `units`, of whose state a share is hidden from the next step in training."""

    units: int = 32
    cells: tuple[tuple[str, str], ...] = (("SimpleRNN", "simple_rnn"), ("LSTM", "lstm"))
    shares: tuple[float, ...] = (0.0, 0.5)
    features: int = 8  # the rows of a digit
    steps: int = 34
    lags: tuple[int, int] = (8, 24)  # before, the gradient still settles; after, the state is still near its start, 0
    examples: int = 32
    lag: int = 8  # rows of noise: few enough for both cells to learn without dropout
    optimiser: str = "adam"
    learning_rate: float = 0.01
    epochs: int = 6
    batch_size: int = 64


published = Config()
smoke = Config(
    units=4,
    cells=(("SimpleRNN", "simple_rnn"),),
    shares=(0.0,),
    steps=8,
    lags=(2, 6),
    examples=4,
    lag=1,
    epochs=1,
    batch_size=1024,
)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """The factor of a step before training, in training mode, and the accuracy after a short training.

    One row for each `cell` and `dropout`, the share of the state that is hidden, the same units at every step:

    - `factor`: the geometric mean of what a step passes back, of dL/dc in an LSTM and of dL/dh otherwise, while
      reading random numbers of variance 1;
    - `test_accuracy`: after training on a digit and `lag` rows of noise, share of unseen digits named rightly, 0 to 1,
      dropout off; guessing gives 0.1.
    """
    arms = [
        (name, Recurrent(cell=cell, units=config.units, features=config.features, recurrent_dropout=share))
        for name, cell in config.cells
        for share in config.shares
    ]
    return pd.DataFrame(
        [
            {
                "cell": name,
                "dropout": network.recurrent_dropout,
                "factor": _factor(config, network, seed),
                "test_accuracy": _accuracy(config, network, seed),
            }
            for name, network in arms
        ]
    )


class _InTraining(keras.Model):
    """A model that drops states even while it is measured."""

    def __init__(self, inner: Any) -> None:
        super().__init__()
        self.inner = inner

    def call(self, x: Any, training: bool = False) -> Any:  # noqa: ARG002 - the probe says False
        return self.inner(x, training=True)


def _factor(config: Config, network: Recurrent, seed: int) -> float:
    random = np.random.default_rng(seed)
    x = random.normal(size=(config.examples, config.steps, config.features))
    y = random.integers(0, network.outputs, config.examples)
    model = _InTraining(models.recurrent(network, seed))
    model(x.astype(np.float32))
    profile = probes.measure_gradients_through_time(model, x, y).table.set_index("lag")
    gradients = profile["cell_gradient_rms" if network.cell == "lstm" else "hidden_gradient_rms"]
    first, last = config.lags
    return float((gradients[last] / gradients[first]) ** (1 / (last - first)))


def _accuracy(config: Config, network: Recurrent, seed: int) -> float:
    recipe = Training(
        network=network,
        optimiser=config.optimiser,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
        record_every=config.epochs,
    )
    history = training.train(recipe, data.digit_then_noise(config.lag, seed), seed)
    return float(history.epochs["test_accuracy"].iloc[-1])
