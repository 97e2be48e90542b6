"""What readers explore: views that say what the runs say, and nothing that no run has shown."""

import json
import re
from itertools import product
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests import folders
from tests.folders import ROOT
from vgcore import theory
from vgcore.evidence import Run
from vgcore.press import explorable
from vgcore.press.explorable import Control, Explorable, Line, View
from vgcore.press.project import Project

EXPLORABLES = sorted(name for name, figure in Project(ROOT).figures.items() if figure.explorable)

every = pytest.mark.parametrize("figure", EXPLORABLES)


def kept(figure: str) -> Any:
    """What the book's store keeps of an explorable."""
    return json.loads(folders.published().fresh().figures[figure].text("explore.json"))


def views(figure: str) -> dict[tuple[str, ...], tuple[dict[str, Any], float, str]]:
    """Its views by the options that are chosen: line, place and sentence."""
    shown = kept(figure)
    choices = product(*(control["options"] for control in shown["controls"]))
    return {
        choice: (shown["lines"][line], at, said)
        for choice, (line, at, said) in zip(choices, shown["views"], strict=True)
    }


def median(table: pd.DataFrame, column: str, **where: object) -> float:
    for name, value in where.items():
        table = table[table[name].astype(str) == str(value)]
    assert sorted(table["seed"]) == [0, 1, 2, 3, 4]
    return float(np.median(table[column]))


def number(text: str) -> float:
    """A number as `number` of the press writes it."""
    mantissa, _, power = text.partition("·10")
    return float(mantissa) * 10.0 ** int(power.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)


def test_there_are_three_explorables() -> None:
    assert EXPLORABLES == ["combinations_explored", "memory_explored", "phases_explored"]


@every
def test_what_is_kept_is_light_and_holds_no_braces_of_a_directive(figure: str) -> None:
    text = folders.published().fresh().figures[figure].text("explore.json")
    assert len(text) < 80_000
    assert "{{" not in text
    assert "}}" not in text


@every
def test_every_median_lies_within_its_seeds(figure: str) -> None:
    for line, _, _ in views(figure).values():
        assert (np.array(line["low"]) <= line["middle"]).all()
        assert (np.array(line["middle"]) <= line["high"]).all()


@every
def test_every_sentence_says_what_its_line_shows_at_its_place(figure: str) -> None:
    for line, at, said in views(figure).values():
        shown = line["middle"][line["x"].index(at)]
        found = re.search(r"(?:gets|has) ([\d.]+(?:·10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?) (?:of|times) ", said)
        if found:
            assert np.log10(number(found[1])) == pytest.approx(shown, abs=0.2)
        else:
            assert "as much of the gradient as" in said
            assert abs(shown) < 0.03


def test_a_line_of_the_gradient_is_that_of_its_run() -> None:
    gradients, trained = folders.published_runs("combinations_explored")
    line, _, said = views("combinations_explored")["sigmoid", "Glorot", "none", "no", "16"]
    where = {"activation": "sigmoid", "weights": "Glorot", "normalisation": "none", "skip": "no", "depth": 16}
    measured = [median(gradients.table, "decades", layer=layer, **where) for layer in range(1, 17)]
    assert line["middle"] == pytest.approx(measured, abs=0.006)
    assert f"gets {100 * median(trained.table, 'test_accuracy', **where):.0f}%" in said


def test_theory_of_sigmoid_layers_is_a_power_of_their_factor() -> None:
    line, _, _ = views("combinations_explored")["sigmoid", "Glorot", "none", "no", "16"]
    each = np.log10(theory.chi("sigmoid", 1.0)) / 2
    assert line["theory"][0] == pytest.approx(15 * each, abs=0.1)


def test_theory_is_left_out_where_there_is_none() -> None:
    shown = views("combinations_explored")
    with_theory = {choice for choice, (line, _, _) in shown.items() if line["theory"]}
    expected = {c for c in shown if c[2] == "none" or (c[0], c[2], c[3]) == ("ReLU", "batch", "no")}
    assert with_theory == expected


def test_the_memory_of_a_cell_is_that_of_its_runs() -> None:
    gradients, trained = folders.published_runs("memory_explored")
    line, at, said = views("memory_explored")["LSTM", "3", "of variance 1", "16"]
    left = median(gradients.table, "state_gradient", cell="LSTM 3", inputs="standard", lag=16)
    assert line["middle"][line["x"].index(at)] == pytest.approx(np.log10(left), abs=0.006)
    assert f"gets {100 * median(trained.table, 'test_accuracy', cell='LSTM 3', lag=16):.0f}%" in said


def test_what_was_not_trained_is_said_not_to_be() -> None:
    said = {choice: words for choice, (_, _, words) in views("memory_explored").items()}
    assert "not trained" in said["LSTM", "0", "of variance 1", "16"]
    assert "not trained" in said["GRU", "1", "of variance 1", "20"]
    assert "not trained" not in said["GRU", "1", "of variance 1", "16"]


def test_the_map_shows_what_its_sentences_say() -> None:
    shown = kept("phases_explored")
    for (deviation, depth), (_, _, said) in views("phases_explored").items():
        columns, levels = (control["options"] for control in shown["controls"])
        text = shown["map"]["texts"][levels.index(depth)][columns.index(deviation)]
        assert f"gets {text}%" in said


def test_the_phases_are_those_of_the_figure_that_draws_them() -> None:
    (trained,) = folders.published_runs("init_phases")
    assert (
        f"{100 * median(trained.table, 'test_accuracy', deviation='2', depth=32):.0f}%"
        in (views("phases_explored")["2", "32"][2])
    )


LINE = Line(meaning="relu", name="ReLU", x=(1.0,), middle=(0.0,), low=(0.0,), high=(0.0,))


def test_a_choice_without_a_view_is_noticed() -> None:
    view = View(line=LINE, at=1, said="Here.")
    with pytest.raises(ValueError, match="2 choices need as many views, not 1"):
        Explorable(controls=(Control(name="a", options=("x", "y")),), views=(view,), x="x", y="y")


def test_a_colour_that_means_nothing_is_noticed() -> None:
    line = Line(meaning="grey", name="", x=(1.0,), middle=(0.0,), low=(0.0,), high=(0.0,))
    with pytest.raises(ValueError, match="grey: no meaning of the palette"):
        Explorable(controls=(), views=(View(line=line, at=1, said=""),), x="x", y="y")


@pytest.mark.parametrize("decades", np.linspace(-14, 6, 41))
def test_a_factor_is_read_as_it_is_written(decades: float) -> None:
    assert np.log10(number(explorable.number(float(decades)))) == pytest.approx(decades, abs=0.18)


def test_a_run_without_seeds_between_them_has_no_range() -> None:
    table = pd.DataFrame({"seed": [0], "layer": [1], "decades": [0.5], "theory": [np.nan]})
    run = Run(experiment="one", config={}, tables={"table": table})
    line = explorable.profile(run.table, "layer", "decades", meaning="relu", name="one")
    assert (line.low, line.high, line.theory) == (line.middle, line.middle, ())
