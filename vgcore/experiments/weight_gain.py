"""How the gradient grows from layer to layer when the initial weights are too large."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` hidden layers of `width` units, probed on the first `examples` training digits."""

    depth: int = 20
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    examples: int = 256
    # For each activation the initialisation that keeps its gradient, and that one enlarged.
    initialisations: tuple[tuple[str, str], ...] = (("relu", "he_uniform"), ("tanh", "glorot_uniform"))
    gains: tuple[float, ...] = (1.0, 1.5, 2.0, 4.0)


published = Config()
smoke = Config(depth=3, examples=32, gains=(1.0, 2.0))


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the cross-entropy by layer at initialisation, measured and predicted.

    One row for each activation, gain and hidden layer:

    - `activation`, `initialisation` (Keras's name); `gain`: what the hidden layers' weights are multiplied by;
    - `network`: activation and gain in one word, such as "relu x 2";
    - `layer`: 1 = next to the input;
    - `activation_rms`: RMS of h, what the layer passes on;
    - `activation_gradient_rms`, `weight_gradient_rms`: RMS of dL/dh and dL/dW, L in nats, mean over the examples;
    - `weight_rms`: RMS of the layer's weights;
    - `relative_gradient`: `activation_gradient_rms` over that of the last hidden layer;
    - `theory`: mean field prediction of `relative_gradient`, from the examples' mean squares; nothing is fitted.
    """
    arms = [(activation, name, gain) for activation, name in config.initialisations for gain in config.gains]
    return pd.concat([_measure_arm(config, seed, *arm) for arm in arms], ignore_index=True)


def _measure_arm(config: Config, seed: int, activation: str, initialisation: str, gain: float) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = MLP(
        depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
    )
    hidden = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[: config.depth]
    weight_variance = gain**2 * theory.weight_variance(initialisation)
    mean_squares = weight_variance * np.mean(np.square(x, dtype=float), axis=1)
    gradients = hidden["activation_gradient_rms"]
    return pd.DataFrame(
        {
            "network": f"{activation} x {gain:g}",
            "activation": activation,
            "initialisation": initialisation,
            "gain": gain,
            "layer": hidden["depth"],
            "activation_rms": hidden["activation_rms"],
            "activation_gradient_rms": gradients,
            "weight_gradient_rms": hidden["weight_gradient_rms"],
            "weight_rms": hidden["weight_rms"],
            "relative_gradient": gradients / gradients.iloc[-1],
            "theory": theory.gradient_line(activation, weight_variance, config.depth, mean_squares),
        }
    )
