"""What the published rules look at, gathered during a short training of a specimen."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from vgcore.zoo.published_rules import Array, Look, Output, Readings, Step
from vgcore.zoo.specimen import Specimen, batch_order, score
from vgcore.zoo.task import Arrays

EPOCHS = 6
"""Enough for two looks of AutoTrainer, and for the fifth epoch, at which DeepDiagnosis asks for saturation."""

STEPS = 21
"""Enough for two looks of TheDeepChecker."""

SEEN = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.Activation, keras.layers.ReLU)
"""Layers whose outputs the tools look at."""


def readings(specimen: Specimen, seed: int, epochs: int = EPOCHS, steps: int = STEPS) -> Readings:
    """Train the specimen, first on one batch, then anew on all of its data, and note what the rules need.

    Outputs are those of the layers of a functional model; inside a nested or subclassed model there are none to see.
    """
    model, (x, y) = specimen.build(seed), specimen.data(seed)
    model.optimizer.build(model.trainable_variables)
    variables = [*model.variables, *model.optimizer.variables]
    start = [variable.value.numpy() for variable in variables]
    batch = keras.tree.map_structure(lambda array: array[: specimen.recipe.batch_size], (x, y))
    probe = _Probe(model, batch)
    on_one_batch = tuple(_steps(model, probe, batch, steps))
    for variable, values in zip(variables, start, strict=True):
        variable.assign(values)
    return Readings(steps=on_one_batch, epochs=tuple(_epochs(specimen, model, probe, seed, epochs)))


def _steps(model: Any, probe: "_Probe", batch: tuple[Arrays, Arrays], count: int) -> Iterator[Step]:
    """Steps of training on one batch; as many as its optimiser takes as one where it collects gradients."""
    x, y = batch
    for _ in range(count):
        gradients, outputs, _ = probe.look(training=True)
        weights = probe.weights()
        model.train_on_batch(x, y)
        yield Step(gradients=gradients, weights=weights, next_weights=probe.weights(), outputs=outputs)


def _epochs(specimen: Specimen, model: Any, probe: "_Probe", seed: int, count: int) -> Iterator[Look]:
    x, y = specimen.data(seed)
    size = specimen.recipe.batch_size
    inputs = keras.tree.map_structure(keras.ops.convert_to_tensor, x)
    examples = len(keras.tree.flatten(y)[0])
    order = batch_order(examples, size, count * (examples // size), seed + 1).reshape(count, -1)
    for chosen in order:
        part_x, part_y = keras.tree.map_structure(lambda array, chosen=chosen: array[chosen], (x, y))
        model.fit(part_x, part_y, batch_size=size, shuffle=False, verbose=0)
        gradients, outputs, loss = probe.look(training=False)
        known = keras.tree.map_structure(keras.ops.convert_to_numpy, model(inputs, training=False))
        labels = all(target.dtype.kind != "f" for target in keras.tree.flatten(y))
        yield Look(
            gradients=gradients,
            is_dense=probe.is_dense,
            weights=probe.weights(),
            outputs=outputs,
            accuracy=score(known, y) if labels else None,
            loss=loss,
        )


class _Probe:
    """Looks at the kernels of a model and the outputs of its layers, for one batch, without changing the model."""

    def __init__(self, model: Any, batch: tuple[Arrays, Arrays]) -> None:
        self.model = model
        self.x, self.y = keras.tree.map_structure(keras.ops.convert_to_tensor, batch)
        self.kernels = [weight for weight in model.trainable_variables if len(weight.shape) > 1]
        dense = [id(layer.kernel) for layer in model._flatten_layers() if isinstance(layer, keras.layers.Dense)]
        self.is_dense = tuple(id(kernel) in dense for kernel in self.kernels)
        is_functional = hasattr(model, "inputs")  # so is a Sequential, but not a subclass of Model
        self.layers = [layer for layer in model.layers if isinstance(layer, SEEN)] if is_functional else []
        outputs = [layer.output for layer in self.layers]
        self._often = tf.function(self._measured, autograph=False, jit_compile=False)
        self.watched = keras.Model(model.inputs, [*outputs, *model.outputs]) if self.layers else None

    def weights(self) -> tuple[Array, ...]:
        """The kernels, as float32."""
        return tuple(_array(kernel.value) for kernel in self.kernels)

    def look(self, *, training: bool) -> tuple[tuple[Array, ...], tuple[Output, ...], float]:
        """Gradients of the kernels, outputs of the layers, and the loss."""
        # Compiling pays for many steps, and not for a few epochs
        gradients, outputs, loss = self._often(training) if training else self._measured(training)
        named = zip(self.layers, outputs, strict=True)
        return (
            tuple(map(_array, gradients)),
            tuple(Output(activation=_activation(layer), values=_array(output)) for layer, output in named),
            float(loss),
        )

    def _measured(self, training: bool) -> tuple[list[Any], list[Any], Any]:
        values = [kernel.value for kernel in self.kernels]
        with keras.StatelessScope(), tf.GradientTape() as tape:
            outputs, answer = self._call(training)
            loss = self.model.compute_loss(x=self.x, y=self.y, y_pred=answer, training=training)
        gradients = tape.gradient(loss, values, unconnected_gradients="zero")
        return [tf.convert_to_tensor(gradient) for gradient in gradients], outputs, loss

    def _call(self, training: bool) -> tuple[list[Any], Any]:
        if self.watched is None:
            return [], self.model(self.x, training=training)
        *outputs, last = keras.tree.flatten(self.watched(self.x, training=training))
        several = len(self.model.outputs) - 1
        return outputs[: len(self.layers)], [*outputs[len(self.layers) :], last] if several else last


def _activation(layer: Any) -> str:
    """Keras's name of a layer's activation."""
    return "relu" if isinstance(layer, keras.layers.ReLU) else str(layer.activation.__name__)


def _array(tensor: Any) -> Array:
    return np.asarray(tensor.numpy(), np.float32)
