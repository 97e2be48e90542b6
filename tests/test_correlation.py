"""How alike inputs become: the closed forms against adaptive quadrature and wide NumPy networks, and the probe."""

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import dblquad
from scipy.stats import norm

from vgcore import models, probes, theory
from vgcore.models import MLP

RANDOM = np.random.default_rng(0)


def adaptive_map(activation: str, weights: float, correlation: float, variance: float, biases: float) -> float:
    function = theory.ACTIVATIONS[activation].function

    def at(z: float) -> float:
        return float(function(np.array([np.sqrt(variance) * z]))[0])

    def integrand(y: float, x: float) -> float:
        other = correlation * x + np.sqrt(1 - correlation**2) * y
        return at(x) * at(other) * float(norm.pdf(x) * norm.pdf(y))

    covariance = weights * dblquad(integrand, -7, 7, -7, 7, epsabs=1e-7, epsrel=1e-7)[0] + biases
    return covariance / float(theory.variance_map(activation, weights, variance, biases))


@pytest.mark.parametrize(
    ("activation", "weights", "correlation", "variance", "biases"),
    [("tanh", 1.7, 0.6, 2.0, 0.0), ("sigmoid", 1.0, -0.4, 0.5, 0.1), ("gelu", 2.0, 0.3, 1.0, 0.05)],
)
def test_the_map_is_that_of_adaptive_quadrature(
    activation: str, weights: float, correlation: float, variance: float, biases: float
) -> None:
    mapped = theory.correlation_map(activation, weights, correlation, variance, biases)
    assert mapped == pytest.approx(adaptive_map(activation, weights, correlation, variance, biases), abs=1e-6)


@given(correlation=st.floats(-1, 1), variance=st.floats(0.01, 50))
@settings(max_examples=40, deadline=None)
def test_the_arccos_form_of_relu_agrees_with_quadrature(correlation: float, variance: float) -> None:
    mapped = theory.correlation_map("relu", 2.0, correlation, variance)
    assert mapped == pytest.approx(theory.relu_correlation_map(correlation), abs=1e-5)


def test_relu_knows_its_simple_values() -> None:
    assert theory.relu_correlation_map([-1.0, 0.0, 1.0]) == pytest.approx([0, 1 / np.pi, 1], abs=1e-15)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu", "selu"])
def test_equal_inputs_stay_equal(activation: str) -> None:
    assert theory.correlation_map(activation, 1.5, 1.0, 0.7, 0.2) == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize(("activation", "weights"), [("tanh", 0.5), ("tanh", 4.0), ("sigmoid", 1.0)])
def test_near_one_the_map_has_the_slope_chi(activation: str, weights: float) -> None:
    variance = 0.8
    after = float(theory.variance_map(activation, weights, variance))
    apart = 1 - float(theory.correlation_map(activation, weights, 1 - 1e-5, variance))
    chi = float(theory.layer_chi(activation, weights, variance))
    assert apart / 1e-5 == pytest.approx(chi * variance / after, rel=1e-3)


@pytest.mark.parametrize(("activation", "weights"), [("relu", 2.0), ("tanh", 4.0), ("sigmoid", 1.0)])
def test_the_line_is_that_of_a_wide_numpy_network(activation: str, weights: float) -> None:
    width, depth, start = 3000, 4, 0.3
    function = theory.ACTIVATIONS[activation].function
    random = np.random.default_rng(2)
    one, other = random.normal(size=(2, width))
    pair = np.array([one, start * one + np.sqrt(1 - start**2) * other])
    measured = []
    for number in range(depth):
        measured.append(pair[0] @ pair[1] / np.linalg.norm(pair[0]) / np.linalg.norm(pair[1]))
        if number < depth - 1:
            pair = function(pair) @ random.normal(0, np.sqrt(weights / width), (width, width))
    assert measured == pytest.approx(theory.correlation_line(activation, weights, depth, start, 1.0), abs=0.04)


def test_relu_follows_the_published_way_to_one() -> None:
    line = theory.correlation_line("relu", 2.0, 101, 0.0, 1.0)
    assert line[[1, 2, 5, 10, 20, 50, 100]].round(3).tolist() == [0.318, 0.494, 0.736, 0.872, 0.948, 0.988, 0.996]


def test_correlations_beyond_one_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="a correlation lies between -1 and 1"):
        theory.relu_correlation_map(1.2)
    with pytest.raises(ValueError, match="a correlation lies between -1 and 1"):
        theory.correlation_map("tanh", 1.0, -1.2, 1.0)
    with pytest.raises(ValueError, match="passes nothing on"):
        theory.correlation_map("tanh", 0.0, 0.5, 1.0)


# The probe


def test_the_measured_cosines_are_those_of_plain_numpy() -> None:
    model = models.mlp(MLP(depth=2, width=7, inputs=5, outputs=3, activation="tanh"), seed=4)
    first, second = RANDOM.normal(size=(2, 4, 5))
    table = probes.measure_correlation(model, first, second)
    for depth, name in ((1, "hidden_1"), (2, "hidden_2"), (3, "logits")):
        matrix = model.get_layer(name).kernel.numpy().astype(float)
        first, second = (batch @ matrix for batch in (first, second))
        if depth < 3:
            first, second = np.tanh(first), np.tanh(second)
        expected = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in zip(first, second, strict=True)]
        assert table[table["depth"] == depth]["cosine"].to_numpy() == pytest.approx(expected, rel=1e-12)


def test_a_silent_layer_has_cosine_zero_and_tiny_activations_keep_theirs() -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(4, name="first")])
    model.get_layer("first").kernel.assign(np.zeros((3, 4)))
    x = RANDOM.normal(size=(2, 3))
    assert (probes.measure_correlation(model, x, x)["cosine"] == 0).all()
    model.get_layer("first").kernel.assign(np.full((3, 4), 1e-30))
    tiny = 1e-160 * np.abs(x)
    assert probes.measure_correlation(model, tiny, tiny)["cosine"].to_numpy() == pytest.approx([1, 1])


def test_measuring_changes_nothing() -> None:
    model = models.mlp(MLP(depth=2, width=7), seed=4)
    before = [variable.numpy().tobytes() for variable in model.variables]
    x: Any = RANDOM.normal(size=(3, 64))
    first = probes.measure_correlation(model, x, x[::-1])
    assert first.equals(probes.measure_correlation(model, x, x[::-1]))
    assert [variable.numpy().tobytes() for variable in model.variables] == before


def test_batches_of_different_length_get_a_sentence() -> None:
    model = models.mlp(MLP(depth=1), seed=0)
    with pytest.raises(ValueError, match="must be of one length, not 2 and 3"):
        probes.measure_correlation(model, np.ones((2, 64)), np.ones((3, 64)))
