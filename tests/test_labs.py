"""The labs: their form, and the answers of their exercises, worked out with the labs' own functions."""

import ast
import re
from functools import cache
from itertools import pairwise
from typing import Any

import jupytext
import numpy as np
import pytest

from tests.folders import LABS, ROOT
from vgcore import data, models, theory
from vgcore.models import MLP, Recurrent
from vgcore.press.project import Project
from vgcore.probes import measure_gradients

labs = pytest.mark.parametrize("lab", LABS)
ORDER = re.findall(r"\]\((\w+)\.ipynb\)", (ROOT / "docs/labs/index.md").read_text())
"""The labs as their landing page lists them."""


@cache
def cells(lab: str, kind: str) -> list[str]:
    """The sources of a lab's cells of one kind."""
    read = jupytext.read(ROOT / f"docs/labs/{lab}.py", fmt="py:percent")
    return [cell.source for cell in read.cells if cell.cell_type == kind]


def defined(lab: str) -> dict[str, Any]:
    """What a lab's first cell sets up, and the functions of all its cells; nothing is built or trained."""
    first, *rest = cells(lab, "code")
    functions = [node for cell in rest for node in ast.parse(cell).body if isinstance(node, ast.FunctionDef)]
    names: dict[str, Any] = {}
    exec(first, names)
    exec(compile(ast.Module(body=list(functions), type_ignores=[]), lab, "exec"), names)
    return names


# What they depend on


@labs
def test_a_lab_depends_on_how_its_figures_are_drawn(lab: str) -> None:
    drawing = "vgcore.press.svg:themed"
    found = Project(ROOT).lab_fingerprint(lab)
    assert found.path_to(drawing).startswith("vgcore.press.labs:prepare → ")
    assert drawing in found.parts


# Form


def test_the_landing_page_lists_every_lab_once() -> None:
    assert sorted(ORDER) == sorted(LABS)


@labs
def test_the_landing_page_offers_the_notebook_of_every_lab(lab: str) -> None:
    assert f"(../data/{lab}.ipynb){{ download }}" in (ROOT / "docs/labs/index.md").read_text()


@labs
def test_a_lab_says_first_how_long_it_takes(lab: str) -> None:
    assert re.search(r"takes (ten|twelve|fifteen) minutes", cells(lab, "markdown")[0].replace("\n", " "))


@labs
def test_a_lab_has_three_exercises_and_as_many_hidden_answers(lab: str) -> None:
    exercises, answers = cells(lab, "markdown")[-1].split("<details><summary>Answers</summary>")
    assert re.findall(r"^(\d)\. ", exercises, re.MULTILINE) == ["1", "2", "3"]
    assert re.findall(r"^<p>(\d)\. \w", answers, re.MULTILINE) == ["1", "2", "3"]


@pytest.mark.parametrize(("lab", "following"), [*pairwise(ORDER)])
def test_a_lab_leads_to_the_next(lab: str, following: str) -> None:
    assert f"({following}.ipynb)" in cells(lab, "markdown")[-1]


# Residual networks


def residual_decades(depth: int, residual: bool) -> float:
    lab = defined("residual_networks")
    model = lab["network"](residual, scale=depth**-0.5, depth=depth)
    return measure_gradients(model, lab["x"], lab["y"]).decades


def test_twice_the_plain_layers_lose_twice_the_decades() -> None:
    assert residual_decades(60, residual=False) == pytest.approx(2 * residual_decades(30, residual=False), rel=0.15)


def test_twice_the_residual_layers_keep_the_gradient_as_it_was() -> None:
    assert residual_decades(60, residual=True) == pytest.approx(residual_decades(30, residual=True), abs=0.1)


def test_branches_that_start_from_nothing_give_every_layer_the_same_gradient() -> None:
    lab = defined("residual_networks")
    table = measure_gradients(lab["network"](residual=True, start="zeros"), lab["x"], lab["y"]).table
    stream = table["activation_gradient_rms"].to_numpy()[:-1]
    assert stream == pytest.approx(np.full(31, stream[0]), rel=1e-12)


def test_branches_that_start_from_nothing_are_pulled_all_the_same() -> None:
    lab = defined("residual_networks")
    table = measure_gradients(lab["network"](residual=True, start="zeros"), lab["x"], lab["y"]).table
    assert (table["weight_gradient_rms"] > 0).all()


# Recurrent networks


def a_step(model: Any, scale: float = 1.0) -> float:
    lab = defined("recurrent_networks")
    return float(lab["a_step"](lab["by_lag"](model, scale * lab["x"])))


def cell(name: str) -> Any:
    lab = defined("recurrent_networks")
    return lab["network"](getattr(lab["keras"].layers, name))


def test_a_gru_with_an_open_update_gate_keeps_what_theory_says() -> None:
    lab = defined("recurrent_networks")
    measured = a_step(Recurrent(cell="gru", units=32, update_bias=3.0).build(1))
    assert measured == pytest.approx(lab["a_step"](theory.gru_gradient_line(lab["LAGS"], update_bias=3.0)), rel=0.05)
    assert measured > 0.9


def test_of_the_three_cells_a_simple_rnn_gains_most_from_weak_inputs() -> None:
    strong, weak = ({name: a_step(cell(name), scale) for name in ("SimpleRNN", "GRU", "LSTM")} for scale in (1, 0.1))
    gains = {name: weak[name] / strong[name] for name in weak}
    assert max(gains, key=lambda name: gains[name]) == "SimpleRNN"
    assert weak["SimpleRNN"] > weak["LSTM"]


# Batch normalisation


def growth(examples: int) -> float:
    lab = defined("batch_normalisation")
    x, y = lab["x"][:examples], lab["y"][:examples]
    return float(10 ** -measure_gradients(lab["network"]("before"), x, y).slope)


def test_eight_digits_explode_faster_than_many() -> None:
    assert growth(8) > growth(256) + 0.05


def test_eight_digits_explode_as_theory_says() -> None:
    assert growth(8) == pytest.approx(theory.batch_norm_growth(8), rel=0.06)


def test_skip_connections_take_the_explosion_away() -> None:
    config = MLP(depth=30, activation="relu", initialisation="he_normal", skip=True, normalisation="batch")
    digits = data.digits()
    profile = measure_gradients(models.mlp(config, seed=1), digits.train_x[:256], digits.train_y[:256])
    assert abs(profile.decades) < 0.5


# Clipping


def test_a_norm_of_a_tenth_cuts_the_gradients_of_the_last_layers_only() -> None:
    lab = defined("clipping")
    norms = [np.linalg.norm(one) for one in lab["gradient"](lab["vanishing"]())]  # 42, a matrix and a bias in turn
    clipped = [number for number, norm in enumerate(norms) if norm > 0.1]
    assert 40 in clipped
    assert min(clipped) >= 36


def test_no_gradient_of_the_vanishing_network_is_as_long_as_four() -> None:
    lab = defined("clipping")
    assert lab["norm"](lab["gradient"](lab["vanishing"]())) < 4


def test_a_higher_gain_makes_the_first_gradient_tens_of_times_as_long() -> None:
    lab = defined("clipping")
    norms = [lab["norm"](lab["gradient"](lab["exploding"](gain))) for gain in (1.2, 1.5)]
    assert norms[1] > 30 * norms[0]
