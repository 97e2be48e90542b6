"""What skip connections do to a gradient at initialisation."""

import numpy as np
from numpy.typing import ArrayLike

from vgcore.theory.activations import Array, activation_named
from vgcore.theory.mean_field import gaussian_mean_square, layer_chi, line


def residual_gradient_line(
    activation: str, weight_variance: float, depth: int, input_variance: ArrayLike, branch_scale: float
) -> Array:
    """`gradient_line` for a stream x + branch_scale * W (f(x) - f(0)), one linear layer and `depth - 1` such blocks.

    A block multiplies the gradient's mean square by 1 + branch_scale^2 chi. Raises ValueError for an unknown
    activation. Source: the branch has zero mean and is independent of the stream, so the mean squares add.

    Examples:
        >>> residual_gradient_line("linear", 1.0, 3, 1.0, branch_scale=0.5).round(4)
        array([1.25 , 1.118, 1.   ])
    """
    function = activation_named(activation).function
    variance = np.asarray(input_variance, float)
    factors = []
    for _ in range(depth - 1):
        factors.append(np.sqrt(1 + branch_scale**2 * layer_chi(activation, weight_variance, variance)))
        centred = gaussian_mean_square(lambda z: function(z) - function(np.zeros(1)), variance)
        variance = variance + branch_scale**2 * weight_variance * centred
    return line(np.array(factors))
