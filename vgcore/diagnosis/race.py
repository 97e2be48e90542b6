"""Train a model for a given number of steps, and watch what it knows of examples that it does not see."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.diagnosis.batches import Batch
from vgcore.diagnosis.repaired import Repaired
from vgcore.probes.losses import mean_loss
from vgcore.probes.undisturbed import replaced

MOMENTS = 10
"""How often a race is looked at. The best moment counts: who overfits after learning has learnt."""

RUNAWAY = 2.0
"""A training diverged if its loss ends so many times above where it began, and above a guess."""

Order = NDArray[np.int64]
"""Which examples make up each batch: (steps, batch size)."""

Steps = Callable[[Order], float]
"""Takes a step for each row, and returns the mean loss before each of them."""


@dataclass(frozen=True, kw_only=True)
class Track:
    """What all train on: `train` and `held_out` examples, the `loss`, and `guess`, that of the best constant answer.

    `weight`: what the reader's `loss_weights` multiply the loss by in training.
    """

    train: Batch
    held_out: Batch
    loss: Any
    guess: float
    weight: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Finish:
    """The lowest loss of the held-out examples at any of the moments, and the accuracy at that moment.

    The loss is infinite where training diverged; the accuracy is NaN there, and without labels.
    """

    loss: float
    accuracy: float


DIVERGED = Finish(loss=float("inf"), accuracy=float("nan"))


def race(repaired: Repaired, track: Track, order: Order, steps: Steps) -> Finish:
    """Train on the batches in their order; `steps` comes from `ready`."""
    best, trained = DIVERGED, float("nan")
    bar = np.nanmax([track.guess, _standing(repaired.model, track).loss])
    for part in np.array_split(order, min(MOMENTS, len(order))):
        trained = steps(part)
        now = _standing(repaired.model, track)
        best = now if now.loss < best.loss else best
    return best if np.isfinite(trained) and trained <= RUNAWAY * abs(bar) else DIVERGED


def ready(repaired: Repaired, track: Track) -> Steps:
    """The training steps as one compiled function, which is traced here: the slowest part of a short training."""
    model, optimiser = repaired.model, repaired.optimiser
    optimiser.build(model.trainable_variables)
    x, y = _tensors(track.train)

    step = tf.autograph.experimental.do_not_convert(_step)  # only the loop needs converting, and it is slow

    def loop(order: Any) -> Any:
        total = tf.zeros((), tf.float64)
        for chosen in order:
            batch = keras.tree.map_structure(lambda array: tf.gather(array, chosen), (x, y))  # noqa: B023 - used at once
            total += step(repaired, track, *batch)
        return total / tf.cast(tf.maximum(tf.shape(order)[0], 1), tf.float64)

    steps = tf.function(loop, input_signature=[tf.TensorSpec((None, None), tf.int64)], jit_compile=False)
    steps.get_concrete_function()
    return lambda order: float(steps(tf.constant(order, tf.int64)))


@contextmanager
def lent(model: Any) -> Iterator[None]:
    """Whatever happens to the model's variables within this context is undone at its end."""
    before = [(variable, tf.identity(variable.value)) for variable in model.variables]
    with ExitStack() as stack:
        for layer in model._flatten_layers():
            stack.enter_context(replaced(layer, "_losses", []))
            stack.enter_context(replaced(layer, "_loss_ids", set()))
        try:
            yield
        finally:
            for variable, value in before:
                variable.assign(value)


def _step(repaired: Repaired, track: Track, x: Any, y: Any) -> Any:
    model, optimiser = repaired.model, repaired.optimiser
    with tf.GradientTape() as tape:
        mean = mean_loss(track.loss, y, _single(model(x, training=True)))
        penalties = [tf.cast(penalty, tf.float64) for penalty in model.losses]
        scaled = optimiser.scale_loss(tf.add_n([repaired.loss_factor * track.weight * mean, *penalties]))
    variables = model.trainable_variables
    gradients = tape.gradient(scaled, [one.value for one in variables], unconnected_gradients="zero")
    optimiser.apply(gradients, variables)
    return mean


def _standing(model: Any, track: Track) -> Finish:
    x, y = _tensors(track.held_out)
    outputs = _single(model(x, training=False))
    loss = float(mean_loss(track.loss, y, outputs))
    return Finish(loss=loss if np.isfinite(loss) else float("inf"), accuracy=_accuracy(outputs, track.held_out[1]))


def _accuracy(outputs: Any, y: Any) -> float:
    """Of one output with a number for each class, where the targets are the classes' numbers."""
    target = np.asarray(y) if not keras.tree.is_nested(y) else None
    if target is None or target.dtype.kind not in "iu" or not tf.is_tensor(outputs) or outputs.shape[-1] < 2:
        return float("nan")
    classes = np.asarray(outputs).argmax(axis=-1)
    return float((classes == target.reshape(classes.shape)).mean()) if target.size == classes.size else float("nan")


def _single(outputs: Any) -> Any:
    """At least single precision for the loss, as Keras has it."""
    half = (tf.float16, tf.bfloat16)
    return keras.tree.map_structure(lambda one: tf.cast(one, tf.float32) if one.dtype in half else one, outputs)


def _tensors(batch: Batch) -> Any:
    return keras.tree.map_structure(_tensor, batch)


def _tensor(values: Any) -> Any:
    array = np.asarray(values)
    return tf.constant(array, keras.config.floatx() if array.dtype.kind == "f" else None)
