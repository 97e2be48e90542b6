"""From whatever a reader trains on to a few arrays: enough examples to look at, and batches to step on."""

from collections.abc import Iterable
from typing import Any

import keras
import numpy as np
import tensorflow as tf

Batch = tuple[Any, Any]
"""x and y, nested as for `model.fit`."""


def examples(x: Any, y: Any, count: int, seed: int) -> Batch:
    """At most `count` examples of the data in random order, as NumPy arrays nested as for `model.fit`.

    `x`, `y`: arrays, of which `seed` draws a sample; or, without y, a tf.data.Dataset, a PyDataset, or an iterable of
    batches (x, y), of which the first ones are taken (a generator is read that far). Raises ValueError where there is
    no example or no target, the lengths differ, or a value is not finite.
    """
    x, y = _arrays(*(_first_batches(x, count) if y is None else (x, y)))
    lengths = {len(array) if array.ndim else 0 for array in keras.tree.flatten((x, y))}
    if len(lengths) != 1:
        raise ValueError(f"x and y must be of one length, not {' and '.join(map(str, sorted(lengths)))}")
    for name, part in (("x", x), ("y", y)):
        if not all(np.isfinite(array).all() for array in keras.tree.flatten(part) if array.dtype.kind == "f"):
            raise ValueError(f"{name} holds values that are not finite")
    order = np.random.default_rng(seed).permutation(lengths.pop())[:count]
    return rows((x, y), order)


def rows(batch: Batch, chosen: Any) -> Batch:
    """Some examples of a batch."""
    x, y = (keras.tree.map_structure(lambda array: array[chosen], part) for part in batch)
    return x, y


def size(batch: Batch) -> int:
    """How many examples it has."""
    return len(keras.tree.flatten(batch)[0])


def batches(batch: Batch, count: int, length: int) -> list[Batch]:
    """So many batches of `length`, or of all examples where there are fewer, going round as often as needed."""
    available = size(batch)
    length = min(length, available)
    starts = (number * length % (available - available % length) for number in range(count))
    return [rows(batch, slice(start, start + length)) for start in starts]


def _first_batches(data: Any, count: int) -> Batch:
    if not isinstance(data, Iterable | keras.utils.PyDataset) or keras.tree.is_nested(data) or hasattr(data, "shape"):
        raise ValueError("y is missing: pass x and y, or a dataset of batches (x, y)")
    found: list[Batch] = []
    for batch in _each(data):
        x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        if y is None:
            raise ValueError("the dataset has no targets: its batches must be pairs (x, y)")
        found.append(_arrays(x, y))
        if sum(map(size, found)) >= count:
            break
    if not found:
        raise ValueError("the dataset is empty")
    x, y = keras.tree.map_structure(lambda *parts: np.concatenate(parts), *found)
    return x, y


def _each(data: Any) -> Iterable[Any]:
    if isinstance(data, keras.utils.PyDataset):
        return (data[number] for number in range(data.num_batches or 0))
    batches: Iterable[Any] = data
    return batches


def _arrays(x: Any, y: Any) -> Batch:
    x, y = (keras.tree.map_structure(_array, part) for part in (x, y))
    return x, y


def _array(values: Any) -> Any:
    return values.numpy() if tf.is_tensor(values) else np.asarray(values)
