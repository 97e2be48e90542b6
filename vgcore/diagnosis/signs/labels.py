"""The targets have nothing to do with the inputs."""

from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

AGREEMENT = 0.2
"""How far neighbours have to agree: 0 = as by chance, 1 = always."""


def examine(measured: Measured) -> Finding | None:
    """Ask whether the example that is nearest to another has the same target, where the model does not learn."""
    if measured.has_learnt or measured.learns:
        return None
    x, y = (np.asarray(keras.tree.flatten(part)[0]) for part in measured.sample)
    if (labels := _labels(y)) is not None:
        return _of_labels(labels, labels[_nearest(x)], "risk" if measured.is_sequence else "alarm")
    return _of_numbers(y.reshape(len(y), -1), _nearest(x)) if y.dtype.kind == "f" else None


def _of_labels(labels: NDArray[Any], neighbours: NDArray[Any], severity: str) -> Finding | None:
    """`severity`: where inputs are sequences, order may matter more than distance."""
    agree = float((neighbours == labels).mean())
    chance = float(((np.unique(labels, return_counts=True)[1] / len(labels)) ** 2).sum())
    if agree - chance > AGREEMENT * (1 - chance):
        return None
    return _finding(
        severity,
        f"Neighbours share their label in {agree:.0%} of the cases, and by chance in {chance:.0%}.",
        Evidence(name="neighbours with the same label", value=100 * agree, unit="%"),
        Evidence(name="by chance", value=100 * chance, unit="%"),
    )


def _of_numbers(targets: NDArray[Any], nearest: NDArray[np.int64]) -> Finding | None:
    """A risk only: numbers may be noisy, and still have to do with the inputs."""
    variance, apart = targets.var(axis=0).sum(), np.square(targets - targets[nearest]).sum(axis=1).mean()
    if not variance or (agree := float(1 - apart / (2 * variance))) > AGREEMENT:
        return None
    return _finding(
        "risk",
        f"The targets of neighbours are no more alike than any others: their correlation is {agree:.2f}.",
        Evidence(name="correlation of neighbours' targets", value=agree),
    )


def _finding(severity: str, sentence: str, *evidence: Evidence) -> Finding:
    return Finding(
        symptom="not a gradient problem",
        severity=severity,
        cause="labels",
        sentence=sentence,
        evidence=evidence,
        page="signs/when-it-is-not-the-gradient",
    )


def _labels(y: NDArray[Any]) -> NDArray[Any] | None:
    """Which class each example has; None where the targets are no classes."""
    if y.size == len(y):
        return y.ravel() if y.dtype.kind in "iu" else None
    one_hot = y.ndim == 2 and np.isin(y, (0, 1)).all() and (y.sum(axis=1) == 1).all()
    return y.argmax(axis=1) if one_hot else None


def _nearest(x: NDArray[Any]) -> NDArray[np.int64]:
    """For each example the one that is nearest to it."""
    flat = x.reshape(len(x), -1)
    distances = cdist(flat, flat, "hamming" if x.dtype.kind in "iu" else "euclidean")
    np.fill_diagonal(distances, np.inf)
    nearest: NDArray[np.int64] = distances.argmin(axis=1)
    return nearest
