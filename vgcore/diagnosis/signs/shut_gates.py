"""Gates of a recurrent layer that are shut, so that nothing comes in or goes out."""

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
    openings = measure_gates(measured.model, measured.first[0][:TIMED])
    passing = openings[openings["gate"].isin(PASSING)]
    blocked = passing["opening"].where(~passing["gate"].map(PASSING).astype(bool), 1 - passing["opening"]) < SHUT
    shares = blocked.groupby([passing["layer"], passing["gate"]]).mean().rename("share").reset_index()
    worst = shares.sort_values("share").iloc[-1]
    layer, gate, share = str(worst["layer"]), str(worst["gate"]), float(worst["share"])
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
