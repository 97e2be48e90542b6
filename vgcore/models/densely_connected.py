"""Fully connected networks in which every layer reads all layers before it."""

from dataclasses import dataclass, replace
from typing import Any, Self

import keras

from vgcore.models.network import Network
from vgcore.models.perceptron import _initialiser, _is_activation, drawn_layers


@dataclass(frozen=True, kw_only=True)
class DenselyConnected(Network):
    """A network of `depth` hidden layers of `growth` units that read everything before them; the outputs are logits.

    The other fields are those of `MLP`. Raises ValueError for a size that is not positive or a name that Keras does
    not know.
    """

    depth: int = 20
    growth: int = 16  # with 20 layers and 64 inputs nearly the weights of a plain network of width 64
    activation: str = "sigmoid"
    initialisation: str = "glorot_uniform"
    inputs: int = 64
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("depth", "growth", "inputs", "outputs"):
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
        """See `densely_connected`."""
        return densely_connected(self, seed)

    def architecture(self) -> Self:
        """The initialisation only sets the first weights."""
        return replace(self, initialisation="glorot_uniform")


def densely_connected(config: DenselyConnected, seed: int) -> keras.Model:
    """The network that `config` describes, every layer drawn from its own seed, all derived from `seed`.

    x = [x, f(W x)], `depth` times: what a layer computes is set beside what it read, not added to it. So layer l has
    inputs + (l - 1) growth inputs, and the answer reads them all. Input shape (batch, inputs), output shape
    (batch, outputs). Source: Huang et al., "Densely Connected Convolutional Networks", CVPR 2017.

    Examples:
        >>> densely_connected(DenselyConnected(depth=3, growth=4), seed=0).count_params()
        1598
    """
    dense = drawn_layers(config.initialisation, seed, config.depth + 1)
    images = stream = keras.Input((config.inputs,))
    for number in range(1, config.depth + 1):
        new = dense(config.growth, f"hidden_{number}", activation=config.activation)(stream)
        stream = keras.layers.Concatenate(name=f"stream_{number}")([stream, new])
    return keras.Model(images, dense(config.outputs, "logits")(stream))
