"""What common statements predict, and how much of it each seed's runs show."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

DEEP, CHANCE = 20, 0.1  # layers; accuracy

Seed = Mapping[str, Any]
"""What each experiment returned for one seed, by its name."""
Reading = Callable[[Seed], float]


class Statement(NamedTuple):
    """A few words for the picture, and what is measured of the prediction where that suits it best and least."""

    words: str
    best: Reading
    least: Reading


def _rows(table: pd.DataFrame, **where: object) -> pd.DataFrame:
    for column, value in where.items():
        table = table[table[column] == value]
    return table.sort_values("epoch") if "epoch" in table else table


def _at(table: pd.DataFrame, column: str, **where: object) -> float:
    """A column's value in the last of the rows that are asked for; no number where a small run has none."""
    rows = _rows(table, **where)
    return float(rows[column].iloc[-1]) if len(rows) else float("nan")


def _share(measured: float, predicted: float) -> float:
    return measured / predicted if predicted else float("nan")


def _learnt(experiment: str, table: str = "", **where: object) -> Reading:
    """How far a network came from guessing to naming all digits; the statement predicts that it learns."""

    def read(seed: Seed) -> float:
        rows = seed[experiment][table] if table else seed[experiment]
        return (_at(rows, "test_accuracy", **where) - CHANCE) / (1 - CHANCE)

    return read


def _quarters(arm: str) -> Reading:
    """Decades lost, over those that a quarter a layer would lose."""

    def read(seed: Seed) -> float:
        factors = _rows(seed["layer_factors"], arm=arm)["factor"]
        return _share(-float(np.log10(factors).sum()), float(len(factors) * np.log10(4)))

    return read


def _both(activation: str) -> Reading:
    """Decades that the weights' gradient loses, over those that dL/dh loses."""

    def read(seed: Seed) -> float:
        rows = _rows(seed["depth_decay"], activation=activation, arm="Keras default")
        ends = rows[rows["layer"].isin([2, rows["layer"].max()])].sort_values("layer")
        weights, passed = (
            float(np.log10(ends[column]).diff().sum()) for column in ("weight_gradient_rms", "activation_gradient_rms")
        )
        return _share(weights, passed)

    return read


def _grown(matrix: str) -> Reading:
    """Whether a gradient ends longer than it began."""

    def read(seed: Seed) -> float:
        norms = _rows(seed["same_matrix"]["steps"], matrix=matrix).sort_values("step")["gradient_norm"]
        return float(norms.iloc[-1] > norms.iloc[0]) if len(norms) else float("nan")

    return read


def _directions(choose: Callable[[pd.Series], float]) -> Reading:
    """Share of the directions that keep a tenth or more of their size; over three activations."""

    def read(seed: Seed) -> float:
        table = _rows(seed["jacobian_spectrum"], weights="Gaussian")
        kept = table[table["layer"] == table["layer"].max()].set_index("activation")["singular_value"] >= 0.1
        return float(choose(kept.groupby(level=0).mean()))

    return read


def _formats(seed: Seed) -> float:
    """Layers whose gradient is not zero, in bfloat16 over float32."""
    table = seed["gradients_in_formats"]
    reached = {arm: float((_rows(table, arm=arm)["share_not_zero"] >= 0.5).sum()) for arm in ("bfloat16", "float32")}
    return _share(reached["bfloat16"], reached["float32"])


def _selu(seed: Seed) -> float:
    """Gradient at the first of a hundred layers, over that at the last."""
    return _at(seed["smooth_activations"]["gradient"], "relative_gradient", arm="SELU, LeCun", layer=1)


def _beyond(seed: Seed) -> float:
    """How well the normalised network learns at the first rate that is too large for the plain one."""
    table = seed["batch_norm_rates"]
    plain = _rows(table, arm="none").set_index("rate")["test_accuracy"]
    larger = plain.index[plain.index > plain.index[plain > 0.8].max()]
    if not len(larger):
        return float("nan")
    return (_at(table, "test_accuracy", arm="before", rate=larger.min()) - CHANCE) / (1 - CHANCE)


def _shifted(seed: Seed) -> float:
    """What noise behind the normalisation costs, over what the normalisation brought."""
    table = seed["covariate_shift"]["training"]
    plain, normalised, noisy = (
        _at(table, "test_accuracy", arm=arm) for arm in ("plain", "normalised", "noise behind it")
    )
    return _share(normalised - noisy, normalised - plain)


def _forty_back(cell: str) -> Reading:
    """Share of the gradient that is left at the longest lag."""
    return lambda seed: _at(seed["gradient_by_lag"].sort_values("lag"), "state_gradient", cell=cell, inputs="standard")


def _at_rates(choose: Callable[[pd.Series], float]) -> Reading:
    def read(seed: Seed) -> float:
        reached = _rows(seed["learning_rates"]["accuracy"], network="vanishing")["test_accuracy"]
        return (float(choose(reached)) - CHANCE) / (1 - CHANCE)

    return read


def _shrunk(arm: str) -> Reading:
    """By which share the first layer's weights have become smaller."""
    return lambda seed: 1 - _at(seed["decayed_weights"]["layers"], "left", arm=arm, layer=1)


def _pit(seed: Seed) -> float:
    """How far moving the first layers changes the loss, over moving the output layer as far."""
    moved = seed["plateau"]["moved"].sort_values("share")
    return _share(_at(moved, "most", part="first half"), _at(moved, "most", part="output layer"))


def _vanished(seed: Seed) -> float:
    """Of the networks that guess, the share that loses three decades or more."""
    table = seed["one_symptom"]
    return float((table[table["arm"] != "healthy"]["decades"] > 3).mean())


def _stood(seed: Seed) -> float:
    """How much less the first layer has moved than the last, as a share."""
    rows = _rows(seed["layer_changes"], arm="sigmoid")
    change = rows[rows["epoch"] == rows["epoch"].max()].sort_values("layer")["relative_change"]
    return 1 - float(change.iloc[0] / change.iloc[-1])


def _forgotten(seed: Seed) -> float:
    """What sixteen rows of noise cost a SimpleRNN, over all that it had learnt without them."""
    read, kept = (_at(seed["memory_span"], "test_accuracy", cell="SimpleRNN", lag=lag) for lag in (0, 16))
    return _share(read - kept, read - CHANCE)


def _bought(seed: Seed) -> float:
    """Layers that a hundred times the training adds, over those that twenty need."""
    limits = seed["hundredfold_training"]["limits"].sort_values("epoch")["limit"]
    return _share(float(limits.iloc[-1] - limits.iloc[0]), float(DEEP - limits.iloc[0]))


def _crosses(arm: str, scaled: int) -> Reading:
    """Whether a transformer's gradient stays within a factor of ten."""

    def read(seed: Seed) -> float:
        growth = _at(seed["norm_placement"], "stream_gradient", arm=arm, scaled=scaled, layer=1)
        return float(abs(np.log10(growth)) < 1) if np.isfinite(growth) else float("nan")

    return read


def _within_one(gradient: Reading) -> Reading:
    """A gradient's size as a share of what it ought to be, which is one at most."""
    return lambda seed: min(gradient(seed), 1.0)


STATEMENTS = {
    "quarter": Statement("a quarter a layer", _quarters("Keras default"), _quarters("weights × 4")),
    "tanh": Statement(
        "tanh does not vanish",
        _learnt("tanh_starts", "accuracy", arm="tanh, Glorot's weights"),
        _learnt("tanh_starts", "accuracy", arm="tanh, usual weights"),
    ),
    "weights": Statement("weights' gradients show it", _both("sigmoid"), _both("relu")),
    "singular": Statement("singular value above 1 explodes", _grown("linear, radius 1.05"), _grown("tanh")),
    "directions": Statement("Glorot and He pass all on", _directions(max), _directions(min)),
    "bfloat16": Statement("bfloat16 needs no scaling", _formats, _formats),
    "relu": Statement(
        "ReLU solves it",
        _learnt("dense_activations", "accuracy", arm="ReLU"),
        _learnt("dense_activations", "accuracy", arm="ReLU, Keras's weights"),
    ),
    "selu": Statement("SELU: neither", _within_one(_selu), _within_one(lambda seed: 1 / _selu(seed))),
    "batch_norm": Statement(
        "batch norm solves it",
        _learnt("covariate_shift", "training", arm="normalised"),
        lambda seed: 1 - (_at(seed["degradation"], "test_error", arm="plain", depth=56)) / (1 - CHANCE),
    ),
    "rates": Statement("batch norm bears large rates", _beyond, _beyond),
    "shift": Statement("batch norm: less covariate shift", _shifted, _shifted),
    "skips": Statement(
        "skips solve it",
        _learnt("branch_scales", "training", arm="scaled"),
        _learnt("branch_scales", "training", arm="scale 1"),
    ),
    "gates": Statement("LSTM and GRU end it", _within_one(_forty_back("LSTM 1")), _within_one(_forty_back("GRU"))),
    "clipping": Statement(
        "clipping helps",
        _learnt("dense_trainings", "accuracy", arm="clipping"),
        _learnt("dense_trainings", "accuracy", arm="clipping"),
    ),
    "rate": Statement("another rate helps", _at_rates(max), _at_rates(min)),
    "adam": Statement(
        "Adam cures it",
        _learnt("adam_rescue", "training", arm="ReLU, Adam"),
        _learnt("adam_rescue", "training", arm="sigmoid, Adam"),
    ),
    "zero": Statement("weights go to zero", _shrunk("decay"), _shrunk("no decay")),
    "first": Statement("first layers stand still", _stood, _stood),
    "minimum": Statement("a bad local minimum", _pit, _pit),
    "symptom": Statement("no learning, no gradient", _vanished, _vanished),
    "steps": Statement("RNNs forget in ten steps", _forgotten, _forgotten),
    "hardware": Statement("hardware solves it", _bought, _bought),
    "solved": Statement("a solved problem", _crosses("before", 1), _crosses("none", 0)),
}
"""Every statement by the name of its claim, in the order of the pages."""
