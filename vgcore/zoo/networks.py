"""Networks of the zoo that are not examples of the book: with dropout, bottlenecks, several inputs, shared layers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from vgcore.models import MLP, Network
from vgcore.models.perceptron import _initialiser, drawn_layers
from vgcore.zoo.layers import INSERTS, Stopped

GLOROT = "glorot_uniform"


@dataclass(frozen=True, kw_only=True)
class Stack(Network):
    """Dense layers of the given `widths`, "hidden_1", "hidden_2" ..., and the "logits".

    `inserts`: pairs of a layer's number and one of `vgcore.zoo.layers.INSERTS`, which comes after it. `dropout`: share
    of the units that each hidden layer loses in training. `l2`: the factor of the penalty on the hidden weights.
    `head`: activation of the last layer. `sequential`: a `keras.Sequential` in place of a functional model.
    """

    widths: tuple[int, ...] = (64, 64, 64)
    activation: str = "relu"
    initialisation: str = "he_normal"
    inserts: tuple[tuple[int, str], ...] = ()
    dropout: float = 0.0
    l2: float = 0.0
    head: str | None = None
    inputs: int = 64
    outputs: int = 10
    sequential: bool = False

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, inputs), output shape (batch, outputs)."""
        layers = list(self._layers(seed))
        if self.sequential:
            return keras.Sequential([keras.Input((self.inputs,)), *layers])
        stream = images = keras.Input((self.inputs,))
        for layer in layers:
            stream = layer(stream)
        return keras.Model(images, stream)

    def _layers(self, seed: int) -> Iterator[Any]:
        dense = drawn_layers(self.initialisation, seed, len(self.widths) + 1)
        for number, width in enumerate(self.widths, 1):
            penalty = keras.regularizers.L2(self.l2) if self.l2 else None
            yield dense(width, f"hidden_{number}", activation=self.activation, kernel_regularizer=penalty)
            for after, kind in self.inserts:
                if after == number:
                    yield INSERTS[kind](name=f"{kind}_{number}")
            if self.dropout:
                yield keras.layers.Dropout(self.dropout, seed=seed + number, name=f"dropout_{number}")
        yield dense(self.outputs, "logits", activation=self.head)


@dataclass(frozen=True, kw_only=True)
class ReadInLayers(Network):
    """Recurrent `layers` of `units`, one upon the other, "recurrent_1" ..., and the "logits".

    `cell`: "simple_rnn", "lstm" or "gru"; `activation` is the cell's; `initialisation`: of the recurrent weights.
    `both_ways`: every layer reads forwards and backwards.
    """

    cell: str = "simple_rnn"
    layers: int = 2
    units: int = 32
    features: int = 8
    outputs: int = 10
    activation: str = "tanh"
    initialisation: str = "orthogonal"
    gain: float = 1.0
    both_ways: bool = False

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, steps, features), output shape (batch, outputs)."""
        seeds = [int(state) for state in np.random.SeedSequence(seed).generate_state(4 * self.layers + 1)]
        stream = sequences = keras.Input((None, self.features))
        for number in range(1, self.layers + 1):
            cell = self._layer(number, seeds)
            if self.both_ways:
                name = f"both_ways_{number}"
                cell = keras.layers.Bidirectional(cell, backward_layer=self._layer(number, seeds, back=True), name=name)
            stream = cell(stream)
        answer = keras.layers.Dense(self.outputs, kernel_initializer=_initialiser(GLOROT, seeds[-1]), name="logits")
        return keras.Model(sequences, answer(stream))

    def _layer(self, number: int, seeds: list[int], *, back: bool = False) -> Any:
        kind = {"simple_rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}[self.cell]
        first = 4 * number - 4 + 2 * back
        recurrent = {"class_name": self.initialisation, "config": {}}
        if self.initialisation == "identity":
            recurrent["config"] = {"gain": self.gain}
        else:
            recurrent["config"] = {"seed": seeds[first + 1]} | ({"gain": self.gain} if self.gain != 1 else {})
        return kind(
            self.units,
            activation=self.activation,
            kernel_initializer=_initialiser(GLOROT, seeds[first]),
            recurrent_initializer=keras.initializers.deserialize(recurrent),
            return_sequences=number < self.layers,
            go_backwards=back,
            seed=seeds[first],
            name=f"recurrent_{number}{'_back' if back else ''}",
        )


@dataclass(frozen=True, kw_only=True)
class Words(Network):
    """An Embedding of `vocabulary` words as `width` numbers, their mean, and hidden dense layers."""

    vocabulary: int = 64 * 17
    length: int = 64
    width: int = 32
    depth: int = 2
    activation: str = "relu"
    initialisation: str = "he_normal"
    outputs: int = 10

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, length) of whole numbers, output shape (batch, outputs)."""
        drawn = keras.initializers.RandomNormal(stddev=1.0, seed=seed)
        words = keras.Input((self.length,), dtype="int32")
        embedded = keras.layers.Embedding(self.vocabulary, self.width, embeddings_initializer=drawn, name="embedding")
        stream = keras.layers.GlobalAveragePooling1D(name="average")(embedded(words))
        dense = drawn_layers(self.initialisation, seed + 1, self.depth + 1)
        for number in range(1, self.depth + 1):
            stream = dense(self.width, f"hidden_{number}", activation=self.activation)(stream)
        return keras.Model(words, dense(self.outputs, "logits")(stream))


@dataclass(frozen=True, kw_only=True)
class Towers(Network):
    """Two inputs, each read by dense layers of its own, "left_1" ... and "right_1" ...; then one layer and the logits.

    `left`, `right`: how many layers; `left_activation`, `right_activation`, `initialisation`: theirs;
    `joint_activation`: of the layer "joint" upon both. `stopped`: a layer "stopped" lets no gradient into the left
    tower.
    """

    left: int = 3
    right: int = 3
    left_activation: str = "relu"
    right_activation: str = "relu"
    joint_activation: str = "relu"
    initialisation: str = "he_normal"
    width: int = 32
    inputs: int = 32
    outputs: int = 10
    stopped: bool = False

    def build(self, seed: int) -> Any:
        """The model: two inputs of shape (batch, inputs), output shape (batch, outputs)."""
        dense = drawn_layers(self.initialisation, seed, self.left + self.right + 2)
        images, ends = [keras.Input((self.inputs,)) for _ in range(2)], []
        sides = (("left", self.left, self.left_activation), ("right", self.right, self.right_activation))
        for image, (side, depth, activation) in zip(images, sides, strict=True):
            stream = image
            for number in range(1, depth + 1):
                stream = dense(self.width, f"{side}_{number}", activation=activation)(stream)
            ends.append(Stopped(name="stopped")(stream) if self.stopped and side == "left" else stream)
        both = keras.layers.Concatenate(name="both")(ends)
        joint = dense(self.width, "joint", activation=self.joint_activation)(both)
        return keras.Model(images, dense(self.outputs, "logits")(joint))


@dataclass(frozen=True, kw_only=True)
class Heads(Network):
    """A trunk of `depth` dense layers with two outputs: ten logits, and one logit."""

    depth: int = 3
    width: int = 64
    activation: str = "relu"
    initialisation: str = "he_normal"
    inputs: int = 64

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, inputs), output shapes (batch, 10) and (batch, 1)."""
        dense = drawn_layers(self.initialisation, seed, self.depth + 2)
        stream = images = keras.Input((self.inputs,))
        for number in range(1, self.depth + 1):
            stream = dense(self.width, f"hidden_{number}", activation=self.activation)(stream)
        return keras.Model(images, [dense(10, "digit")(stream), dense(1, "size")(stream)])


@dataclass(frozen=True, kw_only=True)
class Repeated(Network):
    """One dense layer, "shared", that is applied `times` over, between "first" and "logits"."""

    times: int = 10
    width: int = 64
    activation: str = "tanh"
    initialisation: str = "orthogonal"

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, 64), output shape (batch, 10)."""
        dense = drawn_layers(self.initialisation, seed, 3)
        images = keras.Input((64,))
        stream = dense(self.width, "first", activation=self.activation)(images)
        shared = dense(self.width, "shared", activation=self.activation)
        for _ in range(self.times):
            stream = shared(stream)
        return keras.Model(images, dense(10, "logits")(stream))


@dataclass(frozen=True, kw_only=True)
class Nested(Network):
    """An `MLP` as one layer, "body", of another model, which adds a layer "joint" and the logits."""

    body: MLP
    width: int = 32

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, 64), output shape (batch, 10)."""
        whole = self.body.build(seed)
        body = keras.Model(whole.inputs, whole.layers[-2].output, name="body")
        dense = drawn_layers("he_normal", seed + 1, 2)
        images = keras.Input((64,))
        return keras.Model(images, dense(10, "logits")(dense(self.width, "joint", activation="relu")(body(images))))


@dataclass(frozen=True, kw_only=True)
class Subclassed(Network):
    """A subclass of `keras.Model` with a loop in `call`; `idle` adds a layer that `call` never uses."""

    depth: int = 4
    width: int = 64
    activation: str = "relu"
    initialisation: str = "he_normal"
    idle: bool = False

    def build(self, seed: int) -> Any:
        """The model: input shape (batch, 64), output shape (batch, 10)."""
        model = Loop(drawn_layers(self.initialisation, seed, self.depth + 2), self)
        model.build((None, 64))
        return model


class Loop(keras.Model):
    """What a `Subclassed` builds."""  # its name begins the paths of its variables, and no path begins with "_"

    def __init__(self, dense: Any, config: Subclassed) -> None:
        super().__init__(name="loop")
        self.hidden = [
            dense(config.width, f"hidden_{number}", activation=config.activation)
            for number in range(1, config.depth + 1)
        ]
        self.logits = dense(10, "logits")
        self.idle = dense(config.width, "idle") if config.idle else None

    def build(self, input_shape: Any) -> None:
        """Make the weights."""
        for layer in (*self.hidden, self.logits):
            layer.build(input_shape)
            input_shape = layer.compute_output_shape(input_shape)
        if self.idle is not None:
            self.idle.build(self.hidden[-1].compute_output_shape(input_shape))
        self.built = True

    def call(self, images: Any) -> Any:
        """The logits."""
        stream = images
        for layer in self.hidden:
            stream = layer(stream)
        return self.logits(stream)
