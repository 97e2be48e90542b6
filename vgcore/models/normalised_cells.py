"""Recurrent cells that normalise their own sums at every step, for `keras.layers.RNN`.

Each is Keras's cell with another `call`: weights, first state, recurrent dropout and configuration are inherited.
Source: Ba, Kiros and Hinton, "Layer Normalization", 2016. The cell's own bias plays the part of the shift, so a
normalisation brings one gain a unit.
"""

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="vgcore")
class NormalisedSimpleRNNCell(keras.layers.SimpleRNNCell):
    """h = tanh(N(W x + U h) + b), where N subtracts the mean over the units and divides by their deviation.

    Examples:
        >>> layer = keras.layers.RNN(NormalisedSimpleRNNCell(4))
        >>> layer(keras.ops.ones((2, 5, 3))).shape
        TensorShape([2, 4])
    """

    def build(self, input_shape: Any) -> None:
        """Keras's weights and one gain a unit."""
        super().build(input_shape)
        self.normalised = _normalisation("normalised", self.units)

    def call(self, sequence: Any, states: Any, training: bool = False) -> Any:
        """One step."""
        sums = ops.matmul(sequence, self.kernel) + _recurrent_sums(self, states[0], training)
        h = self.activation(self.normalised(sums) + self.bias)
        return h, [h]


@keras.saving.register_keras_serializable(package="vgcore")
class NormalisedLSTMCell(keras.layers.LSTMCell):
    """An LSTM cell with i, f, g, o from N(W x) + N(U h) + b over all four gates at once, and h = o tanh(N(c)).

    What c itself passes on from step to step is not normalised.

    Examples:
        >>> layer = keras.layers.RNN(NormalisedLSTMCell(4))
        >>> layer(keras.ops.ones((2, 5, 3))).shape
        TensorShape([2, 4])
    """

    def build(self, input_shape: Any) -> None:
        """Keras's weights, one gain a sum, and a gain and a shift for each c."""
        super().build(input_shape)
        self.normalised_inputs = _normalisation("normalised_inputs", 4 * self.units)
        self.normalised_state = _normalisation("normalised_state", 4 * self.units)
        self.normalised_cell = _normalisation("normalised_cell", self.units, center=True)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """One step."""
        sums = self.normalised_inputs(ops.matmul(inputs, self.kernel)) + self.bias
        sums = sums + self.normalised_state(_recurrent_sums(self, states[0], training))
        i, f, g, o = ops.split(sums, 4, axis=1)
        c = self.recurrent_activation(f) * states[1] + self.recurrent_activation(i) * self.activation(g)
        h = self.recurrent_activation(o) * self.activation(self.normalised_cell(c))
        return h, [h, c]


@keras.saving.register_keras_serializable(package="vgcore")
class NormalisedGRUCell(keras.layers.GRUCell):
    """A GRU cell with N(W x) + b and N(U h) + b' over all three gates at once in place of W x + b and U h + b'.

    Examples:
        >>> layer = keras.layers.RNN(NormalisedGRUCell(4))
        >>> layer(keras.ops.ones((2, 5, 3))).shape
        TensorShape([2, 4])
    """

    def build(self, input_shape: Any) -> None:
        """Keras's weights and one gain a sum."""
        super().build(input_shape)
        self.normalised_inputs = _normalisation("normalised_inputs", 3 * self.units)
        self.normalised_state = _normalisation("normalised_state", 3 * self.units)

    def call(self, inputs: Any, states: Any, training: bool = False) -> Any:
        """One step."""
        outer = self.normalised_inputs(ops.matmul(inputs, self.kernel)) + self.bias[0]
        inner = self.normalised_state(_recurrent_sums(self, states[0], training)) + self.bias[1]
        (outer_z, outer_r, outer_g), (inner_z, inner_r, inner_g) = (
            ops.split(outer, 3, axis=1),
            ops.split(inner, 3, axis=1),
        )
        z, r = self.recurrent_activation(outer_z + inner_z), self.recurrent_activation(outer_r + inner_r)
        h = z * states[0] + (1 - z) * self.activation(outer_g + r * inner_g)
        return h, [h]


def _normalisation(name: str, units: int, center: bool = False) -> Any:
    layer = keras.layers.LayerNormalization(center=center, name=name)
    layer.build((None, units))
    return layer


def _recurrent_sums(cell: Any, state: Any, training: bool) -> Any:
    """U h, without what dropout hides of h: a mask for each gate, as Keras draws them, the same at every step."""
    masks = cell.get_recurrent_dropout_mask(state) if training else None
    if masks is None:
        return ops.matmul(state, cell.recurrent_kernel)
    masks = masks if isinstance(masks, list) else [masks]
    gates = ops.split(cell.recurrent_kernel, len(masks), axis=1)
    return ops.concatenate([ops.matmul(state * mask, gate) for mask, gate in zip(masks, gates, strict=True)], axis=1)
