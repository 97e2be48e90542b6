"""What fifty layers do to each direction of a small change, for Gaussian and for orthogonal weights."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` hidden layers of `width` units, probed at the first training digit."""

    depth: int = 50
    width: int = 64  # as wide as the input: every Jacobian is square
    # Activation and gain: the mean square of a gradient stays what it is, for tanh as long as it is not saturated.
    activations: tuple[tuple[str, float], ...] = (("linear", 1.0), ("tanh", 1.0), ("relu", 2**0.5))
    weights: tuple[tuple[str, str], ...] = (("Gaussian", "glorot_normal"), ("orthogonal", "orthogonal"))


published = Config()
smoke = Config(depth=3, width=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Singular values of dh/dx before training, behind the first hidden layer and behind the last.

    One row for each activation, kind of weights, layer and singular value:

    - `activation`, `weights` ("Gaussian", "orthogonal"), `layer` (1 and the last hidden one);
    - `rank`: 1 = the largest; `share`: which share of the singular values lies above this one, at its middle;
    - `singular_value`;
    - `theory`: that of a product of as many wide Gaussian matrices, or 1 for orthogonal ones; without activations.
    """
    parts = [
        _measure_arm(config, seed, activation, gain, *weights)
        for activation, gain in config.activations
        for weights in config.weights
    ]
    return pd.concat(parts, ignore_index=True)


def _measure_arm(
    config: Config, seed: int, activation: str, gain: float, weights: str, initialisation: str
) -> pd.DataFrame:
    network = MLP(
        depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
    )
    table = probes.measure_jacobian(models.mlp(network, seed), data.digits().train_x[:1], depths=(1, config.depth))
    share = (table["rank"] - 0.5) / config.width
    gaussian = [theory.product_singular_values(at, layers) for at, layers in zip(share, table["depth"], strict=True)]
    return pd.DataFrame(
        {
            "activation": activation,
            "weights": weights,
            "layer": table["depth"],
            "rank": table["rank"],
            "share": share,
            "singular_value": table["singular_value"],
            "theory": np.array(gaussian, float) if weights == "Gaussian" else 1.0,
        }
    )
