"""Sequences: the digits read bit by bit, and tasks that need a memory of known length."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vgcore.data.images import digits

SIDE = 8
"""Rows of a digit, and pixels in a row."""

COPIED, SYMBOLS = 10, 8
"""The copying task: how many symbols are to be copied, out of how many."""


@dataclass(frozen=True, kw_only=True)
class Sequences:
    """Sequences as arrays (examples, steps, features) of float32, and what is to be told about them.

    `train_y`, `test_y`: one integer label or one row of float32 targets a sequence, or one integer label a step.
    """

    train_x: NDArray[np.float32]
    train_y: NDArray[Any]
    test_x: NDArray[np.float32]
    test_y: NDArray[Any]


def digits_by_row() -> Sequences:
    """`digits()` read from top to bottom: eight steps of eight pixels, labels 0 to 9.

    Examples:
        >>> digits_by_row().train_x.shape
        (1437, 8, 8)
    """
    return _digits_in_steps(SIDE, SIDE)


def digits_by_pixel() -> Sequences:
    """`digits()` read row after row, pixel by pixel: 64 steps of one pixel, labels 0 to 9.

    Examples:
        >>> digits_by_pixel().train_x.shape
        (1437, 64, 1)
    """
    return _digits_in_steps(SIDE * SIDE, 1)


def digit_then_noise(noise_steps: int, seed: int) -> Sequences:
    """A digit read row by row, then `noise_steps` rows of normal noise: which digit was it? Labels 0 to 9.

    The noise has the digits' mean square, 1. Raises ValueError for a negative number of steps.

    Examples:
        >>> digit_then_noise(4, seed=0).train_x.shape
        (1437, 12, 8)
    """
    if noise_steps < 0:
        raise ValueError(f"the number of noise steps must not be negative, not {noise_steps}")
    random = np.random.default_rng(seed)
    rows = digits_by_row()

    def followed(images: NDArray[np.float32]) -> NDArray[np.float32]:
        noise = random.normal(size=(len(images), noise_steps, SIDE)).astype(np.float32)
        return np.concatenate([images, noise], axis=1)

    return Sequences(
        train_x=followed(rows.train_x), train_y=rows.train_y, test_x=followed(rows.test_x), test_y=rows.test_y
    )


def adding(steps: int, seed: int, train: int = 4096, test: int = 1024) -> Sequences:
    """The adding problem: sum the two marked numbers. Two features a step: a number from [-1, 1], and a marker.

    One of the steps 2 to 10 is marked 1, and another one before the middle; the first and the last step are marked
    -1, the others 0. The target is 0.5 + (X1 + X2) / 4. Whoever always says 0.5 has a mean squared error of
    1/24 = 0.0417. Raises ValueError for fewer than 10 steps. Source: Hochreiter and Schmidhuber, "Long Short-Term
    Memory", 1997, with two simplifications: all sequences are equally long, and the first step is never chosen.

    Examples:
        >>> task = adding(20, seed=0)
        >>> task.train_x.shape, task.train_y.shape
        ((4096, 20, 2), (4096, 1))
    """
    if steps < 10:
        raise ValueError(f"the adding problem needs at least 10 steps, not {steps}")
    random = np.random.default_rng(seed)

    def examples(count: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        middle = steps // 2 - 1
        first = random.integers(1, min(10, middle), count)
        second = random.integers(1, middle - 1, count)
        second += second >= first  # any step before the middle but the first one chosen
        numbers, markers = random.uniform(-1, 1, (count, steps)), np.zeros((count, steps))
        markers[:, [0, -1]] = -1
        every = np.arange(count)
        markers[every, first] = markers[every, second] = 1
        target = 0.5 + (numbers[every, first] + numbers[every, second]) / 4
        return np.stack([numbers, markers], axis=2).astype(np.float32), target[:, None].astype(np.float32)

    (train_x, train_y), (test_x, test_y) = examples(train), examples(test)
    return Sequences(train_x=train_x, train_y=train_y, test_x=test_x, test_y=test_y)


def copying(delay: int, seed: int, train: int = 4096, test: int = 1024) -> Sequences:
    """The copying task: repeat ten symbols after `delay` steps. Input and label at each of `delay` + 20 steps.

    Inputs are one-hot over ten letters: eight symbols, the blank 8 and the signal 9. Ten random symbols come first,
    blanks follow, and ten steps before the end the signal asks for the symbols in their order. Labels are the blank
    until then. Whoever remembers nothing can reach a cross-entropy of 10 ln 8 / (`delay` + 20). Raises ValueError for
    a delay below 1. Source: Arjovsky, Shah and Bengio, "Unitary Evolution Recurrent Neural Networks", 2016.

    Examples:
        >>> task = copying(5, seed=0)
        >>> task.train_x.shape, task.train_y.shape
        ((4096, 25, 10), (4096, 25))
    """
    if delay < 1:
        raise ValueError(f"the delay must be at least 1 step, not {delay}")
    random = np.random.default_rng(seed)
    blank, signal = SYMBOLS, SYMBOLS + 1

    def examples(count: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        symbols = random.integers(0, SYMBOLS, (count, COPIED))
        letters = np.full((count, delay + 2 * COPIED), blank)
        letters[:, :COPIED] = symbols
        letters[:, -COPIED - 1] = signal
        labels = np.full_like(letters, blank)
        labels[:, -COPIED:] = symbols
        return np.eye(SYMBOLS + 2, dtype=np.float32)[letters], labels

    (train_x, train_y), (test_x, test_y) = examples(train), examples(test)
    return Sequences(train_x=train_x, train_y=train_y, test_x=test_x, test_y=test_y)


def _digits_in_steps(steps: int, features: int) -> Sequences:
    images = digits()
    shape = (-1, steps, features)
    return Sequences(
        train_x=images.train_x.reshape(shape),
        train_y=images.train_y,
        test_x=images.test_x.reshape(shape),
        test_y=images.test_y,
    )
