"""What gets through a hundred layers of ReLU with He's weights, and of SELU with LeCun's, before training."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation and Keras initialiser.

    The networks of the notebook to chapter 11 of Géron's "Hands-On Machine Learning", on digits, not Fashion MNIST.
    """

    arms: tuple[tuple[str, str, str], ...] = (("ReLU", "relu", "he_normal"), ("SELU", "selu", "lecun_normal"))
    depth: int = 100
    width: int = 100
    examples: int = 64  # for the gradient; each of them and the next one make a pair for the cosine


published = Config()
smoke = Config(depth=3, width=8, examples=8)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """What two networks that differ in activation and weights do to gradients and to inputs.

    One row for each arm and layer:

    - `arm`, `layer` (1 = next to the input);
    - `relative_gradient`: RMS of dL/dh over that of the last hidden layer; `theory`: the same in mean field theory,
      from the digits' mean squares, nothing fitted;
    - `cosine`: of what two digits leave behind in the layer, median over the pairs.
    """
    return pd.concat([_measure_arm(config, seed, *arm) for arm in config.arms], ignore_index=True)


def _measure_arm(config: Config, seed: int, arm: str, activation: str, initialisation: str) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = MLP(depth=config.depth, width=config.width, activation=activation, initialisation=initialisation)
    model = models.mlp(network, seed)
    hidden = probes.measure_gradients(model, x, y).table.iloc[: config.depth]
    pairs = probes.measure_correlation(model, x, np.roll(x, 1, axis=0))
    return pd.DataFrame(
        {
            "arm": arm,
            "layer": hidden["depth"],
            "relative_gradient": hidden["activation_gradient_rms"] / hidden["activation_gradient_rms"].iloc[-1],
            "theory": _line(network, config.examples),
            "cosine": pairs.groupby("depth")["cosine"].median().to_numpy()[: config.depth],
        }
    )


@cache
def _line(network: MLP, examples: int) -> theory.Array:
    """The theory's prediction, which no seed changes."""
    variance = theory.weight_variance(network.initialisation)
    mean_squares = np.mean(np.square(data.digits().train_x[:examples], dtype=float), axis=1)
    return theory.gradient_line(network.activation, variance, network.depth, variance * mean_squares)
