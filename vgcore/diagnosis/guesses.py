"""The loss of the best answer that ignores the input: what a model that has learnt nothing can reach."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.probes.losses import mean_loss

SMALL = 1e-12


def best_guess(loss: Any, y: Any, outputs: Any) -> float:
    """The smallest mean loss of a few constant answers: the labels' shares, as probabilities and as logits, or a mean.

    `y`: the targets, nested as for `model.fit`; `outputs`: arrays of the model's outputs, nested alike. An upper bound
    of the best constant answer; exact for cross-entropy, from logits or not, and for the mean squared error. NaN where
    the loss takes none of these answers.
    """
    found = [_loss(loss, y, answer) for answer in _answers(y, outputs)]
    finite = [value for value in found if np.isfinite(value)]
    return min(finite, default=float("nan"))


def _answers(y: Any, outputs: Any) -> Iterator[Any]:
    targets, shapes = keras.tree.flatten(y), keras.tree.flatten(outputs)
    if len(targets) != len(shapes):
        return
    for form in (_shares, _logits, _odds, _medians):
        flat = [np.broadcast_to(form(*pair), pair[1].shape) for pair in zip(targets, shapes, strict=True)]
        yield keras.tree.pack_sequence_as(outputs, flat)


def _shares(target: NDArray[Any], output: NDArray[Any]) -> NDArray[Any]:
    """The share of each class where y holds integers, else the mean."""
    if target.dtype.kind in "iu" and output.shape[-1] > 1:
        counts = np.bincount(target.ravel(), minlength=output.shape[-1])[: output.shape[-1]]
        return np.asarray(counts / max(counts.sum(), 1))
    means: NDArray[Any] = np.asarray(target, np.float64).reshape(len(target), -1).mean(axis=0)
    return means.reshape(np.shape(target)[1:] or (1,))


def _logits(target: NDArray[Any], output: NDArray[Any]) -> NDArray[Any]:
    logits: NDArray[Any] = np.log(np.clip(_shares(target, output), SMALL, None))
    return logits


def _odds(target: NDArray[Any], output: NDArray[Any]) -> NDArray[Any]:
    share = np.clip(_shares(target, output), SMALL, 1 - SMALL)
    odds: NDArray[Any] = np.log(share / (1 - share))
    return odds


def _medians(target: NDArray[Any], _output: NDArray[Any]) -> NDArray[Any]:
    return np.asarray(np.median(target, axis=0))


def _loss(loss: Any, y: Any, answer: Any) -> float:
    try:
        y = keras.tree.map_structure(tf.constant, y)
        return float(mean_loss(loss, y, keras.tree.map_structure(tf.constant, answer)))
    except (ValueError, TypeError, tf.errors.InvalidArgumentError):
        return float("nan")
