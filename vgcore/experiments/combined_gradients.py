"""What is left of the gradient for every combination of activation, weights, normalisation, skip and depth."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP
from vgcore.models.perceptron import branch_scale


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every choice with every other, each network probed on the first `examples` training digits."""

    activations: tuple[str, ...] = ("sigmoid", "tanh", "relu")
    # sigma_w, the deviation of a weight times sqrt(inputs): U(-1, 1) / sqrt(inputs), usual before Glorot; Glorot; He
    weights: tuple[tuple[str, float], ...] = (("before 2010", 3**-0.5), ("Glorot", 1.0), ("He", 2**0.5))
    normalisations: tuple[str, ...] = ("none", "batch", "layer")
    skips: tuple[str, ...] = ("no", "yes")
    depths: tuple[int, ...] = (4, 16)
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    examples: int = 64  # as many as a batch of training has, whose statistics batch normalisation uses


published = Config()
smoke = Config(activations=("relu",), weights=(("Glorot", 1.0),), depths=(3,), examples=16)

nan_allowed = ("theory",)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the cross-entropy by layer at initialisation, measured and predicted.

    One row for each combination and hidden layer:

    - `activation`, `weights`, `normalisation` ("none", "batch", "layer"), `skip` ("no", "yes"), `depth`;
    - `layer`: 1 = next to the input;
    - `decades`: of RMS dL/dh, over that of the last hidden layer; negative where it has shrunk;
    - `theory`: mean field prediction of it; nothing is fitted. NaN where this book has no closed form: layer
      normalisation, and batch normalisation but for plain ReLU layers.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples].astype(float), digits.train_y[: config.examples]
    choices = (config.activations, config.weights, config.normalisations, config.skips, config.depths)
    tables = []
    for activation, (weights, gain), normalisation, skip, depth in product(*choices):
        network = MLP(
            depth=depth, width=config.width, activation=activation, gain=gain, skip=skip == "yes",
            normalisation=None if normalisation == "none" else normalisation,
        )  # fmt: skip
        hidden = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[:depth]
        gradients = np.log10(hidden["activation_gradient_rms"])
        names = {"activation": activation, "weights": weights, "normalisation": normalisation, "skip": skip}
        measured = {"depth": depth, "layer": hidden["depth"], "decades": gradients - gradients.iloc[-1]}
        tables.append(pd.DataFrame(names | measured | {"theory": _line(network, x)}))
    return pd.concat(tables, ignore_index=True)


def _line(network: MLP, x: theory.Array) -> theory.Array:
    """What theory predicts of a network, in decades."""
    return np.log10(_factors(network, x))


def _factors(network: MLP, x: theory.Array) -> theory.Array:
    mean_squares = network.gain**2 * np.mean(np.square(x, dtype=float), axis=1)
    arguments = network.activation, network.gain**2, network.depth, mean_squares
    if network.normalisation is None and network.skip:
        return theory.residual_gradient_line(*arguments, branch_scale(network))
    if network.normalisation is None:
        return theory.gradient_line(*arguments)
    if (network.normalisation, network.activation, network.skip) == ("batch", "relu", False):
        return np.asarray(theory.batch_norm_growth(len(x)) ** np.arange(network.depth - 1, -1, -1))
    return np.full(network.depth, np.nan)
