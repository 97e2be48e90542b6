"""Costs are those counted by hand."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from vgcore.costs import step_cost
from vgcore.models import MLP, Recurrent

BATCH = 5
LOSS = 1000  # more operations than the loss and its gradient take for five examples


def batch(*shape: int) -> tuple[Any, Any]:
    return np.zeros((BATCH, *shape), np.float32), np.zeros(BATCH, np.int64)


def test_a_fully_connected_network_costs_what_its_multiplications_cost() -> None:
    cost = step_cost(MLP(depth=3, width=100).build(0), *batch(64))
    forward = 64 * 100 + 2 * 100 * 100 + 100 * 10
    multiplications = 2 * BATCH * (3 * forward - 64 * 100)  # nobody needs the gradient for the inputs
    assert cost.parameters == forward + 310
    assert multiplications < cost.operations < 1.02 * multiplications + LOSS


@pytest.mark.parametrize("depth", [2, 5])
def test_a_sigmoid_layer_keeps_its_outputs_and_nothing_else(depth: Any) -> None:
    shallow, deep = (step_cost(MLP(depth=d, width=100).build(0), *batch(64)) for d in (1, depth))
    assert deep.kept_bytes - shallow.kept_bytes == (depth - 1) * BATCH * 100 * 4


def test_a_network_without_activations_keeps_what_its_matrices_read() -> None:
    def kept(depth: int) -> int:
        return step_cost(MLP(depth=depth, width=30, activation="linear").build(0), *batch(64)).kept_bytes

    assert kept(4) - kept(1) == 3 * BATCH * 30 * 4


def test_batch_normalisation_costs_memory_and_weights() -> None:
    plain, normal = (step_cost(MLP(depth=4, normalisation=n).build(0), *batch(64)) for n in (None, "batch"))
    assert normal.parameters - plain.parameters == 4 * 2 * 64
    assert normal.kept_bytes >= plain.kept_bytes + 4 * BATCH * 64 * 4
    assert normal.operations > plain.operations


@pytest.mark.parametrize(("cell", "gates"), [("simple_rnn", 1), ("lstm", 4), ("gru", 3)])
@pytest.mark.parametrize("layer_norm", [False, True])
def test_every_step_of_a_recurrent_network_counts(cell: Any, gates: Any, layer_norm: Any) -> None:
    model = Recurrent(cell=cell, units=64, layer_norm=layer_norm).build(0)
    at_4, at_8, at_12 = (step_cost(model, *batch(steps, 8)) for steps in (4, 8, 12))
    assert at_12.operations - at_8.operations == at_8.operations - at_4.operations
    assert at_12.kept_bytes - at_8.kept_bytes == at_8.kept_bytes - at_4.kept_bytes
    multiplications = 4 * 2 * BATCH * gates * 64 * (2 * 8 + 3 * 64)
    assert multiplications <= at_8.operations - at_4.operations < (1.6 if layer_norm else 1.25) * multiplications


def test_a_simple_recurrent_network_keeps_its_states() -> None:
    model = Recurrent(cell="simple_rnn", units=64).build(0)
    more, less = (step_cost(model, *batch(steps, 8)).kept_bytes for steps in (20, 10))
    assert more - less == pytest.approx(10 * BATCH * 64 * 4, rel=0.2)  # and the steps' inputs, 8 numbers each


def test_a_convolution_costs_what_its_multiplications_cost() -> None:
    model = keras.Sequential(
        [
            keras.Input((8, 8, 3)),
            layers.Conv2D(16, 3, padding="same"),
            layers.Conv2D(16, 3, padding="same"),
            layers.Flatten(),
            layers.Dense(10),
        ]
    )
    first, second, last = 64 * 9 * 3 * 16, 64 * 9 * 16 * 16, 1024 * 10
    expected = 2 * BATCH * (2 * first + 3 * second + 3 * last)
    assert expected <= step_cost(model, *batch(8, 8, 3)).operations < 1.05 * expected + LOSS


def test_what_shares_memory_is_kept_once() -> None:
    flattened = [layers.Conv2D(16, 3, padding="same", activation="relu"), layers.Flatten(), layers.Dense(10)]
    cost = step_cost(keras.Sequential([keras.Input((8, 8, 3)), *flattened]), *batch(8, 8, 3))
    once = BATCH * 8 * 8 * 16 * 4  # the slope of ReLU and the matrix behind it read the same numbers
    assert once <= cost.kept_bytes < 1.2 * once


def test_sums_over_named_indexes_are_counted() -> None:
    model = keras.Sequential(
        [
            keras.Input((7, 20)),
            layers.EinsumDense("abc,cd->abd", (7, 30)),
            layers.GlobalAveragePooling1D(),
            layers.Dense(10),
        ]
    )
    expected = 2 * BATCH * (2 * 7 * 20 * 30 + 3 * 30 * 10)
    assert expected <= step_cost(model, *batch(7, 20)).operations < 1.3 * expected + LOSS


def test_counting_leaves_the_network_as_it_was() -> None:
    model = Recurrent(cell="lstm", recurrent_dropout=0.5).build(0)
    before = [variable.numpy().tobytes() for variable in model.variables]
    attributes = dict(vars(model.get_layer("recurrent")))
    step_cost(model, *batch(4, 8))
    assert [variable.numpy().tobytes() for variable in model.variables] == before
    assert vars(model.get_layer("recurrent"))["unroll"] == attributes["unroll"]


def test_the_batch_decides_operations_and_memory_but_not_weights() -> None:
    model = MLP(depth=4).build(0)
    one, two = (step_cost(model, np.zeros((size, 64), np.float32), np.zeros(size, int)) for size in (64, 128))
    assert two.kept_bytes == pytest.approx(2 * one.kept_bytes, rel=0.01)
    assert two.operations == pytest.approx(2 * one.operations, rel=0.01)
    assert two.parameters == one.parameters
