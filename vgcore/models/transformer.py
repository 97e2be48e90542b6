"""A small stack of transformer blocks that reads a sequence of vectors."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Self

import keras
import numpy as np

from vgcore.models.network import Network
from vgcore.models.perceptron import _initialiser, _is_activation

NORM = (None, "before", "after")

EXPANSION = 4
"""Hidden units of a block's dense branch for each number of the stream, as in Vaswani et al. 2017."""


@dataclass(frozen=True, kw_only=True)
class Transformer(Network):
    """A classifier of `depth` blocks over `steps` vectors of `features` numbers; the outputs are logits.

    A block has two branches: attention with `heads` heads, then two dense layers with `activation` between them; the
    stream has `width` numbers a step. `norm`: layer normalisation "before" each branch, x + branch(norm(x)), and once
    at the end; "after" each addition, norm(x + branch(x)), as Vaswani et al. 2017; or None. Branches are multiplied by
    `branch_scale`, None for 1 / sqrt(number of branches). `initialisation`: a Keras name. Raises ValueError for a size
    that is not positive, an unknown name, or a width that the heads do not divide.
    """

    depth: int = 6
    width: int = 32
    heads: int = 4
    norm: str | None = "before"
    branch_scale: float | None = 1.0
    activation: str = "relu"
    initialisation: str = "glorot_uniform"
    steps: int = 8
    features: int = 8
    outputs: int = 10

    def __post_init__(self) -> None:
        for name in ("depth", "width", "heads", "steps", "features", "outputs"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        if self.norm not in NORM:
            raise ValueError(f"norm must be one of {', '.join(map(repr, NORM))}, not {self.norm!r}")
        if self.width % self.heads:
            raise ValueError(f"width must be a multiple of heads, but {self.width} is none of {self.heads}")
        if not _is_activation(self.activation):
            raise ValueError(f"Keras knows no activation {self.activation!r}")
        _initialiser(self.initialisation, seed=0)

    def build(self, seed: int) -> Any:
        """See `transformer`."""
        return transformer(self, seed)

    def architecture(self) -> Self:
        """The initialisation only sets the first weights."""
        return replace(self, initialisation="glorot_uniform")


def transformer(config: Transformer, seed: int) -> keras.Model:
    """The network that `config` describes, every weight matrix drawn from its own seed, all derived from `seed`.

    Input shape (batch, steps, features), such as `vgcore.data.digits_by_row`; output shape (batch, outputs): the mean
    over the steps, and a dense layer. Each step has its own bias in the embedding, a learned position. The maps to
    queries, keys, values and back are drawn as the width by width matrices that they are: Keras would count the fans
    of its three-dimensional kernels otherwise, and give the first three the same numbers under one seed.

    Examples:
        >>> transformer(Transformer(depth=1, width=4, heads=2), seed=0).count_params()
        366
    """
    sequences = keras.Input((config.steps, config.features))
    stream = keras.layers.EinsumDense(
        "bsf,fd->bsd",
        output_shape=(config.steps, config.width),
        bias_axes="sd",
        kernel_initializer="zeros",  # until `_draw`: Keras's own would take its seed from the global generator
        name="embedding",
    )(sequences)
    for number in range(1, config.depth + 1):
        stream = _block(config, stream, number)
    if config.norm == "before":
        stream = keras.layers.LayerNormalization(name="norm_end")(stream)
    pooled = keras.layers.GlobalAveragePooling1D(name="average")(stream)
    logits = keras.layers.Dense(config.outputs, kernel_initializer="zeros", name="logits")(pooled)
    model = keras.Model(sequences, logits)
    _draw(model, config.initialisation, seed)
    return model


def _block(config: Transformer, stream: Any, number: int) -> Any:
    attention = keras.layers.MultiHeadAttention(
        config.heads,
        config.width // config.heads,
        seed=0,  # of dropout, which is off; without it Keras draws one from the global generator
        kernel_initializer="zeros",
        name=f"attention_{number}",
    )
    wide = keras.layers.Dense(
        EXPANSION * config.width, activation=config.activation, kernel_initializer="zeros", name=f"wide_{number}"
    )
    narrow = keras.layers.Dense(config.width, kernel_initializer="zeros", name=f"narrow_{number}")
    stream = _added(config, stream, lambda x: attention(x, x), f"attention_{number}")
    return _added(config, stream, lambda x: narrow(wide(x)), f"dense_{number}")


def _added(config: Transformer, stream: Any, branch: Any, name: str) -> Any:
    """The stream plus one scaled branch, normalised where `norm` says."""
    norm = keras.layers.LayerNormalization(name=f"norm_{name}") if config.norm else None
    inside = branch(norm(stream) if norm and config.norm == "before" else stream)
    scale = (2 * config.depth) ** -0.5 if config.branch_scale is None else config.branch_scale
    if scale != 1:
        inside = keras.layers.Rescaling(scale, name=f"scaled_{name}")(inside)
    stream = keras.layers.Add(name=f"stream_{name}")([stream, inside])
    return norm(stream) if norm and config.norm == "after" else stream


def _draw(model: Any, initialisation: str, seed: int) -> None:
    """Give every weight matrix its first values, each from its own seed."""
    kernels = list(_kernels(model))
    seeds = np.random.SeedSequence(seed).generate_state(len(kernels))
    for (kernel, shape), state in zip(kernels, seeds, strict=True):
        matrix = _initialiser(initialisation, int(state))(shape)
        kernel.assign(keras.ops.reshape(matrix, kernel.shape))


def _kernels(model: Any) -> Iterator[tuple[Any, tuple[int, int]]]:
    """Each kernel, and the shape of the matrix that it is: (numbers in, numbers out)."""
    for variable in model.trainable_variables:
        if variable.name == "kernel":
            shape = tuple(variable.shape)
            back = "attention_output" in variable.path
            inputs = shape[0] * shape[1] if back else shape[0]
            yield variable, (inputs, int(np.prod(shape)) // inputs)
