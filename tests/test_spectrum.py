"""Singular values of random matrices and their products, against NumPy's own."""

import numpy as np
import pytest

from vgcore import theory


def gaussians(width: int, count: int, variance: float = 1.0) -> np.ndarray:
    return np.random.default_rng(1).normal(0, np.sqrt(variance / width), (count, width, width))


def test_the_mean_singular_value_is_that_of_wide_matrices() -> None:
    for variance, share in ((1.0, 0.849), (1 / 3, 0.490)):
        measured = np.linalg.svd(gaussians(400, 4, variance), compute_uv=False).mean()
        assert measured == pytest.approx(theory.mean_singular_value(variance), rel=0.005)
        assert theory.mean_singular_value(variance) == pytest.approx(share, abs=6e-4)


def test_at_width_64_the_mean_lies_a_quarter_of_a_per_cent_lower() -> None:
    measured = np.linalg.svd(gaussians(64, 800), compute_uv=False).mean()
    assert measured / theory.mean_singular_value(1.0) == pytest.approx(0.9975, abs=0.001)


@pytest.mark.parametrize("width", [3, 30])
def test_the_geometric_mean_is_that_of_determinants(width: int) -> None:
    logarithms = np.linalg.slogdet(gaussians(width, 4000, 0.7))[1] / width
    assert logarithms.mean() == pytest.approx(
        np.log(theory.geometric_mean_singular_value(width, weight_variance=0.7)), abs=0.02
    )


def test_volumes_multiply_over_layers_and_tend_to_a_known_factor() -> None:
    one = theory.geometric_mean_singular_value(64)
    assert theory.geometric_mean_singular_value(64, depth=50) == pytest.approx(one**50)
    assert theory.geometric_mean_singular_value(4000) == pytest.approx(np.exp(-0.5), rel=1e-3)


def test_the_exponents_are_those_of_a_long_product() -> None:
    width, depth = 6, 3000
    basis, totals = np.eye(width), np.zeros(width)
    for matrix in gaussians(width, depth, 1.3):
        basis, triangle = np.linalg.qr(matrix @ basis)
        totals += np.log(np.abs(np.diag(triangle)))
    assert totals / depth == pytest.approx(theory.lyapunov_exponents(width, 1.3), abs=0.06)


def test_a_product_of_wide_matrices_has_the_predicted_spectrum() -> None:
    width, depth = 128, 30
    product = np.eye(width)
    for matrix in gaussians(width, depth):
        product = matrix @ product
    values = np.linalg.svd(product, compute_uv=False)
    share = (np.arange(width) + 0.5) / width
    middle = slice(width // 4, width // 2)
    predicted = theory.product_singular_values(share, depth)
    assert np.log10(values[middle]) == pytest.approx(np.log10(predicted[middle]), abs=0.5)


def test_the_wide_limit_of_the_exponents_is_the_product_formula() -> None:
    share = np.array([0.25, 0.5, 0.75])
    exponents = theory.lyapunov_exponents(8000, 1.5)[(share * 8000).astype(int)]
    assert np.exp(7 * exponents) == pytest.approx(theory.product_singular_values(share, 7, 1.5), rel=3e-3)


def test_what_makes_no_sense_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="a variance is not negative"):
        theory.mean_singular_value(-1.0)
    with pytest.raises(ValueError, match="width and variance must be positive, not 0 and"):
        theory.lyapunov_exponents(0)
    with pytest.raises(ValueError, match="a share lies between 0 and 1"):
        theory.product_singular_values(np.array([1.2]), 3)
