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

    depths: tuple[int, ...] = (20, 56)  # as He et al. compared; the deeper one takes half a minute to compile
    width: int = 64
    learning_rate: float = 0.1
    epochs: int = 5
    batch_size: int = 64


published = Config()
smoke = Config(depths=(2,), epochs=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Errors on the digits that were trained on, and on others.

    One row for each `arm` ("plain", "residual": branches scaled as in `vgcore.models.mlp`) and `depth` (hidden layers):
    `train_error` and `test_error` (shares of digits, 0 to 1).
    """
    rows = [{"arm": arm, "depth": depth} | _errors(config, seed, arm, depth) for arm in ARMS for depth in config.depths]
    return pd.DataFrame(rows)


def _errors(config: Config, seed: int, arm: str, depth: int) -> dict[str, float]:
    network = MLP(
        depth=depth, width=config.width, activation="relu", initialisation="he_normal", normalisation="batch",
        skip=ARMS[arm],
    )  # fmt: skip
    recipe = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    return {f"{part}_error": 1 - float(last[f"{part}_accuracy"]) for part in ("train", "test")}
