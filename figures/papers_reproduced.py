"""Of twenty-eight numbers from papers {matched} come out within a tenth; off by half or more: {missed}.

Each row is a number of a paper: ours divided by the paper's, so that 1, the dotted line, is the paper. A mark is the
median of the seeds, the bar behind it spans them all; squares lie within a tenth, circles do not. What is
more than three times as large stands at the edge. Schoenholz's row is the geometric mean of our four families. Left:
depth and weights. Right: mechanisms and memory, that is normalisation, paths, gates and steps.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, judge
from vgcore.press import marks

experiment = (
    "paper_constants", "tanh_layers", "jacobian_spectrum", "activation_pairs", "trainable_depth",
    "gradient_correlation", "batch_norm_growth", "linear_batch_norm", "recurrent_starts", "memoryless_baselines",
)  # fmt: skip
title = "Numbers of papers, ours over the paper’s"
alt = (
    "Two panels of rows, a number of a paper each, and a dotted line at 1. {matched} of the marks lie within a tenth "
    "of the line. Off by half or more: {missed}, Balduzzi's correlation of gradients after ten plain layers. "
    "In between lies the depth at which networks stop learning, in depth scales: above Schoenholz's six."
)
arm = "number"

CLOSE, FAR = 0.1, 0.5
"""Relative distances: within a tenth a number is matched; half or more is another number."""

EDGES = (1 / 3, 3.0)
"""Where the picture ends; a ratio beyond stands at the edge."""

Measurements = Mapping[str, Any]
"""What each experiment returned for one seed."""


class Row(NamedTuple):
    """A number of a paper, and how it is found in what was measured for one seed."""

    label: str
    paper: float
    ours: Callable[[Measurements], float]


def _constant(number: str) -> Callable[[Measurements], float]:
    return lambda m: float(m["paper_constants"].set_index("number")["value"][number])


def _best_weight(m: Measurements) -> float:
    """By maximising, over the paper's formula there."""
    return _constant("best weight")(m) / _constant("best weight, formula")(m)


def _layers(arm: str, column: str) -> Callable[[Measurements], float]:
    """Geometric mean over the hidden layers; of singular values the plain one."""

    def of(m: Measurements) -> float:
        values = m["tanh_layers"].query(f"arm == {arm!r}")[column]
        return float(values.mean() if column == "mean_singular_value" else np.exp(np.log(values).mean()))

    return of


def _weight_gradients(m: Measurements) -> float:
    """Layer 2 over the last one, with the standard weights."""
    layers = m["tanh_layers"].query("arm == 'standard'")
    return float(layers.set_index("layer")["weight_gradient"].iloc[0])


def _orthogonal(m: Measurements) -> float:
    """The smallest singular value of fifty orthogonal layers without activations."""
    values = m["jacobian_spectrum"].query("activation == 'linear' and weights == 'orthogonal'")
    return float(values["singular_value"].min())


def _pair(pair: str) -> Callable[[Measurements], float]:
    def of(m: Measurements) -> float:
        rows = m["activation_pairs"].query(f"pair == {pair!r}").set_index("layer")["relative_gradient"]
        return float(rows[1] ** (1 / (rows.index.max() - 1)))

    return of


def _limit(m: Measurements) -> float:
    """Depth scales at which half of the accuracy is gone, geometric mean over the four families."""
    limits = m["trainable_depth"]["limits"]
    shortest = limits[limits["epoch"] == limits["epoch"].min()]
    return float(np.exp(np.log(shortest["limit_scales"]).mean()))


def _correlation(arm: str, depth: int) -> Callable[[Measurements], float]:
    return lambda m: float(m["gradient_correlation"].set_index(["arm", "depth"])["correlation"][(arm, depth)])


def _batch_norm(batch: int) -> Callable[[Measurements], float]:
    return lambda m: float(m["batch_norm_growth"]["growth"].set_index(["arm", "batch"])["growth"][("before", batch)])


def _linear_batch_norm(batch: int) -> Callable[[Measurements], float]:
    return lambda m: float(m["linear_batch_norm"].set_index("batch")["growth"][batch])


def _identity(start: str) -> Callable[[Measurements], float]:
    """What a step passes back, over all lags."""

    def of(m: Measurements) -> float:
        lags = m["recurrent_starts"]["lags"].query(f"start == {start!r}").set_index("lag")["gradient"]
        return float((lags.iloc[-1] / lags.iloc[0]) ** (1 / (len(lags) - 1)))

    return of


def _gate(bias: float) -> Callable[[Measurements], float]:
    return lambda m: float(m["recurrent_starts"]["gates"].set_index("bias")["opening"][bias])


def _loss(task: str) -> Callable[[Measurements], float]:
    return lambda m: float(m["memoryless_baselines"].set_index("task")["loss"][task])


DEPTH = {
    "sv_normalised": Row("Glorot 10: SV 0.8", 0.8, _layers("normalised", "mean_singular_value")),
    "sv_standard": Row("Glorot 10: SV 0.5", 0.5, _layers("standard", "mean_singular_value")),
    "factor_standard": Row("Glorot 10: ∂L/∂h √⅓", 3**-0.5, _layers("standard", "factor")),
    "weights_standard": Row("Glorot 10: ∂L/∂W 1", 1.0, _weight_gradients),
    "orthogonal": Row("Saxe 13: all SV 1", 1.0, _orthogonal),
    "gain": Row("Saxe 13: gain 1", 1.0, _constant("critical gain")),
    "relu_glorot": Row("He 15: 1/√2 a layer", 2**-0.5, _pair("ReLU, Glorot")),
    "relu_he": Row("He 15: 1, ReLU", 1.0, _pair("ReLU, He")),
    "prelu_he": Row("He 15: 1, PReLU", 1.0, _pair("PReLU, He for slope")),
    "too_small": Row("He 15: 1.7 × 10⁴", 1.7e4, _constant("too small")),
    "alpha": Row("Klambauer 17: α", 1.6733, _constant("alpha")),
    "scale": Row("Klambauer 17: λ", 1.0507, _constant("scale")),
    "limit": Row("Schoenholz 17: 6 ξ", 6.0, _limit),
    "half": Row("Balduzzi 17: ½", 0.5, _correlation("plain", 1)),
    "ten": Row("Balduzzi 17: 2⁻¹⁰", 2.0**-10, _correlation("plain", 10)),
}
MECHANISMS = {
    "relu_norm": Row("Yang 19: 1.21, ReLU", (np.pi / (np.pi - 1)) ** 0.5, _batch_norm(256)),
    "linear_norm": Row("Yang 19: √(6/5), linear", (6 / 5) ** 0.5, _linear_batch_norm(8)),
    "linear_norm_large": Row("Yang 19: √(30/29)", (30 / 29) ** 0.5, _linear_batch_norm(32)),
    "middle_paths": Row("Veit 16: 95% of paths", 0.95, _constant("middle paths")),
    "effective_paths": Row("Veit 16: 0.45%", 0.0045, _constant("effective paths")),
    "slope": Row("Hochreiter 91: ¼", 0.25, _constant("largest slope")),
    "weight": Row("Hochreiter 91: |w| < 4", 4.0, _constant("harmless weight")),
    "best_weight": Row("H. & S. 97: best w", 1.0, _best_weight),
    "gate": Row("Jozefowicz 15: gate ½", 0.5, _gate(0.0)),
    "identity": Row("Le 15: 1 a step", 1.0, _identity("identity")),
    "copying": Row("Arjovsky 16: copying", 10 * np.log(8) / 120, _loss("copying")),
    "adding": Row("Arjovsky 16: adding", 0.167, _loss("adding")),
    "adam": Row("Kingma 15: step 1", 1.0, _constant("first Adam step")),
}
ROWS = DEPTH | MECHANISMS


def _ours(name: str) -> Callable[..., float]:
    return lambda *measured: ROWS[name].ours(dict(zip(experiment, measured, strict=True)))


def _ratios(*runs: Run) -> pd.DataFrame:
    """One row for each number and seed: its name and ours over the paper's."""
    found = []
    for name, row in ROWS.items():
        with suppress(LookupError):  # a small run has not all of them
            verdict = judge(Claim(text="{}", value=_ours(name), holds=bool), *runs)
            found += [
                {"name": name, "seed": one, "ratio": value / row.paper} for one, value in dict(verdict.values).items()
            ]
    return pd.DataFrame(found)


def _medians(*runs: Run) -> pd.Series:
    medians: pd.Series = _ratios(*runs).groupby("name")["ratio"].median()
    return medians


def _within(name: str, text: str, low: float, high: float, column: str = "value") -> Claim:
    """Ours within bounds; the counterfeit makes two and a half times as much of the column it is read from."""

    def enlarged(table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(**{column: 2.5 * table[column]}) if column in table else table

    return Claim(text=text, value=_ours(name), at_least=low, at_most=high, counterfeit=enlarged)


claims = {
    "matched": Claim(
        text="{:.0f}", value_of_run=lambda *runs: float(((_medians(*runs) - 1).abs() <= CLOSE).sum()), at_least=25
    ),
    "missed": Claim(
        text="{:.0f}",
        value_of_run=lambda *runs: float(((_medians(*runs) - 1).abs() >= FAR).sum()),
        at_most=2,
    ),
    "sv_normalised": _within("sv_normalised", "{:.2f}", 0.72, 0.88, "mean_singular_value"),
    "sv_standard": _within("sv_standard", "{:.2f}", 0.45, 0.55, "mean_singular_value"),
    "factor_standard": _within("factor_standard", "{:.3f}", 0.52, 0.6, "factor"),
    "weights_standard": _within("weights_standard", "{:.2f}", 0.8, 1.25, "weight_gradient"),
    "orthogonal": _within("orthogonal", "{:.6f}", 0.99999, 1.00001, "singular_value"),
    "gain": _within("gain", "{:.4f}", 0.9999, 1.0001),
    "too_small": _within("too_small", "{:,.0f}", 16500, 17500),
    "alpha": _within("alpha", "{:.4f}", 1.67325, 1.67335),
    "scale": _within("scale", "{:.4f}", 1.05065, 1.05075),
    "linear_norm": _within("linear_norm", "{:.3f}", 1.04, 1.15, "growth"),
    "linear_norm_large": _within("linear_norm_large", "{:.3f}", 1.0, 1.04, "growth"),
    "middle_paths": _within("middle_paths", "{:.1%}", 0.9795, 0.9805),
    "effective_paths": _within("effective_paths", "{:.2%}", 0.00445, 0.00455),
    "slope": _within("slope", "{:.2f}", 0.249999, 0.250001),
    "weight": _within("weight", "{:.1f}", 3.9999, 4.0001),
    "best_weight": _within("best_weight", "{:.4f}", 0.9999, 1.0001),
    "gate": _within("gate", "{:.2f}", 0.48, 0.52, "opening"),
    "identity": Claim(
        text="{:.4f}",
        value=_ours("identity"),
        at_least=0.999,
        at_most=1.0001,
        counterfeit=lambda table: table.assign(gradient=0.9 ** table["lag"]) if "gradient" in table else table,
    ),
    "random_start": Claim(
        text="{:.2f}",
        value=lambda *measured: _identity("Glorot")(dict(zip(experiment, measured, strict=True))),
        at_most=0.9,
        counterfeit=lambda table: table.assign(gradient=1.0) if "gradient" in table else table,
    ),
    "copying": _within("copying", "{:.4f}", 0.171, 0.175, "loss"),
    "adding": _within("adding", "{:.3f}", 0.162, 0.172, "loss"),
    "adam": _within("adam", "{:.5f}", 0.9999, 1.0),
}


def draw(*runs: Run) -> Figure:
    figure, *both = marks.panels(2, height=400)
    ratios = _ratios(*runs)
    for axes, rows, name in zip(both, (DEPTH, MECHANISMS), ("Depth and weights", "Mechanisms, memory"), strict=True):
        _panel(axes, ratios, rows)
        marks.describe(axes, name=name, y="Ours over the paper’s, ratio", x="ratio, logarithmic")
    return figure


def _panel(axes: Axes, ratios: pd.DataFrame, rows: Mapping[str, Row]) -> None:
    for place, name in enumerate(rows):
        for_seeds = ratios[ratios["name"] == name]["ratio"]
        if for_seeds.empty:
            continue
        shown = for_seeds.clip(*EDGES)
        close = abs(for_seeds.median() - 1) <= CLOSE
        meaning, marker = ("healthy", "s") if close else ("broken", "o")
        axes.plot([shown.min(), shown.max()], [place, place], color=meaning, linewidth=1.1, zorder=2)
        axes.plot(shown.median(), place, color=meaning, marker=marker, zorder=3, clip_on=False)
    marks.threshold(axes, 1.0, "", axis="x")
    axes.set_xscale("log")
    axes.set_xlim(*EDGES)
    axes.set_xticks([0.5, 1, 2], ["½", "1", "2"])
    axes.minorticks_off()
    axes.set_yticks(range(len(rows)), [row.label for row in rows.values()])
    axes.set_ylim(len(rows) - 0.4, -0.6)
