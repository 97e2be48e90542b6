"""Measure the gradients inside a Keras model without changing anything about it."""

from vgcore.probes.correlation import measure_correlation
from vgcore.probes.gates import measure_gates
from vgcore.probes.jacobian import measure_jacobian
from vgcore.probes.measure import measure_gradients
from vgcore.probes.non_finite import NonFinite, find_non_finite
from vgcore.probes.paths import measure_path_lengths
from vgcore.probes.profile import GradientProfile
from vgcore.probes.shattering import gradients_along_line, measure_shattering
from vgcore.probes.through_time import TimeProfile, measure_gradients_through_time

__all__ = [
    "GradientProfile",
    "NonFinite",
    "TimeProfile",
    "find_non_finite",
    "gradients_along_line",
    "measure_correlation",
    "measure_gates",
    "measure_gradients",
    "measure_gradients_through_time",
    "measure_jacobian",
    "measure_path_lengths",
    "measure_shattering",
]
