"""With update bias 0 the median GRU names {gru_0} of the digits after sixteen rows of noise, with bias 3 {gru_3}.

Left: test accuracy after eight epochs, by the initial bias of the gate that keeps the state; dotted lines: the
SimpleRNN and guessing. Right: the update gate of the GRU with bias 3, mean over units and unseen digits; it is open
when it keeps. A mark is the median of the seeds, the bar spans them.
"""

from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = "carried_digit"
title = "Accuracy by the initial bias, and the update gate at work"
alt = (
    "Left: the GRU's accuracy rises with the bias from {gru_0} to {gru_3}; the LSTM's from {lstm_1} at "
    "bias 1 to {lstm_3} at bias 3; the SimpleRNN has {rnn}. Right: before training the update gate stands at "
    "{update_before} at every step; after it, at {update_digit} in the middle of the digit and {update_noise} at the "
    "end of the noise."
)
arm = "cell"

DIGIT, NOISE = 4, 23
"""The steps looked at: in the middle of the digit, and the last of the noise."""


def _accuracy(tables: Tables, cell: str) -> float:
    table = tables["training"]
    return float(table[table["cell"] == cell]["test_accuracy"].item())


def _update(tables: Tables, phase: str, step: int, cell: str = "GRU 3") -> float:
    table = tables["gates"]
    rows = table[(table["cell"] == cell) & (table["gate"] == "update") & (table["phase"] == phase)]
    return float(rows[rows["step"] == step]["opening"].item())


claims = {
    "gru_0": Claim(text="{:.0%}", value_of_run=in_the_median(lambda t: _accuracy(t, "GRU 0")), at_most=0.4),
    "gru_3": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "GRU 3"), at_least=0.75),
    "lstm_1": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "LSTM 1"), at_most=0.85),
    "lstm_3": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "LSTM 3"), at_least=0.7),
    "rnn": Claim(text="{:.0%}", value=lambda t: _accuracy(t, "SimpleRNN"), at_most=0.4),
    "update_before": Claim(text="{:.2f}", value=lambda t: _update(t, "before", NOISE), at_least=0.94, at_most=0.96),
    "update_digit": Claim(
        text="{:.2f}",
        value=lambda t: _update(t, "after", DIGIT),
        at_most=0.84,
        counterfeit=lambda t: t.assign(opening=0.95) if "opening" in t else t,
    ),
    "update_noise": Claim(
        text="{:.2f}", value_of_run=in_the_median(lambda t: _update(t, "after", NOISE)), at_least=0.85, at_most=0.945
    ),
}


def draw(run: Run) -> Figure:
    figure, learned, gate = marks.panels(2)
    table = run.tables["training"].assign(percent=100 * run.tables["training"]["test_accuracy"])
    parts = table["cell"].str.split(" ", expand=True).reindex(columns=[0, 1])
    table = table.assign(kind=parts[0], bias=parts[1].astype(float))
    for kind, meaning in (("GRU", "gru"), ("LSTM", "lstm")):
        marks.line(learned, table[table["kind"] == kind], "bias", "percent", meaning)
    plain = table[table["kind"] == "SimpleRNN"]["percent"].median()
    if plain == plain:  # a small run has no SimpleRNN
        marks.threshold(learned, float(plain), "SimpleRNN", side="above left")
    marks.threshold(learned, 10, "guessing", side="below left")
    marks.label(learned, 0.6, 62, "GRU", "gru", side="left")
    marks.label(learned, 2, 62, "LSTM", "lstm", side="below right")
    learned.set_ylim(0, 108)
    marks.describe(learned, y="Test accuracy, %", x="initial bias, log of the ratio of kept to new")
    gates = run.tables["gates"]
    gates = gates[(gates["cell"] == "GRU 3") & (gates["gate"] == "update") & (gates["step"] % 2 == 0)]
    marks.points(gate, gates[gates["phase"] == "before"], "step", "opening", "ink")
    marks.line(gate, gates[gates["phase"] == "after"], "step", "opening", "gru")
    marks.threshold(gate, 7.5, "noise begins", axis="x", side="above right")
    marks.label(gate, 15, 0.95, "before training", side="above")
    marks.label(gate, 15, 0.89, "after", "gru", side="below")
    gate.set_ylim(0.55, 1.03)
    marks.describe(gate, y="Update gate, share open", x="step")
    return figure
