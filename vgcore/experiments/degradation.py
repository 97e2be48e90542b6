"""What more layers do to normalised networks, plain and residual: to their gradients, and to their training."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, probes, sweep
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
    examples: int = 256  # of the training set, for measuring gradients
    batch_size: int = 64


published = Config()
smoke = Config(depths=(2,), epochs=1, examples=32)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Errors on the digits that were trained on, and on others.

    One row for each `arm` ("plain", "residual": branches scaled as in `vgcore.models.mlp`) and `depth` (hidden layers):
    `growth` (before training, RMS of dL/dh at the first hidden layer over that at the last one), and after it
    `train_error` and `test_error` (shares of digits, 0 to 1).
    """
    rows = []
    for arm, skip in ARMS.items():
        for depth in config.depths:
            network = MLP(
                depth=depth, width=config.width, activation="relu", initialisation="he_normal", normalisation="batch",
                skip=skip,
            )  # fmt: skip
            start = {"growth": _growth(config, seed, network)}
            rows.append({"arm": arm, "depth": depth} | start | _errors(config, seed, network))
    return pd.DataFrame(rows)


def _growth(config: Config, seed: int, network: MLP) -> float:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    return float(10 ** -probes.measure_gradients(network.build(seed), x, y).decades)


def _errors(config: Config, seed: int, network: MLP) -> dict[str, float]:
    recipe = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    return {f"{part}_error": 1 - float(last[f"{part}_accuracy"]) for part in ("train", "test")}
