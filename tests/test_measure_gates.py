"""Gates are measured as the textbook's cell opens them, and the model is not disturbed."""

from typing import Any

import keras
import numpy as np
import pytest

from tests.cells import start, step, weights
from tests.test_probes import everything
from vgcore import models
from vgcore.models import Recurrent
from vgcore.probes import measure_gates

X = np.random.default_rng(0).normal(size=(4, 7, 3))
LETTERS = {"input": "i", "forget": "f", "output": "o", "update": "z", "reset": "r"}


def network(cell: str, **arguments: Any) -> Any:
    return models.recurrent(Recurrent(cell=cell, units=5, features=3, outputs=3, **arguments), seed=2)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_the_openings_are_those_of_the_cell_in_plain_numpy(cell: str) -> None:
    model = network(cell)
    table = measure_gates(model, X).set_index(["gate", "step", "unit"])["opening"].sort_index()
    state = start(cell, len(X), 5)
    for time in range(X.shape[1]):
        state, kept = step(cell, weights(model), X[:, time], state)
        for gate in table.index.unique("gate"):
            assert table[gate, time].to_numpy() == pytest.approx(kept[LETTERS[gate]].mean(axis=0), rel=1e-9)


def test_a_gru_whose_reset_comes_first_and_a_layer_without_biases_have_the_same_gates() -> None:
    for layer in (keras.layers.GRU(5, reset_after=False), keras.layers.LSTM(5, use_bias=False)):
        table = measure_gates(keras.Sequential([keras.Input((7, 3)), layer]), X)
        first = 1 / (1 + np.exp(-X[:, 0] @ np.asarray(layer.cell.kernel)[:, :5]))  # the state before is 0
        opening = table[(table.step == 0) & table.gate.isin(["input", "update"])].opening.to_numpy()
        assert opening == pytest.approx(first.mean(axis=0), rel=1e-6)


def test_the_candidate_is_no_gate() -> None:
    assert set(measure_gates(network("gru"), X).gate) == {"update", "reset"}


def test_measuring_gates_leaves_the_model_as_it_was() -> None:
    model = network("lstm", recurrent_dropout=0.5)
    model.compile("adam", "mean_squared_error")
    model.fit(X, np.zeros((len(X), 3)), verbose=0)
    before = everything(model)
    measure_gates(model, X)
    assert everything(model) == before


@pytest.mark.parametrize("arguments", [{"cell": "simple_rnn"}, {"cell": "lstm", "layer_norm": True}])
def test_other_cells_get_one_sentence(arguments: Any) -> None:
    with pytest.raises(ValueError, match=r"^the gates of a \w+ are not known, only those of LSTM and GRU$"):
        measure_gates(network(**arguments), X)
