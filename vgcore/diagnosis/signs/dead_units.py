"""Units that are off for every example, and that no gradient can wake."""

from vgcore.diagnosis.alike import near
from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

RISK, ALARM = 0.5, 0.9
"""Shares of a layer's units: more than half of them is a loss, nearly all of them a closed door."""

ALIKE = 2.0
"""In how many directions the examples still differ at least."""


def examine(measured: Measured) -> Finding | None:
    """Look for layers in which most units stay dead at every look."""
    hidden = measured.before[0].hidden
    shares = hidden["dead_fraction"].to_numpy()
    for seen in measured.looks[1:]:
        shares = shares.clip(max=seen.hidden["dead_fraction"].to_numpy())
    rows = hidden.assign(dead=shares)
    # Behind a layer that is dead as a whole everything else is silent too: the one nearest the output says where.
    # Where all inputs look alike a unit is off for one if it is for all: that is no fault of the unit.
    differ = (rows["dimensions"] > ALIKE) & (rows["pooled"] | ~near(rows))
    rows = rows[(rows["dead"] >= ALARM) | ((rows["dead"] > RISK) & differ)]
    if rows.empty:
        return None
    worst = rows.sort_values("dead").iloc[-1]
    harmful = worst["dead"] >= ALARM or not (measured.learns or measured.has_learnt)
    return Finding(
        symptom="dead units",
        severity="alarm" if harmful else "risk",
        cause="activation",
        sentence=f"In {worst['layer']} {worst['dead']:.0%} of the units are 0 for every example and get no gradient.",
        evidence=(Evidence(name="dead units", value=100 * worst["dead"], unit="%"),),
        layers=tuple(rows["layer"]),
        depths=tuple(map(int, rows["depth"])),
        page="fixes/leaky-relu-and-prelu",
    )
