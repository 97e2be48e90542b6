"""The closed forms against adaptive quadrature, published values and plain NumPy networks."""

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from vgcore import theory

SIGMOID_CHI = 0.0557207


def adaptive_mean_square(function: Any, variance: float) -> float:
    def integrand(z: float) -> float:
        return float(function(np.array([np.sqrt(variance) * z]))[0] ** 2 * norm.pdf(z))

    halves = [quad(integrand, *side, epsabs=1e-12, epsrel=1e-12, limit=500)[0] for side in ((-12, 0), (0, 12))]
    return sum(halves)


@pytest.mark.parametrize("activation", theory.ACTIVATIONS)
@pytest.mark.parametrize("variance", [1e-6, 0.3, 1.0, 7.0, 400.0])
def test_the_quadrature_is_exact_to_a_millionth(activation: Any, variance: Any) -> None:
    function, derivative = theory.ACTIVATIONS[activation]
    assert theory.variance_map(activation, 1.3, variance, 0.1) == pytest.approx(
        1.3 * adaptive_mean_square(function, variance) + 0.1, rel=1e-6
    )
    assert theory.layer_chi(activation, 1.3, variance) == pytest.approx(
        1.3 * adaptive_mean_square(derivative, variance), rel=1e-6
    )


@pytest.mark.parametrize("activation", theory.ACTIVATIONS)
def test_every_derivative_is_the_slope_of_its_function(activation: Any) -> None:
    function, derivative = theory.ACTIVATIONS[activation]
    z = np.linspace(-4, 4, 80)  # misses 0, where some have a kink
    assert derivative(z) == pytest.approx((function(z + 1e-6) - function(z - 1e-6)) / 2e-6, abs=1e-8)


@pytest.mark.parametrize(
    ("activation", "weight_variance", "fixed_point", "factor"),
    [
        ("sigmoid", 1, 0.2647, 0.23605),
        ("sigmoid", 2, 0.5553, 0.3178),
        ("tanh", 1, 0, 1),
        ("tanh", 2, 0.618, 1.0514),
        ("tanh", 25 / 9, 1.1785, 1.0999),
        ("tanh", 1 / 3, 0, 0.5774),
        ("relu", 1, 0, 0.7071),
        ("relu", 2, 1, 1),
        ("relu", 1 / 3, 0, 0.4082),
        ("relu", 3, np.inf, 1.5**0.5),
        ("selu", 1, 1, 1.0352),
        ("gelu", 2, 0, 0.7071),
        ("swish", 2, 0, 0.7071),
    ],
)
def test_known_fixed_points_and_factors(activation: Any, weight_variance: Any, fixed_point: Any, factor: Any) -> None:
    assert theory.fixed_point(activation, weight_variance) == pytest.approx(fixed_point, abs=1e-4)
    assert theory.chi(activation, weight_variance) ** 0.5 == pytest.approx(factor, abs=6e-5)


@pytest.mark.parametrize(
    ("activation", "weights", "biases", "variance"),
    [("gelu", 1.98306, 0.17292, (3 + 17**0.5) / 2), ("swish", 1.98800, 0.55514, 14.32017)],
)
def test_gelu_and_swish_are_critical_at_their_critical_points(
    activation: Any, weights: Any, biases: Any, variance: Any
) -> None:
    assert theory.layer_chi(activation, weights, variance) == pytest.approx(1, abs=1e-5)
    assert theory.variance_map(activation, weights, variance, biases) == pytest.approx(variance, rel=1e-5)


def test_a_fixed_point_is_mapped_to_itself() -> None:
    variance = theory.fixed_point("tanh", 1.7, 0.05)
    assert theory.variance_map("tanh", 1.7, variance, 0.05) == pytest.approx(variance, rel=1e-10)


def test_the_depth_scale_is_the_layers_for_a_factor_e() -> None:
    assert theory.depth_scale(SIGMOID_CHI) == pytest.approx(0.3463, abs=1e-4)
    assert SIGMOID_CHI ** theory.depth_scale(SIGMOID_CHI) == pytest.approx(np.exp(-1))
    assert theory.depth_scale(theory.chi("relu", 2.0)) == np.inf


@pytest.mark.parametrize(
    ("initialisation", "variance"), [("glorot_uniform", 1), ("he_normal", 2), ("lecun_normal", 1), ("orthogonal", 1)]
)
def test_weight_variance_of_keras_initialisers(initialisation: Any, variance: Any) -> None:
    assert theory.weight_variance(initialisation) == variance


def test_critical_tanh_follows_a_power_law() -> None:
    line = theory.gradient_line("tanh", 1.0, 4000, 1.0)
    slope = np.polyfit(np.log(np.arange(1000, 4000)), np.log(line[1000:]), 1)[0]
    assert slope == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize(("activation", "weights"), [("sigmoid", 1.0), ("tanh", 1.0), ("relu", 1.0), ("selu", 1.0)])
def test_the_line_is_that_of_a_wide_numpy_network(activation: Any, weights: Any) -> None:
    measured = numpy_gradient_line(activation, weights, depth=6, width=1500, branch_scale=None)
    assert measured == pytest.approx(theory.gradient_line(activation, weights, 6, 2.0 * weights), rel=0.06)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
def test_the_residual_line_is_that_of_a_wide_numpy_network(activation: Any) -> None:
    measured = numpy_gradient_line(activation, 1.0, depth=6, width=1500, branch_scale=0.8)
    assert measured == pytest.approx(theory.residual_gradient_line(activation, 1.0, 6, 2.0, 0.8), rel=0.06)


def numpy_gradient_line(activation: str, weights: float, depth: int, width: int, branch_scale: float | None) -> Any:
    """Back-propagation of a random gradient through a random network, for inputs of mean square 2."""
    random = np.random.default_rng(1)
    function, derivative = theory.ACTIVATIONS[activation]
    matrices = [random.normal(0, np.sqrt(weights / width), (width, width)) for _ in range(depth)]
    gradient = random.normal(size=(16, width))
    before = [random.normal(0, np.sqrt(2.0), (16, width)) @ matrices[0]]
    for matrix in matrices[1:]:
        branch = function(before[-1]) - (0 if branch_scale is None else function(np.zeros(1)))
        before.append(branch @ matrix if branch_scale is None else before[-1] + branch_scale * branch @ matrix)
    norms = [np.sqrt(np.mean(gradient**2))]
    for number in range(depth - 1, 0, -1):
        if branch_scale is None:
            gradient = (gradient * derivative(before[number])) @ matrices[number].T
        else:
            inner = (gradient @ matrices[number].T) * derivative(before[number - 1])
            gradient = gradient + branch_scale * inner
        norms.append(np.sqrt(np.mean(gradient**2)))
    return np.array(norms[::-1]) / norms[0]


def test_examples_of_different_size_average_their_mean_squares() -> None:
    both = theory.gradient_line("tanh", 1.0, 5, np.array([0.2, 3.0]))
    one, other = (theory.gradient_line("tanh", 1.0, 5, variance) for variance in (0.2, 3.0))
    assert both == pytest.approx(np.sqrt((one**2 + other**2) / 2))


def test_unknown_names_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="theory knows no activation 'sine', only"):
        theory.chi("sine", 1.0)
    with pytest.raises(ValueError, match="theory knows no initialisation 'zeros', only"):
        theory.weight_variance("zeros")
    with pytest.raises(ValueError, match="must be positive"):
        theory.depth_scale(0.0)
