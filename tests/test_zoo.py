"""The zoo: its specimens differ, are what they say they are, and come out the same from the same seed."""

from collections import Counter
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from vgcore import zoo
from vgcore.models import MLP, Network
from vgcore.zoo import FAMILIES, HEALTHY, SYMPTOMS, Specimen
from vgcore.zoo.changes import Draw, Fill, Freeze, Multiply, Signs
from vgcore.zoo.halves import FRESH, NEWEST, SEEN, tuning
from vgcore.zoo.networks import Heads, Nested, ReadInLayers, Repeated, Stack, Subclassed, Towers, Words
from vgcore.zoo.readings import readings
from vgcore.zoo.recipe import Recipe
from vgcore.zoo.specimen import batch_order, score
from vgcore.zoo.task import TASKS, Task

ALL = zoo.specimens()
SAMPLE = list(
    {(one.family, one.symptom, one.task.name): one for one in ALL if one.recipe.precision != "float16"}.values()
)
"""One of each family, symptom and task: building all of them would take a minute."""

SMALL = Specimen(name="small", family="dense", network=MLP(depth=2, width=8, activation="relu"), epochs=1)

NETWORKS: tuple[Network, ...] = (
    Stack(dropout=0.1),
    ReadInLayers(cell="lstm", both_ways=True),
    Words(),
    Towers(),
    Heads(),
    Repeated(times=2),
    Nested(body=MLP(depth=2)),
    Subclassed(idle=True),
)


def name(one: Specimen) -> str:
    return one.name


def weights(model: Any) -> Any:
    return np.concatenate([weight.astype(float).ravel() for weight in model.get_weights()])


# What is in it


def test_there_are_enough_specimens_of_every_kind() -> None:
    symptoms = Counter(one.symptom for one in ALL)
    assert len(ALL) >= 120
    assert symptoms[HEALTHY] >= 50
    assert sum(bool(one.trap) for one in ALL) >= 25
    assert min(symptoms[symptom] for symptom in SYMPTOMS) >= 6
    assert {one.family for one in ALL} == set(FAMILIES)


def test_names_are_unique() -> None:
    assert len({one.name for one in ALL}) == len(ALL)


def test_no_two_specimens_differ_in_their_names_alone() -> None:
    nameless = [replace(one, name="", trap="") for one in ALL]
    assert len(set(nameless)) == len(ALL)


def test_the_order_is_always_the_same() -> None:
    assert zoo.specimens() == ALL


def test_enough_of_every_condition_is_held_back() -> None:
    held = Counter(one.symptom for one in ALL if not tuning(one.name))
    assert min(held[symptom] for symptom in SYMPTOMS) >= 5


def test_the_halves_name_specimens_and_none_is_in_both() -> None:
    named = [*SEEN, *FRESH]
    assert len(set(named)) == len(named)
    assert set(named) <= {one.name for one in ALL}
    assert set(NEWEST) <= set(FRESH)


# Each of a sample


@pytest.mark.parametrize("one", SAMPLE, ids=name)
def test_a_specimen_is_built_for_its_data_and_has_the_layer_that_is_to_blame(one: Specimen) -> None:
    untrained = replace(one, steps_before=0)
    model, (x, y) = untrained.build(0), untrained.data(0)
    few = keras.tree.map_structure(lambda array: keras.ops.convert_to_tensor(array[:2]), x)
    for output, target in zip(keras.tree.flatten(model(few)), keras.tree.flatten(y), strict=True):
        assert output.shape[:1] == (2,)
        assert output.shape[-1] == 10 or target.shape[-1] == output.shape[-1]
    assert not one.layer or one.layer in {layer.path for layer in model._flatten_layers()}
    assert model.compiled


# Builds


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: type(network).__name__)
def test_a_network_is_the_same_for_the_same_seed_and_another_for_another(network: Network) -> None:
    first, again, other = (weights(network.build(seed)) for seed in (0, 0, 1))
    np.testing.assert_array_equal(first, again)
    assert (first != other).mean() > 0.5


@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: type(network).__name__)
def test_no_two_layers_start_with_the_same_weights(network: Network) -> None:
    kernels = [weight.value.numpy() for weight in network.build(0).trainable_variables if len(weight.shape) > 1]
    first = [kernel.ravel()[0] for kernel in kernels]
    assert len(set(first)) == len(first)


def test_training_before_the_look_moves_the_weights_and_is_reproducible() -> None:
    start = weights(SMALL.build(0))
    trained = replace(SMALL, steps_before=3)
    np.testing.assert_array_equal(weights(trained.build(0)), weights(trained.build(0)))
    assert (weights(trained.build(0)) != start).any()


def test_a_healthy_specimen_learns_and_one_without_gradients_does_not() -> None:
    shallow = replace(SMALL, network=MLP(depth=1), epochs=4)
    assert shallow.learns(0) > 0.6
    dead = replace(SMALL, changes=(Fill(variable="hidden_2/bias", value=-30.0),), symptom="dead units")
    assert dead.learns(0) < 0.2


def test_precision_is_that_of_the_recipe_and_kerass_own_comes_back() -> None:
    model = replace(SMALL, recipe=Recipe(precision="mixed_bfloat16")).build(0)
    assert model.layers[1].compute_dtype == "bfloat16"
    assert keras.config.dtype_policy().name == "float32"


def test_the_loss_is_scaled_as_the_recipe_says() -> None:
    x, y = SMALL.data(0)
    plain, scaled = (
        replace(SMALL, recipe=Recipe(loss_scale=scale)).build(0).train_on_batch(x[:64], y[:64]) for scale in (1, 1e-3)
    )
    assert scaled == pytest.approx(1e-3 * plain)


# Changes


def test_fill_reaches_a_span_of_the_units_only() -> None:
    model = MLP(depth=2, width=8).build(0)
    Fill(variable="hidden_1/bias", value=-3.0, span=(0.25, 0.5)).apply(model, seed=0)
    np.testing.assert_array_equal(model.get_layer("hidden_1").bias, [0, 0, -3, -3, 0, 0, 0, 0])


def test_multiply_reaches_every_variable_that_matches_and_no_other() -> None:
    model, twin = (MLP(depth=2, width=8).build(0) for _ in range(2))
    Multiply(variable="hidden_*/kernel", factor=3.0).apply(model, seed=0)
    for layer, factor in (("hidden_1", 3), ("hidden_2", 3), ("logits", 1)):
        np.testing.assert_allclose(model.get_layer(layer).kernel, factor * twin.get_layer(layer).kernel, rtol=1e-6)


def test_drawn_weights_have_their_deviation_and_mean() -> None:
    model = MLP(depth=1, width=64).build(0)
    Draw(variable="hidden_1/kernel", deviation=0.5, mean=2.0).apply(model, seed=0)
    kernel = model.get_layer("hidden_1").kernel.value.numpy()
    assert kernel.std() == pytest.approx(0.5, rel=0.05)
    assert kernel.mean() == pytest.approx(2.0, rel=0.05)


def test_signs_are_all_of_one_size_and_of_both_kinds() -> None:
    model = MLP(depth=1, width=64).build(0)
    Signs(variable="hidden_1/bias", size=5.0).apply(model, seed=0)
    assert set(model.get_layer("hidden_1").bias.value.numpy()) == {-5.0, 5.0}


def test_frozen_layers_have_no_trainable_weights() -> None:
    model = MLP(depth=3, width=8).build(0)
    Freeze(layer="hidden_[12]").apply(model, seed=0)
    assert {weight.path for weight in model.trainable_variables} == {
        "hidden_3/kernel",
        "hidden_3/bias",
        "logits/kernel",
        "logits/bias",
    }


@pytest.mark.parametrize("change", [Fill(variable="nothing", value=0.0), Freeze(layer="nothing")])
def test_a_change_of_what_is_not_there_is_an_error(change: Any) -> None:
    with pytest.raises(ValueError, match="nothing"):
        change.apply(MLP(depth=1, width=8).build(0), seed=0)


# Tasks


@pytest.mark.parametrize("task", TASKS)
def test_a_task_has_a_target_for_every_example(task: str) -> None:
    x, y = Task(name=task).data(0)
    assert len({len(array) for array in keras.tree.flatten([x, y])}) == 1


def test_shuffled_labels_are_the_same_labels_in_another_order() -> None:
    (_, right), (_, shuffled) = Task().data(0), Task(shuffled=True).data(0)
    np.testing.assert_array_equal(np.sort(right), np.sort(shuffled))
    assert (right == shuffled).mean() < 0.2


def test_scales_and_shifts_apply_to_inputs_and_to_numbers_but_not_to_labels() -> None:
    x, values = Task(name="value").data(0)
    scaled_x, scaled = Task(name="value", input_scale=2.0, target_shift=5.0).data(0)
    np.testing.assert_allclose(scaled_x, 2 * x)
    np.testing.assert_allclose(scaled, values + 5, rtol=1e-6)
    np.testing.assert_array_equal(Task(target_scale=3.0).data(0)[1], Task().data(0)[1])


def test_every_pixel_is_a_word_of_its_own() -> None:
    words, _ = Task(name="words").data(0)
    assert words.shape == (1437, 64)
    assert (words // 17 == np.arange(64)).all()


# Scores


def test_a_score_is_the_share_of_right_labels() -> None:
    assert score(np.array([[0.0, 2.0], [1.0, 0.0], [3.0, 4.0]]), np.array([1, 0, 0])) == pytest.approx(2 / 3)


def test_the_score_of_one_logit_is_the_share_of_right_signs() -> None:
    assert score(np.array([[-1.0], [2.0]]), np.array([[0], [1]])) == 1


def test_the_score_of_numbers_is_the_explained_variance_and_never_negative() -> None:
    target = np.array([[-1.0], [1.0]], np.float32)
    assert score(np.array([[-0.5], [0.5]]), target) == 0.75
    assert score(np.array([[9.0], [9.0]]), target) == 0


def test_an_output_that_is_no_number_scores_nothing() -> None:
    assert score(np.array([[0.0, np.nan], [1.0, 0.0]]), np.array([0, 0])) == 0


def test_the_best_constant_answer_is_the_commonest_label() -> None:
    assert SMALL.constant(0) == pytest.approx(np.bincount(Task().data(0)[1]).max() / 1437)


def test_every_epoch_visits_whole_batches_of_different_examples() -> None:
    order = batch_order(examples=10, batch_size=3, steps=6, seed=0).reshape(2, 9)
    assert all(len(set(epoch)) == 9 for epoch in order)
    assert (order[0] != order[1]).any()


# Errors


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: replace(SMALL, symptom="unwell"), "symptom must be one of healthy"),
        (lambda: replace(SMALL, family="mammals"), "family must be one of dense"),
        (lambda: replace(SMALL, layer="hidden_1"), "no layer to blame"),
        (lambda: replace(SMALL, symptom="vanishing", trap="none"), "a trap is a healthy model"),
        (lambda: Task(name="cats"), "name must be one of digits"),
        (lambda: Recipe(optimiser="luck"), "optimiser must be one of sgd"),
        (lambda: Recipe(loss=("face",)), "loss must be one of none, cross-entropy"),
    ],
)
def test_bad_input_is_refused(make: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


# Readings


def test_readings_leave_out_nothing_that_the_rules_need_and_agree_with_a_plain_gradient() -> None:
    read = readings(SMALL, seed=0, epochs=1, steps=2)
    assert [len(read.steps), len(read.epochs)] == [2, 1]
    first = read.steps[0]
    x, y = (array[:64] for array in SMALL.data(0))
    model = SMALL.build(0)
    np.testing.assert_array_equal(first.weights[0], model.get_layer("hidden_1").kernel)
    model.train_on_batch(x, y)
    np.testing.assert_allclose(first.next_weights[0], model.get_layer("hidden_1").kernel, rtol=1e-5, atol=1e-7)
    moved = first.weights[0] - first.next_weights[0]
    np.testing.assert_allclose(first.gradients[0], moved / 0.1, rtol=1e-2, atol=1e-6)  # gradient descent at 0.1
    assert [output.activation for output in first.outputs] == ["relu", "relu", "linear"]
    assert read.epochs[0].is_dense == (True, True, True)


def test_the_epochs_of_readings_begin_with_the_specimens_own_weights() -> None:
    read = readings(SMALL, seed=0, epochs=1, steps=1)
    more = readings(SMALL, seed=0, epochs=1, steps=5)
    np.testing.assert_array_equal(read.epochs[0].weights[0], more.epochs[0].weights[0])
