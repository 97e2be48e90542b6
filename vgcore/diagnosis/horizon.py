"""How far back in time the gradient of a recurrent layer reaches."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from vgcore.probes import TimeProfile

LOST = 3.0
"""Decades after which a step counts as out of reach."""


class Horizon(NamedTuple):
    """`decades` lost from the last step to the first, negative: gained; `horizon`: steps to a thousandth of it."""

    layer: str
    decades: float
    steps: int
    horizon: float


def horizons(times: TimeProfile | None) -> list[Horizon]:
    """That of each recurrent layer that reads ten steps or more."""
    return [
        _horizon(str(layer), rows) for layer, rows in (times.table.groupby("layer") if times else ()) if len(rows) >= 10
    ]


def _horizon(layer: str, rows: pd.DataFrame) -> Horizon:
    has_cell = rows["cell_gradient_rms"].notna().all()
    gradients = rows["cell_gradient_rms" if has_cell else "hidden_gradient_rms"].to_numpy(float)
    lag = rows["lag"].to_numpy(float)
    usable = np.isfinite(gradients) & (gradients > 0)
    if usable.sum() < 2:
        return Horizon(layer, 0.0, len(rows), float("inf"))
    slope = -float(np.polyfit(lag[usable], np.log10(gradients[usable]), 1)[0])
    return Horizon(layer, slope * lag.max(), len(rows), LOST / slope if slope > 0 else float("inf"))
