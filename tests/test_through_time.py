"""Gradients through time are exact, are those of the states, and cost the model nothing."""

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

import vgcore
from tests.cells import cross_entropy, gradients, logits, states, weights
from tests.test_probes import everything
from vgcore import measure_gradients_through_time as measure
from vgcore import models, theory
from vgcore.models import Recurrent

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(4, 7, 3)), RANDOM.integers(0, 3, 4)
WEAK = 0.01 * RANDOM.normal(size=(20, 12, 8)), np.arange(20) % 10
CELLS = ("simple_rnn", "lstm", "gru")


def network(cell: str, units: int = 5, features: int = 3, **arguments: Any) -> Any:
    return models.recurrent(Recurrent(cell=cell, units=units, features=features, outputs=3, **arguments), seed=2)


def sequential(*hidden: Any, outputs: int = 3) -> Any:
    keras.utils.set_random_seed(3)
    return keras.Sequential([keras.Input((7, 3)), *hidden, layers.Dense(outputs)])


def rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


def hidden(profile: Any) -> Any:
    return profile.table.hidden_gradient_rms.to_numpy()


# Exact values


@settings(max_examples=25, deadline=None)
@given(cell=st.sampled_from(CELLS), units=st.integers(1, 6), steps=st.integers(1, 8), batch=st.integers(1, 4))
def test_the_profile_is_that_of_plain_numpy_back_propagation_through_time(
    cell: Any, units: Any, steps: Any, batch: Any
) -> None:
    random = np.random.default_rng(units + 10 * steps)
    x, y = random.normal(size=(batch, steps, 2)), random.integers(0, 3, batch)
    model = network(cell, units, 2)
    table = measure(model, x, y).table
    expected = gradients(cell, weights(model), x, y)
    assert table.lag.tolist() == list(range(steps))
    assert table.hidden_gradient_rms.to_numpy() == pytest.approx([rms(each["h"]) for each in expected], rel=1e-9)
    if cell == "lstm":
        assert table.cell_gradient_rms.to_numpy() == pytest.approx([rms(each["c"]) for each in expected], rel=1e-9)
    else:
        assert table.cell_gradient_rms.isna().all()


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("lag", [1, 4])
def test_gradients_agree_with_finite_differences_of_the_state(cell: Any, lag: Any) -> None:
    model = network(cell, units=3)
    w = weights(model)
    seen = [state for state, _ in states(cell, w, X)]
    state, rest = seen[len(seen) - 1 - lag], X[:, X.shape[1] - lag :]

    def loss(at: Any, change: float) -> float:
        moved = {name: values.copy() for name, values in state.items()}
        moved["h"][at] += change
        return cross_entropy(logits(cell, w, rest, moved), Y)

    slopes = [(loss(at, 1e-6) - loss(at, -1e-6)) / 2e-6 for at in np.ndindex(state["h"].shape)]
    assert hidden(measure(model, X, Y))[lag] == pytest.approx(rms(slopes), rel=1e-5)


def test_the_gradient_of_the_returned_sequence_would_be_zero_where_this_is_not() -> None:
    assert (hidden(measure(network("gru"), X, Y)) > 1e-6).all()


def test_a_gradient_that_float32_could_not_hold_is_still_there() -> None:
    model = network("simple_rnn", gain=1e-9)
    values = hidden(measure(model, X, Y))
    assert values[-1] == pytest.approx(rms(gradients("simple_rnn", weights(model), X, Y)[-1]["h"]), rel=1e-9)
    assert 0 < values[-1] < 1e-50


def test_with_a_recurrent_kernel_of_zero_the_cell_keeps_what_the_forget_gate_lets_through() -> None:
    table = measure(network("lstm", gain=0.0, forget_bias=2.0), 1e-9 * X, Y).table
    cell = table.cell_gradient_rms.to_numpy()
    assert cell / cell[0] == pytest.approx(theory.forget_gate_line(2.0, table.lag), rel=1e-6)
    assert (table.hidden_gradient_rms[1:] == 0).all()


@pytest.mark.parametrize("bias", [0.0, 1.0, 3.0])
def test_a_wide_lstm_follows_theory(bias: Any) -> None:
    table = measure(models.recurrent(Recurrent(units=256, forget_bias=bias), seed=0), *WEAK).table
    cell = table.cell_gradient_rms.to_numpy()
    assert cell / cell[0] == pytest.approx(theory.lstm_gradient_line(bias, table.lag), rel=0.1)


def test_a_wide_gru_follows_theory() -> None:
    values = hidden(measure(models.recurrent(Recurrent(cell="gru", units=256), seed=0), *WEAK))
    assert values / values[0] == pytest.approx(theory.gru_gradient_line(range(12)), rel=0.1)


def test_the_factor_of_a_linear_recurrence_is_its_matrix() -> None:
    turn = 0.7 * np.array([[0, 1], [-1, 0]])
    layer = layers.SimpleRNN(2, activation="linear")
    model = sequential(layer)
    layer.set_weights([np.ones((3, 2)), turn, np.zeros(2)])
    assert measure(model, X, Y).factors == pytest.approx({layer.path: 0.7})


# All ways of building a model


def test_a_loss_at_every_step_reaches_a_state_directly_too() -> None:
    labels = RANDOM.integers(0, 3, (4, 7))
    model = network("simple_rnn", every_step=True)
    w = weights(model)
    seen = [(state["h"], kept) for state, kept in states("simple_rnn", w, X)]
    slope, expected = np.zeros((4, 5)), []
    for number in reversed(range(7)):
        h, _ = seen[number]
        values = np.exp(h @ w["answer"] + w["answer_bias"])
        wrong = values / values.sum(axis=1, keepdims=True) - np.eye(3)[labels[:, number]]
        slope = slope + wrong @ w["answer"].T / labels.size
        expected.append(rms(slope))
        slope = slope * (1 - h**2) @ w["recurrent"].T
    assert hidden(measure(model, X, labels)) == pytest.approx(expected, rel=1e-9)


def test_masked_steps_are_not_counted() -> None:
    rows = X[:, :, :2] + 3
    padded, masking = np.concatenate([rows, np.zeros((4, 3, 2))], axis=1), layers.Masking(0.0)
    keras.utils.set_random_seed(1)
    recurrent, answer = layers.LSTM(4), layers.Dense(3)
    plain = keras.Sequential([keras.Input((None, 2)), recurrent, answer])
    masked = keras.Sequential([keras.Input((None, 2)), masking, recurrent, answer])
    with_mask, without = measure(masked, padded, Y).table, measure(plain, rows, Y).table
    assert with_mask.lag.tolist() == without.lag.tolist()
    columns = ["hidden_gradient_rms", "cell_gradient_rms"]
    assert with_mask[columns].to_numpy() == pytest.approx(without[columns].to_numpy(), rel=1e-9)


def test_examples_of_different_length_end_at_lag_0_each() -> None:
    x = X + 3
    x[:2, 4:] = 0
    model = sequential(layers.Masking(0.0), layers.GRU(4))
    values = hidden(measure(model, x, Y))
    short, long = hidden(measure(model, x[:2], Y[:2])), hidden(measure(model, x[2:], Y[2:]))
    assert values[:4] == pytest.approx(np.sqrt((short**2 + long[:4] ** 2) / 8), rel=1e-9)
    assert values[4:] == pytest.approx(long[4:] / 2, rel=1e-9)


def test_a_layer_that_reads_backwards_has_its_lag_0_at_the_first_step() -> None:
    backwards, forwards = layers.LSTM(4, go_backwards=True), layers.LSTM(4)
    model, twin = sequential(backwards), sequential(forwards)
    backwards.set_weights(forwards.get_weights())
    model.layers[-1].set_weights(twin.layers[-1].get_weights())
    assert hidden(measure(model, X, Y)) == pytest.approx(hidden(measure(twin, X[:, ::-1], Y)), rel=1e-9)


def test_stacked_layers_and_both_directions_have_a_profile_each() -> None:
    model = sequential(layers.Bidirectional(layers.GRU(3, return_sequences=True)), layers.LSTM(4))
    profile = measure(model, X, Y)
    assert profile.table.groupby("layer").size().tolist() == [7, 7, 7]
    assert all(0 < factor < 2 for factor in profile.factors.values())


def test_a_layer_inside_a_nested_model_is_found() -> None:
    inner = keras.Sequential([keras.Input((7, 3)), layers.GRU(4)])
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((7, 3)), inner, layers.Dense(3)])
    assert len(measure(model, X, Y).table) == 7


def test_however_a_layer_is_run_its_profile_is_the_same() -> None:
    twins = [sequential(layers.LSTM(4, unroll=unroll)) for unroll in (True, False)]
    twins[1].set_weights(twins[0].get_weights())
    assert np.array_equal(*(hidden(measure(model, X, Y)) for model in twins))


# Nothing is disturbed


@pytest.mark.parametrize("cell", [layers.SimpleRNN, layers.LSTM, layers.GRU])
def test_measuring_changes_no_variable_no_random_state_and_no_attribute(cell: Any) -> None:
    model = sequential(layers.Masking(0.0), cell(4, dropout=0.3, recurrent_dropout=0.2))
    model.compile("adam", "mean_squared_error", run_eagerly=True)
    model.fit(X, np.eye(3)[Y], epochs=1, verbose=0)
    before = everything(model), [vars(layer.cell).keys() for layer in model.layers if hasattr(layer, "cell")]
    measure(model, X, np.eye(3)[Y])
    assert (everything(model), [vars(layer.cell).keys() for layer in model.layers if hasattr(layer, "cell")]) == before


def test_a_stateful_layer_keeps_its_state() -> None:
    keras.utils.set_random_seed(0)
    layer = layers.GRU(4, stateful=True)
    model = keras.Sequential([keras.Input((7, 3), batch_size=4), layer, layers.Dense(3)])
    model(X)
    before = layer.states[0].numpy().tobytes()
    measure(model, X, Y)
    assert layer.states[0].numpy().tobytes() == before


def test_nothing_is_left_behind_when_measuring_fails() -> None:
    model = sequential(layers.LSTM(4))
    model.compile("adam")
    model(X)
    before = everything(model)

    def failing(*_: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        measure(model, X, Y, loss=failing)
    assert everything(model) == before


# What cannot be measured


@pytest.mark.parametrize(
    ("model", "x", "message"),
    [
        (lambda: sequential(layers.Flatten()), X, "the model has no recurrent layer"),
        (lambda: sequential(layers.RNN([layers.GRUCell(2), layers.GRUCell(2)], name="deep")), X,
         "deep stacks several cells in one layer: use one layer for each cell"),
        (lambda: sequential(layers.GRU(2)), X[:0], "x is empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_measured_gets_one_sentence(model: Any, x: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        measure(model(), x, Y)


def test_one_step_has_no_factor() -> None:
    assert np.isnan(measure(network("gru"), X[:, :1], Y).factors["recurrent"])


def test_it_is_offered_by_the_package() -> None:
    assert {"measure_gradients_through_time", "TimeProfile"} <= set(dir(vgcore))
