"""What one tanh layer does to a small change, read in four ways, for two ways to draw the weights."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models
from vgcore.models import MLP
from vgcore.theory import Array


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` tanh layers; the digits' root mean square is made `input_sizes`.

    `starts` are name, Keras initialiser and factor on the weights.
    """

    starts: tuple[tuple[str, str, float], ...] = (
        ("normalised", "glorot_uniform", 1.0),
        ("standard", "lecun_uniform", 3**-0.5),  # LeCun's U(-sqrt(3 / n), sqrt(3 / n)) becomes U(-1, 1) / sqrt(n)
    )
    depth: int = 5  # as deep as the deepest of Glorot and Bengio (2010)
    width: int = 200  # theirs have 1000; here the mean singular value is a tenth of a per cent below that of any width
    input_sizes: tuple[float, ...] = (0.1, 0.2, 0.5, 1.0, 2.0)
    examples: int = 2


published = Config()
smoke = Config(depth=2, width=16, input_sizes=(0.1, 1.0), examples=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Singular values of dh_(l+1)/dh_l before training, summed up for each start and size of the inputs.

    All four are means over the examples and over the layers behind the first, whose Jacobians are square:

    - `start`, `input_size` (root mean square of the inputs);
    - `mean`: of the singular values; `rms`: their root mean square;
    - `volume`: their geometric mean, the factor on lengths that the factor on volumes amounts to;
    - `variance`: their mean square, the factor on the variance of a small change.
    """
    rows = []
    for start, initialisation, gain in config.starts:
        network = MLP(
            depth=config.depth, width=config.width, activation="tanh", initialisation=initialisation, gain=gain
        )
        kernels = [np.asarray(kernel, float) for kernel in models.mlp(network, seed).get_weights() if kernel.ndim == 2]
        for size in config.input_sizes:
            x = size * np.asarray(data.digits().train_x[: config.examples], float)
            values = np.array(list(_singular_values(kernels[:-1], x)))
            rows.append({"start": start, "input_size": size} | _readings(values))
    return pd.DataFrame(rows)


def _singular_values(kernels: list[Array], x: Array) -> Iterator[Array]:
    """Those of each layer behind the first, for each example."""
    h = np.tanh(x @ kernels[0])
    for kernel in kernels[1:]:
        h = np.tanh(h @ kernel)
        yield from (np.linalg.svd(kernel * slopes, compute_uv=False) for slopes in 1 - h**2)


def _readings(values: Array) -> dict[str, float]:
    """`values`: one row for each Jacobian."""
    mean_squares = (values**2).mean(axis=1)
    return {
        "mean": float(values.mean()),
        "rms": float(np.sqrt(mean_squares).mean()),
        "volume": float(np.exp(np.log(values).mean(axis=1)).mean()),
        "variance": float(mean_squares.mean()),
    }
