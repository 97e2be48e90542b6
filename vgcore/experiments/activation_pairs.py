"""What a layer multiplies the gradient by, for many pairs of an activation and an initialisation."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP

PIECES = 2  # of a maxout unit


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` hidden layers of `width` units; `pairs` are name, activation, Keras initialiser and gain."""

    depth: int = 20
    width: int = 128  # a rectifier's gradient strays by chance, and half as far with four times the units
    examples: int = 128
    pairs: tuple[tuple[str, str, str, float], ...] = (
        ("sigmoid, Glorot", "sigmoid", "glorot_uniform", 1.0),
        ("sigmoid, Glorot × 4", "sigmoid", "glorot_uniform", 4.0),
        ("tanh, Glorot / √3", "tanh", "glorot_uniform", 3**-0.5),  # the initialisation that was usual before Glorot
        ("tanh, Glorot", "tanh", "glorot_uniform", 1.0),
        ("tanh, He", "tanh", "he_normal", 1.0),
        ("ReLU, Glorot", "relu", "glorot_uniform", 1.0),
        ("ReLU, He", "relu", "he_normal", 1.0),
        ("Leaky ReLU, He", "leaky_relu", "he_normal", 1.0),
        # He et al. (2015) divide by 1 + slope squared, whose root is the gain
        ("PReLU, He for slope", "prelu", "he_normal", (1 + theory.PRELU_SLOPE**2) ** -0.5),
        ("Maxout, Glorot", "maxout", "glorot_uniform", 1.0),
        ("Maxout, LeCun", "maxout", "lecun_normal", 1.0),
        ("ELU, LeCun", "elu", "lecun_normal", 1.0),
        ("ELU, He", "elu", "he_normal", 1.0),
        ("SELU, LeCun", "selu", "lecun_normal", 1.0),
        ("Swish, He", "swish", "he_normal", 1.0),
        ("GELU, Glorot", "gelu", "glorot_uniform", 1.0),
        ("GELU, He", "gelu", "he_normal", 1.0),
    )


published = Config()
smoke = Config(depth=2, width=16, examples=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the cross-entropy by layer at initialisation, measured and predicted, one row a pair and layer.

    - `pair` (activation and initialisation in words), `activation`, `row` (the pair's number, from 0), `layer` (1 =
      next to the input);
    - `relative_gradient`: RMS of dL/dh over that of the last hidden layer;
    - `theory`: mean field prediction of it, from the examples' mean squares; nothing is fitted.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    tables = []
    for row, (pair, activation, initialisation, gain) in enumerate(config.pairs):
        network = MLP(
            depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
        )
        hidden = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[: config.depth]
        gradients = hidden["activation_gradient_rms"]
        measured = {"layer": hidden["depth"], "relative_gradient": gradients / gradients.iloc[-1]}
        names = {"pair": pair, "activation": activation, "row": row}
        tables.append(pd.DataFrame(names | measured | {"theory": _line(config, network)}))
    return pd.concat(tables, ignore_index=True)


@cache
def _line(config: Config, network: MLP) -> theory.Array:
    """The theory's prediction, which no seed changes."""
    mean_squares = np.mean(np.square(data.digits().train_x[: config.examples], dtype=float), axis=1)
    first, deep = (network.gain**2 * _weight_variance(network, inputs) for inputs in (network.inputs, network.width))
    if network.activation == "maxout":
        return np.asarray(theory.maxout_chi(deep) ** (np.arange(network.depth - 1, -1, -1) / 2))
    return theory.gradient_line(network.activation, deep, network.depth, first * mean_squares)


def _weight_variance(network: MLP, inputs: int) -> float:
    """Variance of a weight of Keras's initialisers times the number of inputs, for layers of unequal width too."""
    outputs = network.width * (PIECES if network.activation == "maxout" else 1)
    if network.initialisation.startswith("glorot"):
        return 2 * inputs / (inputs + outputs)
    return theory.weight_variance(network.initialisation)
