"""Gradients arrive, and the step is swallowed on its way into the weights."""

from typing import Any

import ml_dtypes
import numpy as np
import tensorflow as tf

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import step_sizes
from vgcore.diagnosis.measured import Measured

MOVED = 0.2
"""Share of the entries with a gradient that change at all in a step."""

COARSE = 1e-6
"""The rounding of a format in which ordinary steps get lost. In float32 only far too small steps do."""

SMALL = 1e-6
"""A step relative to the weights that an adaptive optimiser never means to take."""


def examine(measured: Measured) -> Finding | None:
    """Look for gradients below the optimiser's epsilon, and for steps that rounding takes away."""
    if measured.has_learnt or measured.learns:
        return None
    trial = measured.trial
    sizes = step_sizes(measured.before[0].layers, trial.update_ratios).dropna()
    gradients = np.array([np.mean(each) for each in trial.gradient_rms.values()])
    shares = np.concatenate([np.zeros(0), *trial.moved.values()])
    moved = float(np.median(shares[~np.isnan(shares)])) if not np.isnan(shares).all() else 1.0
    floored = bool(trial.epsilon and np.median(gradients) < trial.epsilon and sizes.max() < SMALL)
    if not floored and (moved >= MOVED or _precision(measured) < COARSE):
        return None
    return Finding(
        symptom="stalled updates",
        severity="alarm",
        cause="epsilon" if floored else "precision",
        sentence=(
            "The gradients are smaller than the optimiser's epsilon, so that its steps come to nothing."
            if floored
            else f"In a step only {moved:.0%} of the weights with a gradient change: rounding takes the rest away."
        ),
        evidence=(
            Evidence(name="gradient of the weights (RMS, median layer)", value=float(np.median(gradients))),
            Evidence(name="epsilon", value=trial.epsilon),
            Evidence(name="weights that change in a step", value=100 * moved, unit="%"),
            Evidence(name="largest step", value=float(sizes.max()), unit="of a layer's weights"),
        ),
        layers=tuple(measured.before[0].layers["layer"]),
        depths=tuple(map(int, measured.before[0].layers["depth"])),
        page="fixes/learning-rate-and-optimiser" if floored else "causes/precision",
    )


def _precision(measured: Measured) -> float:
    """The rounding of the coarsest format among the trainable variables, relative to the number that is rounded."""
    formats = {tf.as_dtype(variable.dtype).as_numpy_dtype for variable in measured.model.trainable_variables}
    finfo: Any = ml_dtypes.finfo  # NumPy's does not know bfloat16
    return max(float(finfo(one).eps) for one in formats)
