"""Handwritten digits as images."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, kw_only=True)
class Digits:
    """Handwritten digits: images as rows of 64 pixels (float32), labels 0 to 9 (int64).

    The training set has mean 0 and mean square 1 over all its pixels, so that a first layer with weight variance
    1/64 starts at pre-activation variance 1. The arrays are read-only.
    """

    train_x: NDArray[np.float32]
    train_y: NDArray[np.int64]
    test_x: NDArray[np.float32]
    test_y: NDArray[np.int64]


@cache
def digits() -> Digits:
    """scikit-learn's 1797 digits of 8 by 8 pixels, split once and for all: 1437 for training, 360 for the test.

    The split keeps the classes' shares and is shuffled, so any slice is a fair sample. Raises ImportError where
    scikit-learn is missing. Source: Alpaydin and Kaynak, "Optical Recognition of Handwritten Digits", UCI, 1998.

    Examples:
        >>> digits().train_x.shape, digits().test_x.shape
        ((1437, 64), (360, 64))
    """
    try:
        from sklearn.datasets import load_digits
        from sklearn.model_selection import train_test_split
    except ModuleNotFoundError as missing:
        raise ImportError("the digits come with scikit-learn: pip install scikit-learn") from missing
    images, labels = load_digits(return_X_y=True)
    train_x, test_x, train_y, test_y = train_test_split(images, labels, test_size=360, stratify=labels, random_state=0)
    centre = train_x.mean()
    scale = train_x.std()
    return Digits(
        train_x=_constant((train_x - centre) / scale, np.float32),
        train_y=_constant(train_y, np.int64),
        test_x=_constant((test_x - centre) / scale, np.float32),
        test_y=_constant(test_y, np.int64),
    )


def _constant(values: NDArray[Any], dtype: type) -> NDArray[Any]:
    array: NDArray[Any] = values.astype(dtype)
    array.setflags(write=False)
    return array
