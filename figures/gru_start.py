"""With few inputs a GRU passes back less a step than a SimpleRNN: {gru_8} against {rnn_8}. Bias 3 makes it {bias_3}.

What one step passes back of ∂L/∂h before training, in layers of 64 units that read normal numbers of variance 1. Left:
by how many they read at each step. Right: a GRU that reads eight, by the initial bias of its update gate; dotted is
the SimpleRNN that reads eight. Dashed: theory, nothing is fitted.
"""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from vgcore import theory
from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "cell_factor"
title = "What a step passes back, by features and by the update gate's bias"
alt = (
    "Left: the SimpleRNN's factor falls from {rnn_1} with one feature to {rnn_128} with 128; the GRU's falls only from "
    "{gru_8} with eight to {gru_128}. Right: the GRU's factor rises with the bias, from {gru_8} over {bias_1} at 1 and "
    "{bias_3} at 3 to {bias_5} at 5, and crosses the SimpleRNN's {rnn_8} near bias 1. All lie on the dashed theory."
)
arm = "cell"

ROW = 8
"""Pixels in a digit's row."""


def _by_features(tables: Tables, cell: str, features: int) -> float:
    table = tables["features"]
    return float(table[(table["cell"] == cell) & (table["features"] == features)]["factor"].item())


def _by_bias(tables: Tables, bias: float) -> float:
    table = tables["biases"]
    return float(table[table["bias"] == bias]["factor"].item())


def _off_theory(tables: Tables) -> float:
    biases = tables["biases"]
    return float((biases["factor"] / biases["theory"] - 1).abs().max())


def _at_lags(lags: np.ndarray, bias: float) -> float:
    """Theory's factor of a step between two lags, the geometric mean, as it was measured."""
    first, last = theory.gru_gradient_line(lags, update_bias=bias)
    return float((last / first) ** (1 / (lags[1] - lags[0])))


def _flat(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: every arm has the same factor; the biases stay what they are."""
    return table.assign(factor=table["factor"].median())


def _whole(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: nothing is lost."""
    return table.assign(factor=1.0)


claims = {
    "rnn_1": Claim(text="{:.2f}", value=lambda t: _by_features(t, "SimpleRNN", 1), at_least=0.87, at_most=0.97),
    "rnn_8": Claim(text="{:.2f}", value=lambda t: _by_features(t, "SimpleRNN", ROW), at_least=0.73, at_most=0.82),
    "rnn_128": Claim(
        text="{:.2f}",
        value=lambda t: _by_features(t, "SimpleRNN", 128),
        at_least=0.57,
        at_most=0.63,
        counterfeit=_whole,
    ),
    "gru_8": Claim(text="{:.2f}", value=lambda t: _by_features(t, "GRU", ROW), at_least=0.6, at_most=0.65),
    "gru_128": Claim(
        text="{:.2f}", value=lambda t: _by_features(t, "GRU", 128), at_least=0.57, at_most=0.63, counterfeit=_whole
    ),
    "bias_1": Claim(text="{:.2f}", value=lambda t: _by_bias(t, 1.0), at_least=0.77, at_most=0.81, counterfeit=_flat),
    "bias_3": Claim(text="{:.2f}", value=lambda t: _by_bias(t, 3.0), at_least=0.94, at_most=0.97, counterfeit=_flat),
    "bias_5": Claim(text="{:.3f}", value=lambda t: _by_bias(t, 5.0), at_least=0.985, at_most=0.9999, counterfeit=_flat),
    "off_theory": Claim(text="{:.0%}", value=_off_theory, at_most=0.04, counterfeit=_flat),
}


def draw(run: Run) -> Figure:
    figure, features, biases = marks.panels(2, share_y=True)
    by_features, by_bias = run.tables["features"], run.tables["biases"]
    by_features = by_features.assign(doublings=np.log2(by_features["features"]))
    counts = np.geomspace(1, by_features["features"].max(), 40)
    glorot = 2 * counts / (counts + int(run.config["units"]))
    marks.theory(features, np.log2(counts), [theory.chi("tanh", 1.0, each) ** 0.5 for each in glorot])
    for cell, meaning in (("SimpleRNN", "rnn"), ("GRU", "gru")):
        marks.points(features, by_features[by_features["cell"] == cell], "doublings", "factor", meaning)
    marks.label(features, 3, 0.78, "SimpleRNN", "rnn", side="above right")
    marks.label(features, 2, 0.62, "GRU", "gru", side="below")
    features.set_xticks(range(8), [str(2**power) for power in range(8)])
    marks.describe(features, y="Factor of ∂L/∂h at a step", x="width of the input, features")
    line = np.linspace(0, by_bias["bias"].max(), 40)
    lags = np.array(run.config["lags"])
    marks.theory(biases, line, [_at_lags(lags, bias) for bias in line])
    marks.points(biases, by_bias, "bias", "factor", "gru")
    plain = by_features[(by_features["cell"] == "SimpleRNN") & (by_features["features"] == ROW)]["factor"].median()
    marks.threshold(biases, float(plain), "SimpleRNN", side="below left")
    marks.label(biases, 3, 0.94, "GRU", "gru", side="below right")
    marks.describe(biases, y="Factor of ∂L/∂h at a step", x="initial bias, log of the ratio of kept to new")
    features.set_ylim(0.5, 1.06)
    return figure
