"""Closed forms for wide networks at initialisation: what the measurements are held against.

Mean field theory: a layer of independent weights turns the variance q of its pre-activations into
`weight_variance * E[f(sqrt(q) z)^2] + bias_variance`, and the mean square of a gradient crossing it grows by
`chi = weight_variance * E[f'(sqrt(q) z)^2]`, with z standard normal. `weight_variance` is the variance of one
weight times the number of inputs. Source: Poole et al., NeurIPS 2016; Schoenholz et al., ICLR 2017.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import erf, expit

Array = NDArray[np.float64]


class Activation(NamedTuple):
    """An activation function and its derivative, elementwise on arrays."""

    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
LEAKY_SLOPE = 0.3  # Keras's keras.layers.LeakyReLU; keras.activations.leaky_relu has 0.2


def _elu(z: Array, alpha: float = 1.0) -> Array:
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def _elu_derivative(z: Array, alpha: float = 1.0) -> Array:
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def _normal_density(z: Array) -> Array:
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def _normal_distribution(z: Array) -> Array:
    return np.asarray((1 + erf(z / np.sqrt(2))) / 2)


ACTIVATIONS = {
    "linear": Activation(lambda z: z, np.ones_like),
    "sigmoid": Activation(expit, lambda z: expit(z) * expit(-z)),
    "tanh": Activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "leaky_relu": Activation(
        lambda z: np.where(z > 0, z, LEAKY_SLOPE * z), lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE)
    ),
    "elu": Activation(_elu, _elu_derivative),
    "selu": Activation(
        lambda z: SELU_SCALE * _elu(z, SELU_ALPHA), lambda z: SELU_SCALE * _elu_derivative(z, SELU_ALPHA)
    ),
    "gelu": Activation(
        lambda z: z * _normal_distribution(z), lambda z: _normal_distribution(z) + z * _normal_density(z)
    ),
    "swish": Activation(lambda z: z * expit(z), lambda z: expit(z) * (1 + z * expit(-z))),
    "softsign": Activation(lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
}

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
    return weight_variance * _gaussian_mean_square(_activation(activation).function, variance) + bias_variance


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
    return weight_variance * _gaussian_mean_square(_activation(activation).derivative, limit)


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


def gradient_factors(activation: str, weight_variance: float, depth: int, input_variance: ArrayLike) -> Array:
    """What each of `depth` layers does to the RMS of a gradient that crosses it: sqrt(chi) at that layer's variance.

    `input_variance`: variance of the first layer's pre-activations, a number or one for each example.
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
        variance = variance_map(activation, weight_variance, variance)
    return np.array(factors)


def gradient_line(activation: str, weight_variance: float, depth: int, input_variance: ArrayLike) -> Array:
    """RMS of the gradient at each of `depth` layers' outputs, relative to the last one's: shape (depth,).

    Arguments as in `gradient_factors`; over several examples the mean square is averaged.

    Examples:
        >>> gradient_line("relu", 1.0, 3, 1.0).round(4)
        array([0.5   , 0.7071, 1.    ])
    """
    return _line(gradient_factors(activation, weight_variance, depth, input_variance)[1:])


def residual_gradient_line(
    activation: str, weight_variance: float, depth: int, input_variance: ArrayLike, branch_scale: float
) -> Array:
    """The same for a stream x + branch_scale * W (f(x) - f(0)), one linear layer and `depth - 1` such blocks.

    A block multiplies the gradient's mean square by 1 + branch_scale^2 chi. Raises ValueError for an unknown
    activation. Source: the branch has zero mean and is independent of the stream, so the mean squares add.

    Examples:
        >>> residual_gradient_line("linear", 1.0, 3, 1.0, branch_scale=0.5).round(4)
        array([1.25 , 1.118, 1.   ])
    """
    function = _activation(activation).function
    variance = np.asarray(input_variance, float)
    factors = []
    for _ in range(depth - 1):
        factors.append(np.sqrt(1 + branch_scale**2 * layer_chi(activation, weight_variance, variance)))
        centred = _gaussian_mean_square(lambda z: function(z) - function(np.zeros(1)), variance)
        variance = variance + branch_scale**2 * weight_variance * centred
    return _line(np.array(factors))


def _line(factors: Array) -> Array:
    towards_input = np.cumprod(factors[::-1] ** 2, axis=0)[::-1]
    mean_square = towards_input if factors.ndim < 2 else towards_input.mean(axis=1)
    return np.asarray(np.sqrt(np.append(mean_square, 1.0)))


def _gaussian_mean_square(function: Callable[[Array], Array], variance: ArrayLike) -> Array:
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
    density = weights * _normal_density(nodes)
    return nodes, density / (2 * density.sum())


def _activation(name: str) -> Activation:
    if name not in ACTIVATIONS:
        raise ValueError(f"theory knows no activation {name!r}, only {', '.join(sorted(ACTIVATIONS))}")
    return ACTIVATIONS[name]
