"""The measured singular values of a network's Jacobian are those of plain NumPy and of finite differences."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from vgcore import models, probes
from vgcore.models import MLP

RANDOM = np.random.default_rng(0)


def values(table: Any, depth: int) -> Any:
    return table[table["depth"] == depth].sort_values("rank")["singular_value"].to_numpy()


def test_the_singular_values_are_those_of_the_product_of_layers() -> None:
    model = models.mlp(MLP(depth=3, width=6, inputs=4, outputs=3, activation="tanh"), seed=2)
    x = RANDOM.normal(size=(1, 4))
    table = probes.measure_jacobian(model, x)
    hidden, jacobian = x[0], np.eye(4)
    for depth, name in enumerate(("hidden_1", "hidden_2", "hidden_3", "logits"), 1):
        matrix = model.get_layer(name).kernel.numpy().astype(float)
        hidden, jacobian = hidden @ matrix, jacobian @ matrix
        if depth < 4:
            hidden = np.tanh(hidden)
            jacobian = jacobian * (1 - hidden**2)
        assert values(table, depth) == pytest.approx(np.linalg.svd(jacobian, compute_uv=False), rel=1e-10)


def test_the_jacobian_of_a_convolution_is_that_of_finite_differences() -> None:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 3), layers.Activation("sigmoid")])
    model = keras.Sequential([model, layers.Flatten(), layers.Dense(2)])
    x = RANDOM.normal(size=(1, 4, 4, 1))
    steps = 1e-2 * np.eye(16).reshape(16, 4, 4, 1)
    slopes = (np.asarray(model(x + steps), float) - np.asarray(model(x - steps), float)) / 2e-2
    measured = values(probes.measure_jacobian(model, x), 2)
    assert measured == pytest.approx(np.linalg.svd(slopes, compute_uv=False), rel=2e-3)


def test_what_is_passed_on_includes_the_activation_behind_the_layer() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(3, name="one"), layers.ReLU(), layers.Dense(1)])
    model.get_layer("one").set_weights([np.diag([2.0, 3.0, 5.0]), np.zeros(3)])
    table = probes.measure_jacobian(model, np.array([[1.0, -1.0, 1.0]]))
    assert values(table, 1) == pytest.approx([5.0, 2.0, 0.0])


def test_orthogonal_layers_keep_every_direction() -> None:
    model = models.mlp(MLP(depth=20, activation="linear", initialisation="orthogonal"), seed=0)
    table = probes.measure_jacobian(model, RANDOM.normal(size=(1, 64)), depths=(20,))
    assert set(table["depth"]) == {20}
    assert table["singular_value"].to_numpy() == pytest.approx(np.ones(64), abs=1e-5)


def test_only_the_depths_asked_for_are_measured_and_alike() -> None:
    model = models.mlp(MLP(depth=3, width=5), seed=0)
    x = RANDOM.normal(size=(1, 64))
    everything, some = probes.measure_jacobian(model, x), probes.measure_jacobian(model, x, depths=(2,))
    assert everything[everything["depth"] == 2].reset_index(drop=True).equals(some)


def test_a_layer_that_the_input_does_not_reach_has_zeros() -> None:
    inputs = keras.Input((3,))
    stopped = layers.Lambda(keras.ops.stop_gradient)(inputs)
    model = keras.Model(inputs, layers.Dense(2)(stopped))
    assert values(probes.measure_jacobian(model, np.ones((1, 3))), 1).tolist() == [0.0, 0.0]


def test_measuring_changes_nothing() -> None:
    model = models.mlp(MLP(depth=2, width=7), seed=4)
    before = [variable.numpy().tobytes() for variable in model.variables]
    probes.measure_jacobian(model, np.ones((1, 64)))
    assert [variable.numpy().tobytes() for variable in model.variables] == before


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (np.ones((2, 64)), "x must be a batch of one example"),
        (np.ones((0, 64)), "x is empty"),
        (np.full((1, 64), np.nan), "x holds values that are not finite"),
    ],
)
def test_what_is_not_one_example_gets_a_sentence(x: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        probes.measure_jacobian(models.mlp(MLP(depth=1), seed=0), x)


def test_models_without_a_jacobian_get_a_sentence() -> None:
    normalised = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.BatchNormalization()])
    with pytest.raises(ValueError, match="normalises over the batch"):
        probes.measure_jacobian(normalised, np.ones((1, 3)))
    weightless = keras.Sequential([keras.Input((3,)), layers.ReLU()])
    with pytest.raises(ValueError, match="no layer with weights"):
        probes.measure_jacobian(weightless, np.ones((1, 3)))
    with pytest.raises(TypeError, match="must be a Keras model"):
        probes.measure_jacobian(lambda x: x, np.ones((1, 3)))
