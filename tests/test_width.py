"""The spread of a ReLU network's gradient, against plain NumPy networks and the known limit of great width."""

import numpy as np
import pytest

from vgcore import theory


def log_squares(width: int, depth: int, networks: int, *, backward: bool = False) -> np.ndarray:
    """log |J v|^2, or log |J^T u|^2, of ReLU networks with He's weights on a random input, simulated."""
    random = np.random.default_rng(3)
    hidden, gradients = random.normal(size=(networks, width)), random.normal(size=(networks, width))
    gradients /= np.linalg.norm(gradients, axis=1, keepdims=True)
    layers = []
    for _ in range(depth):
        matrices = random.normal(0, np.sqrt(2 / width), (networks, width, width))
        before = np.einsum("nij,nj->ni", matrices, hidden)
        layers.append((matrices, before > 0))
        hidden = np.maximum(before, 0)
    for matrices, active in reversed(layers) if backward else layers:
        if backward:
            gradients = np.einsum("nij,ni->nj", matrices, gradients * active)
        else:
            gradients = np.einsum("nij,nj->ni", matrices, gradients) * active
    squares = (gradients**2).sum(axis=1)
    return np.asarray(np.log(squares[squares > 0]))  # a narrow layer may be silent altogether


def test_the_mean_and_the_variance_of_one_layer_are_those_of_a_simulation() -> None:
    values = log_squares(width=12, depth=1, networks=40_000)
    assert values.mean() == pytest.approx(theory.log_square_mean(12), abs=0.015)
    assert values.var() == pytest.approx(theory.log_square_variance(12), rel=0.03)


def test_forward_through_several_layers_each_takes_its_own_step() -> None:
    values = log_squares(width=20, depth=5, networks=8_000)
    assert values.mean() == pytest.approx(theory.log_square_mean(20, 5), abs=0.03)
    assert values.var() == pytest.approx(theory.log_square_variance(20, 5), rel=0.06)


def test_a_gradient_sent_back_spreads_alike() -> None:
    values = log_squares(width=20, depth=5, networks=8_000, backward=True)
    assert values.mean() == pytest.approx(theory.log_square_mean(20, 5), abs=0.04)
    assert values.var() == pytest.approx(theory.log_square_variance(20, 5), rel=0.08)


def test_the_quantiles_are_those_of_a_simulation() -> None:
    lengths = np.exp(log_squares(width=20, depth=12, networks=4_000) / 2)
    for share in (0.1, 0.5, 0.9):
        assert np.mean(lengths < theory.length_quantile(20, 12, share)) == pytest.approx(share, abs=0.03)


def test_wide_networks_follow_hanin_and_nica() -> None:
    assert theory.log_square_mean(2000, 100) == pytest.approx(-5 * 100 / (2 * 2000), rel=0.01)
    assert theory.log_square_variance(2000, 100) == pytest.approx(5 * 100 / 2000, rel=0.01)


def test_at_width_50_the_variance_is_8_per_cent_above_the_limit() -> None:
    assert theory.log_square_variance(50) * 50 == pytest.approx(5.4, abs=0.01)


def test_the_middle_network_lies_below_the_mean_square() -> None:
    assert theory.length_quantile(64, 50, 0.5) < 0.4
    assert theory.length_quantile(64, 50, 0.5) ** 2 == pytest.approx(np.exp(theory.log_square_mean(64, 50)))


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2])
def test_a_share_that_is_none_gets_a_sentence(share: float) -> None:
    with pytest.raises(ValueError, match="a share of networks lies between 0 and 1"):
        theory.length_quantile(64, 50, share)


def test_sizes_that_are_none_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="width and depth must be positive, not 0 and 3"):
        theory.log_square_mean(0, 3)
    with pytest.raises(ValueError, match="width and depth must be positive"):
        theory.log_square_variance(3, 0)
