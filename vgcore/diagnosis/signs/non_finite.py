"""A number of the model, of its data or of its first step is infinite or undefined."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured
from vgcore.probes import find_non_finite


def examine(measured: Measured) -> Finding | None:
    """Look for the first such number in the order in which a step computes them, where any of them did harm."""
    if measured.in_order:
        return None
    found = find_non_finite(measured.model, *measured.first, loss=measured.loss)
    if found is None:
        return None
    place = f" of {found.layer}" if found.layer else ""
    return Finding(
        symptom="non-finite",
        severity="risk" if measured.learns or measured.has_learnt else "alarm",
        cause="data" if found.phase == "data" else "precision" if found.phase == "forward" else found.phase,
        sentence=f"The first number that is not finite is {found.value}, in the {found.tensor}{place}.",
        evidence=(Evidence(name="entries that are not finite", value=100 * found.share, unit="%"),),
        layers=(found.layer,) if found.layer else (),
        page="exploding/cause-and-effect",
    )
