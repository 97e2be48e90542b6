"""The recurrent example networks compute what their docstrings say, and train."""

import pickle
import random
from typing import Any

import numpy as np
import pytest

from tests.cells import logits, weights
from vgcore import data, models, training
from vgcore.models import Recurrent
from vgcore.training import Training

X = np.random.default_rng(0).normal(size=(5, 6, 3))
CELLS = ("simple_rnn", "lstm", "gru")


def network(cell: str, seed: int = 1, **arguments: Any) -> Any:
    return models.recurrent(Recurrent(cell=cell, units=4, features=3, outputs=2, **arguments), seed)


@pytest.mark.parametrize("cell", CELLS)
def test_the_network_is_the_cell_of_the_textbook_and_a_linear_answer(cell: Any) -> None:
    model = network(cell)
    assert np.array(model(X)) == pytest.approx(logits(cell, weights(model), X), abs=1e-5)


@pytest.mark.parametrize("cell", CELLS)
def test_an_answer_at_every_step_ends_with_the_answer_at_the_last(cell: Any) -> None:
    every, last = (np.array(network(cell, every_step=flag)(X)) for flag in (True, False))
    assert every.shape == (5, 6, 2)
    assert every[:, -1] == pytest.approx(last, abs=1e-6)


def test_the_forget_bias_is_a_quarter_of_the_bias_vector() -> None:
    bias = network("lstm", forget_bias=3.0).get_layer("recurrent").cell.bias.numpy()
    assert bias.tolist() == [0] * 4 + [3] * 4 + [0] * 8


def test_the_update_bias_is_a_third_of_the_bias_of_the_inputs() -> None:
    bias = network("gru", update_bias=2.0).get_layer("recurrent").cell.bias.numpy()
    assert bias.tolist() == [[2] * 4 + [0] * 8, [0] * 12]


def test_without_a_forget_bias_it_is_that_of_keras() -> None:
    assert network("lstm").get_layer("recurrent").cell.bias.numpy().tolist() == [0] * 4 + [1] * 4 + [0] * 8


@pytest.mark.parametrize(("cell", "gates"), [("simple_rnn", 1), ("lstm", 4), ("gru", 3)])
def test_the_recurrent_matrix_is_orthogonal_across_all_gates_times_the_gain(cell: Any, gates: Any) -> None:
    matrix = network(cell, gain=1.5).get_layer("recurrent").cell.recurrent_kernel.numpy().astype(float)
    assert matrix.shape == (4, 4 * gates)
    assert matrix @ matrix.T == pytest.approx(1.5**2 * np.eye(4), abs=1e-5)


def test_the_seed_alone_decides_the_weights() -> None:
    first, again, other = ([v.numpy().tobytes() for v in network("gru", seed).variables] for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_building_draws_nothing_from_the_global_generators() -> None:
    def states() -> Any:
        return random.getstate(), pickle.dumps(np.random.get_state())  # noqa: NPY002 - the generator to spare

    before = states()
    network("lstm")
    assert states() == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"cell": "rnn"}, "cell must be one of simple_rnn, lstm, gru, not 'rnn'"),
        ({"units": 0}, "units must be positive, not 0"),
        ({"steps": 0}, "steps must be positive, not 0"),
        ({"gain": -1.0}, "gain must not be negative, not -1.0"),
        ({"cell": "gru", "forget_bias": 1.0}, "only an LSTM has a forget gate, 'gru' has none"),
        ({"cell": "lstm", "update_bias": 1.0}, "only a GRU has an update gate, 'lstm' has none"),
        ({"recurrent_initialisation": "orthodox"}, "Keras knows no random initialiser 'orthodox'"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Recurrent(**arguments)


# Training


def test_a_recurrent_network_learns_to_read_digits_row_by_row() -> None:
    config = Training(network=Recurrent(cell="gru"), optimiser="adam", learning_rate=0.01, epochs=3)
    history = training.train(config, data.digits_by_row(), seed=0)
    assert history.epochs.test_accuracy.iloc[-1] > 0.8
    last = history.layers[history.layers.epoch == 3]
    assert last.layer.tolist() == [1, 2]
    assert (last.relative_change > 0.01).all()


def test_targets_that_are_numbers_are_trained_by_squared_errors() -> None:
    network = Recurrent(cell="simple_rnn", units=8, features=2, outputs=1)
    task = data.adding(10, seed=0, train=200, test=100)
    config = Training(network=network, optimiser="adam", learning_rate=0.01, epochs=2, batch_size=50)
    epochs = training.train(config, task, seed=0).epochs
    assert epochs.columns.tolist() == ["epoch", "train_loss", "test_loss"]
    start = np.asarray(models.recurrent(network, 0)(task.test_x), float)
    assert epochs.test_loss.iloc[0] == pytest.approx(np.square(start - task.test_y).mean(), rel=1e-5)
    assert epochs.test_loss.iloc[-1] < epochs.test_loss.iloc[0]


def test_answers_at_every_step_are_trained_together() -> None:
    network = Recurrent(cell="gru", units=8, features=10, outputs=9, every_step=True)
    task = data.copying(2, seed=0, train=200, test=60)
    epochs = training.train(Training(network=network, epochs=1, batch_size=50), task, seed=0).epochs
    start = np.asarray(models.recurrent(network, 0)(task.test_x), float)
    exponentials = np.exp(start)
    chances = np.take_along_axis(exponentials / exponentials.sum(-1, keepdims=True), task.test_y[..., None], -1)
    assert epochs.test_loss.iloc[0] == pytest.approx(-np.log(chances).mean(), rel=1e-5)
    assert epochs.test_accuracy.iloc[0] == pytest.approx((start.argmax(-1) == task.test_y).mean())


def test_networks_that_differ_in_first_weights_only_share_one_compiled_network() -> None:
    training._compiled.cache_clear()
    task = data.digit_then_noise(1, seed=0)
    for bias, gain in ((0.0, 1.0), (3.0, 0.5)):
        network = Recurrent(cell="lstm", units=4, forget_bias=bias, gain=gain)
        training.train(Training(network=network, epochs=1, batch_size=700), task, seed=0)
    assert training._compiled.cache_info().misses == 1


def test_only_the_epochs_asked_for_are_recorded_and_the_last() -> None:
    network = Recurrent(cell="simple_rnn", units=4)
    config = Training(network=network, epochs=3, batch_size=700, record_every=2)
    assert training.train(config, data.digits_by_row(), seed=0).epochs.epoch.tolist() == [0, 2, 3]
