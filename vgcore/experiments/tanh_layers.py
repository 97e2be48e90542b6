"""What a layer of a tanh network does to a gradient and to each direction, with the usual and with Glorot's weights."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import data, models, probes
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """The networks of Glorot and Bengio, 2010, on digits: `depth` hidden layers of `width` tanh units."""

    depth: int = 5
    width: int = 400  # the paper has 1000
    examples: int = 300
    # U(-1, 1) / sqrt(inputs) has a third of the variance of Glorot's weights where inputs and outputs are as many
    arms: tuple[tuple[str, float], ...] = (("standard", 3**-0.5), ("normalised", 1.0))


published = Config()
smoke = Config(depth=3, width=16, examples=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Layers before training, one row for each kind of weights and each layer whose input is another hidden layer.

    - `arm`: "standard" (uniform, up to one over the root of the inputs) or "normalised" (Glorot's);
    - `layer`: 2 to `depth`, 2 = nearest the input;
    - `mean_singular_value`: of the layer's Jacobian dh/dh before it, at the first training digit;
    - `factor`: RMS of dL/dh of the layer before over that of this one's;
    - `weight_gradient`: RMS of dL/dW over that of the last hidden layer.
    """
    return pd.concat([_measure_arm(config, seed, *arm) for arm in config.arms], ignore_index=True)


def _measure_arm(config: Config, seed: int, arm: str, gain: float) -> pd.DataFrame:
    network = MLP(depth=config.depth, width=config.width, activation="tanh", gain=gain)
    model = models.mlp(network, seed)
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    hidden = probes.measure_gradients(model, x, y).table.iloc[: config.depth]
    gradients = hidden["activation_gradient_rms"].to_numpy()
    of_weights = hidden["weight_gradient_rms"].to_numpy()
    return pd.DataFrame(
        {
            "arm": arm,
            "layer": hidden["depth"].to_numpy()[1:],
            "mean_singular_value": _mean_singular_values(model, x[:1]),
            "factor": gradients[:-1] / gradients[1:],
            "weight_gradient": of_weights[1:] / of_weights[-1],
        }
    )


def _mean_singular_values(model: keras.Model, x: NDArray[Any]) -> list[float]:
    """Of diag(1 - h^2) W for every hidden layer but the first."""
    h, found = x.astype(float), []
    kernels = [layer.kernel.numpy().astype(float) for layer in model.layers if layer.name.startswith("hidden")]
    for kernel in kernels:
        h = np.tanh(h @ kernel)  # the biases are still 0
        found.append(float(np.linalg.svd(kernel * (1 - h**2), compute_uv=False).mean()))
    return found[1:]
