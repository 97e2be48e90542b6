"""What the rules of the published tools look at, and the words in which they answer here."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]
Verdicts = frozenset[str]

VANISHING, EXPLODING, NON_FINITE = "vanishing", "exploding", "non-finite"
DEAD, SATURATED, STALLED = "dead units", "saturated", "stalled updates"

S_SHAPED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""Activations that can saturate, and the ends of their range."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a layer gave for some examples: the examples first, the units last. `activation` is Keras's name."""

    activation: str
    values: Array


@dataclass(frozen=True, kw_only=True)
class Look:
    """A model at the end of an epoch, by its first batch, with dropout off.

    `gradients`: of each kernel, in the order of the trainable weights; zeros where there is none. `is_dense`: whether
    that kernel is a Dense layer's. `weights`: the kernels. `outputs`: of the layers that have a named activation, from
    input to output. `accuracy`: on the training set; None for a regression. `loss`: on the first batch.
    """

    gradients: tuple[Array, ...]
    is_dense: tuple[bool, ...]
    weights: tuple[Array, ...]
    outputs: tuple[Output, ...]
    accuracy: float | None
    loss: float


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a training on a single batch: gradients before it, weights before and after, outputs before."""

    gradients: tuple[Array, ...]
    weights: tuple[Array, ...]
    next_weights: tuple[Array, ...]
    outputs: tuple[Output, ...]


@dataclass(frozen=True, kw_only=True)
class Readings:
    """All that the rules look at: `epochs` of an ordinary training, and `steps` of one on a single batch."""

    epochs: tuple[Look, ...]
    steps: tuple[Step, ...]
