"""Fully connected networks, plain and with skip connections."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Self

import keras
import numpy as np

from vgcore.models.maxout import Maxout
from vgcore.models.network import Network

PIECES = 2
"""Linear pieces of a maxout unit."""

OWN_LAYERS: dict[str, Callable[[str], Any]] = {
    "leaky_relu": lambda name: keras.layers.LeakyReLU(0.3, name=name),  # the layer's default; the function's is 0.2
    # He et al. (2015) let the slopes start at 0.25; Keras's default is 0, a ReLU at first
    "prelu": lambda name: keras.layers.PReLU(keras.initializers.Constant(0.25), name=name),
    "maxout": lambda name: Maxout(PIECES, name=name),
}
"""Activations that need a layer of their own, and what they are here."""

NORMALISATIONS = (None, "batch", "batch_after", "layer")


@dataclass(frozen=True, kw_only=True)
class MLP(Network):
    """A fully connected classifier of `depth` hidden layers; the outputs are logits.

    `activation` and `initialisation` are Keras names; `gain` multiplies the hidden layers' initial weights. With
    `skip`, every hidden layer after the first becomes a branch beside a straight path (see `mlp`); the number of
    weights stays the same. `activation` may also be "leaky_relu" (slope 0.3), "prelu" (slopes that start at 0.25) or
    "maxout" (the larger of two pieces, so twice the weights; without skips). `normalisation`: None; "batch" or
    "layer", before each activation; "batch_after", after it. `batch_momentum`: the share of its running statistics
    that batch normalisation keeps at each step. Raises ValueError for a size that is not positive, an unknown name, a
    momentum outside 0 to 1, or maxout with skips.
    """

    depth: int = 20
    width: int = 64
    activation: str = "sigmoid"
    initialisation: str = "glorot_uniform"
    gain: float = 1.0
    skip: bool = False
    normalisation: str | None = None
    batch_momentum: float = 0.9  # Keras's 0.99 keeps a fortieth of the statistics it starts with for 368 steps
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
        if self.normalisation not in NORMALISATIONS:
            known = ", ".join(map(repr, NORMALISATIONS))
            raise ValueError(f"normalisation must be one of {known}, not {self.normalisation!r}")
        if not 0 <= self.batch_momentum < 1:
            raise ValueError(f"batch_momentum must be at least 0 and below 1, not {self.batch_momentum!r}")
        _initialiser(self.initialisation, seed=0)

    @property
    def numbered_layers(self) -> int:
        """Its hidden layers."""
        return self.depth

    def build(self, seed: int) -> Any:
        """See `mlp`."""
        return mlp(self, seed)

    def architecture(self) -> Self:
        """Gain and initialisation only set the first weights."""
        return replace(self, gain=1.0, initialisation="glorot_uniform")


def mlp(config: MLP, seed: int) -> keras.Model:
    """The network that `config` describes, every layer drawn from its own seed, all derived from `seed`.

    Plain: h = f(W h), `depth` times. With skips: x = W x_input first, then `depth - 1` times
    x = x + W (f(x) - f(0)) / sqrt(depth - 1). The branch is centred, or the stream's mean would drift, and scaled, or
    its variance would double at every layer. Normalisation stands directly before or after each f, in the branch where
    there are skips; the biases stay, although it takes them away again when it comes before f. Input shape
    (batch, inputs), output shape (batch, outputs).

    Examples:
        >>> mlp(MLP(depth=3, width=8), seed=0).count_params()
        754
    """
    dense = drawn_layers(config.initialisation, seed, config.depth + 1)
    images = keras.Input((config.inputs,))
    hidden = _skip_layers(config, images, dense) if config.skip else _plain_layers(config, images, dense)
    model = keras.Model(images, dense(config.outputs, "logits")(hidden))
    if config.gain != 1:
        for layer in model.layers:
            if layer.name.startswith("hidden"):
                layer.kernel.assign(config.gain * layer.kernel)
    return model


def drawn_layers(initialisation: str, seed: int, count: int) -> Callable[..., Any]:
    """A function that makes `count` Dense layers from units and name, each drawn from its own seed."""
    seeds = iter(np.random.SeedSequence(seed).generate_state(count))

    def dense(units: int, name: str, **arguments: Any) -> Any:
        initialiser = _initialiser(initialisation, seed=int(next(seeds)))
        return keras.layers.Dense(units, kernel_initializer=initialiser, name=name, **arguments)

    return dense


def _plain_layers(config: MLP, stream: Any, dense: Any) -> Any:
    units = config.width * (PIECES if config.activation == "maxout" else 1)
    in_one = config.activation not in OWN_LAYERS and config.normalisation is None
    for number in range(1, config.depth + 1):
        stream = dense(units, f"hidden_{number}", activation=config.activation if in_one else None)(stream)
        if not in_one:
            stream = _active(config, number, stream)
    return stream


def _skip_layers(config: MLP, images: Any, dense: Any) -> Any:
    stream = dense(config.width, "hidden_1")(images)
    scale = branch_scale(config)
    centred_already = config.activation in OWN_LAYERS or config.normalisation == "batch_after"
    rest = 0.0 if centred_already else float(keras.activations.get(config.activation)(keras.ops.zeros(())))
    for number in range(2, config.depth + 1):
        active = _active(config, number, stream)
        centred = keras.layers.Rescaling(scale, offset=-scale * rest, name=f"centred_{number}")(active)
        branch = dense(config.width, f"hidden_{number}")(centred)
        stream = keras.layers.Add(name=f"stream_{number}")([stream, branch])
    return stream


def _active(config: MLP, number: int, stream: Any) -> Any:
    """The activation as a layer of its own, with the normalisation before or after it."""
    name = f"active_{number}"
    own_layer = OWN_LAYERS.get(config.activation)
    active = own_layer(name) if own_layer else keras.layers.Activation(config.activation, name=name)
    if config.normalisation is None:
        return active(stream)
    name = f"normalised_{number}"
    if config.normalisation == "layer":
        return active(keras.layers.LayerNormalization(name=name)(stream))
    normalised = keras.layers.BatchNormalization(momentum=config.batch_momentum, name=name)
    return normalised(active(stream)) if config.normalisation == "batch_after" else active(normalised(stream))


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
