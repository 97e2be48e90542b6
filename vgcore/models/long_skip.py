"""Plain fully connected networks with a single skip, from the first hidden layer to the last."""

from dataclasses import dataclass, replace
from typing import Any, Self

import keras

from vgcore.models.network import Network
from vgcore.models.perceptron import _initialiser, _is_activation, drawn_layers


@dataclass(frozen=True, kw_only=True)
class LongSkip(Network):
    """A plain network of `depth` hidden layers whose first layer is added to its last one; the outputs are logits.

    The other fields are those of `MLP`. Raises ValueError for a size that is not positive, fewer than two layers or a
    name that Keras does not know.
    """

    depth: int = 20
    width: int = 64
    activation: str = "sigmoid"
    initialisation: str = "glorot_uniform"
    inputs: int = 64
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("width", "inputs", "outputs"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        if self.depth < 2:
            raise ValueError(f"a skip from the first layer to the last needs two layers, not {self.depth!r}")
        if not _is_activation(self.activation):
            raise ValueError(f"Keras knows no activation {self.activation!r}")
        _initialiser(self.initialisation, seed=0)

    @property
    def numbered_layers(self) -> int:
        """Its hidden layers."""
        return self.depth

    def build(self, seed: int) -> Any:
        """See `long_skip`."""
        return long_skip(self, seed)

    def architecture(self) -> Self:
        """The initialisation only sets the first weights."""
        return replace(self, initialisation="glorot_uniform")


def long_skip(config: LongSkip, seed: int) -> keras.Model:
    """The network that `config` describes; its weights are those of the plain `MLP` of the same seed.

    Input shape (batch, inputs), output shape (batch, outputs). The layers' names are "hidden_1", ..., "logits".

    Examples:
        >>> long_skip(LongSkip(depth=3, width=8), seed=0).count_params()  # a skip has no weights
        754
    """
    dense = drawn_layers(config.initialisation, seed, config.depth + 1)
    images = keras.Input((config.inputs,))
    first = stream = dense(config.width, "hidden_1", activation=config.activation)(images)
    for number in range(2, config.depth + 1):
        stream = dense(config.width, f"hidden_{number}", activation=config.activation)(stream)
    stream = keras.layers.Add(name="stream")([first, stream])
    return keras.Model(images, dense(config.outputs, "logits")(stream))
