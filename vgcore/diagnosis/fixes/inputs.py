"""Inputs that are standardised: each feature less its mean and divided by its standard deviation."""

from typing import Any

import keras
import numpy as np

from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.measured import Measured
from vgcore.diagnosis.rebuilt import graph, rebuilt
from vgcore.diagnosis.repaired import Repaired, as_it_is

NAME = "standardised inputs"
PAGE = "signs/when-it-is-not-the-gradient"


def applies(_: Measured, finding: Finding) -> bool:
    """Where the inputs' size is to blame."""
    return finding.cause == "input scale"


def apply(measured: Measured, seed: int) -> Repaired:
    """A `keras.layers.Normalization` in front of every input of real numbers, with the statistics of the sample."""
    inner = rebuilt(measured.model, seed)
    entries = keras.tree.map_structure(
        lambda tensor: keras.Input(batch_shape=tensor.shape, dtype=tensor.dtype, name=tensor.name),
        graph(measured.model).input,
    )
    values = iter(keras.tree.flatten(measured.sample[0]))
    scaled = keras.tree.map_structure(lambda entry: _standardised(entry, np.asarray(next(values))), entries)
    return as_it_is(measured, keras.Model(entries, inner(scaled)))


def _standardised(entry: Any, values: Any) -> Any:
    if values.dtype.kind != "f" or values.ndim < 2:
        return entry
    features = values.reshape(-1, values.shape[-1]).astype(np.float64)
    mean, variance = features.mean(axis=0), features.var(axis=0)
    constant = variance <= 1e-12 * mean**2  # rounding, which must not be blown up
    return keras.layers.Normalization(mean=mean, variance=np.where(constant, 1.0, variance))(entry)
