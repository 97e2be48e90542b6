"""First weights drawn anew, of the kind that suits each layer's activation."""

from collections.abc import Collection
from typing import Any

import keras
import numpy as np

from vgcore.probes.flow import kernels, parts

RELU_LIKE = frozenset({"relu", "leaky_relu", "prelu", "relu6", "elu", "gelu", "silu", "swish", "mish", "softplus"})

PLAIN = (keras.layers.Dense, keras.layers.Conv1D, keras.layers.Conv2D, keras.layers.Conv3D)
"""Layers that multiply by a matrix, add a bias and apply their activation."""

DRAWN = (*PLAIN, keras.layers.RNN)
"""Layers whose first weights depend on the activation: not embeddings, and not what attention projects."""


def drawn(model: Any, activations: dict[str, str], seed: int, only: Collection[str] | None = None) -> Any:
    """Draw the weights of a model's trainable layers anew, set their biases to 0, and return the model.

    `activations`: by the layer's path, the function that follows it; `only`: paths of the layers meant, all if None.
    He's weights before ReLU and its like, LeCun's before SELU, else Glorot's; recurrent weights are orthogonal, and
    an LSTM's forget gates get a bias of 1.
    """
    random = np.random.default_rng(seed)
    for layer in parts(model):
        if isinstance(layer, DRAWN) and layer.trainable and (only is None or layer.path in only):
            _draw(layer, suiting(activations.get(layer.path, "")), random)
    return model


def suiting(activation: str) -> Any:
    """The initialiser that keeps the signal's size under this activation."""
    if activation in RELU_LIKE:
        return keras.initializers.HeNormal
    return keras.initializers.LecunNormal if activation == "selu" else keras.initializers.GlorotUniform


def _draw(layer: Any, initialiser: Any, random: np.random.Generator) -> None:
    for kernel in kernels(layer):
        chosen = keras.initializers.Orthogonal if kernel.name == "recurrent_kernel" else initialiser
        kernel.assign(chosen(seed=int(random.integers(2**31)))(kernel.shape, kernel.dtype))
    for cell in layer._flatten_layers():
        if getattr(cell, "bias", None) is not None:
            cell.bias.assign(_bias(cell))


def _bias(cell: Any) -> Any:
    values = np.zeros(cell.bias.shape)
    if isinstance(cell, keras.layers.LSTMCell):
        values[cell.units : 2 * cell.units] = 1.0
    return values
