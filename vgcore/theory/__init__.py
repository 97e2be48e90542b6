"""Closed forms that the measurements are held against; NumPy and SciPy only."""

from vgcore.theory.activations import ACTIVATIONS, LEAKY_SLOPE, PRELU_SLOPE, Activation, Array
from vgcore.theory.adam import adam_step
from vgcore.theory.batch_normalisation import batch_norm_growth, linear_batch_norm_growth
from vgcore.theory.correlation import (
    correlation_line,
    correlation_map,
    relu_correlation_map,
    relu_gradient_correlation,
)
from vgcore.theory.floats import (
    FORMATS,
    FloatFormat,
    layers_until_lost,
    share_of_steps_lost,
    smallest_number,
    spacing,
    step_is_lost,
)
from vgcore.theory.gates import forget_gate_line, gru_factor, gru_gradient_line, lstm_factor, lstm_gradient_line
from vgcore.theory.maxout import largest_of_normals, maxout_chi, maxout_variance_map
from vgcore.theory.mean_field import (
    WEIGHT_VARIANCES,
    chi,
    decades_changed,
    depth_scale,
    fixed_point,
    gradient_factors,
    gradient_line,
    layer_chi,
    variance_map,
    weight_variance,
)
from vgcore.theory.recurrent_normalisation import layer_norm_factor
from vgcore.theory.residual import gradient_share_by_length, path_counts, residual_gradient_line, residual_growth
from vgcore.theory.spectrum import (
    geometric_mean_singular_value,
    lyapunov_exponents,
    mean_singular_value,
    product_singular_values,
)
from vgcore.theory.width import length_quantile, log_square_mean, log_square_variance

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
    "batch_norm_growth",
    "chi",
    "correlation_line",
    "correlation_map",
    "decades_changed",
    "depth_scale",
    "fixed_point",
    "forget_gate_line",
    "geometric_mean_singular_value",
    "gradient_factors",
    "gradient_line",
    "gradient_share_by_length",
    "gru_factor",
    "gru_gradient_line",
    "largest_of_normals",
    "layer_chi",
    "layer_norm_factor",
    "layers_until_lost",
    "length_quantile",
    "linear_batch_norm_growth",
    "log_square_mean",
    "log_square_variance",
    "lstm_factor",
    "lstm_gradient_line",
    "lyapunov_exponents",
    "maxout_chi",
    "maxout_variance_map",
    "mean_singular_value",
    "path_counts",
    "product_singular_values",
    "relu_correlation_map",
    "relu_gradient_correlation",
    "residual_gradient_line",
    "residual_growth",
    "share_of_steps_lost",
    "smallest_number",
    "spacing",
    "step_is_lost",
    "variance_map",
    "weight_variance",
]
