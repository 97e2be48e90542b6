"""A short training on trial: real steps of the model's own optimiser, of which nothing is left afterwards."""

import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.diagnosis.batches import Batch
from vgcore.probes.flow import kernels, parts
from vgcore.probes.losses import mean_loss
from vgcore.probes.measure import rms
from vgcore.probes.undisturbed import replaced

NOTHING = float("nan")
"""The loss where a training step of the reader's own does not say it."""

Arrays = list[NDArray[np.float64]]

META = "disable_meta_optimizer"
"""TensorFlow's name for leaving out every rewriting of a graph."""

CLIPPING = ("clipnorm", "global_clipnorm", "clipvalue")


@dataclass(kw_only=True)
class Trial:
    """What happened in a few real steps.

    `losses`: before each step, on its batch, in the model's own terms. `update_ratios`: for each layer's path |step| /
    |W| of each step. `moved`: for each layer the share of entries with a gradient whose value changed at all.
    `gradient_rms`: of each layer and step, as the optimiser gets it. `clip_loads`: how many times too long the
    gradient was for the optimiser's clipping at each step; empty without clipping. `finite`: steps after which all
    variables were finite. `in_order`: whether no loss and no gradient was infinite or undefined. `epsilon`: the
    optimiser's, 0 where it has none.
    """

    losses: list[float] = field(default_factory=list)
    update_ratios: dict[str, list[float]] = field(default_factory=dict)
    moved: dict[str, list[float]] = field(default_factory=dict)
    gradient_rms: dict[str, list[float]] = field(default_factory=dict)
    clip_loads: list[float] = field(default_factory=list)
    finite: int = 0
    in_order: bool = True
    epsilon: float = 0.0


@contextmanager
def rehearsed(
    model: Any, batches: list[Batch], *, optimiser: Any, loss: Any, clipping: bool = True, rate: float = 1.0
) -> Iterator[Trial]:
    """Take a step of the model on each batch; within this context it has the weights that it would have then.

    `optimiser`: what to step with, a copy of it; its state counts. `loss`: for a model that is not compiled; others
    have their own training step. `clipping` = False leaves the optimiser's clipping out; `rate` multiplies its
    learning rate, if that is a number. Ends early where a number is no longer finite. On leaving, every variable has
    its old value, whatever happened.
    """
    trial, copy = Trial(), _copied(optimiser, model)
    trial.epsilon = float(getattr(_inner(copy), "epsilon", 0.0) or 0.0)
    if not clipping:
        for name in CLIPPING:
            setattr(_inner(copy), name, None)
    if rate != 1 and isinstance(_inner(copy)._learning_rate, keras.Variable):  # a schedule keeps to its own
        _inner(copy).learning_rate = rate * float(tf.convert_to_tensor(_inner(copy).learning_rate))
    before = [(variable, tf.identity(variable.value)) for variable in _variables(model)]
    with ExitStack() as stack:
        stack.callback(_restore, before)
        for name, value in _loaned(model, copy).items():
            stack.enter_context(replaced(model, name, value))
        for layer in model._flatten_layers():
            stack.enter_context(replaced(layer, "_losses", []))
            stack.enter_context(replaced(layer, "_loss_ids", set()))
        stack.enter_context(np.errstate(over="ignore", invalid="ignore"))  # a trial may well diverge
        stack.enter_context(warnings.catch_warnings())
        warnings.filterwarnings("ignore", "Gradients do not exist for variables")  # the diagnosis says so itself
        stack.enter_context(_traced_plainly())
        step, layers = _watched_step(model, copy, loss), _layers(model)
        old = [_exact(variable.value) for variable in model.trainable_variables]
        for batch in batches:
            loss, gradients, scale, values, others = step(keras.tree.map_structure(tf.constant, batch))
            new = [_exact(one) for one in values]
            slopes = [_exact(one) / float(scale) for one in gradients]
            trial.losses.append(float(loss))
            trial.in_order &= _all_finite([np.asarray(loss, np.float64), *slopes])
            _note_clipping(_inner(copy), slopes, trial)
            _note_layers(trial, layers, old, new, slopes)
            if not _all_finite([*new, *map(_exact, others)]):
                break
            trial.finite += 1
            old = new
        yield trial


@contextmanager
def _traced_plainly() -> Iterator[None]:
    """TensorFlow takes a graph as it is: to optimise it costs more than it saves in so few steps."""
    before = tf.config.optimizer.get_experimental_options().get(META, False)
    tf.config.optimizer.set_experimental_options({META: True})
    try:
        yield
    finally:
        tf.config.optimizer.set_experimental_options({META: before})


def _loaned(model: Any, optimiser: Any) -> dict[str, Any]:
    """What stands in the place of the model's own meanwhile: metrics are left out, they take time and keep state."""
    if not model.compiled:
        return {}
    loss = {} if model._compile_loss is None else {"_compile_loss": _unbuilt(model._compile_loss)}
    return {"optimizer": optimiser, "_compile_metrics": None, "_loss_tracker": keras.metrics.Mean(name="loss"), **loss}


def _unbuilt(loss: Any) -> Any:
    """The same object apart: Keras's own would note the shapes that it sees first."""
    twin = object.__new__(type(loss))
    vars(twin).update(vars(loss))
    return twin


def _watched_step(model: Any, optimiser: Any, loss: Any) -> Any:
    """A training step as a compiled function: the loss, gradients before any clipping, and all variables after it."""

    def step(batch: Any) -> tuple[Any, ...]:
        seen: dict[int, Any] = {}
        with replaced(optimiser, "apply", _noting(optimiser.apply, seen)):
            value = _own_step(model, batch) if model.compiled else _plain_step(model, optimiser, loss, batch)
        gradients = [seen.get(id(variable), tf.zeros(())) for variable in model.trainable_variables]
        scale = tf.convert_to_tensor(getattr(optimiser, "dynamic_scale", 1.0))
        return value, gradients, scale, _values(model.trainable_variables), _values(model.non_trainable_variables)

    return tf.function(step, autograph=False, jit_compile=False)  # as Keras does it


def _own_step(model: Any, batch: Batch) -> Any:
    """The training step of the reader's model, and the loss that it reports."""
    model.reset_metrics()
    logs = model.train_step(batch)
    return logs.get("loss", NOTHING) if isinstance(logs, dict) else NOTHING


def _plain_step(model: Any, optimiser: Any, loss: Any, batch: Batch) -> Any:
    with tf.GradientTape() as tape:
        value = mean_loss(loss, batch[1], model(batch[0], training=True))
    optimiser.apply(tape.gradient(value, model.trainable_weights), model.trainable_variables)
    return value


def _noting(apply: Any, seen: dict[int, Any]) -> Any:
    def noting_apply(gradients: Any, variables: Any) -> Any:
        gradients, variables = list(gradients), list(variables)
        given = zip(variables, gradients, strict=True)
        seen.update({id(one): tf.convert_to_tensor(gradient) for one, gradient in given if gradient is not None})
        return apply(gradients, variables)

    return noting_apply


def _layers(model: Any) -> dict[str, list[int]]:
    """For each layer's path which of the model's trainable variables are its matrices."""
    places = {id(variable): number for number, variable in enumerate(model.trainable_variables)}
    found = {
        layer.path or layer.name: [places[id(kernel)] for kernel in kernels(layer) if id(kernel) in places]
        for layer in parts(model)
    }
    return {layer: numbers for layer, numbers in found.items() if numbers}


def _note_layers(trial: Trial, layers: dict[str, list[int]], old: Arrays, new: Arrays, slopes: Arrays) -> None:
    for layer, numbers in layers.items():
        weights = np.concatenate([old[number].ravel() for number in numbers])
        steps = np.concatenate([new[number].ravel() for number in numbers]) - weights
        pushes = [np.broadcast_to(slopes[number], old[number].shape).ravel() for number in numbers]
        _note_layer(trial, layer, weights, steps, np.concatenate(pushes))


def _note_layer(trial: Trial, layer: str, weights: Any, steps: Any, slopes: Any) -> None:
    size, pushed = rms([weights]), slopes != 0
    trial.update_ratios.setdefault(layer, []).append(rms([steps]) / size if size else float("nan"))
    trial.moved.setdefault(layer, []).append(float((steps != 0)[pushed].mean()) if pushed.any() else float("nan"))
    trial.gradient_rms.setdefault(layer, []).append(rms([slopes]))


def _note_clipping(optimiser: Any, gradients: list[Any], trial: Trial) -> None:
    """By what factor the optimiser is about to shorten the gradient: 1 or less = not at all."""
    if optimiser.global_clipnorm:
        trial.clip_loads.append(float(np.hypot.reduce([_norm(one) for one in gradients])) / optimiser.global_clipnorm)
    elif optimiser.clipnorm:
        trial.clip_loads.append(max(map(_norm, gradients)) / optimiser.clipnorm)
    elif optimiser.clipvalue:
        trial.clip_loads.append(max(float(np.abs(one).max()) for one in gradients) / optimiser.clipvalue)


def _norm(values: NDArray[np.float64]) -> float:
    return rms([values]) * float(np.sqrt(values.size))


def _exact(tensor: Any) -> NDArray[np.float64]:
    return np.asarray(tensor.numpy(), np.float64)


def _values(variables: Any) -> list[Any]:
    return [tf.convert_to_tensor(one.value) for one in variables if keras.backend.is_float_dtype(one.dtype)]


def _inner(optimiser: Any) -> Any:
    return getattr(optimiser, "inner_optimizer", optimiser)


def _copied(optimiser: Any, model: Any) -> Any:
    """An optimiser of the same settings and state, with variables of its own."""
    copy = type(optimiser).from_config(optimiser.get_config())
    copy.build(model.trainable_variables)
    if optimiser.built:
        for variable, source in zip(copy.variables, optimiser.variables, strict=True):
            variable.assign(source.value)
    return copy


def _variables(model: Any) -> list[Any]:
    return [*model.variables, *model.metrics_variables]


def _restore(before: list[tuple[Any, Any]]) -> None:
    for variable, value in before:
        variable.assign(value)


def _all_finite(arrays: Arrays) -> bool:
    return all(bool(np.isfinite(array).all()) for array in arrays)
