"""What a measurement returns."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class GradientProfile:
    """The gradients of one batch, layer by layer.

    `table` has one row for each layer with weights (see `vgcore.measure_gradients` for its columns); `hidden` says
    of each row whether the layer passes its output on to another layer, or is the model's output.
    """

    table: pd.DataFrame
    hidden: tuple[bool, ...]

    @property
    def slope(self) -> float:
        """Decades of `activation_gradient_rms` lost per layer towards the input; positive = vanishing.

        The least-squares slope of log10(`activation_gradient_rms`) over `depth`, hidden layers only; layers whose
        gradient is zero or not finite are left out. NaN with fewer than two depths.
        """
        depth, level = self._levels()
        if len(set(depth)) < 2:
            return float("nan")
        return float(np.polyfit(depth, level, 1)[0])

    @property
    def decades(self) -> float:
        """Decades between the gradients of the last and of the first hidden layer; positive = vanishing.

        Infinite where the first layer's gradient is zero, NaN with fewer than two hidden layers.
        """
        gradients = self.table.loc[list(self.hidden), "activation_gradient_rms"].to_numpy()
        if len(gradients) < 2:
            return float("nan")
        with np.errstate(divide="ignore", invalid="ignore"):
            return float(np.log10(gradients[-1]) - np.log10(gradients[0]))

    @property
    def chi(self) -> float:
        """Growth of the gradient's mean square per layer: 10^(-2 slope), to hold against `vgcore.theory.chi`."""
        return float(10 ** (-2 * self.slope))

    def _levels(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        rows = self.table[list(self.hidden)]
        gradients = rows["activation_gradient_rms"].to_numpy(float)
        usable = np.isfinite(gradients) & (gradients > 0)
        return rows["depth"].to_numpy(float)[usable], np.log10(gradients[usable])
