"""What a specimen is to learn: small data sets, and the ways in which data can be unfit."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgcore import data

Arrays = Any
"""One array, or a list of them where a model has several inputs or outputs."""

PIXEL_VALUES = 17
"""A pixel of the digits is one of so many whole numbers."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """Inputs and targets, as they are given to Keras.

    `name`: one of `TASKS`. `steps`: of noise after a digit. `examples`: how many to keep,
    None for all. Inputs and real-valued targets are multiplied by their scale, then their shift is added. `shuffled`:
    the labels belong to other examples. Raises ValueError for an unknown name.
    """

    name: str = "digits"
    steps: int = 12
    examples: int | None = None
    input_scale: float = 1.0
    input_shift: float = 0.0
    target_scale: float = 1.0
    target_shift: float = 0.0
    shuffled: bool = False

    def __post_init__(self) -> None:
        if self.name not in TASKS:
            raise ValueError(f"name must be one of {', '.join(TASKS)}, not {self.name!r}")

    def data(self, seed: int) -> tuple[Arrays, Arrays]:
        """Inputs and targets of the training set; the same seed gives the same arrays.

        Examples:
            >>> x, y = Task(examples=100, input_scale=0.1).data(seed=0)
            >>> x.shape, y.shape
            ((100, 64), (100,))
        """
        x, y = keras.tree.map_structure(lambda array: array[: self.examples], TASKS[self.name](self.steps, seed))
        x = keras.tree.map_structure(self._inputs, x)
        order = np.random.default_rng(seed).permutation(len(keras.tree.flatten(y)[0]))
        return x, keras.tree.map_structure(lambda target: self._target(target, order), y)

    def _inputs(self, inputs: NDArray[Any]) -> NDArray[Any]:
        if inputs.dtype.kind != "f":
            return inputs
        return inputs * np.float32(self.input_scale) + np.float32(self.input_shift)

    def _target(self, target: NDArray[Any], order: NDArray[np.int64]) -> NDArray[Any]:
        if target.dtype.kind == "f":
            target = target * np.float32(self.target_scale) + np.float32(self.target_shift)
        return target[order] if self.shuffled else target


def _digits(_: int, __: int) -> tuple[Arrays, Arrays]:
    digits = data.digits()
    return digits.train_x, digits.train_y


def _value(_: int, __: int) -> tuple[Arrays, Arrays]:
    """Which digit, as a real number of mean 0 and variance 1: a regression."""
    digits = data.digits()
    values = digits.train_y - digits.train_y.mean()
    return digits.train_x, (values / values.std()).astype(np.float32)[:, None]


def _large(_: int, __: int) -> tuple[Arrays, Arrays]:
    """Whether the digit is at least 5: 0 or 1."""
    digits = data.digits()
    return digits.train_x, (digits.train_y >= 5).astype(np.int64)[:, None]


def _rows(_: int, __: int) -> tuple[Arrays, Arrays]:
    rows = data.digits_by_row()
    return rows.train_x, rows.train_y


def _carried(steps: int, seed: int) -> tuple[Arrays, Arrays]:
    """A digit by rows, then `steps` rows of noise."""
    carried = data.digit_then_noise(steps, seed)
    return carried.train_x, carried.train_y


def _halves(_: int, __: int) -> tuple[Arrays, Arrays]:
    """The upper and the lower half of each digit: two inputs."""
    digits = data.digits()
    half = digits.train_x.shape[1] // 2
    return [digits.train_x[:, :half], digits.train_x[:, half:]], digits.train_y


def _digit_and_size(_: int, __: int) -> tuple[Arrays, Arrays]:
    """Which digit, and whether it is at least 5: two outputs."""
    digits = data.digits()
    return digits.train_x, [digits.train_y, (digits.train_y >= 5).astype(np.int64)[:, None]]


def _words(_: int, __: int) -> tuple[Arrays, Arrays]:
    """Every pixel as a word of its own: where it is and how dark, one number in 64 times 17."""
    digits = data.digits()
    low, high = digits.train_x.min(), digits.train_x.max()
    levels = np.rint((digits.train_x - low) / (high - low) * (PIXEL_VALUES - 1)).astype(np.int64)
    return levels + PIXEL_VALUES * np.arange(levels.shape[1]), digits.train_y


TASKS: dict[str, Callable[[int, int], tuple[Arrays, Arrays]]] = {
    "digits": _digits,
    "value": _value,
    "large": _large,
    "rows": _rows,
    "carried": _carried,
    "halves": _halves,
    "digit and size": _digit_and_size,
    "words": _words,
}
"""Each task's name, and a function of steps and seed that gives its inputs and targets."""
