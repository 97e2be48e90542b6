"""Gates of a recurrent layer that are shut, so that nothing comes in or goes out."""

from typing import Any

import keras

from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.measured import TIMED, Measured
from vgcore.probes import measure_gates

SHUT = 0.03
"""Opening below which the sigmoid of a gate is flat."""

MOST = 0.5
"""Share of the units of a layer."""

PASSING = {"input": False, "output": False, "update": True}
"""Gates without which a state neither takes anything in nor shows it, and whether it is the open ones that block."""


def examine(measured: Measured) -> Finding | None:
    """Look at the gates of the recurrent layers of a model that does not learn."""
    recurrent = [layer for layer in measured.model._flatten_layers() if isinstance(layer, keras.layers.RNN)]
    gated = all(type(layer) in (keras.layers.LSTM, keras.layers.GRU) for layer in recurrent)
    if not recurrent or not gated or measured.learns or measured.has_learnt or measured.is_nested:
        return None
    shares = _blocking(measured.model, measured.first[0][:TIMED])
    layer, gate, share = max(((*place, value) for place, value in shares.items()), key=lambda one: one[2])
    if share >= MOST:  # at one batch; what lasts is there at another
        share = min(share, _blocking(measured.model, measured.second[0][:TIMED])[layer, gate])
    if share < MOST:
        return None
    return Finding(
        symptom="saturated",
        severity="alarm",
        cause="initialisation",
        sentence=f"The {gate} gate of {layer} lets nothing pass: the sigmoid is flat there, and it cannot open.",
        evidence=(Evidence(name=f"units whose {gate} gate blocks", value=100 * share, unit="%"),),
        layers=(layer,),
        page="fixes/lstm" if gate != "update" else "fixes/gru",
    )


def _blocking(model: Any, x: Any) -> dict[tuple[str, str], float]:
    """For each layer and gate the share of the units, over all steps, at which the gate blocks."""
    openings = measure_gates(model, x)
    passing = openings[openings["gate"].isin(PASSING)]
    blocked = passing["opening"].where(~passing["gate"].map(PASSING).astype(bool), 1 - passing["opening"]) < SHUT
    shares = blocked.groupby([passing["layer"], passing["gate"]]).mean().rename("share").reset_index()
    rows = zip(shares["layer"], shares["gate"], shares["share"], strict=True)
    return {(str(layer), str(gate)): float(share) for layer, gate, share in rows}
