"""The output layer does not say what the loss reads."""

from typing import Any

import keras
import numpy as np

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

CROSS_ENTROPIES = (
    keras.losses.BinaryCrossentropy,
    keras.losses.CategoricalCrossentropy,
    keras.losses.SparseCategoricalCrossentropy,
)

NO_PROBABILITIES = "The last layer gives logits, and the loss takes them for probabilities: pass from_logits=True."
"""Certain even where the model learns, in spite of it: no probability lies below 0 or above 1."""


def examine(measured: Measured) -> Finding | None:
    """Hold the last layer's answers against what the loss takes them for."""
    wrong, well = _mismatch(measured), measured.learns or measured.has_learnt
    if wrong is None or (well and wrong != NO_PROBABILITIES):
        return None
    outputs = measured.before[0].answers
    last = measured.before[0].layers.iloc[-1]
    return Finding(
        symptom="not a gradient problem",
        severity="risk" if well else "alarm",
        cause="output head",
        sentence=wrong,
        evidence=(
            Evidence(name="smallest answer", value=float(outputs.min())),
            Evidence(name="largest answer", value=float(outputs.max())),
        ),
        layers=(str(last["layer"]),),
        depths=(int(last["depth"]),),
        page="signs/when-it-is-not-the-gradient",
    )


def _mismatch(measured: Measured) -> str | None:
    loss, outputs = keras.losses.get(measured.loss), measured.before[0].answers
    activation = str(measured.before[0].layers.iloc[-1]["activation"])
    if activation == "softmax" and outputs.shape[-1] == 1:
        return "A softmax over one unit is always 1: use a sigmoid, or a unit for each class."
    if isinstance(loss, CROSS_ENTROPIES):
        return _cross_entropy(loss, outputs)
    targets = np.asarray(keras.tree.flatten(measured.sample[1])[0])
    if activation in ("sigmoid", "tanh", "relu", "softmax") and _outside(targets, activation):
        reach = f"which go from {targets.min():.3g} to {targets.max():.3g}"
        return f"The last layer's {activation} cannot reach the targets, {reach}."
    return None


def _cross_entropy(loss: Any, outputs: Any) -> str | None:
    probabilities = bool(outputs.min() >= 0 and outputs.max() <= 1)
    if not isinstance(loss, keras.losses.BinaryCrossentropy):
        probabilities = probabilities and bool(np.allclose(outputs.sum(axis=-1), 1, atol=1e-3))
    from_logits = bool(loss.get_config().get("from_logits", False))
    if from_logits and probabilities:
        return "The last layer gives probabilities, and the loss takes them for logits: it cannot get below a bound."
    if not from_logits and not probabilities:
        return NO_PROBABILITIES
    return None


def _outside(targets: Any, activation: str) -> bool:
    lowest, highest = {"sigmoid": (0, 1), "tanh": (-1, 1), "relu": (0, np.inf), "softmax": (0, 1)}[activation]
    return bool(((targets < lowest) | (targets > highest)).mean() > 0.05)
