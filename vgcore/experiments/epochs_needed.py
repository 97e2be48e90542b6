"""How long sigmoid networks of growing depth train until they get most of the digits right, without skips and with."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training

nan_allowed = ("epochs", "theory")  # where the training ended first

PLAIN, SKIPS = "plain", "with skips"


@dataclass(frozen=True, kw_only=True)
class Config:
    """All networks are trained alike, each only as long as it needs."""

    # depth and epochs: a layer costs about five times the training
    plain: tuple[tuple[int, int], ...] = ((1, 16), (2, 64), (3, 128), (4, 256))
    skips: tuple[tuple[int, int], ...] = ((1, 16), (2, 16), (3, 16), (4, 16))
    targets: tuple[float, ...] = (0.25, 0.5, 0.8)  # shares of unseen digits
    looks: int = 22  # at most, evenly spaced on a logarithmic axis
    width: int = 64
    learning_rate: float = 0.1
    batch_size: int = 64


published = Config()
smoke = Config(plain=((1, 2), (2, 2)), skips=((1, 2),), looks=2, width=16)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Accuracy over the epochs, and the epochs until each target. `arm` is "plain" or "with skips".

    - "accuracy": `arm`, `depth` (hidden layers), `epoch`, `test_accuracy` (on digits never seen, 0 to 1);
    - "needed": `arm`, `depth`, `target` (in words, such as "80 %"), `epochs` (until the accuracy first reaches it, on a
      straight line between two looks; no number if it never does), `theory` (the epochs of one plain layer times
      1/sqrt(chi) for each further one: a gradient so much smaller needs so many more steps).
    """
    curves = [
        _curve(config, seed, depth, epochs, skip=skip)
        for skip, networks in {False: config.plain, True: config.skips}.items()
        for depth, epochs in networks
    ]
    accuracy = pd.concat(curves, ignore_index=True)
    return {"accuracy": accuracy, "needed": _needed(config, accuracy)}


def _curve(config: Config, seed: int, depth: int, epochs: int, *, skip: bool) -> pd.DataFrame:
    recipe = Training(
        network=MLP(depth=depth, width=config.width, skip=skip), learning_rate=config.learning_rate,
        epochs=epochs, batch_size=config.batch_size,
    )  # fmt: skip
    after = sorted({round(epoch) for epoch in np.geomspace(1, epochs, config.looks)})
    found = sweep.outcomes(recipe, data.digits(), seed, after=(0, *after))[["epoch", "test_accuracy"]]
    return found.assign(arm=SKIPS if skip else PLAIN, depth=depth)[["arm", "depth", "epoch", "test_accuracy"]]


def _needed(config: Config, accuracy: pd.DataFrame) -> pd.DataFrame:
    layer = theory.chi("sigmoid", 1.0) ** -0.5
    curves: dict[Any, pd.DataFrame] = dict(iter(accuracy.groupby(["arm", "depth"], sort=False)))
    rows = []
    for target in config.targets:
        first = _reached(curves[PLAIN, config.plain[0][0]], target)
        for (arm, depth), curve in curves.items():
            rows.append(
                {"arm": arm, "depth": depth, "target": f"{target:.0%}", "epochs": _reached(curve, target)}
                | {"theory": first * layer ** (depth - config.plain[0][0])}
            )
    return pd.DataFrame(rows)


def _reached(curve: pd.DataFrame, target: float) -> float:
    """The epoch at which accuracy first reaches the target."""
    epoch, accuracy = curve["epoch"].to_numpy(float), curve["test_accuracy"].to_numpy()
    late = np.flatnonzero(accuracy >= target)
    if not len(late):
        return float("nan")
    around = slice(max(late[0] - 1, 0), late[0] + 1)
    return float(np.interp(target, accuracy[around], epoch[around]))
