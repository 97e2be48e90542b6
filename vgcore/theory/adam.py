"""How far Adam moves a weight whose gradient stays the same."""

import numpy as np
from numpy.typing import ArrayLike

from vgcore.theory.activations import Array


def adam_step(gradients: ArrayLike, step: ArrayLike = 1, *, epsilon: float = 1e-7, beta_2: float = 0.999) -> Array:
    """Size of Adam's n-th step, in learning rates, at a gradient that never changed: |g| / (|g| + e / sqrt(1 - b^n)).

    `gradients` and `step` (1 = the first) broadcast; `epsilon` and `beta_2` have Keras's defaults. Keras adds epsilon
    to the root of the *uncorrected* second moment, so at the first steps it weighs more than the number says: 32
    times at the first. The first moment's correction cancels. Raises ValueError for a step before the first.

    Source: Kingma and Ba, ICLR 2015, section 2, the form with epsilon hat; the second moment of a constant gradient
    is g^2 (1 - b^n).

    Examples:
        >>> adam_step([1e-4, 1e-7]).round(4)
        array([0.9693, 0.0307])
        >>> float(adam_step(1e-7, step=2000).round(2))
        0.48
    """
    number = np.asarray(step, float)
    if np.any(number < 1):
        raise ValueError("step counts from 1, the first")
    size = np.abs(np.asarray(gradients, float))
    return np.asarray(size / (size + epsilon / np.sqrt(1 - beta_2**number)))
