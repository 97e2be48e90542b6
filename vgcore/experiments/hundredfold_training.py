"""Sigmoid networks of several depths after a hundred times the training."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """All depths are trained alike and looked at three times."""

    depths: tuple[int, ...] = (1, 2, 3, 4, 5, 8)  # what eight cannot learn in time, more layers cannot either
    width: int = 64
    looks: tuple[int, ...] = (1, 10, 100)  # epochs: of one machine, of one ten and one a hundred times as fast
    learning_rate: float = 0.1
    batch_size: int = 64


published = Config()
smoke = Config(depths=(1, 2), looks=(1, 2))


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Accuracy by depth and training, the depth at which half of the digits are right, and what theory promises.

    - "accuracy": `depth` (hidden layers), `epoch` (after which it was measured), `test_accuracy` (on digits never
      seen, 0 to 1);
    - "limits": `epoch`, `limit` (the depth at which accuracy falls below one half, on a straight line between two
      measured depths), `gain` (layers that this adds to the first epoch's limit), `theory` (what it ought to add,
      the depth scale times 2 log(steps over the first look's): a gradient so much smaller needs so many more steps).
    """
    accuracy = pd.concat([_of_depth(config, seed, depth) for depth in config.depths], ignore_index=True)
    scale = theory.depth_scale(theory.chi("sigmoid", 1.0))
    limits = [_limit(accuracy[accuracy["epoch"] == epoch]) for epoch in config.looks]
    rows = pd.DataFrame({"epoch": config.looks, "limit": limits})
    rows["gain"] = rows["limit"] - limits[0]
    rows["theory"] = 2 * scale * np.log(rows["epoch"] / config.looks[0])
    return {"accuracy": accuracy, "limits": rows}


def _of_depth(config: Config, seed: int, depth: int) -> pd.DataFrame:
    recipe = Training(
        network=MLP(depth=depth, width=config.width),
        learning_rate=config.learning_rate,
        epochs=config.looks[-1],
        batch_size=config.batch_size,
    )
    found = sweep.outcomes(recipe, data.digits(), seed, after=config.looks)
    return found[["epoch", "test_accuracy"]].assign(depth=depth)[["depth", "epoch", "test_accuracy"]]


def _limit(curve: pd.DataFrame) -> float:
    """Where accuracy first falls below one half; the last depth where it never does, the first where it always is."""
    depth, accuracy = curve["depth"].to_numpy(float), curve["test_accuracy"].to_numpy()
    too_deep = np.flatnonzero(accuracy < 0.5)
    if not len(too_deep) or too_deep[0] == 0:
        return float(depth[0] if len(too_deep) else depth[-1])
    around = slice(too_deep[0] - 1, too_deep[0] + 1)
    return float(np.interp(-0.5, -accuracy[around], depth[around]))
