"""The labels have nothing to do with the inputs."""

import keras
import numpy as np
from scipy.spatial.distance import cdist

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

AGREEMENT = 0.2
"""How far neighbours have to agree: 0 = as by chance, 1 = always."""


def examine(measured: Measured) -> Finding | None:
    """Ask whether the example that is nearest to another has the same label, where the model does not learn."""
    if measured.has_learnt or measured.learns:
        return None
    x, y = (np.asarray(keras.tree.flatten(part)[0]) for part in measured.sample)
    labels = y.ravel() if y.size == len(y) else y.argmax(axis=-1)
    if labels.dtype.kind not in "iu" or labels.shape != (len(x),):
        return None
    flat = x.reshape(len(x), -1)
    distances = cdist(flat, flat, "hamming" if x.dtype.kind in "iu" else "euclidean")
    np.fill_diagonal(distances, np.inf)
    agree = float((labels[distances.argmin(axis=1)] == labels).mean())
    chance = float(((np.unique(labels, return_counts=True)[1] / len(labels)) ** 2).sum())
    if agree - chance > AGREEMENT * (1 - chance):
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="risk" if measured.is_sequence else "alarm",  # there order may matter more than distance
        cause="labels",
        sentence=f"Neighbours share their label in {agree:.0%} of the cases, and by chance in {chance:.0%}.",
        evidence=(
            Evidence(name="neighbours with the same label", value=100 * agree, unit="%"),
            Evidence(name="by chance", value=100 * chance, unit="%"),
        ),
        page="signs/when-it-is-not-the-gradient",
    )
