"""Maxout, PReLU and Leaky ReLU: the layers against plain NumPy, the closed forms against wide random networks."""

from typing import Any

import keras
import numpy as np
import pytest

from vgcore import measure_gradients, models, theory
from vgcore.models import MLP

RANDOM = np.random.default_rng(0)
X = RANDOM.normal(size=(6, 8)).astype(np.float32)
Y = RANDOM.integers(0, 4, 6)


def network(activation: str, **settings: Any) -> Any:
    return models.mlp(MLP(depth=3, width=16, inputs=8, outputs=4, activation=activation, **settings), seed=1)


def kernels(model: Any) -> Any:
    return [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]


def maxout(z: Any) -> Any:
    return np.maximum(z[:, 0::2], z[:, 1::2])


@pytest.mark.parametrize(
    ("activation", "function"),
    [
        ("maxout", maxout),
        ("leaky_relu", lambda z: np.where(z > 0, z, 0.3 * z)),
        ("prelu", lambda z: np.where(z > 0, z, 0.25 * z)),
    ],
)
def test_the_network_is_a_chain_of_its_activation(activation: str, function: Any) -> None:
    model = network(activation)
    *hidden, last = kernels(model)
    h = X
    for kernel in hidden:
        h = function(h @ kernel)
    assert np.array(model(X)) == pytest.approx(h @ last, abs=1e-5)


@pytest.mark.parametrize("activation", ["leaky_relu", "prelu"])
def test_theory_and_network_mean_the_same_slope(activation: str) -> None:
    model = network(activation, skip=True)
    layer = next(layer for layer in model.layers if layer.name == "active_2")
    z = np.linspace(-2, 2, 16, dtype=np.float32)[None]
    assert np.array(layer(z)) == pytest.approx(theory.ACTIVATIONS[activation].function(z.astype(float)), abs=1e-6)


@pytest.mark.parametrize("name", ["mish", "softplus", "gelu", "swish", "softsign", "elu", "selu"])
def test_theory_and_keras_mean_the_same_function(name: str) -> None:
    z = np.linspace(-4, 4, 41)
    assert np.array(keras.activations.get(name)(z)) == pytest.approx(theory.ACTIVATIONS[name].function(z), abs=1e-6)


@pytest.mark.parametrize("activation", ["maxout", "leaky_relu", "prelu"])
def test_no_unit_of_these_is_dead_or_counted_as_saturated(activation: str) -> None:
    table = measure_gradients(network(activation), X, Y).table
    assert len(table) == 4
    assert (table["dead_fraction"] == 0).all()
    assert table["saturated_fraction"].isna().all()


def test_a_prelu_with_slope_zero_dies_like_a_relu() -> None:
    model = network("prelu")
    model.get_layer("active_1").set_weights([np.zeros(16)])
    weights = model.get_layer("hidden_1")
    weights.set_weights([weights.kernel.numpy(), np.where(np.arange(16) < 4, -1e3, 0)])
    assert measure_gradients(model, X, Y).table["dead_fraction"][0] == 0.25


def test_a_maxout_layer_survives_being_saved() -> None:
    layer = models.Maxout(3, name="widest")
    copy = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert (copy.name, copy.pieces) == ("widest", 3)


@pytest.mark.parametrize("pieces", [1, 2, 3, 5])
def test_the_largest_of_normals_is_that_of_a_sample(pieces: int) -> None:
    sample = np.random.default_rng(1).normal(size=(400_000, pieces)).max(axis=1)
    assert theory.largest_of_normals(pieces) == pytest.approx(np.mean(sample**2), rel=0.01)


@pytest.mark.parametrize("pieces", [2, 3])
def test_signal_and_gradient_of_a_wide_maxout_layer_follow_the_closed_forms(pieces: int) -> None:
    random = np.random.default_rng(2)
    width, variance = 1000, 0.7
    kernel = random.normal(0, np.sqrt(variance / width), (width, width, pieces))
    h = random.normal(size=(8, width))
    z = np.einsum("bi,iup->bup", h, kernel)
    chosen = z == z.max(axis=2, keepdims=True)
    gradient = random.normal(size=(8, width))
    back = np.einsum("bu,bup,iup->bi", gradient, chosen, kernel)
    assert np.mean(back**2) / np.mean(gradient**2) == pytest.approx(theory.maxout_chi(variance), rel=0.05)
    after = variance * np.mean(z.max(axis=2) ** 2)
    assert after == pytest.approx(float(theory.maxout_variance_map(pieces, variance, np.mean(z**2))), rel=0.05)


def test_bad_input_gets_one_sentence() -> None:
    with pytest.raises(ValueError, match="at least one piece, not 0"):
        theory.largest_of_normals(0)
    with pytest.raises(ValueError, match="at least one piece, not 0"):
        models.Maxout(0)
    with pytest.raises(ValueError, match="weight_variance must be positive"):
        theory.maxout_chi(0.0)
    with pytest.raises(ValueError, match="5 inputs cannot be shared out among units of 2 pieces"):
        models.Maxout(2)(np.zeros((1, 5)))
    with pytest.raises(ValueError, match="maxout takes twice the inputs"):
        MLP(activation="maxout", skip=True)
