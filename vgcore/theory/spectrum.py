"""Singular values of random matrices and of their products: what a layer, or many, may do to a direction.

A layer's Jacobian stretches some directions and shrinks others; its singular values say by how much. Several numbers
sum them up, and they disagree: the root mean square, which decides how large a gradient is on average; the mean; and
the geometric mean, the factor on volumes. For an orthogonal matrix all are the same, for a Gaussian one they are not,
and a product of many drives them apart.
"""

import numpy as np
from scipy.special import psi

from vgcore.theory.activations import Array


def mean_singular_value(weight_variance: float) -> float:
    """The mean singular value of a wide square matrix of independent entries of variance `weight_variance` / width.

    8 / (3 pi) times their root mean square. Exact as the width grows; at width 64 the mean lies a quarter of a per
    cent lower. Raises ValueError for a negative variance. Source: the quarter-circle law (Marchenko and Pastur, 1967).

    Examples:
        >>> round(mean_singular_value(1.0), 3), round(mean_singular_value(1 / 3), 3)
        (0.849, 0.49)
    """
    if weight_variance < 0:
        raise ValueError(f"a variance is not negative, but this one is {weight_variance}")
    return float(8 / (3 * np.pi) * np.sqrt(weight_variance))


def lyapunov_exponents(width: int, weight_variance: float = 1.0) -> Array:
    """What one more Gaussian matrix adds to the logarithm of each singular value of a long product, largest first.

    The matrices are square, their entries normal with variance `weight_variance` / width. The k-th singular value of a
    product of L of them tends to exp(L times entry k) as L grows; shape (width,). The exponents themselves are exact
    for every width. Raises ValueError for a width or variance that is not positive.
    Source: Newman, Communications in Mathematical Physics 1986.

    Examples:
        >>> lyapunov_exponents(64)[[0, 31, 63]].round(3)  # the largest, the middle one, the smallest
        array([-0.008, -0.346, -2.715])
    """
    if width < 1 or not weight_variance > 0:
        raise ValueError(f"width and variance must be positive, not {width} and {weight_variance}")
    left = np.arange(width, 0, -1)
    return np.asarray((psi(left / 2) + np.log(2 * weight_variance / width)) / 2)


def geometric_mean_singular_value(width: int, depth: int = 1, weight_variance: float = 1.0) -> float:
    """The typical factor on lengths that `depth` Gaussian matrices amount to if volumes decide: exp E log |det|^(1/n).

    Exact for every width and depth, as determinants multiply; exp(-depth / 2) in the limit of great width.
    Raises ValueError as `lyapunov_exponents` does.

    Examples:
        >>> round(geometric_mean_singular_value(64), 3), float(np.exp(-0.5).round(3))
        (0.596, 0.607)
    """
    return float(np.exp(depth * lyapunov_exponents(width, weight_variance).mean()))


def product_singular_values(share: Array, depth: int, weight_variance: float = 1.0) -> Array:
    """Singular values of a product of `depth` wide Gaussian matrices: the one with this share of larger ones above it.

    (weight_variance * (1 - share))^(depth / 2), so the median of 50 layers is 2^-25. It holds for great width and, at
    given width, greater depth. Raises ValueError for a share beyond 0 to 1. Source: `lyapunov_exponents`, wide limit.

    Examples:
        >>> product_singular_values(np.array([0.0, 0.5]), depth=50)
        array([1.00000000e+00, 2.98023224e-08])
    """
    if np.min(share) < 0 or np.max(share) > 1:
        raise ValueError("a share lies between 0 and 1")
    return np.asarray((weight_variance * (1 - np.asarray(share, float))) ** (depth / 2))
