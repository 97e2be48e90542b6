"""Closed forms for wide networks at initialisation: what the measurements are held against.

Mean field theory: a layer of independent weights turns the variance q of its pre-activations into
`weight_variance * E[f(sqrt(q) z)^2] + bias_variance`, and the mean square of a gradient crossing it grows by
`chi = weight_variance * E[f'(sqrt(q) z)^2]`, with z standard normal. `weight_variance` is the variance of one
weight times the number of inputs. Source: Poole et al., NeurIPS 2016; Schoenholz et al., ICLR 2017.
"""

from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from vgcore.theory.activations import Array, activation_named, normal_density

WEIGHT_VARIANCES = {"glorot": 1.0, "he": 2.0, "lecun": 1.0, "orthogonal": 1.0}


def weight_variance(initialisation: str) -> float:
    """Variance of one weight times the number of inputs, for a Keras initialiser between layers of equal width.

    Raises ValueError for an initialiser that is not one of Glorot's, He's, LeCun's or the orthogonal one.

    Examples:
        >>> weight_variance("he_normal")
        2.0
    """
    family = initialisation.removesuffix("_uniform").removesuffix("_normal")
    if family not in WEIGHT_VARIANCES:
        raise ValueError(f"theory knows no initialisation {initialisation!r}, only {', '.join(WEIGHT_VARIANCES)}")
    return WEIGHT_VARIANCES[family]


def variance_map(activation: str, weight_variance: float, variance: ArrayLike, bias_variance: float = 0.0) -> Array:
    """Variance of the next layer's pre-activations, for this layer's variance (any shape; same shape returned).

    Raises ValueError for an unknown activation. Source: Poole et al. 2016, equation 3.

    Examples:
        >>> float(variance_map("relu", 2.0, 1.5).round(9))
        1.5
    """
    return weight_variance * gaussian_mean_square(activation_named(activation).function, variance) + bias_variance


def fixed_point(activation: str, weight_variance: float, bias_variance: float = 0.0) -> float:
    """The variance q* to which the pre-activations of a deep network settle, coming from variance 1.

    0 where they die out, infinity where they grow for ever, 1 where any variance stays what it is (ReLU with He).
    Raises ValueError for an unknown activation. Source: Poole et al. 2016.

    Examples:
        >>> round(fixed_point("sigmoid", 1.0), 4)
        0.2647
    """

    def growth(variance: float) -> float:
        return float(variance_map(activation, weight_variance, variance, bias_variance)) - variance

    start = growth(1.0)
    if abs(start) < 1e-10:
        return 1.0
    step = 2.0 if start > 0 else 0.5
    bound = step
    while np.sign(growth(bound)) == np.sign(start):
        bound *= step
        if not 1e-12 < bound < 1e12:
            return 0.0 if start < 0 else float("inf")
    return float(brentq(growth, bound, bound / step, xtol=1e-14))


def chi(activation: str, weight_variance: float, bias_variance: float = 0.0) -> float:
    """Growth of the gradient's mean square across one deep layer; its square root is the growth of the norm.

    Below 1 gradients vanish, above 1 they explode. Raises ValueError for an unknown activation.
    Source: Schoenholz et al. 2017, equation 7.

    Examples:
        >>> round(chi("sigmoid", 1.0) ** 0.5, 4), round(chi("relu", 1.0) ** 0.5, 4)
        (0.2361, 0.7071)
    """
    variance = min(fixed_point(activation, weight_variance, bias_variance), 1e12)
    return float(layer_chi(activation, weight_variance, variance))


def layer_chi(activation: str, weight_variance: float, variance: ArrayLike) -> Array:
    """`chi` of a layer whose pre-activations have this variance (any shape; same shape returned).

    Raises ValueError for an unknown activation.

    Examples:
        >>> float(layer_chi("tanh", 1.0, 0.0).round(9))
        1.0
    """
    limit = np.maximum(variance, 1e-24)  # at 0 itself a kinked activation has no derivative
    return weight_variance * gaussian_mean_square(activation_named(activation).derivative, limit)


def depth_scale(chi: float) -> float:
    """Layers over which a gradient's mean square changes by a factor e; infinite where chi is 1.

    Raises ValueError where chi is not positive. Source: Schoenholz et al. 2017.

    Examples:
        >>> round(depth_scale(0.5), 3)
        1.443
    """
    if chi <= 0:
        raise ValueError(f"chi is a mean square and must be positive, not {chi}")
    return float("inf") if abs(chi - 1) < 1e-9 else 1 / abs(float(np.log(chi)))


def decades_changed(activation: str, weight_variance: float, depth: int, bias_variance: float = 0.0) -> float:
    """By how many decades `depth` deep layers change the RMS of a gradient; negative where it shrinks.

    depth / (2 xi ln 10) with the sign of log chi, xi being `depth_scale`: a decade is 4.6 depth scales. It takes every
    layer for a deep one, whose variance has settled. Raises ValueError for an unknown activation.

    Examples:
        >>> round(decades_changed("sigmoid", 1.0, 20), 1)
        -12.5
    """
    return float(depth * np.log10(chi(activation, weight_variance, bias_variance)) / 2)


def gradient_factors(
    activation: str, weight_variance: float, depth: int, input_variance: ArrayLike, bias_variance: float = 0.0
) -> Array:
    """What each of `depth` layers does to the RMS of a gradient that crosses it: sqrt(chi) at that layer's variance.

    `input_variance`: variance of the first layer's pre-activations, a number or one for each example, biases included.
    Returns shape (depth,), or (depth, examples). Entry 0 is the layer nearest the input. No limit of great depth is
    taken, so tanh's slow power law comes out as it is. Raises ValueError for an unknown activation.

    Examples:
        >>> gradient_factors("sigmoid", 1.0, 4, 1.0).round(3)
        array([0.212, 0.235, 0.236, 0.236])
    """
    variance = np.asarray(input_variance, float)
    factors = []
    for _ in range(depth):
        factors.append(np.sqrt(layer_chi(activation, weight_variance, variance)))
        variance = variance_map(activation, weight_variance, variance, bias_variance)
    return np.array(factors)


def gradient_line(
    activation: str, weight_variance: float, depth: int, input_variance: ArrayLike, bias_variance: float = 0.0
) -> Array:
    """RMS of the gradient at each of `depth` layers' outputs, relative to the last one's: shape (depth,).

    Arguments as in `gradient_factors`; over several examples the mean square is averaged.

    Examples:
        >>> gradient_line("relu", 1.0, 3, 1.0).round(4)
        array([0.5   , 0.7071, 1.    ])
    """
    return line(gradient_factors(activation, weight_variance, depth, input_variance, bias_variance)[1:])


def line(factors: Array) -> Array:
    """The factors of layers (or blocks), nearest the input first, multiplied from the last layer back to the first."""
    towards_input = np.cumprod(factors[::-1] ** 2, axis=0)[::-1]
    mean_square = towards_input if factors.ndim < 2 else towards_input.mean(axis=1)
    return np.asarray(np.sqrt(np.append(mean_square, 1.0)))


def gaussian_mean_square(function: Callable[[Array], Array], variance: ArrayLike) -> Array:
    """E[function(sqrt(variance) z)^2] for standard normal z."""
    deviation = np.sqrt(np.asarray(variance, float))[..., None]
    nodes, density = _half_normal()
    squares = function(deviation * nodes) ** 2 + function(-deviation * nodes) ** 2
    return np.asarray((squares * density).sum(axis=-1))


@cache
def _half_normal() -> tuple[Array, Array]:
    """Nodes on one side of zero, where activations have their kink, and their normal weights (sum 1/2)."""
    nodes, weights = np.polynomial.legendre.leggauss(256)
    nodes = 6.0 * (nodes + 1)  # beyond 12 standard deviations nothing is left
    density = weights * normal_density(nodes)
    return nodes, density / (2 * density.sum())
