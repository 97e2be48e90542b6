"""How the gradient changes from layer to layer of tanh networks, for many sizes of the first weights and depths."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """The networks that `init_phases` trains, probed before training on the first `examples` training digits."""

    deviations: tuple[float, ...] = (0.4, 0.577, 0.7, 1.0, 1.414, 2.0, 3.0)  # sigma_w: of a weight, times sqrt(inputs)
    depths: tuple[int, ...] = (2, 4, 8, 16, 32)
    activation: str = "tanh"
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    examples: int = 64


published = Config()
smoke = Config(deviations=(0.4, 1.0), depths=(2,), examples=16)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the cross-entropy by layer at initialisation, measured and predicted.

    One row for each `deviation` (sigma_w), `depth` (hidden layers) and `layer` (1 = next to the input):

    - `decades`: of RMS dL/dh, over that of the last hidden layer; negative where it has shrunk;
    - `theory`: mean field prediction of it, from the examples' mean squares; nothing is fitted.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    tables = []
    for deviation, depth in product(config.deviations, config.depths):
        network = MLP(depth=depth, width=config.width, activation=config.activation, gain=deviation)
        hidden = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[:depth]
        gradients = np.log10(hidden["activation_gradient_rms"])
        mean_squares = deviation**2 * np.mean(np.square(x, dtype=float), axis=1)
        line = np.log10(theory.gradient_line(config.activation, deviation**2, depth, mean_squares))
        names = {"deviation": f"{deviation:g}", "depth": depth, "layer": hidden["depth"]}
        tables.append(pd.DataFrame(names | {"decades": gradients - gradients.iloc[-1], "theory": line}))
    return pd.concat(tables, ignore_index=True)
