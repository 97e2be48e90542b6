"""`diagnose`: whether a model suffers from vanishing or exploding gradients, where, and why."""

from typing import Any

import keras
import numpy as np

from vgcore.diagnosis.batches import examples, rows
from vgcore.diagnosis.losses import whole_loss
from vgcore.diagnosis.measured import BATCH, LOOKED_AT, measure
from vgcore.diagnosis.report import Diagnosis
from vgcore.diagnosis.signs import IN_ORDER
from vgcore.probes.measure import check_model

LEAST = 8
"""Examples without which nothing can be said."""


def diagnose(model: Any, x: Any, y: Any = None, *, loss: Any = None, optimiser: Any = None, seed: int = 0) -> Diagnosis:
    """Find out whether a Keras model suffers from vanishing or exploding gradients, where, and why."""
    check_model(model)
    sample = examples(x, y, 3 * LOOKED_AT, seed)
    chosen = loss if loss is not None else whole_loss(model, sample[1], model.predict_on_batch(rows(sample, slice(0, 2))[0]))
    measured = measure(model, sample, chosen, optimiser or model.optimizer)
    findings = [found for examine in IN_ORDER if (found := examine(measured))]
    findings.sort(key=lambda found: found.severity != "alarm")
    return Diagnosis(findings=tuple(findings), layers=measured.before[0].layers)
