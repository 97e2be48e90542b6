"""Twenty sigmoid layers stay at {none}. Batch normalisation takes them to {batch}, Adam and clipping nowhere.

Four networks that fail without a fix, a column each: dense, convolutional, recurrent, exploding. In each the accuracy
on new digits runs from 0 at the left to 1, after no more operations than the network without a fix needs. A square
gets more than half of them right. A full mark: before training the gradient crosses the network within a factor of
ten. Medians of the seeds, lines span them all; no mark: not tried. “Glorot”: with Keras's own weights. “Both”:
residual branches and batch norm.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run, Tables, in_the_median
from vgcore.press import marks

experiment = (
    "dense_activations", "dense_structures", "dense_trainings", "convolutional_fixes", "recurrent_fixes",
    "exploding_fixes", "fix_costs",
)  # fmt: skip
title = "Every fix on the same networks"
alt = (
    "A grid, a row for each fix and a column for each network. Dense: {none} without a fix and {none_decades} lost; "
    "ReLU {relu}, batch normalisation {batch}, residual {residual}, layer by layer {pretrained}; clipping {clipping}, "
    "Adam {adam}, layer normalisation {layer_norm}. Convolutional: {conv_none} without, branches with normalisation "
    "{conv_both}. Recurrent: {rnn} without, LSTM with forget bias three {lstm_open}. Exploding: {exploding} without, "
    "batch normalisation {exploding_batch}, clipping {exploding_clipping}."
)
arm = "arm"

BASES = ("dense", "dense", "dense", "convolutional", "recurrent", "exploding")
ROWS = (
    "none", "ReLU", "ReLU, Keras's weights", "Leaky ReLU", "PReLU", "ELU", "SELU", "Swish", "GELU", "Maxout",
    "He's weights", "orthogonal weights", "layer norm", "dropout", "batch norm", "residual", "residual, batch norm",
    "highway", "dense connections", "LSTM", "LSTM, forget bias 3", "GRU", "layer by layer", "clipping",
    "a tenth of the rate", "ten times the rate", "Adam", "Adam, ReLU, Keras's weights", "L2", "two layers",
)  # fmt: skip
SHORT = {
    "ReLU, Keras's weights": "ReLU, Glorot", "orthogonal weights": "orthogonal", "residual, batch norm": "both",
    "LSTM, forget bias 3": "LSTM, bias 3", "a tenth of the rate": "rate / 10", "ten times the rate": "rate × 10",
    "Adam, ReLU, Keras's weights": "Adam, ReLU, Glorot", "convolutional": "conv.", "recurrent": "recur.",
    "exploding": "expl.",
}  # fmt: skip
"""What does not fit into the picture of a phone."""

PAGES = {
    "ReLU": "relu", "ReLU, Keras's weights": "relu", "Leaky ReLU": "leaky-relu-and-prelu",
    "PReLU": "leaky-relu-and-prelu", "ELU": "elu-selu-swish-gelu", "SELU": "elu-selu-swish-gelu",
    "Swish": "elu-selu-swish-gelu", "GELU": "elu-selu-swish-gelu", "Maxout": "maxout",
    "He's weights": "weight-initialisation", "orthogonal weights": "weight-initialisation",
    "dropout": "recurrent-normalisation", "batch norm": "batch-normalisation", "residual": "residual-networks",
    "residual, batch norm": "residual-networks", "highway": "skip-connections",
    "dense connections": "skip-connections", "LSTM": "lstm", "LSTM, forget bias 3": "lstm", "GRU": "gru",
    "layer by layer": "layer-by-layer-pretraining", "clipping": "clipping",
    "a tenth of the rate": "learning-rate-and-optimiser", "ten times the rate": "learning-rate-and-optimiser",
    "Adam": "learning-rate-and-optimiser", "Adam, ReLU, Keras's weights": "learning-rate-and-optimiser",
    "L2": "weight-regularisation", "two layers": "fewer-layers",
}  # fmt: skip
"""The page on a row's fix; layer normalisation has one for recurrent networks only, so none for its row."""

LEARNT, ARRIVED, MENDED = 0.5, 1.0, 0.25  # accuracy; decades; share of the errors
COSTS = {"weights": "parameters", "operations": "operations", "memory": "kept_bytes"}


def _gathered(name: str, measured: tuple[Tables, ...]) -> pd.DataFrame:
    """One of the tables of all experiments together; the dense "none" is in three of them."""
    tables = pd.concat(
        [tables[name].assign(base=base) for base, tables in zip(BASES, measured, strict=True)], ignore_index=True
    )
    return tables.drop_duplicates([column for column in ("base", "arm", "epoch", "seed") if column in tables])


def _at_equal_compute(accuracy: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Accuracy at the last epoch that ends before as much has been computed as by all epochs of "none"."""
    operations = {(row.base, row.arm): row.operations for row in costs.itertuples()}
    ratio = [operations.get(pair, 1.0) for pair in zip(accuracy["base"], accuracy["arm"], strict=True)]
    budget = accuracy["base"].map(accuracy[accuracy["arm"] == "none"].groupby("base")["epoch"].max())
    within: pd.DataFrame = accuracy[
        accuracy["epoch"] * np.array(ratio) <= 1.01 * budget
    ]  # an LSTM's step costs 4.007 of a SimpleRNN's
    keys = [column for column in ("base", "arm", "seed") if column in accuracy]
    last: pd.DataFrame = within.sort_values("epoch").groupby(keys, as_index=False).last()
    return last


def _accuracy(base: str, arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        *measured, costs = tables
        found = _at_equal_compute(_gathered("accuracy", tuple(measured)), costs)
        return float(found.set_index(["base", "arm"])["test_accuracy"].loc[(base, arm)])

    return of


def _at_the_end(base: str, arm: str) -> Callable[..., float]:
    """Accuracy after as many steps as "none" takes, whatever they cost."""

    def of(*tables: Any) -> float:
        found = _gathered("accuracy", tuple(tables[:-1]))
        one = found[(found["base"] == base) & (found["arm"] == arm)]
        return float(one.sort_values("epoch")["test_accuracy"].iloc[-1])

    return of


def _decades(base: str, arm: str) -> Callable[..., float]:
    def of(*tables: Any) -> float:
        found = _gathered("gradient", tuple(tables[:-1]))
        return float(found.set_index(["base", "arm"])["decades"].loc[(base, arm)])

    return of


def _learnt(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: every network learns."""
    return table.assign(test_accuracy=0.9) if "test_accuracy" in table else table


def _guessing(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: none does."""
    return table.assign(test_accuracy=0.1) if "test_accuracy" in table else table


def _share(base: str, arm: str, **bounds: Any) -> Claim:
    counterfeit = _learnt if "at_most" in bounds else _guessing
    return Claim(text="{:.0%}", value_of_run=in_the_median(_accuracy(base, arm)), counterfeit=counterfeit, **bounds)


claims = {
    "none": _share("dense", "none", at_most=0.2),
    "none_decades": Claim(text="{:.0f} decades", value=_decades("dense", "none"), at_least=11, at_most=13),
    "relu": _share("dense", "ReLU", at_least=0.6),
    "leaky_relu": _share("dense", "Leaky ReLU", at_least=0.6),
    "prelu": _share("dense", "PReLU", at_least=0.6),
    "elu": _share("dense", "ELU", at_least=0.6),
    "selu": _share("dense", "SELU", at_least=0.6),
    "swish": _share("dense", "Swish", at_most=0.6),
    "gelu": _share("dense", "GELU", at_least=0.6),
    "maxout": _share("dense", "Maxout", at_least=0.6),
    "he_sigmoid": _share("dense", "He's weights", at_most=0.2),
    "orthogonal_sigmoid": _share("dense", "orthogonal weights", at_most=0.2),
    "batch": _share("dense", "batch norm", at_least=0.8),
    "layer_norm": _share("dense", "layer norm", at_most=0.3),
    "layer_norm_decades": Claim(text="{:.1f} decades", value=_decades("dense", "layer norm"), at_least=6, at_most=10),
    "residual": _share("dense", "residual", at_least=0.8),
    "both": _share("dense", "residual, batch norm", at_least=0.8),
    "highway": _share("dense", "highway", at_most=0.6),
    "connections": _share("dense", "dense connections", at_least=0.8),
    "two": _share("dense", "two layers", at_least=0.6),
    "pretrained": _share("dense", "layer by layer", at_least=0.8),
    "clipping": _share("dense", "clipping", at_most=0.2),
    "small_rate": _share("dense", "a tenth of the rate", at_most=0.2),
    "large_rate": _share("dense", "ten times the rate", at_most=0.2),
    "l2": _share("dense", "L2", at_most=0.2),
    "adam": _share("dense", "Adam", at_most=0.3),
    "adam_relu": _share("dense", "Adam, ReLU, Keras's weights", at_least=0.7),
    "sgd_relu": _share("dense", "ReLU, Keras's weights", at_most=0.4),
    "conv_none": _share("convolutional", "none", at_most=0.2),
    "conv_he": _share("convolutional", "He's weights", at_most=0.5),
    "conv_batch": _share("convolutional", "batch norm", at_most=0.8),
    "conv_both": _share("convolutional", "residual, batch norm", at_least=0.4),
    "rnn": _share("recurrent", "none", at_most=0.6),
    "lstm": _share("recurrent", "LSTM", at_most=0.6),
    "lstm_open": _share("recurrent", "LSTM, forget bias 3", at_least=0.45),
    "gru": _share("recurrent", "GRU", at_most=0.3),
    "gru_steps": Claim(text="{:.0%}", value_of_run=in_the_median(_at_the_end("recurrent", "GRU")), at_least=0.45),
    "rnn_norm": _share("recurrent", "layer norm", at_most=0.6),
    "rnn_dropout": _share("recurrent", "dropout", at_most=0.6),
    "exploding": _share("exploding", "none", at_most=0.2),
    "exploding_he": _share("exploding", "He's weights", at_least=0.6),
    "exploding_selu": _share("exploding", "SELU", at_most=0.2),
    "exploding_batch": _share("exploding", "batch norm", at_least=0.7),
    "exploding_layer_norm": _share("exploding", "layer norm", at_least=0.6),
    "exploding_residual": _share("exploding", "residual", at_least=0.8),
    "exploding_two": _share("exploding", "two layers", at_least=0.6),
    "exploding_clipping": _share("exploding", "clipping", at_least=0.35),
    "exploding_rate": _share("exploding", "a tenth of the rate", at_least=0.3),
    "exploding_adam": _share("exploding", "Adam", at_least=0.6),
    "exploding_l2": _share("exploding", "L2", at_most=0.2),
}


def _outcomes(runs: tuple[Run, ...]) -> pd.DataFrame:
    """One row for each base, arm and seed: `test_accuracy` at equal compute, `in_the_end` at equal steps, `decades`."""
    *measured, costs = runs
    tables = tuple(run.tables for run in measured)
    accuracy, keys = _gathered("accuracy", tables), ["base", "arm", "seed"]
    last = accuracy.sort_values("epoch").groupby(keys)["test_accuracy"].last().rename("in_the_end")
    equal = _at_equal_compute(accuracy, costs.table).merge(last, on=keys)
    return equal.merge(_gathered("gradient", tables), on=keys, how="left")


def draw(*runs: Run) -> Figure:
    figure, axes = marks.panels(height=26 * len(ROWS))
    outcomes = _outcomes(runs)
    names = list(dict.fromkeys(BASES))
    for number, base in enumerate(names):
        _column(axes, outcomes[outcomes["base"] == base], number)
        axes.axvline(number, color="grid", linewidth=1, zorder=0)
    axes.set_xticks([number + 0.5 for number in range(len(names))], [SHORT.get(name, name) for name in names])
    axes.set_xlim(0, len(names))
    axes.set_yticks(range(len(ROWS)), [SHORT.get(arm, arm) for arm in ROWS])
    axes.set_ylim(len(ROWS) - 0.4, -0.6)
    marks.describe(axes, y="Fix, and accuracy as a share of new digits", x="share of digits, 0 to 1")
    return figure


def _column(axes: Axes, table: pd.DataFrame, number: int) -> None:
    for row, arm in enumerate(ROWS):
        one = table[table["arm"] == arm]
        if not len(one):
            continue
        low, middle, high = (number + 0.1 + 0.8 * one["test_accuracy"].quantile(part) for part in (0, 0.5, 1))
        meaning = "healthy" if one["test_accuracy"].median() >= LEARNT else "broken"
        arrived = abs(one["decades"].median()) <= ARRIVED
        axes.plot([low, high], [row, row], color=meaning, linewidth=1.1, zorder=2)
        axes.plot(
            middle, row, color=meaning, marker="o" if meaning == "broken" else "s", markeredgewidth=1.1,
            markerfacecolor=meaning if arrived else "paper", zorder=3,
        )  # fmt: skip


def table(*runs: Run) -> pd.DataFrame:
    """Medians over the seeds, and what a step costs relative to the network without a fix."""
    measured = ["test_accuracy", "in_the_end", "decades"]
    medians = _outcomes(runs).pivot_table(measured, "arm", "base", aggfunc="median")
    costs = runs[-1].table.drop_duplicates("arm").set_index("arm")
    return pd.DataFrame([_row(arm, medians, costs) for arm in ROWS])


def _row(arm: str, medians: pd.DataFrame, costs: pd.DataFrame) -> dict[str, str]:
    found = _row_of(medians, arm)
    name = f"[{arm}](fixes/{PAGES[arm]})" if arm in PAGES else arm
    row = {"fix": name, "helps against": "" if arm == "none" else _helps(found, _row_of(medians, "none"))}
    for base in dict.fromkeys(BASES):
        row[base] = _number(found, ("test_accuracy", base), "{:.0%}")
        row[f"{base}, decades lost"] = _number(found, ("decades", base), "{:z.1f}").replace("-", "−")
    cost = _row_of(costs, arm)
    return row | {name: _number(cost, column, "{:.2f} ×") for name, column in COSTS.items()}


def _row_of(table: pd.DataFrame, arm: str) -> "pd.Series[Any]":
    return pd.Series(table.loc[arm] if arm in table.index else {}, dtype=object)


def _helps(found: "pd.Series[Any]", none: "pd.Series[Any]") -> str:
    """Against which problem: given as many steps, a share of the errors of a network with that problem is gone."""
    mended = {base for base in BASES if _error(found, base) <= (1 - MENDED) * _error(none, base)}
    against = ["exploding"] * ("exploding" in mended) + ["vanishing"] * bool(mended - {"exploding"})
    return "both" if len(against) == 2 else "".join(against) or "neither"


def _error(found: "pd.Series[Any]", base: str) -> float:
    return 1 - float(found.get(("in_the_end", base), 0.0))


def _number(values: "pd.Series[Any]", name: Any, text: str) -> str:
    value = float(values.get(name, float("nan")))
    return text.format(value) if np.isfinite(value) else ""
