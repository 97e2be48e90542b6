"""Activation functions and their derivatives, under their Keras names."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf, expit

Array = NDArray[np.float64]


class Activation(NamedTuple):
    """An activation function and its derivative, elementwise on arrays."""

    function: Callable[[Array], Array]
    derivative: Callable[[Array], Array]


SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
LEAKY_SLOPE = 0.3  # Keras's keras.layers.LeakyReLU; keras.activations.leaky_relu has 0.2
PRELU_SLOPE = 0.25  # where He et al. (2015) let the slope start; keras.layers.PReLU starts at 0, as a ReLU


def _elu(z: Array, alpha: float = 1.0) -> Array:
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def _elu_derivative(z: Array, alpha: float = 1.0) -> Array:
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def _leaky(slope: float) -> Activation:
    return Activation(lambda z: np.where(z > 0, z, slope * z), lambda z: np.where(z > 0, 1.0, slope))


def normal_density(z: Array) -> Array:
    """The density of the standard normal distribution."""
    return np.asarray(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi))


def _normal_distribution(z: Array) -> Array:
    return np.asarray((1 + erf(z / np.sqrt(2))) / 2)


def _softplus(z: Array) -> Array:
    return np.asarray(np.logaddexp(0, z))


def _mish_derivative(z: Array) -> Array:
    bent = np.tanh(_softplus(z))
    return np.asarray(bent + z * expit(z) * (1 - bent**2))


ACTIVATIONS = {
    "linear": Activation(lambda z: z, np.ones_like),
    "sigmoid": Activation(expit, lambda z: expit(z) * expit(-z)),
    "tanh": Activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(float)),
    "leaky_relu": _leaky(LEAKY_SLOPE),
    "prelu": _leaky(PRELU_SLOPE),  # before training has moved its slopes
    "elu": Activation(_elu, _elu_derivative),
    "selu": Activation(
        lambda z: SELU_SCALE * _elu(z, SELU_ALPHA), lambda z: SELU_SCALE * _elu_derivative(z, SELU_ALPHA)
    ),
    "gelu": Activation(
        lambda z: z * _normal_distribution(z), lambda z: _normal_distribution(z) + z * normal_density(z)
    ),
    "swish": Activation(lambda z: z * expit(z), lambda z: expit(z) * (1 + z * expit(-z))),
    "mish": Activation(lambda z: z * np.tanh(_softplus(z)), _mish_derivative),
    "softplus": Activation(_softplus, expit),
    "softsign": Activation(lambda z: z / (1 + np.abs(z)), lambda z: 1 / (1 + np.abs(z)) ** 2),
}


def activation_named(name: str) -> Activation:
    """An activation by its Keras name. Raises ValueError for one that theory does not know."""
    if name not in ACTIVATIONS:
        raise ValueError(f"theory knows no activation {name!r}, only {', '.join(sorted(ACTIVATIONS))}")
    return ACTIVATIONS[name]
