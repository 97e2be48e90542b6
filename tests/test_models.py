"""The example networks compute what their docstrings say, from independent seeds."""

import pickle
import random
from typing import Any

import numpy as np
import pytest

from vgcore import models
from vgcore.models import MLP

SMALL = MLP(depth=3, width=16, inputs=8, outputs=4)
X = np.random.default_rng(0).normal(size=(5, 8))


def kernels(model: Any) -> Any:
    return [layer.kernel.numpy().astype(float) for layer in model.layers if hasattr(layer, "kernel")]


def numpy_state() -> Any:
    return pickle.dumps(np.random.get_state())  # noqa: NPY002 - the legacy generator is the one to spare


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def test_the_plain_network_is_a_chain_of_activations_with_linear_outputs() -> None:
    model = models.mlp(SMALL, seed=1)
    hidden, (*matrices, last) = X, kernels(model)
    for matrix in matrices:
        hidden = sigmoid(hidden @ matrix)
    assert np.array(model(X)) == pytest.approx(hidden @ last, abs=1e-5)


def test_the_network_with_skips_adds_centred_scaled_branches() -> None:
    config = MLP(depth=3, width=16, inputs=8, outputs=4, skip=True)
    model = models.mlp(config, seed=1)
    first, second, third, last = kernels(model)
    stream = X @ first
    for matrix in (second, third):
        stream = stream + (sigmoid(stream) - 0.5) @ matrix / np.sqrt(2)
    assert np.array(model(X)) == pytest.approx(stream @ last, abs=1e-5)


def test_skips_cost_no_weights() -> None:
    plain, skips = (models.mlp(MLP(depth=5, skip=skip), seed=0) for skip in (False, True))
    assert plain.count_params() == skips.count_params()


def test_the_twins_start_from_the_same_weights() -> None:
    plain, skips = (kernels(models.mlp(MLP(depth=3, skip=skip), seed=7)) for skip in (False, True))
    assert all(np.array_equal(one, other) for one, other in zip(plain, skips, strict=True))


def test_no_two_layers_share_their_weights() -> None:
    matrices = kernels(models.mlp(MLP(depth=6, width=64), seed=0))[:-1]
    correlations = np.corrcoef([matrix.ravel() for matrix in matrices])
    assert np.abs(correlations - np.eye(6)).max() < 0.1


def test_the_seed_alone_decides_the_weights() -> None:
    first, again, other = (kernels(models.mlp(SMALL, seed)) for seed in (3, 3, 4))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not any(np.array_equal(one, two) for one, two in zip(first, other, strict=True))


def test_building_draws_nothing_from_the_global_generators() -> None:
    before = random.getstate(), numpy_state()
    models.mlp(SMALL, seed=0)
    assert (random.getstate(), numpy_state()) == before


@pytest.mark.parametrize(("initialisation", "variance"), [("glorot_uniform", 1), ("he_normal", 2), ("orthogonal", 1)])
def test_the_initialisation_is_the_one_asked_for(initialisation: Any, variance: Any) -> None:
    for matrix in kernels(models.mlp(MLP(depth=2, initialisation=initialisation), seed=0))[:-1]:
        assert matrix.var() * 64 == pytest.approx(variance, rel=0.1)


def test_the_gain_multiplies_the_hidden_layers_only() -> None:
    one, four = (kernels(models.mlp(MLP(depth=2, gain=gain), seed=0)) for gain in (1.0, 4.0))
    assert [float(np.abs(after / before).mean().round(5)) for before, after in zip(one, four, strict=True)] == [4, 4, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depth": 0}, "depth must be positive, not 0"),
        ({"width": -3}, "width must be positive, not -3"),
        ({"activation": "sigmoyd"}, "Keras knows no activation 'sigmoyd'"),
        ({"initialisation": "zeros"}, "Keras knows no random initialiser 'zeros'"),
        ({"initialisation": "glorot"}, "Keras knows no random initialiser 'glorot'"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        MLP(**arguments)
