"""The closed forms for recurrent networks against random matrices and sums written out."""

from math import comb
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from vgcore import theory


def random_block(gates: int, size: int, seed: int) -> Any:
    """One gate's share of an orthogonal matrix drawn across all gates, as Keras draws it."""
    columns, triangle = np.linalg.qr(np.random.default_rng(seed).normal(size=(gates * size, size)))
    return (columns * np.sign(np.diag(triangle))).T[:, :size]


def growth(kept: float, gates: int, lags: Any) -> Any:
    """RMS of any vector after so many steps of a half-open pair of gates, relative to the start; over ten matrices."""
    steps = [kept * np.eye(200) + random_block(gates, 200, seed) / 4 for seed in range(10)]
    return [np.sqrt(np.mean([np.linalg.matrix_power(step, lag) ** 2 for step in steps]) * 200) for lag in lags]


def test_the_gate_alone_is_its_value_to_the_power_of_the_lag() -> None:
    assert theory.forget_gate_line(0.0, [0, 1, 3]) == pytest.approx([1, 0.5, 0.125])
    assert theory.forget_gate_line(3.0, [2]) == pytest.approx([0.9526**2], rel=1e-4)


@pytest.mark.parametrize("bias", [0.0, 1.0, 3.0])
def test_the_lstm_line_is_that_of_a_gate_and_a_random_block(bias: Any) -> None:
    lags = [0, 1, 5, 20]
    assert theory.lstm_gradient_line(bias, lags) == pytest.approx(growth(expit(bias), 4, lags), rel=0.05)


def test_the_gru_line_is_that_of_a_half_open_gate_and_a_random_block() -> None:
    lags = [0, 1, 5, 20]
    assert theory.gru_gradient_line(lags) == pytest.approx(growth(0.5, 3, lags), rel=0.05)


@given(bias=st.floats(-3, 5), gain=st.floats(0.1, 4), lag=st.integers(0, 60))
def test_the_line_is_the_binomial_sum_written_out(bias: Any, gain: Any, lag: Any) -> None:
    kept, mixed = expit(bias), gain / 8
    squares = sum((comb(lag, k) * kept ** (lag - k) * mixed**k) ** 2 for k in range(lag + 1))
    assert theory.lstm_gradient_line(bias, [lag], gain) == pytest.approx([squares**0.5], rel=1e-9)


@pytest.mark.parametrize("bias", [0.0, 1.0, 5.0])
def test_the_factor_is_what_the_line_comes_to(bias: Any) -> None:
    line = theory.lstm_gradient_line(bias, [1000, 1001])
    assert line[1] / line[0] == pytest.approx(theory.lstm_factor(bias), rel=1e-3)
    line = theory.gru_gradient_line([1000, 1001], update_bias=bias)
    assert line[1] / line[0] == pytest.approx(theory.gru_factor(update_bias=bias), rel=1e-3)


def test_without_recurrent_weights_only_the_gate_is_left() -> None:
    assert theory.lstm_gradient_line(1.0, range(9), gain=0.0) == pytest.approx(theory.forget_gate_line(1.0, range(9)))
    assert theory.lstm_factor(1.0, gain=0.0) == pytest.approx(0.7311, abs=1e-4)


@pytest.mark.parametrize(("bias", "factor"), [(0, 0.625), (1, 0.856), (3, 1.0776), (5, 1.1183)])
def test_known_factors_of_an_lstm(bias: Any, factor: Any) -> None:
    assert theory.lstm_factor(bias) == pytest.approx(factor, abs=1e-4)


def test_a_lag_of_zero_is_one_and_lags_may_come_in_any_order() -> None:
    line = theory.gru_gradient_line([3, 0, 1])
    assert line[1] == 1
    assert line[0] < line[2] < 1
