"""What more layers do to the training of normalised networks, plain and residual."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.training import Training

ARMS = {"plain": False, "residual": True}


@dataclass(frozen=True, kw_only=True)
class Config:
    """ReLU networks with He's weights and batch normalisation before each activation."""

    depths: tuple[int, ...] = (10, 20, 56)  # 20 and 56 are the depths that He et al. compared
    width: int = 64
    learning_rate: float = 0.1
    looks: tuple[int, ...] = (2, 5, 10)  # epochs after which it is measured
    batch_size: int = 64


published = Config()
smoke = Config(depths=(2,), looks=(1,))


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Errors on the digits that were trained on, and on others.

    One row for each `arm` ("plain", "residual": branches scaled as in `vgcore.models.mlp`), `depth` (hidden layers)
    and `epoch`: `train_loss` (nats), `train_error` and `test_error` (shares of digits, 0 to 1).
    """
    rows = [_of_depth(config, seed, arm, depth) for arm in ARMS for depth in config.depths]
    return pd.concat(rows, ignore_index=True)


def _of_depth(config: Config, seed: int, arm: str, depth: int) -> pd.DataFrame:
    network = MLP(
        depth=depth, width=config.width, activation="relu", initialisation="he_normal", normalisation="batch",
        skip=ARMS[arm],
    )  # fmt: skip
    recipe = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.looks[-1], batch_size=config.batch_size
    )
    result = sweep.outcomes(recipe, data.digits(), seed, after=config.looks)
    return pd.DataFrame(
        {
            "arm": arm,
            "depth": depth,
            "epoch": result["epoch"],
            "train_loss": result["train_loss"],
            "train_error": 1 - result["train_accuracy"],
            "test_error": 1 - result["test_accuracy"],
        }
    )
