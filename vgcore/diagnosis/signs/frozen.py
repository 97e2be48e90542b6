"""Most of the weights are frozen, and what is left does not learn."""

import math
from typing import Any

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

MOST = 0.5
"""Share of all weights."""


def examine(measured: Measured) -> Finding | None:
    """Look for a model that does not learn and most of whose weights may not move: a risk, for it may only be slow."""
    rows = measured.before[0].layers
    frozen = rows[rows["frozen"]]
    share = _share(measured.model)
    if frozen.empty or share < MOST or measured.learns or measured.has_learnt:
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="risk",
        cause="frozen",
        sentence=f"{share:.0%} of the weights are frozen, and the rest does not learn.",
        evidence=(Evidence(name="weights that are frozen", value=100 * share, unit="%"),),
        layers=tuple(frozen["layer"]),
        depths=tuple(map(int, frozen["depth"])),
        page="signs/when-it-is-not-the-gradient",
    )


def _share(model: Any) -> float:
    """How many of the weights that could be trained may not move."""
    sizes: list[tuple[bool, int]] = [
        (layer.trainable, math.prod(variable.shape))
        for layer in model._flatten_layers()
        for variable in layer._trainable_variables
    ]
    return sum(size for trainable, size in sizes if not trainable) / max(sum(size for _, size in sizes), 1)
