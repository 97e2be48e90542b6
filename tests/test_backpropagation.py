"""Back-propagation in plain NumPy against finite differences, against Keras, and against the chain rule by hand."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st

from vgcore.backpropagation import Network, backward, forward, log_shares

SMOOTH = ("sigmoid", "tanh", "softsign", "swish")


def batch(inputs: int, classes: int, examples: int = 7) -> tuple[Any, Any]:
    random = np.random.default_rng(5)
    return random.normal(size=(examples, inputs)), random.integers(0, classes, examples)


@pytest.mark.parametrize("activation", SMOOTH)
@pytest.mark.parametrize("sizes", [(3, 2), (3, 4, 2), (4, 3, 5, 3)])
def test_the_gradient_is_that_of_finite_differences(activation: str, sizes: tuple[int, ...]) -> None:
    network = Network(sizes=sizes, activation=activation)
    weights, (x, y) = network.draw(seed=2), batch(sizes[0], sizes[-1])
    turns = 1e-5 * np.eye(network.weight_count)
    differences = [(network.loss(weights + one, x, y) - network.loss(weights - one, x, y)) / 2e-5 for one in turns]
    assert network.gradient(weights, x, y) == pytest.approx(np.array(differences), rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("activation", ["relu", "sigmoid"])
def test_keras_computes_the_same_loss_and_gradient(activation: str) -> None:
    network = Network(sizes=(6, 5, 4, 3), activation=activation)
    weights, (x, y) = network.draw(seed=3), batch(6, 3)
    layers = [keras.layers.Dense(5, activation), keras.layers.Dense(4, activation), keras.layers.Dense(3)]
    model = keras.Sequential([keras.Input((6,), dtype="float64"), *layers])
    model.set_weights(
        [part for matrix in network.matrices(weights) for part in (matrix.T, np.zeros(len(matrix), np.float32))]
    )
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(y, model(x), from_logits=True)
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, [layer.kernel.value for layer in layers])
    expected = np.concatenate([gradient.numpy().T.ravel() for gradient in gradients])
    assert network.loss(weights, x, y) == pytest.approx(float(loss), rel=1e-5)
    assert network.gradient(weights, x, y) == pytest.approx(expected, rel=1e-4, abs=1e-6)


def test_the_error_at_the_first_layer_is_a_sum_over_paths_of_products() -> None:
    weights = [np.array([[0.3, -0.2], [0.5, 0.1]]), np.array([[0.7, -0.4], [0.2, 0.9]]), np.array([[1.5, -0.6]])]
    passed = forward(weights, np.array([[0.8, -0.3]]))
    errors = backward(weights, passed, np.array([[2.0]])).errors
    for unit in (0, 1):
        paths = [
            2.0 * weights[2][0, k] * passed.slopes[1][0, k] * weights[1][k, unit] * passed.slopes[0][0, unit]
            for k in (0, 1)
        ]
        assert errors[0][0, unit] == pytest.approx(sum(paths), rel=1e-12)


def test_a_layer_passes_on_the_activation_of_a_linear_map() -> None:
    passed = forward([np.array([[1.0, -0.6]]), np.array([[3.0]])], np.array([[1.0, 0.5]]))
    h = 1 / (1 + np.exp(-0.7))
    assert passed.activations[1].item() == pytest.approx(h)
    assert passed.slopes[0].item() == pytest.approx(h * (1 - h))
    assert passed.outputs.item() == pytest.approx(3 * h)


def test_the_gradient_of_a_batch_is_the_mean_of_its_examples() -> None:
    network = Network(sizes=(4, 3, 2))
    weights, (x, y) = network.draw(seed=0), batch(4, 2)
    single = [network.gradient(weights, x[[i]], y[[i]]) for i in range(len(y))]
    assert network.gradient(weights, x, y) == pytest.approx(np.mean(single, axis=0), rel=1e-12)


def test_the_weights_are_drawn_with_the_variance_of_he() -> None:
    network = Network(sizes=(200, 300, 50))
    for matrix in network.matrices(network.draw(seed=1)):
        assert matrix.var() == pytest.approx(2 / matrix.shape[1], rel=0.05)


def test_the_vector_of_weights_is_the_matrices_one_after_the_other() -> None:
    network = Network(sizes=(2, 3, 1))
    matrices = network.matrices(np.arange(9.0))
    assert [matrix.tolist() for matrix in matrices] == [[[0, 1], [2, 3], [4, 5]], [[6, 7, 8]]]


def test_accuracy_is_the_share_of_examples_whose_label_has_the_largest_output() -> None:
    network = Network(sizes=(2, 2))
    x = np.array([[2.0, 1.0], [0.0, 1.0], [3.0, 4.0], [5.0, 1.0]])
    assert network.accuracy(np.eye(2).ravel(), x, np.array([0, 1, 0, 0])) == 0.75


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=2, max_size=6), st.floats(-1e6, 1e6))
def test_shares_add_up_to_one_and_do_not_see_a_common_shift(outputs: list[float], shift: float) -> None:
    row = np.array([outputs])
    assert np.exp(log_shares(row)).sum() == pytest.approx(1)
    assert log_shares(row + shift) == pytest.approx(log_shares(row), abs=1e-8)


@pytest.mark.parametrize("sizes", [(3,), (), (3, 0, 2)])
def test_sizes_that_are_no_network_are_refused(sizes: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="two or more positive numbers"):
        Network(sizes=sizes)


def test_weights_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="the network has 6 weights"):
        Network(sizes=(3, 2)).matrices(np.zeros(5))


def test_an_unknown_activation_is_refused() -> None:
    with pytest.raises(ValueError, match="theory knows no activation 'wavy'"):
        forward([np.eye(2), np.eye(2)], np.eye(2), "wavy")
