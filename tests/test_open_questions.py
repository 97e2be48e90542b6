"""What the page of open questions measures, by another route: NumPy by hand, finite differences, determinants."""

from typing import Any

import keras
import numpy as np
import pytest
from sklearn.datasets import make_circles

from vgcore import data, models, probes
from vgcore.experiments import hundred_layers, layer_jacobians, shattered_gradients, tutorial_gradients
from vgcore.models import MLP

SHORT = shattered_gradients.Config(hidden_layers=(3,), width=30, points=64)


def gradients_by_hand(config: Any, weights: Any) -> Any:
    """The slope of a ReLU network between two points next to each other, at each point of the line."""
    step = 1e-7
    line = np.arange(-config.reach, config.reach, 2 * config.reach / config.points)[:, None]

    def network(x: Any) -> Any:
        *hidden, last, _ = weights
        for matrix, bias in zip(hidden[::2], hidden[1::2], strict=True):
            x = np.maximum(x @ matrix + bias, 0)
        return (x @ last)[:, 0]

    return (network(line + step) - network(line - step)) / (2 * step)


@pytest.mark.parametrize(("variance", "biases"), [(1.0, "drawn"), (2.0, "first layer only"), (1.0, "centred")])
def test_the_gradients_along_the_line_are_slopes(variance: float, biases: str) -> None:
    weights = [*shattered_gradients._weights(SHORT, 1, 3, variance, biases)]
    measured = shattered_gradients._gradients(SHORT, 1, 3, variance, biases)
    slopes = gradients_by_hand(SHORT, weights)
    assert np.median(np.abs(measured - slopes)) < 1e-5 * np.abs(slopes).max()  # a kink may lie within a step


def test_the_notebooks_network_is_drawn_as_the_notebook_draws_it() -> None:
    *hidden, last, _ = shattered_gradients._weights(shattered_gradients.published, 0, 24, 1.0, "drawn")
    assert [part.shape for part in hidden[:4]] == [(1, 200), (200,), (200, 200), (200,)]
    assert last.shape == (200, 1)
    assert np.var(hidden[2]) == pytest.approx(1 / 200, rel=0.02)
    assert np.var(np.concatenate(hidden[1::2])) == pytest.approx(1 / 200, rel=0.1)


@pytest.mark.parametrize("biases", ["first layer only", "centred"])
def test_the_factor_of_two_only_scales_a_network_without_biases_of_its_own(biases: str) -> None:
    one, other = (shattered_gradients._gradients(SHORT, 1, 3, variance, biases) for variance in (1.0, 2.0))
    assert other / one == pytest.approx(np.full(64, 2.0**2), rel=1e-5)  # the root of two, for each of four matrices


def test_centring_leaves_every_unit_without_a_mean_on_the_line() -> None:
    *hidden, _, _ = shattered_gradients._weights(SHORT, 2, 3, 2.0, "centred")
    h = np.arange(-2, 2, 4 / 64)[:, None]
    for matrix, bias in zip(hidden[::2], hidden[1::2], strict=True):
        before = h @ matrix + bias
        assert before.mean(axis=0) == pytest.approx(np.zeros(30), abs=1e-12)
        h = np.maximum(before, 0)


def test_the_autocorrelation_is_that_of_the_probe() -> None:
    table = shattered_gradients.measure(SHORT, 3)["autocorrelation"]
    model = shattered_gradients._network(30, 3)
    name, variance, biases = SHORT.starts[1]
    model.set_weights([*shattered_gradients._weights(SHORT, 3, 3, variance, biases)])
    probed = probes.measure_shattering(model, [-2.0], [2 - 4 / 64], points=64)["autocorrelation"].iloc[:16]
    assert table[table["arm"] == name]["autocorrelation"].to_numpy() == pytest.approx(probed.to_numpy())


def test_a_layers_volume_is_its_determinant_and_its_singular_values_those_of_finite_differences() -> None:
    config = layer_jacobians.Config(
        starts=layer_jacobians.published.starts[:1], depth=2, width=12, input_sizes=(0.7,), examples=1
    )
    row = layer_jacobians.measure(config, 4).iloc[0]
    network = MLP(depth=2, width=12, activation="tanh", initialisation="glorot_uniform")
    first, second, _ = (np.asarray(w, float) for w in models.mlp(network, 4).get_weights() if w.ndim == 2)
    h = np.tanh(0.7 * np.asarray(data.digits().train_x[0], float) @ first)
    steps = 1e-6 * np.eye(12)
    jacobian = (np.tanh((h + steps) @ second) - np.tanh((h - steps) @ second)) / 2e-6
    assert row["volume"] == pytest.approx(abs(np.linalg.det(jacobian)) ** (1 / 12))
    assert row["variance"] == pytest.approx((jacobian**2).sum() / 12)
    assert row["rms"] == pytest.approx(row["variance"] ** 0.5)
    nuclear = np.linalg.norm(jacobian, ord="nuc")
    assert row["mean"] == pytest.approx(nuclear / 12)


def test_the_standard_weights_are_uniform_within_one_over_the_root_of_the_inputs() -> None:
    _, initialisation, gain = layer_jacobians.published.starts[1]
    network = MLP(depth=2, width=400, activation="tanh", initialisation=initialisation, gain=gain)
    kernel = models.mlp(network, 0).get_layer("hidden_2").kernel.numpy()
    assert np.abs(kernel).max() == pytest.approx(1 / 20, rel=1e-3)
    assert np.var(kernel) == pytest.approx(1 / 1200, rel=0.01)


def test_gradient_and_cosine_of_many_relu_layers_are_those_of_plain_products() -> None:
    config = hundred_layers.Config(arms=hundred_layers.published.arms[:1], depth=6, width=20, examples=2)
    layers = hundred_layers.measure(config, 5)
    network = MLP(depth=6, width=20, activation="relu", initialisation="he_normal")
    kernels = [np.asarray(w, float) for w in models.mlp(network, 5).get_weights() if w.ndim == 2]
    hidden = [np.asarray(data.digits().train_x[:2], float)]
    for kernel in kernels[:-1]:
        hidden.append(np.maximum(hidden[-1] @ kernel, 0))
    logits = hidden[-1] @ kernels[-1]
    error = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    error[[0, 1], data.digits().train_y[:2]] -= 1
    gradients = [error @ kernels[-1].T]
    for kernel, h in zip(kernels[-2:0:-1], hidden[:1:-1], strict=True):
        gradients.append((gradients[-1] * (h > 0)) @ kernel.T)
    sizes = np.array([np.sqrt(np.mean(gradient**2)) for gradient in gradients[::-1]])
    assert layers["relative_gradient"].to_numpy() == pytest.approx(sizes / sizes[-1], rel=1e-5)
    cosines = [one @ other / np.linalg.norm(one) / np.linalg.norm(other) for one, other in hidden[1:]]
    assert layers["cosine"].to_numpy() == pytest.approx(cosines)


def test_the_tutorials_gradients_are_those_of_finite_differences() -> None:
    config = tutorial_gradients.Config(points=60, networks=1)
    table = tutorial_gradients.measure(config, 6)
    x, y = make_circles(n_samples=60, factor=0.5, noise=0.1, random_state=6)
    model = tutorial_gradients._network(4, 5, "tanh")
    tutorial_gradients._draw(model, "normal", np.random.default_rng([6, 0]))
    kernels = [np.asarray(layer.kernel, float) for layer in model.layers]

    def loss(matrices: Any) -> Any:
        h = x
        for matrix in matrices[:-1]:
            h = np.tanh(h @ matrix)
        z = (h @ matrices[-1])[:, 0]
        return np.mean(np.logaddexp(0, z) - y * z)

    slopes = np.zeros((5, 1))
    for unit in range(5):
        step = np.zeros((5, 1))
        step[unit] = 1e-5
        slopes[unit] = (loss([*kernels[:-1], kernels[-1] + step]) - loss([*kernels[:-1], kernels[-1] - step])) / 2e-5
    last = table[(table["arm"] == "tanh, normal") & (table["layer"] == 5)].iloc[0]
    assert last["weight_gradient"] == pytest.approx(np.sqrt(np.mean(slopes**2)), rel=1e-4)


def test_the_exercises_weights_are_glorots() -> None:
    model = tutorial_gradients._network(2, 400, "tanh")
    tutorial_gradients._draw(model, "Glorot", np.random.default_rng(0))
    drawn = model.layers[1].kernel.numpy()
    keras_own = keras.initializers.GlorotUniform(seed=1)((400, 400)).numpy()
    assert np.abs(drawn).max() == pytest.approx(np.abs(keras_own).max(), rel=1e-3)
    assert drawn.std() == pytest.approx(keras_own.std(), rel=0.01)
    assert all(float(np.abs(layer.bias).max()) == 0 for layer in model.layers)
