"""Batch normalisation whose work is undone on purpose: after it, every unit's mean and scale jump at each step."""

from dataclasses import dataclass
from typing import Any

import keras

from vgcore.models.network import Network
from vgcore.models.perceptron import drawn_layers


@dataclass(frozen=True, kw_only=True)
class NoisyNormalised(Network):
    """A plain perceptron with batch normalisation and then `ShiftingNoise` before each activation; outputs are logits.

    `shift`, `scale`, `spread`: those of the noise; the other fields are those of `MLP`. Raises ValueError for a depth
    or a width that is not positive.
    """

    depth: int = 20
    width: int = 64
    activation: str = "sigmoid"
    initialisation: str = "glorot_uniform"
    batch_momentum: float = 0.9  # as in `MLP`
    shift: float = 0.5
    scale: float = 1.25
    spread: float = 0.1
    inputs: int = 64
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("depth", "width"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")

    @property
    def numbered_layers(self) -> int:
        """Its hidden layers."""
        return self.depth

    def build(self, seed: int) -> Any:
        """See `noisy_normalised`."""
        return noisy_normalised(self, seed)


def noisy_normalised(config: NoisyNormalised, seed: int) -> keras.Model:
    """The network that `config` describes; its weights are those of the `MLP` of the same seed, depth and width.

    Input shape (batch, inputs), output shape (batch, outputs). Source: Santurkar et al., "How Does Batch Normalization
    Help Optimization?", NeurIPS 2018, who put noise of changing mean and scale behind each batch normalisation.

    Examples:
        >>> noisy_normalised(NoisyNormalised(depth=2, width=8), seed=0).count_params() > 700
        True
    """
    dense = drawn_layers(config.initialisation, seed, config.depth + 1)
    images = stream = keras.Input((config.inputs,))
    for number in range(1, config.depth + 1):
        stream = dense(config.width, f"hidden_{number}")(stream)
        stream = keras.layers.BatchNormalization(momentum=config.batch_momentum, name=f"normalised_{number}")(stream)
        noise = ShiftingNoise(config.shift, config.scale, config.spread, 1000 * seed + number, name=f"noise_{number}")
        stream = keras.layers.Activation(config.activation, name=f"active_{number}")(noise(stream))
    return keras.Model(images, dense(config.outputs, "logits")(stream))


class ShiftingNoise(keras.layers.Layer):
    """At each training step another distribution: x becomes s x + m, with s and m drawn for every unit and example.

    A unit's m have a mean drawn from -`shift` to `shift` and its s one from 1 to `scale`, anew at each step; around
    them single examples stray by `spread`. At rest x passes unchanged.

    Examples:
        >>> ones = keras.ops.ones((1000, 1))
        >>> layer = ShiftingNoise(shift=0.0, scale=1.0, spread=0.1, seed=0)
        >>> bool(abs(float(keras.ops.mean(layer(ones, training=True))) - 1) < 0.02), float(layer(ones)[0, 0])
        (True, 1.0)
    """

    def __init__(self, shift: float, scale: float, spread: float, seed: int, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.shift, self.scale, self.spread = shift, scale, spread
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, x: Any, training: bool = False) -> Any:
        """The disturbed values in training, x itself otherwise; any shape (batch, units)."""
        if not training:
            return x
        of_unit, of_each, draws = (1, x.shape[-1]), keras.ops.shape(x), {"seed": self.seed_generator}
        mean = keras.random.uniform(of_unit, -self.shift, self.shift, **draws)
        scale = keras.random.uniform(of_unit, 1.0, self.scale, **draws)
        added = mean + keras.random.uniform(of_each, -self.spread, self.spread, **draws)
        return (scale + self.spread * keras.random.normal(of_each, **draws)) * x + added
