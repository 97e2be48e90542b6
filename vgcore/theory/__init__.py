"""Closed forms that the measurements are held against; NumPy and SciPy only."""

from vgcore.theory.activations import ACTIVATIONS, Activation, Array
from vgcore.theory.gates import forget_gate_line, gru_factor, gru_gradient_line, lstm_factor, lstm_gradient_line
from vgcore.theory.mean_field import (
    WEIGHT_VARIANCES,
    chi,
    depth_scale,
    fixed_point,
    gradient_factors,
    gradient_line,
    layer_chi,
    variance_map,
    weight_variance,
)
from vgcore.theory.residual import residual_gradient_line

__all__ = [
    "ACTIVATIONS",
    "WEIGHT_VARIANCES",
    "Activation",
    "Array",
    "chi",
    "depth_scale",
    "fixed_point",
    "forget_gate_line",
    "gradient_factors",
    "gradient_line",
    "gru_factor",
    "gru_gradient_line",
    "layer_chi",
    "lstm_factor",
    "lstm_gradient_line",
    "residual_gradient_line",
    "variance_map",
    "weight_variance",
]
