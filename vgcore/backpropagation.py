"""Back-propagation in plain NumPy: a network's forward pass, loss and backward pass, with every number in view.

Keras does the same, faster and out of sight. There are no biases: a bias is a weight on an input that is always 1.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgcore.theory import Array
from vgcore.theory.activations import activation_named


@dataclass(frozen=True, kw_only=True)
class Forward:
    """What the forward pass leaves behind: the backward pass needs all of it.

    `activations`: the inputs, what each hidden layer passes on, and last the outputs; shapes (examples, units).
    `slopes`: the activation's derivative at each hidden unit, layer by layer; shapes (examples, units).
    """

    activations: tuple[Array, ...]
    slopes: tuple[Array, ...]

    @property
    def outputs(self) -> Array:
        """What the last layer returns, shape (examples, outputs)."""
        return self.activations[-1]


@dataclass(frozen=True, kw_only=True)
class Backward:
    """What the backward pass computes.

    `errors`: dL/dz of every layer, z being what enters its activation; shapes (examples, units), layer 1 first.
    `gradients`: dL/dW of every layer, summed over the examples; shaped like the weights.
    """

    errors: tuple[Array, ...]
    gradients: tuple[Array, ...]


def forward(weights: Sequence[Array], x: NDArray[Any], activation: str = "sigmoid") -> Forward:
    """Linear map, then activation, layer after layer; the last layer is linear.

    `weights`: a matrix for each layer, shape (its units, its inputs). `x`: the inputs, shape (examples, inputs).
    `activation`: a Keras name. Raises ValueError for a name that theory does not know.

    Examples:
        >>> forward([np.array([[2.0, 1.0]])], np.array([[3.0, 4.0]])).outputs
        array([[10.]])
    """
    function, derivative = activation_named(activation)
    activations, slopes = [x], []
    for matrix in weights[:-1]:
        z = activations[-1] @ matrix.T
        activations.append(function(z))
        slopes.append(derivative(z))
    activations.append(activations[-1] @ weights[-1].T)
    return Forward(activations=tuple(activations), slopes=tuple(slopes))


def backward(weights: Sequence[Array], passed: Forward, output_error: Array) -> Backward:
    """The chain rule from the outputs to layer 1: an error comes from those behind it, a gradient from both ends.

    `passed`: what `forward` returned for these weights. `output_error`: dL/d(outputs), shape (examples, outputs).

    Examples:
        >>> weights = [np.array([[2.0, 1.0]])]
        >>> backward(weights, forward(weights, np.array([[3.0, 4.0]])), np.array([[0.5]])).gradients[0]
        array([[1.5, 2. ]])
    """
    errors = [output_error]
    for matrix, slope in zip(reversed(weights[1:]), reversed(passed.slopes), strict=True):
        errors.insert(0, (errors[0] @ matrix) * slope)
    gradients = [error.T @ before for error, before in zip(errors, passed.activations, strict=False)]
    return Backward(errors=tuple(errors), gradients=tuple(gradients))


@dataclass(frozen=True, kw_only=True)
class Network:
    """A classifier whose weights are one long vector: a point from which gradient descent takes its steps.

    `sizes`: the number of inputs, of units in each hidden layer, and of classes. Raises ValueError for fewer than two
    sizes or one that is not positive.
    """

    sizes: tuple[int, ...] = (64, 32, 10)
    activation: str = "relu"

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes must be two or more positive numbers, not {self.sizes!r}")

    @property
    def shapes(self) -> tuple[tuple[int, int], ...]:
        """The shape of each layer's matrix: (its units, its inputs)."""
        return tuple(zip(self.sizes[1:], self.sizes, strict=False))

    @property
    def weight_count(self) -> int:
        """How many weights there are.

        Examples:
            >>> Network(sizes=(64, 32, 10)).weight_count
            2368
        """
        return sum(units * inputs for units, inputs in self.shapes)

    def draw(self, seed: int) -> Array:
        """Random weights, normal with variance 2 / inputs (He et al., 2015, arXiv:1502.01852); shape (weights,)."""
        random = np.random.default_rng(seed)
        return np.concatenate([random.normal(0, (2 / shape[1]) ** 0.5, shape).ravel() for shape in self.shapes])

    def matrices(self, weights: Array) -> list[Array]:
        """The vector of all weights as one matrix a layer. Raises ValueError for a vector of another length."""
        if weights.shape != (self.weight_count,):
            raise ValueError(f"the network has {self.weight_count} weights, but they have the shape {weights.shape}")
        ends = np.cumsum([units * inputs for units, inputs in self.shapes])
        parts = np.split(weights, ends[:-1])
        return [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]

    def loss(self, weights: Array, x: NDArray[Any], y: NDArray[Any]) -> float:
        """The mean cross-entropy in nats. `x`: inputs, shape (examples, inputs); `y`: labels, shape (examples,)."""
        outputs = forward(self.matrices(weights), x, self.activation).outputs
        return float(-np.mean(log_shares(outputs)[np.arange(len(y)), y]))

    def accuracy(self, weights: Array, x: NDArray[Any], y: NDArray[Any]) -> float:
        """The share of examples whose largest output is that of their label."""
        outputs = forward(self.matrices(weights), x, self.activation).outputs
        return float(np.mean(outputs.argmax(axis=1) == y))

    def gradient(self, weights: Array, x: NDArray[Any], y: NDArray[Any]) -> Array:
        """The gradient of `loss` for all weights, by back-propagation; shape (weights,)."""
        matrices = self.matrices(weights)
        passed = forward(matrices, x, self.activation)
        error = np.exp(log_shares(passed.outputs))
        error[np.arange(len(y)), y] -= 1
        return np.concatenate([part.ravel() for part in backward(matrices, passed, error / len(y)).gradients])


def log_shares(outputs: Array) -> Array:
    """The logarithms of the softmax of each row, computed without overflow; shape as `outputs`.

    Examples:
        >>> np.exp(log_shares(np.array([[1000.0, 1000.0]])))
        array([[0.5, 0.5]])
    """
    shifted = outputs - outputs.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
