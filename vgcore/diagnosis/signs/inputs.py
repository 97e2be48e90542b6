"""The inputs are far from the size that the first weights are made for."""

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import Measured

LEAST, MOST = 0.01, 10.0
"""RMS between which a network is left in peace."""


def examine(measured: Measured) -> Finding | None:
    """Look at the size of the inputs of a model that does not learn."""
    size = measured.input_rms
    if LEAST <= size <= MOST or measured.learns or measured.has_learnt:
        return None
    return Finding(
        symptom="not a gradient problem",
        severity="alarm",
        cause="input scale",
        sentence=f"The inputs are not scaled: their RMS is {size:.3g}, where the first weights expect about 1.",
        evidence=(Evidence(name="inputs (RMS)", value=size),),
        page="signs/when-it-is-not-the-gradient",
    )
