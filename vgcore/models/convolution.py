"""Deep networks of 3 by 3 convolutions on 8 by 8 images, plain and with skip connections."""

from dataclasses import dataclass, replace
from typing import Any, Self

import keras
import numpy as np

from vgcore.models.network import Network
from vgcore.models.perceptron import _initialiser, _is_activation

SIDE = 8
"""Rows of an image, and pixels in a row."""

RESIDUAL = (None, "post-activation", "pre-activation")
NORMALISATION = (None, "batch", "batch_after")


@dataclass(frozen=True, kw_only=True)
class ConvNet(Network):
    """A classifier of `depth` layers with weights: depth - 1 convolutions, then the logits, as He et al. count.

    `channels`: of every convolution. `activation`, `initialisation`: Keras names; `gain` multiplies the convolutions'
    initial weights. `residual`: None; "post-activation", blocks f(x + branch) (He et al. 2016a); "pre-activation",
    blocks x + branch (He et al. 2016b). A branch holds two convolutions and is multiplied by `branch_scale`, None for
    1 / sqrt(number of blocks); with `zero_last` what closes it, convolution or normalisation, starts at zero.
    `normalisation`: None; "batch", before every activation; "batch_after", after it. `batch_momentum`: the share of its
    running statistics that batch normalisation keeps at each step.

    Raises ValueError for a size that is not positive, an unknown name, a depth that does not fill blocks of two
    convolutions, or `zero_last` without branches.
    """

    depth: int = 20
    channels: int = 8
    activation: str = "relu"
    initialisation: str = "he_normal"
    gain: float = 1.0
    residual: str | None = None
    branch_scale: float | None = 1.0
    zero_last: bool = False
    normalisation: str | None = None
    batch_momentum: float = 0.9  # Keras's 0.99 still remembers its initial statistics after a few hundred steps
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("channels", "gain", "outputs"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        for name, known in (("residual", RESIDUAL), ("normalisation", NORMALISATION)):
            if getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(map(repr, known))}, not {getattr(self, name)!r}")
        if self.depth < 2 or (self.residual and self.depth % 2):
            raise ValueError(f"depth must be at least 2, and even with blocks, not {self.depth!r}")
        if self.zero_last and not self.residual:
            raise ValueError("zero_last needs branches, so a residual network")
        if not _is_activation(self.activation):
            raise ValueError(f"Keras knows no activation {self.activation!r}")
        _initialiser(self.initialisation, seed=0)

    @property
    def blocks(self) -> int:
        """Residual blocks that the depth has room for, between the first convolution and the logits."""
        return (self.depth - 2) // 2

    def build(self, seed: int) -> Any:
        """See `convolutional`."""
        return convolutional(self, seed)

    def architecture(self) -> Self:
        """Gain, initialisation and branches that start at zero only set the first weights."""
        return replace(self, gain=1.0, initialisation="he_normal", zero_last=False)


def convolutional(config: ConvNet, seed: int) -> keras.Model:
    """The network that `config` describes, every layer drawn from its own seed, all derived from `seed`.

    Input shape (batch, 64), the pixels of 8 by 8 images; output shape (batch, outputs), logits. One convolution comes
    first, the average over all pixels and a dense layer last. Layers are named conv_1, norm_1, active_1 and so on,
    the additions stream_1, stream_2 ...; plain and residual networks of one seed start from the same convolutions.
    Zeros around the image keep its size, so near the border less arrives: with He's weights a plain network's signal
    and gradient shrink in depth towards (1 + 2 cos(pi / 9)) / 3 = 0.96 a layer. Convolutions followed at once by a
    normalisation have no bias, which that would take away again.

    Examples:
        >>> convolutional(ConvNet(depth=4, channels=2), seed=0).count_params()  # 20 + 2 * 38 + 30
        126
    """
    build = _Layers(config, seed)
    images = keras.Input((SIDE * SIDE,))
    stream = build.convolution(keras.layers.Reshape((SIDE, SIDE, 1), name="image")(images))
    if config.residual == "pre-activation":
        stream = build.active(_pre_activation(config, build, stream))
    elif config.residual:
        stream = _post_activation(config, build, build.active(stream))
    else:
        stream = build.active(stream)
        for _ in range(config.depth - 2):
            stream = build.active(build.convolution(stream))
    return keras.Model(images, build.logits(stream))


def _pre_activation(config: ConvNet, build: "_Layers", stream: Any) -> Any:
    for _ in range(config.blocks):
        inside = build.convolution(build.active(stream))
        stream = build.added(stream, build.convolution(build.active(inside), zero=config.zero_last))
    return stream


def _post_activation(config: ConvNet, build: "_Layers", stream: Any) -> Any:
    normalised = config.normalisation == "batch"
    for _ in range(config.blocks):
        inside = build.active(build.convolution(stream))
        branch = build.convolution(inside, zero=config.zero_last and not normalised)
        if normalised:
            branch = build.normalised(branch, zero=config.zero_last)
        stream = build.active(build.added(stream, branch), normalise=not normalised)
    return stream


class _Layers:
    """The layers of one network, each with its own seed and its number in its name."""

    def __init__(self, config: ConvNet, seed: int) -> None:
        self.config = config
        self.seeds = [int(state) for state in np.random.SeedSequence(seed).generate_state(config.depth)]
        self.numbers: dict[str, int] = {}

    def convolution(self, stream: Any, zero: bool = False) -> Any:
        """A 3 by 3 convolution to `channels` channels that keeps the image's size."""
        name = self._name("conv")
        layer = keras.layers.Conv2D(
            self.config.channels,
            3,
            padding="same",
            use_bias=self.config.normalisation != "batch",
            kernel_initializer=_initialiser(self.config.initialisation, self.seeds[self.numbers["conv"] - 1]),
            name=name,
        )
        result = layer(stream)
        layer.kernel.assign((0.0 if zero else self.config.gain) * layer.kernel)
        return result

    def normalised(self, stream: Any, zero: bool = False) -> Any:
        """Batch normalisation."""
        gamma = "zeros" if zero else "ones"
        momentum = self.config.batch_momentum
        layer = keras.layers.BatchNormalization(momentum=momentum, gamma_initializer=gamma, name=self._name("norm"))
        return layer(stream)

    def active(self, stream: Any, normalise: bool = True) -> Any:
        """The activation, with its normalisation before or after it."""
        if normalise and self.config.normalisation == "batch":
            stream = self.normalised(stream)
        stream = keras.layers.Activation(self.config.activation, name=self._name("active"))(stream)
        return self.normalised(stream) if normalise and self.config.normalisation == "batch_after" else stream

    def added(self, stream: Any, branch: Any) -> Any:
        """The stream plus the scaled branch."""
        name, scale = self._name("stream"), self.config.branch_scale
        scale = self.config.blocks**-0.5 if scale is None else scale
        if scale != 1:
            branch = keras.layers.Rescaling(scale, name=name.replace("stream", "scaled"))(branch)
        return keras.layers.Add(name=name)([stream, branch])

    def logits(self, stream: Any) -> Any:
        """The average over all pixels, and a dense layer."""
        initialiser = _initialiser(self.config.initialisation, self.seeds[-1])
        pooled = keras.layers.GlobalAveragePooling2D(name="average")(stream)
        return keras.layers.Dense(self.config.outputs, kernel_initializer=initialiser, name="logits")(pooled)

    def _name(self, kind: str) -> str:
        self.numbers[kind] = self.numbers.get(kind, 0) + 1
        return f"{kind}_{self.numbers[kind]}"
