"""Layers without weights that break a gradient, or that look as if they did."""

from collections.abc import Callable
from typing import Any

import keras


class Stopped(keras.layers.Layer):
    """Passes its inputs on, and no gradient back."""

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        return keras.ops.stop_gradient(inputs)


class Chosen(keras.layers.Layer):
    """Which of the inputs is the largest, as ones and zeros: choosing has no derivative."""

    def call(self, inputs: Any) -> Any:
        """One 1 for each example."""
        return keras.ops.one_hot(keras.ops.argmax(inputs, axis=-1), inputs.shape[-1], dtype=inputs.dtype)


class Rooted(keras.layers.Layer):
    """Square roots of the inputs, whose derivative at 0 is infinite."""

    def call(self, inputs: Any) -> Any:
        """The roots."""
        return keras.ops.sqrt(keras.ops.relu(inputs))


class Standardised(keras.layers.Layer):
    """Each example less its mean and divided by its standard deviation, without the epsilon that would save it."""

    def call(self, inputs: Any) -> Any:
        """The standardised inputs; 0 / 0 where all of them are equal."""
        centred = inputs - keras.ops.mean(inputs, axis=-1, keepdims=True)
        return centred / keras.ops.sqrt(keras.ops.mean(keras.ops.square(centred), axis=-1, keepdims=True))


INSERTS: dict[str, Callable[..., Any]] = {
    "stopped": Stopped,
    "chosen": Chosen,
    "rooted": Rooted,
    "standardised": Standardised,
    "batch_norm": lambda name: keras.layers.BatchNormalization(momentum=0.9, name=name),
    "layer_norm": lambda name: keras.layers.LayerNormalization(name=name),
    "noise": lambda name: keras.layers.GaussianNoise(0.1, seed=0, name=name),
}
"""Each kind's name, and what makes it from a layer's name."""
