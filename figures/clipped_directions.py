"""Clipping by global norm keeps the direction. The other two kinds turn it, the more the lower the threshold is.

Cosine between the clipped gradient and the one that it was, for two exploding networks before training. The threshold
is given as a share of the largest one that still changes something. Dashed: the limit of a threshold of zero.
"""

from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables
from vgcore.press import marks

experiment = "clipped_directions"
title = "Direction of a clipped gradient by threshold"
alt = (
    "Cosine between clipped and unclipped gradient against the threshold. By global norm it stays at one. By value it "
    "falls to {value_relu} in the ReLU network at a thousandth of the threshold, by the norm of each variable to "
    "{norm_relu}. In the tanh network clipping each variable's norm takes it down to {norm_tanh}."
)
arm = "kind"

KINDS = {"global": "v", "norm": "D", "value": "s"}


def _cosine(tables: Tables, network: str, kind: str, *, last: bool = True) -> float:
    """At the smallest threshold, or at a hundredth of the one that still does something."""
    table = tables["directions"]
    own = table[(table["network"] == network) & (table["kind"] == kind)].sort_values("threshold")
    return float(own["cosine"].iloc[0 if last else 2])


def _lowest(tables: Tables, kind: str) -> float:
    table = tables["directions"]
    return float(table[table["kind"] == kind]["cosine"].min())


def _operations(tables: Tables, column: str) -> float:
    return float(tables["costs"][tables["costs"]["kind"] == "global"][column].item())


claims = {
    "global_lowest": Claim(text="{:.9f}", value=lambda tables: _lowest(tables, "global"), at_least=1 - 1e-9),
    "value_relu": Claim(
        text="{:.2f}", value=lambda tables: _cosine(tables, "ReLU", "value"), at_least=0.3, at_most=0.65
    ),
    "norm_relu": Claim(text="{:.2f}", value=lambda tables: _cosine(tables, "ReLU", "norm"), at_least=0.65, at_most=0.8),
    "norm_tanh": Claim(text="{:.2f}", value=lambda tables: _cosine(tables, "tanh", "norm"), at_least=0.3, at_most=0.55),
    "value_hundredth": Claim(
        text="{:.2f}", value=lambda tables: _cosine(tables, "ReLU", "value", last=False), at_least=0.5, at_most=0.8
    ),
    "operations": Claim(
        text="{:.0f}",
        value=lambda tables: _operations(tables, "clipping_operations"),
        at_least=3,
        at_most=5,
        counterfeit=lambda table: table.assign(clipping_operations=0.0),
    ),
    "step_operations": Claim(
        text="{:.0f}",
        value=lambda tables: _operations(tables, "step_operations"),
        at_least=300,
        at_most=450,
        counterfeit=lambda table: table.assign(step_operations=0.0),
    ),
}


def draw(run: Run) -> Figure:
    figure, *panels = marks.panels(2, share_y=True)
    for axes, network in zip(panels, ("ReLU", "tanh"), strict=True):
        own = run.tables["directions"][run.tables["directions"]["network"] == network]
        limits = run.tables["limits"][run.tables["limits"]["network"] == network]
        span = [own["threshold"].min(), own["threshold"].max()]
        predicted = limits.groupby("kind")["limit"].median()
        for limit in predicted[~predicted.round(2).duplicated()]:  # two that coincide would fill each other's gaps
            marks.theory(axes, span, [limit] * 2)
        for kind, marker in KINDS.items():
            marks.line(axes, own[own["kind"] == kind], "threshold", "cosine", "clipping", marker=marker)
        axes.set_ylim(0, 1.12)
        marks.logarithmic(axes, "x")
        axes.set_xticks([0.001, 0.01, 0.1, 1], ["1/1000", "1/100", "1/10", "1"])
        name = "ReLU, He’s weights × 1.2" if network == "ReLU" else "tanh, Glorot’s weights × 4"
        marks.describe(axes, name=name, y="Cosine to the unclipped gradient (share kept)",
                       x="share of the threshold that begins to act")  # fmt: skip
    words = ((0, 0.004, 1.06, "global norm"), (0, 0.004, 0.81, "norm"), (0, 0.006, 0.49, "value"),
             (1, 0.004, 1.06, "global norm"), (1, 0.02, 0.82, "value"), (1, 0.04, 0.5, "norm"))  # fmt: skip
    for panel, x, y, text in words:
        marks.label(panels[panel], x, y, text, "clipping", side="on")
    return figure
