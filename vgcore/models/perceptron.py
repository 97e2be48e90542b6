"""Fully connected networks, plain and with skip connections."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from vgcore.models.maxout import Maxout

PIECES = 2
"""Linear pieces of a maxout unit."""

OWN_LAYERS: dict[str, Callable[[str], Any]] = {
    "leaky_relu": lambda name: keras.layers.LeakyReLU(0.3, name=name),  # the layer's default; the function's is 0.2
    # He et al. (2015) let the slopes start at 0.25; Keras's default is 0, a ReLU at first
    "prelu": lambda name: keras.layers.PReLU(keras.initializers.Constant(0.25), name=name),
    "maxout": lambda name: Maxout(PIECES, name=name),
}
"""Activations that need a layer of their own, and what they are here."""


@dataclass(frozen=True, kw_only=True)
class MLP:
    """A fully connected classifier of `depth` hidden layers; the outputs are logits.

    `activation` and `initialisation` are Keras names; `gain` multiplies the hidden layers' initial weights. With
    `skip`, every hidden layer after the first becomes a branch beside a straight path (see `mlp`); the number of
    weights stays the same. `activation` may also be "leaky_relu" (slope 0.3), "prelu" (slopes that start at 0.25) or
    "maxout" (the larger of two pieces, so twice the weights; without skips). Raises ValueError for a size that is not
    positive, a name that Keras does not know, or maxout with skips.
    """

    depth: int = 20
    width: int = 64
    activation: str = "sigmoid"
    initialisation: str = "glorot_uniform"
    gain: float = 1.0
    skip: bool = False
    inputs: int = 64
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("depth", "width", "inputs", "outputs", "gain"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        if self.activation not in OWN_LAYERS and not _is_activation(self.activation):
            raise ValueError(f"Keras knows no activation {self.activation!r}")
        if self.skip and self.activation == "maxout":
            raise ValueError("maxout takes twice the inputs that it passes on, so it has no skips here")
        _initialiser(self.initialisation, seed=0)


def mlp(config: MLP, seed: int) -> keras.Model:
    """The network that `config` describes, every layer drawn from its own seed, all derived from `seed`.

    Plain: h = f(W h), `depth` times. With skips: x = W x_input first, then `depth - 1` times
    x = x + W (f(x) - f(0)) / sqrt(depth - 1). The branch is centred, or the stream's mean would drift, and scaled, or
    its variance would double at every layer. Input shape (batch, inputs), output shape (batch, outputs).

    Examples:
        >>> mlp(MLP(depth=3, width=8), seed=0).count_params()
        754
    """
    seeds = iter(np.random.SeedSequence(seed).generate_state(config.depth + 1))

    def dense(units: int, name: str, **arguments: Any) -> Any:
        initialiser = _initialiser(config.initialisation, seed=int(next(seeds)))
        return keras.layers.Dense(units, kernel_initializer=initialiser, name=name, **arguments)

    images = keras.Input((config.inputs,))
    hidden = _skip_layers(config, images, dense) if config.skip else _plain_layers(config, images, dense)
    model = keras.Model(images, dense(config.outputs, "logits")(hidden))
    if config.gain != 1:
        for layer in model.layers:
            if layer.name.startswith("hidden"):
                layer.kernel.assign(config.gain * layer.kernel)
    return model


def _plain_layers(config: MLP, stream: Any, dense: Any) -> Any:
    own_layer = OWN_LAYERS.get(config.activation)
    units = config.width * (PIECES if config.activation == "maxout" else 1)
    for number in range(1, config.depth + 1):
        activation = None if own_layer else config.activation
        stream = dense(units, f"hidden_{number}", activation=activation)(stream)
        if own_layer:
            stream = own_layer(f"active_{number}")(stream)
    return stream


def _skip_layers(config: MLP, images: Any, dense: Any) -> Any:
    stream = dense(config.width, "hidden_1")(images)
    scale = branch_scale(config)
    own_layer = OWN_LAYERS.get(config.activation)
    rest = 0.0 if own_layer else float(keras.activations.get(config.activation)(keras.ops.zeros(())))
    for number in range(2, config.depth + 1):
        name = f"active_{number}"
        active = own_layer(name) if own_layer else keras.layers.Activation(config.activation, name=name)
        centred = keras.layers.Rescaling(scale, offset=-scale * rest, name=f"centred_{number}")(active(stream))
        branch = dense(config.width, f"hidden_{number}")(centred)
        stream = keras.layers.Add(name=f"stream_{number}")([stream, branch])
    return stream


def branch_scale(config: MLP) -> float:
    """What a branch of the network with skips is multiplied by: 1 / sqrt(number of branches).

    Examples:
        >>> branch_scale(MLP(depth=5, skip=True))
        0.5
    """
    return float(max(config.depth - 1, 1) ** -0.5)


def _initialiser(name: str, seed: int) -> Any:
    """A fresh initialiser with its own seed: one instance used twice would give two layers the same weights."""
    initialiser: Any = None
    with suppress(TypeError, ValueError):
        initialiser = keras.initializers.deserialize({"class_name": name, "config": {"seed": seed}})
    if not callable(initialiser):
        raise ValueError(f"Keras knows no random initialiser {name!r}")  # noqa: TRY004 - the name is what is wrong
    return initialiser


def _is_activation(name: str) -> bool:
    try:
        return callable(keras.activations.get(name))
    except (TypeError, ValueError):
        return False
