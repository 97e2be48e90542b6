"""Closed forms that the measurements are held against; NumPy and SciPy only."""

from vgcore.theory.activations import ACTIVATIONS, Activation, Array
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
    "gradient_factors",
    "gradient_line",
    "layer_chi",
    "residual_gradient_line",
    "variance_map",
    "weight_variance",
]
