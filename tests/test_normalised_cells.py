"""Recurrent cells with layer normalisation and dropout compute what they say, and can be trained and measured."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from tests.cells import cross_entropy, sigmoid
from vgcore import data, measure_gradients_through_time, models, training
from vgcore.models import Recurrent
from vgcore.training import Training

CELLS = ("simple_rnn", "lstm", "gru")
RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(4, 6, 3)), RANDOM.integers(0, 3, 4)
EPSILON = 1e-3  # Keras adds it to every variance


def network(cell: str, seed: int = 2, **arguments: Any) -> Any:
    model = models.recurrent(Recurrent(cell=cell, units=3, features=3, outputs=3, layer_norm=True, **arguments), seed)
    random = np.random.default_rng(5)  # gains and biases that are not 1 and 0
    model.set_weights([weight + 0.3 * random.normal(size=weight.shape) for weight in model.get_weights()])
    return model


def weights(model: Any) -> dict[str, Any]:
    cell, answer = model.get_layer("recurrent").cell, model.get_layer("logits")
    named = {variable.path.removeprefix("recurrent/"): variable for variable in cell.variables}
    named = {name.split("/", 1)[-1]: variable for name, variable in named.items()}
    named |= {"answer": answer.kernel, "answer_bias": answer.bias}
    return {name: np.asarray(value.numpy(), np.float64) for name, value in named.items() if "seed" not in name}


def normal(values: Any) -> Any:
    deviation = np.sqrt(values.var(axis=1, keepdims=True) + EPSILON)
    return (values - values.mean(axis=1, keepdims=True)) / deviation


def step(cell: str, w: dict[str, Any], x: Any, state: dict[str, Any]) -> dict[str, Any]:
    h = state["h"]
    if cell == "simple_rnn":
        return {"h": np.tanh(w["normalised/gamma"] * normal(x @ w["kernel"] + h @ w["recurrent_kernel"]) + w["bias"])}
    outer = w["normalised_inputs/gamma"] * normal(x @ w["kernel"])
    inner = w["normalised_state/gamma"] * normal(h @ w["recurrent_kernel"])
    if cell == "lstm":
        i, f, g, o = np.split(outer + inner + w["bias"], 4, axis=1)
        c = sigmoid(f) * state["c"] + sigmoid(i) * np.tanh(g)
        shown = w["normalised_cell/gamma"] * normal(c) + w["normalised_cell/beta"]
        return {"h": sigmoid(o) * np.tanh(shown), "c": c}
    (a, b, d), (p, q, s) = np.split(outer + w["bias"][0], 3, axis=1), np.split(inner + w["bias"][1], 3, axis=1)
    z = sigmoid(a + p)
    return {"h": z * h + (1 - z) * np.tanh(d + sigmoid(b + q) * s)}


def logits(cell: str, w: dict[str, Any], x: Any, state: dict[str, Any] | None = None) -> Any:
    state = state or {name: np.zeros((len(x), 3)) for name in "hc"}
    for number in range(x.shape[1]):
        state = step(cell, w, x[:, number], state)
    return state["h"] @ w["answer"] + w["answer_bias"]


@pytest.mark.parametrize("cell", CELLS)
def test_the_network_is_the_normalised_cell_of_the_paper(cell: Any) -> None:
    model = network(cell)
    assert np.array(model(X)) == pytest.approx(logits(cell, weights(model), X), abs=1e-5)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("lag", [1, 4])
def test_gradients_through_time_agree_with_finite_differences(cell: Any, lag: Any) -> None:
    model = network(cell)
    w, state = weights(model), {name: np.zeros((4, 3)) for name in "hc"}
    for number in range(X.shape[1] - lag):
        state = step(cell, w, X[:, number], state)
    rest = X[:, X.shape[1] - lag :]

    def loss(at: Any, change: float) -> float:
        moved = {name: values.copy() for name, values in state.items()}
        moved["h"][at] += change
        return cross_entropy(logits(cell, w, rest, moved), Y)

    slopes = [(loss(at, 1e-6) - loss(at, -1e-6)) / 2e-6 for at in np.ndindex(4, 3)]
    table = measure_gradients_through_time(model, X, Y).table
    assert table.hidden_gradient_rms[lag] == pytest.approx(np.sqrt(np.mean(np.square(slopes))), rel=1e-5)
    assert table.cell_gradient_rms.notna().all() == (cell == "lstm")


@pytest.mark.parametrize("cell", CELLS)
def test_ten_times_the_recurrent_weights_change_little_where_the_sums_are_normalised(cell: Any) -> None:
    one, ten = (models.recurrent(Recurrent(cell=cell, layer_norm=True, gain=gain), 0) for gain in (10.0, 100.0))
    sequences = RANDOM.normal(size=(4, 6, 8))
    if cell == "simple_rnn":  # here the sum of both parts is normalised, so inputs must grow alike
        ten.get_layer("recurrent").cell.kernel.assign(10 * one.get_layer("recurrent").cell.kernel)
    assert np.array(ten(sequences)) == pytest.approx(np.array(one(sequences)), abs=0.02)


@pytest.mark.parametrize("cell", CELLS)
def test_a_forget_bias_and_an_answer_at_every_step_work_as_without(cell: Any) -> None:
    bias = 3.0 if cell == "lstm" else None
    config = Recurrent(cell=cell, units=4, layer_norm=True, every_step=True, forget_bias=bias)
    model = config.build(seed=0)
    assert model(np.zeros((2, 5, 8))).shape == (2, 5, 10)
    if bias:
        assert model.get_layer("recurrent").cell.bias.numpy()[4:8].tolist() == [3] * 4


# Dropout


@pytest.mark.parametrize("layer_norm", [False, True])
@pytest.mark.parametrize("cell", CELLS)
def test_dropout_acts_on_the_state_alone_and_in_training_alone(cell: Any, layer_norm: Any) -> None:
    with_dropout, without = (
        Recurrent(cell=cell, layer_norm=layer_norm, recurrent_dropout=share).build(seed=1) for share in (0.5, 0.0)
    )
    x = RANDOM.normal(size=(3, 6, 8)).astype(np.float32)
    assert np.array(with_dropout(x)) == pytest.approx(np.array(without(x)), abs=1e-6)
    assert not np.allclose(with_dropout(x, training=True), without(x))
    one_step = x[:, :1]  # the first state is 0, whatever is dropped of it
    assert np.array(with_dropout(one_step, training=True)) == pytest.approx(np.array(without(one_step)), abs=1e-6)


@pytest.mark.parametrize("layer_norm", [False, True])
def test_the_masks_come_from_the_seed(layer_norm: Any) -> None:
    x = RANDOM.normal(size=(3, 6, 8)).astype(np.float32)

    def answers(seed: int, global_seed: int) -> Any:
        model = Recurrent(cell="gru", layer_norm=layer_norm, recurrent_dropout=0.5).build(seed)
        keras.utils.set_random_seed(global_seed)
        return np.array(model(x, training=True)), np.array(model(x, training=True))

    (first, second), (again, _) = answers(1, 10), answers(1, 11)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, second)


# Training


@pytest.mark.parametrize("cell", CELLS)
def test_a_reused_network_trains_bit_for_bit_like_a_new_one(cell: Any) -> None:
    network = Recurrent(cell=cell, units=8, layer_norm=True, recurrent_dropout=0.3)
    config = Training(network=network, optimiser="adam", learning_rate=0.01, epochs=2, batch_size=350)
    training._compiled.cache_clear()
    fresh = training.train(config, data.digits_by_row(), seed=3).epochs
    training.train(replace(config, network=replace(network, gain=0.5)), data.digits_by_row(), seed=4)
    assert training._compiled.cache_info().misses == 1
    assert training.train(config, data.digits_by_row(), seed=3).epochs.equals(fresh)
    assert fresh.train_loss.iloc[-1] < fresh.train_loss.iloc[0]


def test_measuring_leaves_the_network_as_it_was() -> None:
    model = Recurrent(cell="lstm", features=3, outputs=3, layer_norm=True, recurrent_dropout=0.3).build(seed=0)
    before = [variable.numpy().tobytes() for variable in model.variables]
    measure_gradients_through_time(model, X, Y)
    assert [variable.numpy().tobytes() for variable in model.variables] == before


@pytest.mark.parametrize("cell", CELLS)
def test_a_network_can_be_made_again_from_its_configuration(cell: Any) -> None:
    model = network(cell)
    twin = keras.Model.from_config(model.get_config())
    twin.set_weights(model.get_weights())
    assert np.array(twin(X)) == pytest.approx(np.array(model(X)), abs=1e-6)


def test_a_share_of_one_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match=r"^recurrent_dropout must be at least 0 and below 1, not 1.0$"):
        Recurrent(recurrent_dropout=1.0)
