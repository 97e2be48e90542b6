"""`diagnose`: whether a model suffers from vanishing or exploding gradients, where, and why."""

import textwrap
from collections.abc import Callable, Iterable
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore.diagnosis.batches import Batch, examples, rows, size
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.levels import step_sizes
from vgcore.diagnosis.losses import in_one_precision, whole_loss
from vgcore.diagnosis.measured import EXAMPLES, Measured, measure
from vgcore.diagnosis.report import Diagnosis
from vgcore.diagnosis.signs import IN_ORDER, LAST
from vgcore.probes.measure import check_model, checked_batch
from vgcore.probes.undisturbed import in_own_precision

CERTAIN = ("non-finite", "disconnected")
"""What is true whatever the targets are."""

UNFIT = (ValueError, TypeError, tf.errors.OpError)
"""What Keras and TensorFlow say to data that do not fit a model."""

LEAST = 48
"""Examples without which too little can be said: three looks at sixteen each."""


def diagnose(model: Any, x: Any, y: Any = None, *, loss: Any = None, optimiser: Any = None, seed: int = 0) -> Diagnosis:
    """Find out whether a Keras model suffers from vanishing or exploding gradients, where, and why.

    `model`: any built Keras model on TensorFlow, as it is: fresh, in the midst of its training, or after it. `x`, `y`:
    what it is trained on, arrays as for `model.fit`, nested for several inputs or outputs; or for `x` alone a
    `tf.data.Dataset`, a `keras.utils.PyDataset` or an iterable of batches (x, y). At most 768 examples are used.
    `loss`: as for `vgcore.measure_gradients`; without it the model's own. `optimiser`: a Keras optimiser for the
    trial; without it a copy of the model's own with its state, or Adam where the model is not compiled. `seed` draws
    the examples.

    The model is looked at (`measure_gradients` on two batches), takes forty real steps of 64 examples with its own
    training step, and is looked at again; then every variable gets its old value back. The report's `verdict` is

    - "vanishing" or "exploding": the gradient loses or gains three decades or more on its way to the first layer, or
      to the first step of a sequence;
    - "dead units", "saturated": most units of a layer are off, or where their function is flat, for every example;
    - "collapsed": to some hidden layers all examples look alike: they lie along one line, or all point the same way;
    - "stalled updates": gradients arrive, but epsilon or rounding swallows the steps;
    - "hidden explosion": with the clipping taken out, the same steps diverge, or are longer than the weights;
    - "non-finite": a number is infinite or undefined; "disconnected": the loss does not depend on a weight;
    - "not a gradient problem": inputs or targets that are not scaled, a learning rate that is far too small or large,
      an output layer that does not fit the loss, labels that have nothing to do with the inputs;
    - "healthy", if nothing of this was seen, or "not enough evidence" with what is missing.

    The `severity` is "alarm" where the symptom lasts, from one batch to another, and does harm: the layers concerned
    do not move, or the model gets no better on examples that the trial did not use. Otherwise it is "risk".

    The model, its optimiser, its statistics and every random state stay bit for bit what they were. Raises TypeError
    if `model` is no Keras model; ValueError if it is not built or has no trainable weights, if x and y do not fit it
    or each other, are empty or hold values that are not finite; RuntimeError if Keras runs on another backend.

    Examples:
        >>> from vgcore import data, models
        >>> digits = data.digits()
        >>> model = models.mlp(models.MLP(depth=12), seed=0)  # sigmoid
        >>> model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        >>> report = diagnose(model, digits.train_x, digits.train_y)
        >>> report.verdict, report.severity, report.findings[0].cause
        ('vanishing', 'alarm', 'activation')
    """
    _check_trainable(model)
    sample = examples(x, y, EXAMPLES, seed)
    checked_batch(*sample)
    if size(sample) < LEAST:
        few = f"{size(sample)} examples are too few, pass {LEAST} or more"
        return Diagnosis(findings=(), layers=pd.DataFrame(), missing=few)
    return _judged(_measured(model, sample, loss, optimiser))


def _check_trainable(model: Any) -> None:
    """Refuse what is no model, is not built, or has nothing to train."""
    if isinstance(model, keras.Model) and not (model.layers or model.weights):
        raise ValueError("the model is empty: give it layers, and call it on a batch")
    check_model(model)
    if not model.trainable_variables:
        raise ValueError("the model has no trainable weights, so it has no gradient that could vanish")


def _measured(model: Any, sample: Batch, loss: Any, optimiser: Any) -> Measured:
    """All that the verdict rests on, once data, model and loss are known to fit each other."""
    prediction = _prediction(model, sample)
    sample = _aligned(sample, prediction)
    chosen = _checked_loss(model, loss, sample, prediction)
    return measure(model, sample, chosen, optimiser or _optimiser(model))


def _judged(measured: Measured) -> Diagnosis:
    """What the signs say, alarms before risks; those that take another trial are asked if the others say nothing."""
    findings = _found(IN_ORDER, measured) or _found(LAST, measured)
    return Diagnosis(
        findings=tuple(findings),
        layers=_layers(measured),
        losses=tuple(measured.trial.losses),
        measured=measured,
        missing="" if findings and findings[0].symptom in CERTAIN else _missing(measured.sample),
    )


def _found(signs: Iterable[Callable[[Measured], Finding | None]], measured: Measured) -> list[Finding]:
    findings = [found for examine in signs if (found := examine(measured))]
    return sorted(findings, key=lambda found: found.severity != "alarm")


def _missing(sample: Batch) -> str:
    """What the examples lack to call a model healthy."""
    targets = [np.asarray(target) for target in keras.tree.flatten(sample[1])]
    if all((target == target[:1]).all() for target in targets):
        return "all targets are equal, pass examples that differ in them"
    return ""


def _optimiser(model: Any) -> Any:
    return (model.optimizer if model.compiled else None) or keras.optimizers.Adam()


def _prediction(model: Any, sample: Batch) -> Any:
    """What the model answers to two examples."""
    x, _ = checked_batch(*rows(sample, slice(0, 2)))
    try:
        with in_own_precision(model, {}):
            return model(x, training=False)
    except UNFIT as error:
        raise ValueError(f"the model cannot read x of shape {_shapes(x)}: {_first_line(error)}") from error


def _aligned(sample: Batch, prediction: Any) -> Batch:
    """The sample, with targets of shape (n,) as columns where the answers have shape (n, 1), as Keras takes them."""
    x, y = sample
    answers = keras.tree.flatten(prediction)
    targets = keras.tree.flatten(y)
    if len(answers) == len(targets):
        columns = [
            target[..., None] if answer.shape[-1] == 1 and target.ndim == len(answer.shape) - 1 else target
            for target, answer in zip(targets, answers, strict=True)
        ]
        y = keras.tree.pack_sequence_as(y, columns)
    return x, y


def _checked_loss(model: Any, loss: Any, sample: Batch, prediction: Any) -> Any:
    """The loss, tried on all targets, each beside the first answer: whether answers and targets fit each other."""
    _, y = checked_batch(*sample)
    prediction = keras.tree.map_structure(
        lambda one: tf.repeat(tf.cast(one[:1], tf.float64), size(sample), 0), prediction
    )
    chosen = loss if loss is not None else whole_loss(model, y, prediction)
    try:
        return in_one_precision(chosen, y, prediction)
    except UNFIT as error:
        shapes = f"answers of shape {_shapes(prediction)} and targets of shape {_shapes(y)}"
        raise ValueError(f"the loss cannot compare {shapes}: {_first_line(error)}") from error


def _shapes(structure: Any) -> str:
    return " and ".join(str(tuple(one.shape[1:])) for one in keras.tree.flatten(structure))


def _first_line(error: Exception) -> str:
    """What TensorFlow says, without the operation's name before it and the long list of values after it."""
    return textwrap.shorten(str(error).strip().splitlines()[0].rpartition("}} ")[2], 200, placeholder=" ...")


def _layers(measured: Measured) -> pd.DataFrame:
    table = measured.before[0].layers
    return table.assign(update_ratio=step_sizes(table, measured.trial.update_ratios))
