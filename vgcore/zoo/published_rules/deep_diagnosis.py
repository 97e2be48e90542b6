"""DeepDiagnosis: Wardat et al., ICSE 2022."""

from collections.abc import Iterator

import numpy as np

from vgcore.zoo.published_rules.observed import (
    DEAD,
    NON_FINITE,
    S_SHAPED,
    SATURATED,
    VANISHING,
    Array,
    Look,
    Output,
    Readings,
    Verdicts,
)


def examine(readings: Readings, every: int = 5) -> Verdicts:
    """DeepDiagnosis looks after each epoch and stops at the first finding.

    Forward first: numbers that are none, or a layer whose mean is exactly 0, at any epoch; dead units at the last
    epoch; saturation at every fifth. Then the loss; then the Dense layers from the last to the first: a gradient or
    weight whose mean is no number or exactly 0, and vanishing. It has no rule for explosion.
    """
    for number, look in enumerate(readings.epochs, 1):
        last = number == len(readings.epochs)
        for symptom in (
            *_forward(look, dead_too=last, saturated_too=number % every == 0),
            *([] if np.isfinite(look.loss) else [NON_FINITE]),
            *_backward(look),
        ):
            return frozenset({symptom})
    return frozenset()


def _forward(look: Look, *, dead_too: bool, saturated_too: bool) -> Iterator[str]:
    for output in look.outputs:
        if numerical_problem(output.values):
            yield NON_FINITE
        if dead_too and dead_values(output):
            yield DEAD
        if saturated_too and saturated_values(output):
            yield SATURATED


def _backward(look: Look) -> Iterator[str]:
    layers = zip(look.gradients, look.weights, look.is_dense, strict=True)
    for gradient, weights, is_dense in reversed(list(layers)):
        if is_dense:
            if numerical_problem(gradient):
                yield NON_FINITE
            if mean_vanishes(gradient):
                yield VANISHING
        if numerical_problem(weights):
            yield NON_FINITE


def numerical_problem(values: Array) -> bool:
    """DeepDiagnosis's "numerical problem": the mean is NaN, infinite or exactly 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = values.mean()
    return bool(not np.isfinite(mean) or mean == 0)


def dead_values(output: Output, share: float = 0.7) -> bool:
    """DeepDiagnosis: at least 70 % of a ReLU's outputs, over units and examples together, are 0 or less."""
    return output.activation in ("relu", "exponential") and bool((output.values <= 0).mean() >= share)


def saturated_values(output: Output, limit: float = 5.0, share: float = 0.5) -> bool:
    """DeepDiagnosis: more than half of the sums before a sigmoid or tanh are at least 5 away from 0.

    Both functions rise, so it is their outputs that are compared: with those of -5 and 5.
    """
    if output.activation not in S_SHAPED:
        return False
    end = np.tanh(limit) if output.activation == "tanh" else 1 / (1 + np.exp(-limit))
    start = -end if output.activation == "tanh" else 1 - end
    return bool(((output.values <= start) | (output.values >= end)).mean() > share)


def mean_vanishes(gradient: Array, size: float = 1e-7) -> bool:
    """DeepDiagnosis: the mean |entry| of a kernel's gradient is below 1e-7."""
    return bool(np.abs(gradient).mean() < size)
