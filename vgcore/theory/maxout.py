"""Maxout at initialisation: a unit is the largest of several independent linear pieces.

It is no elementwise activation, so it has its own closed forms; the pieces have no biases. Given what comes in, a
layer's pieces are independent and normal with variance q, and exactly one piece of a unit passes a gradient back.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.integrate import quad
from scipy.stats import norm

from vgcore.theory.activations import Array


def largest_of_normals(pieces: int) -> float:
    """Mean square of the largest of `pieces` independent standard normal numbers; 1 for two.

    Raises ValueError for less than one piece.

    Examples:
        >>> round(largest_of_normals(2), 6), round(1 / largest_of_normals(3), 4)
        (1.0, 0.7839)
    """
    if pieces < 1:
        raise ValueError(f"a maxout unit has at least one piece, not {pieces}")

    def integrand(z: float) -> float:
        return float(z**2 * pieces * norm.pdf(z) * norm.cdf(z) ** (pieces - 1))

    return float(quad(integrand, -12, 12, epsabs=1e-12)[0])


def maxout_variance_map(pieces: int, weight_variance: float, variance: ArrayLike) -> Array:
    """Variance of the next layer's pieces, for this layer's (any shape; same shape returned).

    `weight_variance` is the variance of a piece's weight times the number of inputs. With two pieces and a weight
    variance of 1 the signal keeps its size, and so does the gradient. Raises ValueError for less than one piece.
    Source: Tseran and Montufar, ICML 2023, whose constant c is 1 / `largest_of_normals`.

    Examples:
        >>> maxout_variance_map(2, 1.0, [0.5, 3.0]).round(9)
        array([0.5, 3. ])
    """
    return np.asarray(weight_variance * largest_of_normals(pieces) * np.asarray(variance, float))


def maxout_chi(weight_variance: float) -> float:
    """Growth of a gradient's mean square across one maxout layer, in the limit of great width.

    Every unit passes its whole gradient back, through the one piece that was largest: so it is `weight_variance`,
    whatever the number of pieces and whatever comes in. Raises ValueError for a variance that is not positive.

    Examples:
        >>> maxout_chi(1.0)
        1.0
    """
    if not weight_variance > 0:
        raise ValueError(f"weight_variance must be positive, not {weight_variance}")
    return float(weight_variance)
