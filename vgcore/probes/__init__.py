"""Measure the gradients inside a Keras model without changing anything about it."""

from vgcore.probes.measure import measure_gradients
from vgcore.probes.profile import GradientProfile

__all__ = ["GradientProfile", "measure_gradients"]
