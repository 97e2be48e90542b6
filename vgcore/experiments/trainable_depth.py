"""How deep a network may be and still learn, for four kinds of network whose gradients fade at different rates."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Each family has its depths, from harmless to hopeless; all networks are trained alike."""

    # name, activation, variance of a weight times inputs, depths: from 3 depth scales on, in steps of about 3
    families: tuple[tuple[str, str, float, tuple[int, ...]], ...] = (
        ("sigmoid", "sigmoid", 1.0, (1, 2, 3, 4)),  # Keras's default
        ("tanh, small", "tanh", 1 / 3, (3, 6, 10, 14)),  # the older U(-1, 1) / sqrt(inputs)
        ("ReLU", "relu", 1.0, (5, 10, 16, 22)),  # Keras's default
        ("tanh", "tanh", 0.7, (9, 17, 25, 34)),
    )
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    learning_rate: float = 0.1
    looks: tuple[int, ...] = (10, 40)  # epochs after which accuracy is measured: a small budget, and four times that
    batch_size: int = 64


published = Config()
smoke = Config(families=(("sigmoid", "sigmoid", 1.0, (1,)), ("ReLU", "relu", 1.0, (1,))), looks=(1,))


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Accuracy after training, and the depth at which half of the digits are right.

    - "accuracy": one row for each `family` (its name), `depth` (hidden layers) and `epoch` (after which accuracy was
      measured), with its `activation`; `scales`: depth over the family's `depth_scale`; `test_accuracy`: on digits
      never seen, 0 to 1;
    - "limits": one row for each `family` and `epoch`: `depth_scale` (xi: the layers over which a gradient's mean
      square falls by a factor e, from theory), `limit` (the depth at which accuracy falls below one half, on a
      straight line between two measured depths), `limit_scales` (the same over the depth scale).
    """
    accuracy = pd.concat(
        [
            _of_depth(config, seed, family, activation, variance, depth)
            for family, activation, variance, depths in config.families
            for depth in depths
        ],
        ignore_index=True,
    )
    limits = [
        {
            "family": family,
            "epoch": epoch,
            "depth_scale": (scale := _depth_scale(activation, variance)),
            "limit": (limit := _limit(accuracy[(accuracy["family"] == family) & (accuracy["epoch"] == epoch)])),
            "limit_scales": limit / scale,
        }
        for family, activation, variance, _ in config.families
        for epoch in config.looks
    ]
    return {"accuracy": accuracy, "limits": pd.DataFrame(limits)}


def _of_depth(config: Config, seed: int, family: str, activation: str, variance: float, depth: int) -> pd.DataFrame:
    recipe = Training(
        network=MLP(depth=depth, width=config.width, activation=activation, gain=variance**0.5),
        learning_rate=config.learning_rate,
        epochs=config.looks[-1],
        batch_size=config.batch_size,
    )
    result = sweep.outcomes(recipe, data.digits(), seed, after=config.looks)
    return pd.DataFrame(
        {
            "family": family,
            "activation": activation,
            "depth": depth,
            "scales": depth / _depth_scale(activation, variance),
            "epoch": result["epoch"],
            "test_accuracy": result["test_accuracy"],
        }
    )


def _depth_scale(activation: str, variance: float) -> float:
    return theory.depth_scale(theory.chi(activation, variance))


def _limit(curve: pd.DataFrame) -> float:
    """Where accuracy first falls below one half; the last depth where it never does, the first where it always is."""
    depth, accuracy = curve["depth"].to_numpy(float), curve["test_accuracy"].to_numpy()
    too_deep = np.flatnonzero(accuracy < 0.5)
    if not len(too_deep) or too_deep[0] == 0:
        return float(depth[0] if len(too_deep) else depth[-1])
    around = slice(too_deep[0] - 1, too_deep[0] + 1)
    return float(np.interp(-0.5, -accuracy[around], depth[around]))
