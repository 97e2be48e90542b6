"""Fully connected networks whose layers decide how much of their input passes by unchanged."""

from dataclasses import dataclass, replace
from typing import Any, Self

import keras

from vgcore.models.network import Network
from vgcore.models.perceptron import _initialiser, _is_activation, drawn_layers


@dataclass(frozen=True, kw_only=True)
class Highway(Network):
    """A highway network of `depth` hidden layers; the outputs are logits.

    `gate_bias`: the gates' first biases; the lower, the more a layer lets pass at first. The other fields are those of
    `MLP`. Each layer but the first has a gate with as many weights as the layer itself. Raises ValueError for a size
    that is not positive or a name that Keras does not know.
    """

    depth: int = 20
    width: int = 64
    activation: str = "sigmoid"
    initialisation: str = "glorot_uniform"
    gate_bias: float = -3.0  # at -2 twenty sigmoid layers do not learn the digits in 16 epochs
    inputs: int = 64
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("depth", "width", "inputs", "outputs"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        if not _is_activation(self.activation):
            raise ValueError(f"Keras knows no activation {self.activation!r}")
        _initialiser(self.initialisation, seed=0)

    @property
    def numbered_layers(self) -> int:
        """Its hidden layers."""
        return self.depth

    def build(self, seed: int) -> Any:
        """See `highway`."""
        return highway(self, seed)

    def architecture(self) -> Self:
        """Initialisation and gate bias only set the first weights."""
        return replace(self, initialisation="glorot_uniform", gate_bias=0.0)


def highway(config: Highway, seed: int) -> keras.Model:
    """The network that `config` describes, every layer drawn from its own seed, all derived from `seed`.

    h = f(W x_input) first, then `depth - 1` times h = t f(W h) + (1 - t) h with the gate t = sigmoid(V h + gate_bias).
    Input shape (batch, inputs), output shape (batch, outputs). The layers' names are "hidden_1", ..., "gate_2", ...
    and "logits". Source: Srivastava, Greff and Schmidhuber, "Training Very Deep Networks", 2015.

    Examples:
        >>> highway(Highway(depth=3, width=8), seed=0).count_params()  # 144 more than the plain network
        898
    """
    dense = drawn_layers(config.initialisation, seed, 2 * config.depth)
    images = keras.Input((config.inputs,))
    stream = dense(config.width, "hidden_1", activation=config.activation)(images)
    for number in range(2, config.depth + 1):
        bias = keras.initializers.Constant(config.gate_bias)
        gate = dense(config.width, f"gate_{number}", activation="sigmoid", bias_initializer=bias)(stream)
        changed = dense(config.width, f"hidden_{number}", activation=config.activation)(stream)
        difference = keras.layers.Subtract(name=f"difference_{number}")([changed, stream])
        gated = keras.layers.Multiply(name=f"gated_{number}")([gate, difference])
        stream = keras.layers.Add(name=f"stream_{number}")([stream, gated])
    return keras.Model(images, dense(config.outputs, "logits")(stream))
