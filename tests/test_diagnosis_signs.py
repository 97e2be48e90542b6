"""The rules of a diagnosis, held against measurements that are made up, so that the right answer is known."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType, SimpleNamespace
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest

from vgcore.diagnosis.levels import rise
from vgcore.diagnosis.look import Look
from vgcore.diagnosis.signs import (
    collapsed,
    dead_units,
    exploding,
    labels,
    large_rate,
    output_layer,
    saturated,
    vanishing,
)
from vgcore.probes import TimeProfile

STEEP = np.linspace(0.0, -4.0, 6)  # decades at each hidden layer, the first nearest the input
GENTLE = np.linspace(0.0, -2.5, 6)


def measured(
    levels: Any, *, step: float = 0.01, columns: Mapping[str, Any] = MappingProxyType({}), **known: Any
) -> Any:
    """A network of which each layer takes steps of the same size, before and after; `columns` of its looks."""
    names = [f"layer_{number}" for number in range(1, len(levels) + 1)]
    size = 10.0 ** np.asarray(levels)
    table = pd.DataFrame({"layer": names, "depth": range(1, len(levels) + 1), "activation_gradient_rms": size})
    table = table.assign(activation_gradient_length=8.0 * size, activation_rms=1.0, spread=0.5, dimensions=5.0)
    table = table.assign(angle=0.5, pooled=False, activation="tanh", frozen=False, hidden=True)
    table = table.assign(saturated_fraction=0.0, dead_fraction=0.0).assign(**columns)
    seen = Look(layers=table, loss=2.3, outputs=None, unreached=())
    trial = SimpleNamespace(update_ratios={name: [step] * 3 for name in names}, finite=40)
    settings = {"learns": False, "has_learnt": False, "times": None, "input_rms": 1.0, "after": seen, **known}
    return SimpleNamespace(before=(seen, seen), looks=(seen, seen, seen), trial=trial, **settings)


def through_time(factor: float) -> TimeProfile:
    rows = pd.DataFrame({"layer": "rnn", "lag": range(40), "hidden_gradient_rms": factor ** np.arange(40.0)})
    return TimeProfile(table=rows.assign(cell_gradient_rms=np.nan))


# Explosion


def test_what_pooling_does_behind_a_growth_is_left_out() -> None:
    found = rise(measured([0.0, -1.0, -2.0, -3.0, -1.0]).before[0])
    assert found is not None
    assert (found.decades, found.slope) == pytest.approx((-3.0, -1.0))


def test_a_gradient_that_is_smallest_at_the_first_layer_does_not_rise() -> None:
    assert rise(measured(STEEP[::-1]).before[0]) is None


@pytest.mark.parametrize(
    ("levels", "step", "explodes"),
    [(STEEP, 0.01, True), (GENTLE, 0.01, False), (GENTLE, 2.0, True), (GENTLE / 2, 2.0, False)],
)
def test_fewer_decades_explode_where_the_first_step_is_longer_than_the_weights(
    levels: Any, step: float, explodes: bool
) -> None:
    assert (exploding.examine(measured(levels, step=step)) is not None) == explodes


def test_beside_a_branch_that_starves_another_one_does_not_explode() -> None:
    assert exploding.growth(measured([-3.0, -9.0, -6.0, -2.0])) is None


# Saturation


@pytest.mark.parametrize(("share", "found"), [(0.4, False), (0.7, False), (0.95, True)])
def test_saturation_that_lets_a_gradient_grow_is_not_the_trouble(share: float, found: bool) -> None:
    assert (saturated.examine(measured(STEEP, columns={"saturated_fraction": share})) is not None) == found


def test_saturation_without_a_growth_is_the_trouble() -> None:
    assert saturated.examine(measured(np.zeros(6), columns={"saturated_fraction": 0.7})) is not None


@pytest.mark.parametrize(("factor", "found"), [(2.0, False), (0.5, True)])
def test_a_growth_through_time_is_one_too(factor: float, found: bool) -> None:
    known = measured([0.0], columns={"saturated_fraction": 0.7}, times=through_time(factor))
    assert (saturated.examine(known) is not None) == found


# Vanishing


@pytest.mark.parametrize(("learns", "severity"), [(False, "alarm"), (True, "risk")])
def test_a_network_that_stands_still_as_a_whole_is_alarming_unless_it_learns(learns: bool, severity: str) -> None:
    found = vanishing.examine(measured(STEEP[::-1], step=1e-6, learns=learns))
    assert found is not None
    assert (found.severity, len(found.layers)) == (severity, 6)


def test_a_network_that_moves_as_a_whole_is_at_risk() -> None:
    found = vanishing.examine(measured(STEEP[::-1], step=0.01))
    assert found is not None
    assert found.severity == "risk"


def branch(angle: float) -> Any:
    """Five layers, of which the third stands still and gets no gradient."""
    known = measured([0.0, 0.0, -6.0, 0.0, 0.0], columns={"angle": [0.5, 0.5, angle, angle, angle]})
    known.trial.update_ratios["layer_3"] = [1e-7] * 3
    return known


@pytest.mark.parametrize(("angle", "found"), [(0.5, True), (0.05, False)])
def test_a_branch_starves_by_no_fault_of_its_own_where_all_examples_look_alike(angle: float, found: bool) -> None:
    assert (vanishing.examine(branch(angle)) is not None) == found


# Rates


def stepping(first: float, **known: Any) -> Any:
    """Layers whose first step is so long, and whose others are short."""
    settings = {"diverges": False, "learning_rate": 1.0, "guess": 2.3, **known}
    made = measured([0.0] * 3, **settings)
    made.trial.update_ratios = {name: [first, *[0.01] * 39] for name in made.trial.update_ratios}
    return made


@pytest.mark.parametrize(("first", "found"), [(0.8, False), (1.2, True)])
def test_a_first_step_that_leaves_nothing_of_the_weights_is_too_long(first: float, found: bool) -> None:
    assert (large_rate.examine(stepping(first)) is not None) == found


def ended(loss: float) -> Look:
    seen: Look = measured([0.0] * 3).before[0]
    return replace(seen, loss=loss)


@pytest.mark.parametrize(
    ("end", "slower", "severity"),
    [(2.6, 1.5, "alarm"), (2.25, 1.5, "risk"), (2.6, 2.25, None), (2.6, None, None)],
    ids=["worse than at the start", "no better", "a tenth is no better", "a tenth diverges"],
)
def test_a_rate_is_too_large_where_a_tenth_of_it_makes_the_model_better(
    end: float, slower: float | None, severity: str | None
) -> None:
    settings = {"is_learning": lambda look: look.loss < 2.2}
    known = stepping(0.1, after=ended(end), slower=None if slower is None else ended(slower), **settings)
    found = large_rate.examine_slower(known)
    assert (found and found.severity) == severity


@pytest.mark.parametrize("before", [{"learns": True}, {"has_learnt": True}, {"after": None}])
def test_no_second_trial_is_taken_of_a_model_that_learns_or_diverges(before: Any) -> None:
    assert large_rate.examine_slower(stepping(0.1, **{"after": ended(2.3), **before})) is None


# Output layer


@pytest.mark.parametrize(("learns", "severity"), [(False, "alarm"), (True, "risk")])
def test_logits_taken_for_probabilities_are_a_risk_even_to_a_model_that_learns(learns: bool, severity: str) -> None:
    known = measured([0.0] * 3, learns=learns, loss=keras.losses.SparseCategoricalCrossentropy())
    known.before = (replace(known.before[0], outputs=np.linspace(-3.0, 3.0, 40).reshape(4, 10)),)
    found = output_layer.examine(known)
    assert found is not None
    assert (found.cause, found.severity) == ("output head", severity)


# Labels

FAR, NEAR = np.repeat(np.eye(4) * 100, 8, axis=0), np.random.default_rng(0).normal(size=(32, 4))
GROUPS = np.repeat(np.arange(4), 8)


def told(x: Any, y: Any, *, is_sequence: bool) -> Any:
    return labels.examine(measured([0.0], sample=(x, y), is_sequence=is_sequence))


@pytest.mark.parametrize(("is_sequence", "severity"), [(True, "risk"), (False, "alarm")])
def test_labels_that_neighbours_do_not_share_are_a_risk_where_order_may_matter(
    is_sequence: bool, severity: str
) -> None:
    found = told(FAR + NEAR, np.arange(32) % 4, is_sequence=is_sequence)
    assert (found.cause, found.severity) == ("labels", severity)


def test_labels_that_neighbours_share_are_in_order() -> None:
    assert told(FAR + NEAR, GROUPS, is_sequence=True) is None


def test_of_words_it_counts_how_many_are_the_same_and_not_their_numbers() -> None:
    words = np.repeat(np.array([[1, 1000, 1], [1000, 1, 1], [1, 1, 1000], [500, 500, 500]]), 8, axis=0)
    words = np.column_stack([words, np.random.default_rng(0).integers(0, 10**6, 32)])
    assert told(words, GROUPS, is_sequence=True) is None


def test_one_hot_labels_are_labels() -> None:
    assert told(FAR + NEAR, np.eye(4)[GROUPS], is_sequence=False) is None
    assert told(FAR + NEAR, np.eye(4)[np.arange(32) % 4], is_sequence=False).severity == "alarm"


@pytest.mark.parametrize("shape", [(32,), (32, 1)])
def test_numbers_that_neighbours_do_not_share_are_a_risk(shape: tuple[int, ...]) -> None:
    assert told(FAR + NEAR, GROUPS.reshape(shape) + 0.5, is_sequence=False) is None
    found = told(FAR + NEAR, (np.arange(32) % 4).reshape(shape) + 0.5, is_sequence=False)
    assert (found.cause, found.severity) == ("labels", "risk")
    assert "correlation" in found.sentence


def test_of_targets_that_are_neither_labels_nor_numbers_nothing_is_said() -> None:
    assert told(FAR + NEAR, np.arange(64).reshape(32, 2), is_sequence=True) is None
    assert told(FAR + NEAR, np.ones(32), is_sequence=False) is None


# Dead units


@pytest.mark.parametrize(("share", "found"), [(0.5, False), (0.6, True)])
def test_half_of_the_units_may_be_off_where_examples_begin_to_look_alike(share: float, found: bool) -> None:
    known = measured([0.0], columns={"dead_fraction": share})
    assert (dead_units.examine(known) is not None) == found


def test_units_are_not_to_blame_where_all_examples_point_the_same_way() -> None:
    assert dead_units.examine(measured([0.0], columns={"dead_fraction": 0.6, "angle": 0.05})) is None


# Collapse


def turned(angle: float) -> Any:
    return measured([0.0] * 4, columns={"angle": angle}).before[0]


@pytest.mark.parametrize(
    ("columns", "after", "found"),
    [
        ({}, turned(0.5), False),
        ({"dimensions": 1.1}, None, True),
        ({"angle": 0.05}, None, True),
        ({"angle": 0.05, "activation": "sigmoid"}, turned(0.05), False),
        ({"angle": 0.05, "pooled": True}, turned(0.05), True),
        ({"angle": 0.05, "pooled": True}, turned(0.15), False),
        ({"angle": 0.05, "pooled": True}, None, False),
    ],
)
def test_examples_are_alike_along_a_line_or_in_one_direction_if_not_for_pooling_alone(
    columns: Any, after: Any, found: bool
) -> None:
    assert (collapsed.examine(measured([0.0] * 4, columns=columns, after=after)) is not None) == found


def test_a_trial_that_wipes_out_the_weights_does_not_tell_whether_pooling_leaves_examples_alike() -> None:
    settings = {"columns": {"angle": 0.05, "pooled": True}, "after": turned(0.05)}
    assert collapsed.examine(measured([0.0] * 4, step=0.9, **settings)) is not None
    assert collapsed.examine(measured([0.0] * 4, step=1.1, **settings)) is None


@pytest.mark.parametrize(
    ("columns", "words"), [({"dimensions": 1.12}, "differ in 1.1 directions"), ({"angle": 0.05}, "within 2.9 degrees")]
)
def test_it_is_said_how_they_are_alike(columns: Any, words: str) -> None:
    found = collapsed.examine(measured([0.0] * 4, columns=columns))
    assert found is not None
    assert words in found.sentence
    assert found.layers == ("layer_1", "layer_2", "layer_3", "layer_4")


def test_what_the_second_look_does_not_show_is_chance() -> None:
    known = measured([0.0] * 4, columns={"angle": 0.05})
    known.before = (known.before[0], turned(0.5))
    assert collapsed.examine(known) is None
