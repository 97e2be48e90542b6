"""Where floating numbers end: the smallest ones, and the steps too small to change a weight.

Source: IEEE 754-2019 for float16, float32 and float64; bfloat16 is float32 with 16 bits of its significand cut off.
"""

from math import ceil, log
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vgcore.theory.activations import Array


class FloatFormat(NamedTuple):
    """A binary floating format: bits of the significand (the hidden one counted), smallest exponent of a full one."""

    bits: int
    lowest_exponent: int


FORMATS = {
    "float16": FloatFormat(11, -14),
    "bfloat16": FloatFormat(8, -126),
    "float32": FloatFormat(24, -126),
    "float64": FloatFormat(53, -1022),
}


def format_named(name: str) -> FloatFormat:
    """A format by its NumPy name. Raises ValueError for one that theory does not know.

    Examples:
        >>> format_named("float16").bits
        11
    """
    if name not in FORMATS:
        raise ValueError(f"theory knows no floating format {name!r}, only {', '.join(FORMATS)}")
    return FORMATS[name]


def smallest_number(name: str, *, subnormal: bool = True) -> float:
    """The smallest positive number of a format.

    Without `subnormal` the smallest that has all its bits; many processors round what lies below it to zero. Raises
    ValueError for an unknown format.

    Examples:
        >>> smallest_number("float16"), smallest_number("float32", subnormal=False)
        (5.960464477539063e-08, 1.1754943508222875e-38)
    """
    bits, lowest_exponent = format_named(name)
    return float(2.0 ** (lowest_exponent - (bits - 1 if subnormal else 0)))


def layers_until_lost(factor: float, name: str, *, start: float = 1.0, subnormal: bool = True) -> int:
    """Layers after which a gradient of size `start`, multiplied by `factor` in each, is below the smallest number.

    Raises ValueError for an unknown format, a factor that does not lie between 0 and 1, or a start that is not
    positive.

    Examples:
        >>> layers_until_lost(0.236, "float16"), layers_until_lost(0.236, "float32", subnormal=False)
        (12, 61)
    """
    if not 0 < factor < 1:
        raise ValueError(f"factor must lie between 0 and 1, or nothing is ever lost, not {factor}")
    if not start > 0:
        raise ValueError(f"start must be positive, not {start}")
    return max(0, ceil(log(smallest_number(name, subnormal=subnormal) / start) / log(factor)))


def spacing(numbers: ArrayLike, name: str) -> Array:
    """Distance from each number to the next larger one in magnitude (any shape; same shape returned).

    Raises ValueError for an unknown format.

    Examples:
        >>> float(spacing(1.0, "bfloat16"))
        0.0078125
    """
    bits, lowest_exponent = format_named(name)
    _, exponents = np.frexp(np.asarray(numbers, float))
    return np.asarray(np.ldexp(1.0, np.maximum(exponents - 1, lowest_exponent) - (bits - 1)))


def step_is_lost(weights: ArrayLike, steps: ArrayLike, name: str) -> NDArray[np.bool_]:
    """Whether `weights - steps`, rounded to the nearest number of the format, is `weights` again.

    `weights` must be numbers of the format, not zero and not subnormal; shapes broadcast. A step is lost up to half
    the distance to the next number, which towards zero is half as far from a power of two. Exact ties, which round
    to the even neighbour, count as lost. Raises ValueError for an unknown format.

    Examples:
        >>> step_is_lost([0.1, 0.1], [1e-9, 1e-8], "float32").tolist()
        [True, False]
    """
    weights, steps = np.asarray(weights, float), np.asarray(steps, float)
    significands, _ = np.frexp(np.abs(weights))
    towards_zero = (np.sign(steps) == np.sign(weights)) & (significands == 0.5)
    distances = spacing(weights, name) * np.where(towards_zero, 0.5, 1.0)
    return np.asarray(np.abs(steps) <= distances / 2)


def share_of_steps_lost(ratios: ArrayLike, name: str) -> Array:
    """Share of steps that change nothing, by the ratio of step to weight (any shape; same shape returned).

    For weights spread evenly between two powers of two: a weight's next number is a fixed part of the power of two
    below it, so the largest weights lose a step of half the relative size that the smallest lose. Raises ValueError
    for an unknown format.

    Examples:
        >>> share_of_steps_lost([2.0**-26, 0.75 * 2.0**-24, 2.0**-23], "float32").round(4)
        array([1.    , 0.3333, 0.    ])
    """
    bits = format_named(name).bits
    return np.clip(2.0**-bits / np.asarray(ratios, float) - 1, 0.0, 1.0)
