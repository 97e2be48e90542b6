"""Run a Keras model, in float64 or as it is, and leave no trace of it."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import tensorflow as tf


@contextmanager
def in_float64(model: Any) -> Iterator[dict[int, Any]]:
    """Within this context the model computes in float64 and assigns to none of its variables.

    Yields the float64 value of every floating variable, by the variable's `id`. Assignments (batch normalisation's
    statistics, seed generators, recurrent states) go to a scope that is thrown away. Batch normalisation uses the
    batch's own statistics, as in training; everything else, dropout too, behaves as it is called.
    """
    variables = [variable for variable in model.variables if keras.backend.is_float_dtype(variable.dtype)]
    values = {id(variable): tf.cast(variable.value, tf.float64) for variable in variables}
    scope = keras.StatelessScope()
    scope.state_mapping.update(values)  # its constructor would cast them back
    with ExitStack() as stack:
        stack.enter_context(scope)
        for layer in _all_layers(model):
            for name, value in _attributes(layer).items():
                stack.enter_context(replaced(layer, name, value))
        yield values


@contextmanager
def in_own_precision(model: Any, state: Mapping[int, Any]) -> Iterator[None]:
    """Within this context the model computes in its own precision and assigns to none of its variables.

    `state`: tensors to compute with in place of the variables' values, by the variable's `id`; may be empty.
    """
    scope = keras.StatelessScope()
    scope.state_mapping.update(state)
    with ExitStack() as stack:
        stack.enter_context(scope)
        for layer in _all_layers(model):
            stack.enter_context(replaced(layer, "_losses", []))  # a call would clear the list and add new ones
            stack.enter_context(replaced(layer, "_loss_ids", set()))
        yield


@contextmanager
def replaced(thing: Any, name: str, value: Any) -> Iterator[None]:
    """Within this context the object's own attribute has this value; `__setattr__` is not involved."""
    attributes = vars(thing)
    had = name in attributes
    before = attributes.get(name)
    attributes[name] = value
    try:
        yield
    finally:
        if had:
            attributes[name] = before
        else:
            del attributes[name]


def _all_layers(model: Any) -> list[Any]:
    layers = model._flatten_layers()
    inner = [getattr(layer, "_functional", None) for layer in layers]  # a sequential model hides one
    return [*layers, *(each for each in inner if each is not None)]


def _attributes(layer: Any) -> dict[str, Any]:
    """The attributes a layer needs meanwhile. A call would clear its list of losses and add new ones."""
    attributes: dict[str, Any] = {"_losses": [], "_loss_ids": set()}
    if keras.backend.is_float_dtype(layer._dtype_policy.compute_dtype):
        attributes["_dtype_policy"] = keras.DTypePolicy("float64")
    if isinstance(layer, keras.layers.BatchNormalization):
        attributes["call"] = _in_training(layer.call)
    if isinstance(layer, keras.layers.InputLayer) and keras.backend.is_float_dtype(layer.dtype):
        attributes["_dtype"] = "float64"  # a sequential model casts to it
    if hasattr(layer, "_convert_inputs_to_tensors"):
        attributes["_convert_inputs_to_tensors"] = _keeping_precision(layer._convert_inputs_to_tensors)
    return attributes


def _keeping_precision(convert: Any) -> Any:
    """A functional model casts to the type of its inputs, in the middle of a network if it is nested there."""

    def precise_conversion(inputs: list[Any]) -> list[Any]:
        pairs = zip(inputs, convert(inputs), strict=True)
        return [given if is_float(given) and is_float(cast) else cast for given, cast in pairs]

    return precise_conversion


def is_float(thing: Any) -> bool:
    """Whether this is a TensorFlow tensor of floating numbers."""
    return bool(tf.is_tensor(thing) and thing.dtype.is_floating)


def _in_training(call: Any) -> Any:
    def training_call(*arguments: Any, **keywords: Any) -> Any:
        return call(*arguments, **{**keywords, "training": True})

    return training_call
