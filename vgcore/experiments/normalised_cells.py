"""Layer normalisation inside recurrent cells: what a step passes back, and whether they learn to remember."""

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory, training
from vgcore.models import Recurrent
from vgcore.training import Training

PLAIN, NORMALISED = "plain", "normalised"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Cells with and without layer normalisation before training, and with it after a short one.

    What is trained, and on what, is as in the experiment `carried_digit`, which trains the cells without it.
    """

    units: int = 32  # of what is trained
    wide: int = 64  # units for the factors, whose closed forms are of wide layers
    cells: tuple[tuple[str, str], ...] = (("SimpleRNN", "simple_rnn"), ("LSTM", "lstm"))
    inputs: tuple[tuple[str, int, float], ...] = (  # name, features, size of the normal numbers
        ("weak", 8, 0.1),
        ("a digit's row", 8, 1.0),
        ("64 features", 64, 1.0),
    )
    steps: int = 34
    lags: tuple[int, int] = (8, 24)  # before, the gradient still settles; after, the state is still near its start, 0
    examples: int = 32
    lag: int = 16  # rows of noise between the digit and the answer: as many as the plain cells rarely bridge
    optimiser: str = "adam"
    learning_rate: float = 0.01
    epochs: int = 8
    batch_size: int = 64


published = Config()
smoke = Config(
    units=4,
    wide=4,
    cells=(("SimpleRNN", "simple_rnn"),),
    inputs=(("a digit's row", 8, 1.0),),
    steps=8,
    lags=(2, 6),
    examples=4,
    lag=1,
    epochs=1,
    batch_size=1024,
)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Measure both kinds of each cell.

    `factors`, before training on random numbers, one row for each `cell`, `kind` ("plain" or "normalised") and
    `inputs`:

    - `input_variance`: the variance that the inputs alone give to a SimpleRNN's sums;
    - `factor`: the geometric mean of what a step passes back, of dL/dc in an LSTM and of dL/dh otherwise.

    `theory`, for the SimpleRNN alone, one row for each `kind` and `inputs`:

    - `theory`: the factor from closed forms; nothing is fitted.

    `training`, of the normalised ones, one row for each `cell`, trained on a digit and `lag` rows of noise:

    - `test_accuracy`: share of unseen digits named rightly, 0 to 1; guessing gives 0.1.
    """
    arms = [
        (name, kind, Recurrent(cell=cell, units=config.units, layer_norm=kind == NORMALISED))
        for name, cell in config.cells
        for kind in (PLAIN, NORMALISED)
    ]
    of_arm = [{"cell": name, "kind": kind} for name, kind, _ in arms]
    return {
        "factors": pd.DataFrame(
            [
                names
                | {"inputs": inputs, "input_variance": _input_variance(config, features, size)}
                | {"factor": _factor(config, network, features, size, seed)}
                for names, (*_, network) in zip(of_arm, arms, strict=True)
                for inputs, features, size in config.inputs
            ]
        ),
        "theory": pd.DataFrame(
            [
                {"cell": "SimpleRNN", "kind": kind, "inputs": inputs, "theory": _theory(config, kind, features, size)}
                for kind in (PLAIN, NORMALISED)
                for inputs, features, size in config.inputs
            ]
        ),
        "training": pd.DataFrame(
            [
                {"cell": name, "test_accuracy": _accuracy(config, network, seed)}
                for name, kind, network in arms
                if kind == NORMALISED
            ]
        ),
    }


def _factor(config: Config, network: Recurrent, features: int, size: float, seed: int) -> float:
    random = np.random.default_rng(seed)
    x = size * random.normal(size=(config.examples, config.steps, features))
    y = random.integers(0, network.outputs, config.examples)
    model: Any = models.recurrent(replace(network, units=config.wide, features=features), seed)
    profile = probes.measure_gradients_through_time(model, x, y).table.set_index("lag")
    gradients = profile["cell_gradient_rms" if network.cell == "lstm" else "hidden_gradient_rms"]
    first, last = config.lags
    return float((gradients[last] / gradients[first]) ** (1 / (last - first)))


def _theory(config: Config, kind: str, features: int, size: float) -> float:
    variance = _input_variance(config, features, size)
    if kind == NORMALISED:
        return theory.layer_norm_factor(variance)
    return math.sqrt(theory.chi("tanh", 1.0, variance))


def _input_variance(config: Config, features: int, size: float) -> float:
    """Variance of an entry of W x in a SimpleRNN, with Glorot's W."""
    return size**2 * features * 2 / (features + config.wide)


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
