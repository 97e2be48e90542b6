"""Closed forms that the measurements are held against; NumPy and SciPy only."""

from vgcore.theory.activations import ACTIVATIONS, LEAKY_SLOPE, PRELU_SLOPE, Activation, Array
from vgcore.theory.adam import adam_step
from vgcore.theory.floats import (
    FORMATS,
    FloatFormat,
    layers_until_lost,
    share_of_steps_lost,
    smallest_number,
    spacing,
    step_is_lost,
)
from vgcore.theory.maxout import largest_of_normals, maxout_chi, maxout_variance_map
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
    "FORMATS",
    "LEAKY_SLOPE",
    "PRELU_SLOPE",
    "WEIGHT_VARIANCES",
    "Activation",
    "Array",
    "FloatFormat",
    "adam_step",
    "chi",
    "depth_scale",
    "fixed_point",
    "gradient_factors",
    "gradient_line",
    "largest_of_normals",
    "layer_chi",
    "layers_until_lost",
    "maxout_chi",
    "maxout_variance_map",
    "residual_gradient_line",
    "share_of_steps_lost",
    "smallest_number",
    "spacing",
    "step_is_lost",
    "variance_map",
    "weight_variance",
]
