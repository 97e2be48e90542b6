"""Clipping changes nothing in a vanishing network until it shortens a step. It turns NaN into {least} to {most}.

Left, a sigmoid network: by how much clipping every variable's norm at a tenth changes the weights of each layer in two
epochs, relative to their size. Clipped at 4, every layer is the same to the last bit. Right, a ReLU network whose
weights are a fifth larger than He's: digits right by epoch, without clipping and clipped by
value (squares), by global norm (triangles) and by norm (diamonds).
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, decades
from vgcore.press import marks

experiment = "clipped_training"
title = "What clipping changes in a vanishing and in an exploding network"
alt = (
    "Left: clipping at a norm of a tenth changes the output layer of the vanishing network by {fired_last}, each layer "
    "below by less, until the first has changed {fired_decades} less. Right: the exploding network stays at guessing "
    "without clipping. With any of three kinds it learns: after ten epochs {least} to {most} of the digits are right."
)
arm = "clipping"

PLAIN, SILENT, FIRED = "none", "global 4", "norm 0.1"
CLIPPED = {"value 0.01": "s", "norm 1": "D", "global 1": "v"}


def _accuracy(tables: Tables, network: str) -> pd.Series:
    """Accuracy after the last epoch by way to clip."""
    table = tables["training"]
    own = table[(table["network"] == network) & (table["epoch"] == table[table["network"] == network]["epoch"].max())]
    return pd.Series(own.set_index("clipping")["test_accuracy"])


def _rescued(tables: Tables) -> pd.Series:
    return _accuracy(tables, "exploding")[list(CLIPPED)]


def _difference(tables: Tables, clipping: str) -> pd.Series:
    layers = tables["layers"]
    return layers[layers["clipping"] == clipping].set_index("layer")["difference"].sort_index()


def _finite_epochs(tables: Tables) -> float:
    table = tables["training"]
    plain = table[(table["network"] == "exploding") & (table["clipping"] == PLAIN) & (table["epoch"] > 0)]
    return float(plain["finite"].sum())


claims = {
    "silent": Claim(
        text="{:.0f}",
        value=lambda tables: float(_difference(tables, SILENT).max()),
        at_most=0,
    ),
    "fired_last": Claim(
        text="{:.2%}", value=lambda tables: float(_difference(tables, FIRED).iloc[-1]), at_least=0.001, at_most=0.5
    ),
    "fired_decades": Claim(
        text="{:.0f} decades",
        value=lambda tables: decades(_difference(tables, FIRED).iloc[-1], _difference(tables, FIRED).iloc[0]),
        at_least=10,
        at_most=16,
        counterfeit=lambda table: table.assign(difference=1.0) if "difference" in table else table,
    ),
    "still_guessing": Claim(
        text="{:.0%}",
        value=lambda tables: float(_accuracy(tables, "vanishing").max()),
        at_most=0.15,
        counterfeit=lambda table: table.assign(test_accuracy=0.9) if "test_accuracy" in table else table,
    ),
    "finite_epochs": Claim(text="none", value=_finite_epochs, at_most=0),
    "far": Claim(
        text="{:.0%}",
        value=lambda tables: float(_accuracy(tables, "far").max()),
        at_most=0.6,
        counterfeit=lambda table: table.assign(test_accuracy=0.9) if "test_accuracy" in table else table,
    ),
    "least": Claim(text="{:.0%}", value=lambda tables: float(_rescued(tables).min()), at_least=0.3),
    "most": Claim(text="{:.0%}", value=lambda tables: float(_rescued(tables).max()), at_least=0.6, at_most=0.95),
}


def draw(run: Run) -> Figure:
    figure, layers, epochs = marks.panels(2)
    _layers(layers, run.tables["layers"])
    _epochs(epochs, run.tables["training"])
    return figure


def _layers(axes: Axes, table: pd.DataFrame) -> None:
    marks.points(axes, table[table["clipping"] == FIRED], "layer", "difference", "sigmoid")
    axes.set_ylim(1e-17, 1)
    marks.logarithmic(axes)
    marks.depth_ticks(axes, int(table["layer"].max()))
    marks.describe(axes, name="Vanishing: norms clipped at 0.1", y="Change of the weights by clipping, relative",
                   x="layer (1 = next to the input)")  # fmt: skip


def _epochs(axes: Axes, table: pd.DataFrame) -> None:
    own = table[table["network"] == "exploding"]
    for clipping, marker in CLIPPED.items():
        marks.line(axes, own[own["clipping"] == clipping], "epoch", "test_accuracy", "clipping", marker=marker)
    marks.line(axes, own[own["clipping"] == PLAIN], "epoch", "test_accuracy", "broken")
    for kind, height in {"value": 0.86, "global norm": 0.75, "norm": 0.64}.items():
        marks.label(axes, 10, height, kind, "clipping", side="right")
    marks.label(axes, 9.9, 0.12, "no clipping", "broken", side="above left")
    axes.set_xlim(-0.5, 14.8)
    axes.set_xticks([0, 5, 10])
    axes.set_ylim(0, 1)
    marks.describe(axes, name="Exploding: clipped by", y="Share of digits right", x="epoch")
