"""The gradient that deep convolutional networks start with, plain and residual, both normalised."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, probes
from vgcore.models import ConvNet

ARMS = {"plain": None, "post-activation": "post-activation", "pre-activation": "pre-activation"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of 3 by 3 convolutions with He's weights and batch normalisation before each activation."""

    depths: tuple[int, ...] = (20, 56)  # as He et al. compared
    channels: int = 8
    examples: int = 32


published = Config()
smoke = Config(depths=(4,), examples=8)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients of the convolutions' weights before training.

    One row for each `arm` ("plain", and residual with blocks "post-activation" or "pre-activation") and `depth`
    (layers with weights): `first_over_last` (RMS of dL/dW at the first convolution over that at the last one).
    """
    rows = [
        {"arm": arm, "depth": depth, "first_over_last": _ratio(config, seed, residual, depth)}
        for arm, residual in ARMS.items()
        for depth in config.depths
    ]
    return pd.DataFrame(rows)


def _ratio(config: Config, seed: int, residual: str | None, depth: int) -> float:
    digits = data.digits()
    network = ConvNet(depth=depth, channels=config.channels, normalisation="batch", residual=residual)
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    table = probes.measure_gradients(network.build(seed), x, y).table
    gradients = table[table["layer"].str.contains("conv")]["weight_gradient_rms"]
    return float(gradients.iloc[0] / gradients.iloc[-1])
