"""How large a learning rate a network bears, with batch normalisation and without."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.training import Training

ARMS = {"none": None, "before": "batch", "after": "batch_after"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks that train with and without normalisation: ReLU, He's weights, few layers."""

    depth: int = 5
    width: int = 64
    rates: tuple[float, ...] = (0.01, 0.1, 0.3, 1.0, 3.0, 10.0)
    epochs: int = 8
    batch_size: int = 64


published = Config()
smoke = Config(depth=1, rates=(0.1,), epochs=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy after training, by learning rate.

    One row for each `arm` ("none", batch normalisation "before" or "after" the activation) and learning `rate`:
    `train_accuracy` and `test_accuracy` (0 to 1; a tenth is guessing, which is also what a network of NaNs does).
    """
    rows = [{"arm": arm, "rate": rate} | _outcome(config, seed, arm, rate) for arm in ARMS for rate in config.rates]
    return pd.DataFrame(rows)


def _outcome(config: Config, seed: int, arm: str, rate: float) -> dict[str, float]:
    network = MLP(
        depth=config.depth, width=config.width, activation="relu", initialisation="he_normal",
        normalisation=ARMS[arm],
    )  # fmt: skip
    recipe = Training(network=network, learning_rate=rate, epochs=config.epochs, batch_size=config.batch_size)
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    return {name: float(last[name]) for name in ("train_accuracy", "test_accuracy")}
