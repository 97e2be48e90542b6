"""Normalisation, highways and dense connections compute what their docstrings say, and train."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.test_models import X, kernels, sigmoid
from vgcore import models, training
from vgcore.data import digits
from vgcore.models import MLP, DenselyConnected, Highway, Network
from vgcore.training import Training

SMALL = MLP(depth=3, width=16, inputs=8, outputs=4)
EPSILON = 1e-3  # Keras adds it to every variance


def normalised(values: Any, axis: int) -> Any:
    deviation = np.sqrt(values.var(axis=axis, keepdims=True) + EPSILON)
    return (values - values.mean(axis=axis, keepdims=True)) / deviation


def computed(config: Network, **arguments: Any) -> tuple[Any, Any]:
    """What the network answers, and its matrices."""
    model = config.build(seed=1)
    return np.array(model(X, **arguments)), kernels(model)


# Normalisation


@pytest.mark.parametrize(
    ("normalisation", "layer"),
    [
        ("batch", lambda z: sigmoid(normalised(z, axis=0))),
        ("batch_after", lambda z: normalised(sigmoid(z), axis=0)),
        ("layer", lambda z: sigmoid(normalised(z, axis=1))),
    ],
)
def test_each_layer_is_normalised_where_the_name_says(normalisation: Any, layer: Any) -> None:
    answer, (*matrices, last) = computed(replace(SMALL, normalisation=normalisation), training=True)
    hidden = X
    for matrix in matrices:
        hidden = layer(hidden @ matrix)
    assert answer == pytest.approx(hidden @ last, abs=1e-4)


def test_with_skips_the_branch_is_normalised() -> None:
    answer, (first, *matrices, last) = computed(replace(SMALL, skip=True, normalisation="layer"))
    stream = X @ first
    for matrix in matrices:
        stream = stream + (sigmoid(normalised(stream, axis=1)) - 0.5) @ matrix / np.sqrt(2)
    assert answer == pytest.approx(stream @ last, abs=1e-4)


def test_with_skips_and_normalisation_after_it_nothing_else_centres_the_branch() -> None:
    config = replace(SMALL, skip=True, normalisation="batch_after")
    answer, (first, *matrices, last) = computed(config, training=True)
    stream = X @ first
    for matrix in matrices:
        stream = stream + normalised(sigmoid(stream), axis=0) @ matrix / np.sqrt(2)
    assert answer == pytest.approx(stream @ last, abs=1e-4)


@pytest.mark.parametrize("normalisation", ["batch", "batch_after", "layer"])
def test_the_twins_start_from_the_same_weights(normalisation: Any) -> None:
    plain, twin = (kernels(each.build(seed=7)) for each in (SMALL, replace(SMALL, normalisation=normalisation)))
    assert all(np.array_equal(one, other) for one, other in zip(plain, twin, strict=True))


def test_the_running_statistics_keep_the_share_asked_for() -> None:
    model = replace(SMALL, normalisation="batch", batch_momentum=0.7).build(seed=1)
    model(X, training=True)
    mean = (X @ kernels(model)[0]).mean(axis=0)
    assert model.get_layer("normalised_1").moving_mean.numpy() == pytest.approx(0.3 * mean, rel=1e-4)


def test_normalisation_goes_before_an_activation_with_a_layer_of_its_own() -> None:
    answer, (*matrices, last) = computed(replace(SMALL, activation="leaky_relu", normalisation="layer"))
    hidden = X
    for matrix in matrices:
        z = normalised(hidden @ matrix, axis=1)
        hidden = np.where(z > 0, z, 0.3 * z)
    assert answer == pytest.approx(hidden @ last, abs=1e-4)


# Highways and dense connections


def test_a_highway_mixes_what_a_layer_computes_with_what_it_read() -> None:
    config = Highway(depth=3, width=16, inputs=8, outputs=4, gate_bias=-1.5)
    answer, _ = computed(config)
    matrix = {layer.name: layer.kernel.numpy().astype(float) for layer in config.build(1).layers if layer.weights}
    h = sigmoid(X @ matrix["hidden_1"])
    for number in (2, 3):
        gate = sigmoid(h @ matrix[f"gate_{number}"] - 1.5)
        h = gate * sigmoid(h @ matrix[f"hidden_{number}"]) + (1 - gate) * h
    assert answer == pytest.approx(h @ matrix["logits"], abs=1e-5)


def test_closed_gates_leave_the_first_layer_unchanged() -> None:
    answer, matrices = computed(Highway(depth=6, width=16, inputs=8, outputs=4, gate_bias=-200.0))
    assert answer == pytest.approx(sigmoid(X @ matrices[0]) @ matrices[-1], abs=1e-5)


def test_dense_connections_set_each_layer_beside_all_before() -> None:
    answer, (*matrices, last) = computed(DenselyConnected(depth=3, growth=5, inputs=8, outputs=4))
    stream = X
    for matrix in matrices:
        stream = np.concatenate([stream, sigmoid(stream @ matrix)], axis=1)
    assert answer == pytest.approx(stream @ last, abs=1e-5)
    assert [len(matrix) for matrix in (*matrices, last)] == [8, 13, 18, 23]


@pytest.mark.parametrize("config", [Highway(depth=4, width=32), DenselyConnected(depth=4, growth=32)])
def test_no_two_layers_share_their_weights(config: Any) -> None:
    matrices = [matrix[:32].ravel() for matrix in kernels(config.build(seed=0))[1:-1]]
    correlations = np.corrcoef([matrix[: 32 * 32] for matrix in matrices])
    assert np.abs(correlations - np.eye(len(matrices))).max() < 0.15


@pytest.mark.parametrize("config", [Highway(depth=2), DenselyConnected(depth=2)])
def test_the_seed_alone_decides_the_weights(config: Any) -> None:
    first, again, other = (kernels(config.build(seed)) for seed in (3, 3, 4))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not any(np.array_equal(one, two) for one, two in zip(first, other, strict=True))


# Training


@pytest.mark.parametrize(
    "network",
    [
        MLP(depth=20, normalisation="batch"),
        MLP(depth=20, normalisation="batch_after"),
        DenselyConnected(depth=20),
        Highway(depth=20, activation="tanh"),
    ],
    ids=lambda network: f"{type(network).__name__} {getattr(network, 'normalisation', '')}",
)
def test_twenty_layers_learn_where_the_plain_sigmoid_network_stands_still(network: Any) -> None:
    config = Training(network=network, epochs=6, record_every=6)
    assert training.train(config, digits(), seed=0).epochs.test_accuracy.iloc[-1] > 0.6


@pytest.mark.parametrize(
    "network", [MLP(depth=2, normalisation="batch"), Highway(depth=2), DenselyConnected(depth=2)], ids=str
)
def test_a_reused_network_trains_bit_for_bit_like_a_new_one(network: Any) -> None:
    config = Training(network=network, epochs=2, batch_size=700)
    training._compiled.cache_clear()
    fresh = training.train(config, digits(), seed=3).epochs
    training.train(replace(config, network=replace(network, initialisation="he_normal")), digits(), seed=4)
    assert training._compiled.cache_info().misses == 1
    assert training.train(config, digits(), seed=3).epochs.equals(fresh)


@pytest.mark.parametrize(
    ("config", "arguments", "message"),
    [
        (
            MLP,
            {"normalisation": "group"},
            "normalisation must be one of None, 'batch', 'batch_after', 'layer', not 'group'",
        ),
        (MLP, {"batch_momentum": 1.0}, "batch_momentum must be at least 0 and below 1, not 1.0"),
        (Highway, {"depth": 0}, "depth must be positive, not 0"),
        (Highway, {"activation": "sigmoyd"}, "Keras knows no activation 'sigmoyd'"),
        (DenselyConnected, {"growth": 0}, "growth must be positive, not 0"),
        (DenselyConnected, {"initialisation": "zeros"}, "Keras knows no random initialiser 'zeros'"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(config: Any, arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        config(**arguments)


@pytest.mark.parametrize(
    ("config", "function"),
    [(SMALL, models.mlp), (Highway(depth=2), models.highway), (DenselyConnected(depth=2), models.densely_connected)],
)
def test_every_configuration_builds_its_own_network(config: Any, function: Any) -> None:
    built, expected = config.build(seed=2).get_weights(), function(config, 2).get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(built, expected, strict=True))
