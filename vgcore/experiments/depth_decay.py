"""How the gradient changes from layer to layer of a deep network, before any training."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP

DEFAULT, SUITED = "Keras default", "suited"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` hidden layers of `width` units, probed on the first `examples` training digits."""

    depth: int = 20
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    examples: int = 256
    arms: tuple[tuple[str, str, str, float], ...] = (
        ("sigmoid", DEFAULT, "glorot_uniform", 1.0),
        ("tanh", DEFAULT, "glorot_uniform", 1.0),  # the suited one as well: Glorot's is critical for tanh
        ("relu", DEFAULT, "glorot_uniform", 1.0),
        ("relu", SUITED, "he_uniform", 1.0),
        # Weights 4 times as large undo the sigmoid's slope of 1/4 at rest. It is the usual advice, and no cure.
        ("sigmoid", SUITED, "glorot_uniform", 4.0),
    )


published = Config()
smoke = Config(depth=4, examples=32)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the cross-entropy by layer at initialisation, measured and predicted.

    One row for each activation, arm ("Keras default", "suited") and hidden layer:

    - `activation`, `arm`, `initialisation` (Keras's name), `gain` (factor on the hidden layers' weights);
    - `layer`: 1 = next to the input;
    - `activation_gradient_rms`, `weight_gradient_rms`: RMS of dL/dh and dL/dW, L in nats, mean over the examples;
    - `relative_gradient`: `activation_gradient_rms` over that of the last hidden layer;
    - `theory`: mean field prediction of `relative_gradient`, from the examples' mean squares; nothing is fitted.
    """
    return pd.concat([_measure_arm(config, seed, *arm) for arm in config.arms], ignore_index=True)


def _measure_arm(
    config: Config, seed: int, activation: str, arm: str, initialisation: str, gain: float
) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = MLP(
        depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
    )
    profile = probes.measure_gradients(models.mlp(network, seed), x, y)
    weight_variance = gain**2 * theory.weight_variance(initialisation)
    mean_squares = weight_variance * np.mean(np.square(x, dtype=float), axis=1)
    hidden = profile.table.iloc[: config.depth]
    gradients = hidden["activation_gradient_rms"]
    return pd.DataFrame(
        {
            "activation": activation,
            "arm": arm,
            "initialisation": initialisation,
            "gain": gain,
            "layer": hidden["depth"],
            "activation_gradient_rms": gradients,
            "weight_gradient_rms": hidden["weight_gradient_rms"],
            "relative_gradient": gradients / gradients.iloc[-1],
            "theory": theory.gradient_line(activation, weight_variance, config.depth, mean_squares),
        }
    )
