"""Measure the gradients inside a Keras model without changing anything about it."""

from vgcore.probes.correlation import measure_correlation
from vgcore.probes.jacobian import measure_jacobian
from vgcore.probes.measure import measure_gradients
from vgcore.probes.profile import GradientProfile

__all__ = ["GradientProfile", "measure_correlation", "measure_gradients", "measure_jacobian"]
