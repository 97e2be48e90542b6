"""How deep a network may be and still learn, for four kinds of network whose gradients fade at different rates."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Each family has its depths, from harmless to hopeless; all networks are trained alike."""

    # name, activation, variance of a weight times inputs, depths: about 3, 6, 9, 12 and 15 depth scales each
    families: tuple[tuple[str, str, float, tuple[int, ...]], ...] = (
        ("sigmoid", "sigmoid", 1.0, (1, 2, 3, 4, 5)),  # Keras's default
        ("tanh, small", "tanh", 1 / 3, (3, 6, 8, 11, 14)),  # the older U(-1, 1) / sqrt(inputs)
        ("ReLU", "relu", 1.0, (5, 9, 13, 17, 22)),  # Keras's default
        ("tanh", "tanh", 0.7, (9, 17, 25, 34, 42)),
    )
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    learning_rate: float = 0.1
    looks: tuple[int, ...] = (10, 40)  # epochs after which accuracy is measured: a small budget, and four times that
    batch_size: int = 64


published = Config()
smoke = Config(families=(("sigmoid", "sigmoid", 1.0, (1,)), ("ReLU", "relu", 1.0, (1,))), looks=(1,))


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy after training, one row for each family, depth and look.

    - `family`: its name; `activation`; `depth` (hidden layers); `epoch` (after which accuracy was measured);
    - `depth_scale`: xi, the layers over which a gradient's mean square falls by a factor e, from theory;
    - `scales`: `depth` over `depth_scale`;
    - `test_accuracy`: on digits never seen, 0 to 1.
    """
    return pd.concat(
        [
            _of_depth(config, seed, family, activation, variance, depth)
            for family, activation, variance, depths in config.families
            for depth in depths
        ],
        ignore_index=True,
    )


def _of_depth(config: Config, seed: int, family: str, activation: str, variance: float, depth: int) -> pd.DataFrame:
    recipe = Training(
        network=MLP(depth=depth, width=config.width, activation=activation, gain=variance**0.5),
        learning_rate=config.learning_rate,
        epochs=config.looks[-1],
        batch_size=config.batch_size,
    )
    result = sweep.outcomes(recipe, data.digits(), seed, after=config.looks)
    scale = theory.depth_scale(theory.chi(activation, variance))
    return pd.DataFrame(
        {
            "family": family,
            "activation": activation,
            "depth": depth,
            "epoch": result["epoch"],
            "depth_scale": scale,
            "scales": depth / scale,
            "test_accuracy": result["test_accuracy"],
        }
    )
