"""One gradient by hand: a network of ten weights, forward, loss, backward, update, with every number kept."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore.backpropagation import Backward, Forward, backward, forward
from vgcore.theory import Array

VALUE, SLOPE, ERROR = "value", "slope", "error"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Two inputs, two hidden layers of two sigmoid units, one linear output, no biases.

    The weights are about as large as Keras would draw them, rounded so that they can be followed with a calculator.
    """

    inputs: tuple[float, float] = (1.0, 0.5)
    target: float = 1.0
    weights: tuple[tuple[tuple[float, ...], ...], ...] = (
        ((1.0, -0.6), (0.4, 1.2)),
        ((0.8, -1.1), (-0.5, 0.9)),
        ((1.2, -0.7),),
    )
    learning_rate: float = 0.5
    longest: float = 3.0  # learning rate up to which the loss after one step is measured: far enough to overshoot
    rates: int = 31
    difference: float = 1e-5  # for the comparison with finite differences: where they are most exact


published = Config()
smoke = Config(rates=4)


def measure(config: Config) -> dict[str, pd.DataFrame]:
    """All numbers of one step of gradient descent. L is half the squared distance from the target.

    - "units": `quantity` ("value": what the unit passes on; "slope": its activation's derivative; "error": dL/dz, z
      being what enters the activation), `layer` (0 = inputs, 3 = output), `unit` (1 = the upper one), `number`;
    - "weights": `quantity` (always "weight"), `layer`, `unit` (to which the weight leads), `source` (the unit from
      which it comes), `weight`, `gradient` (dL/dw by back-propagation), `difference` (dL/dw by a central difference),
      `updated` (the weight after the step);
    - "steps": `quantity` (always "loss"), `rate` (learning rate), `loss` (after one step with it), `theory` (what the
      gradient promises: the loss minus the rate times the gradient's squared length).
    """
    weights = [np.array(matrix) for matrix in config.weights]
    passed = forward(weights, np.array([config.inputs]))
    back = backward(weights, passed, passed.outputs - config.target)
    return {
        "units": _units(passed, back),
        "weights": _weights(config, weights, back.gradients),
        "steps": _steps(config, weights, back.gradients),
    }


def _loss(config: Config, weights: list[Array]) -> float:
    output = forward(weights, np.array([config.inputs])).outputs.item()
    return 0.5 * (output - config.target) ** 2


def _units(passed: Forward, back: Backward) -> pd.DataFrame:
    """`activations` begin with the inputs, `slopes` and `errors` with layer 1."""
    kept = [(VALUE, 0, passed.activations), (SLOPE, 1, passed.slopes), (ERROR, 1, back.errors)]
    rows = [
        (quantity, layer, unit, number)
        for quantity, first, layers in kept
        for layer, numbers in enumerate(layers, first)
        for unit, number in enumerate(numbers[0], 1)
    ]
    return pd.DataFrame(rows, columns=["quantity", "layer", "unit", "number"])


def _weights(config: Config, weights: list[Array], gradients: tuple[Array, ...]) -> pd.DataFrame:
    rows = [
        {
            "quantity": "weight",
            "layer": layer + 1,
            "unit": unit + 1,
            "source": source + 1,
            "weight": weights[layer][unit, source],
            "gradient": gradients[layer][unit, source],
            "difference": _difference(config, weights, layer, unit, source),
            "updated": weights[layer][unit, source] - config.learning_rate * gradients[layer][unit, source],
        }
        for layer in range(len(weights))
        for unit, source in np.ndindex(weights[layer].shape)
    ]
    return pd.DataFrame(rows)


def _difference(config: Config, weights: list[Array], layer: int, unit: int, source: int) -> float:
    """dL/dw from the loss alone, with the weight turned a little up and a little down."""
    losses = []
    for turn in (config.difference, -config.difference):
        turned = [matrix.copy() for matrix in weights]
        turned[layer][unit, source] += turn
        losses.append(_loss(config, turned))
    return (losses[0] - losses[1]) / (2 * config.difference)


def _steps(config: Config, weights: list[Array], gradients: tuple[Array, ...]) -> pd.DataFrame:
    start, squared = _loss(config, weights), sum(float(np.sum(gradient**2)) for gradient in gradients)
    rows = []
    for rate in np.linspace(0, config.longest, config.rates):
        stepped = [matrix - rate * gradient for matrix, gradient in zip(weights, gradients, strict=True)]
        rows.append(("loss", rate, _loss(config, stepped), start - rate * squared))
    return pd.DataFrame(rows, columns=["quantity", "rate", "loss", "theory"])
