"""All inputs look alike to the last hidden layer."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

DIRECTIONS = 2.0
"""In how many directions examples differ at least."""


def examine(measured: Measured) -> Finding | None:
    """Look for a last hidden layer whose outputs lie along a line, in a model that does not learn."""
    if measured.learns or measured.has_learnt:
        return None
    rows = [seen.hidden.iloc[-1] for seen in measured.before if len(seen.hidden) >= 3]
    if not rows or max(row["dimensions"] for row in rows) > DIRECTIONS:
        return None
    hidden = measured.before[0].hidden
    alike = hidden[hidden["dimensions"] <= DIRECTIONS]
    return Finding(
        symptom="collapsed",
        severity="alarm",
        cause="depth",
        sentence=(
            f"After {rows[0]['layer']} all examples look alike: they differ in {rows[0]['dimensions']:.1f} directions."
        ),
        evidence=(
            Evidence(name="directions at the first layer", value=float(hidden["dimensions"].iloc[0])),
            Evidence(name="directions at the last hidden layer", value=float(rows[0]["dimensions"])),
        ),
        layers=tuple(alike["layer"]),
        depths=tuple(map(int, alike["depth"])),
        page="causes/depth",
    )
