"""The signs, one file each: `examine(measured)` returns a finding or None.

Their order is that of the verdict where several are found: what makes the later ones meaningless comes first.
"""

from vgcore.diagnosis.signs import (
    collapsed,
    dead_units,
    disconnected,
    exploding,
    exploding_in_time,
    frozen,
    hidden_explosion,
    inputs,
    labels,
    large_rate,
    non_finite,
    output_layer,
    saturated,
    shut_gates,
    small_rate,
    stalled_updates,
    targets,
    vanishing,
    vanishing_in_time,
)

IN_ORDER = (
    non_finite.examine,
    disconnected.examine,
    output_layer.examine,
    inputs.examine,
    dead_units.examine,
    saturated.examine,
    shut_gates.examine,
    hidden_explosion.examine,
    exploding.examine,
    exploding_in_time.examine,
    vanishing.examine,
    vanishing_in_time.examine,
    stalled_updates.examine,
    targets.examine,
    small_rate.examine,
    labels.examine,
    collapsed.examine,
    large_rate.examine,
    frozen.examine,
)

LAST = (large_rate.examine_slower,)
"""What takes a trial of its own, and is asked where none of the others was found."""
