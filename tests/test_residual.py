"""Paths and growth of residual networks: counted one by one, and multiplied out in NumPy."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgcore import theory


def test_paths_are_those_counted_one_by_one() -> None:
    lengths = [sum(path) for path in product((0, 1), repeat=9)]
    assert theory.path_counts(9).tolist() == np.bincount(lengths).tolist()


def test_veit_s_share_of_paths_in_54_blocks() -> None:
    share = theory.path_counts(54) / 2.0**54
    assert share[19:36].sum() == pytest.approx(0.980, abs=5e-4)
    assert share[5:18].sum() == pytest.approx(0.00454, abs=5e-6)


@given(st.integers(0, 60), st.floats(0, 5))
def test_the_shares_weigh_each_path_by_its_gain(blocks: int, gain: float) -> None:
    weighed = theory.path_counts(blocks) * gain ** (2.0 * np.arange(blocks + 1))
    assert theory.gradient_share_by_length(blocks, gain) == pytest.approx(weighed / weighed.sum(), abs=1e-12)


def test_the_shares_are_those_of_a_wide_network_taken_apart() -> None:
    random, width, blocks, gain = np.random.default_rng(0), 800, 5, 0.7
    parts = [random.normal(size=width)] + [np.zeros(width)] * blocks
    for _ in range(blocks):
        branch = random.normal(0, gain * width**-0.5, (width, width))
        parts = [part + branch @ shorter for part, shorter in zip(parts, [np.zeros(width), *parts], strict=False)]
    squares = np.array([part @ part for part in parts])
    assert squares / squares.sum() == pytest.approx(theory.gradient_share_by_length(blocks, gain), abs=0.03)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_signal_and_gradient_grow_alike_where_blocks_end_in_a_matrix(scale: float) -> None:
    expected = theory.residual_growth(scale, 8)
    assert relu_growth(scale, ends_in_matrix=True) == pytest.approx([expected, expected], rel=0.08)


def test_the_signal_grows_faster_where_branches_have_a_mean() -> None:
    assert relu_growth(1.0, ends_in_matrix=False)[0] > 1.5 * theory.residual_growth(1.0, 8)


def relu_growth(scale: float, ends_in_matrix: bool, width: int = 300, blocks: int = 8, nets: int = 100) -> Any:
    """RMS that a random signal, and a random gradient on its way back, reach in blocks of ReLU and He's weights."""
    random = np.random.default_rng(3)
    squares = np.zeros(2)
    for _ in range(nets):
        stream, gradient = random.normal(size=(2, width))
        masks, matrices = [], random.normal(0, np.sqrt(2 / width), (blocks, width, width))
        for matrix in matrices:
            before = stream if ends_in_matrix else matrix @ stream
            masks.append(before > 0)
            active = np.maximum(before, 0)
            stream = stream + scale * (matrix @ active if ends_in_matrix else active)
        for mask, matrix in zip(masks[::-1], matrices[::-1], strict=True):
            back = mask * (matrix.T @ gradient) if ends_in_matrix else matrix.T @ (mask * gradient)
            gradient = gradient + scale * back
        squares += np.mean(stream**2), np.mean(gradient**2)
    return np.sqrt(squares / nets)


def test_growth_is_that_of_the_residual_line() -> None:
    line = theory.residual_gradient_line("relu", 2.0, 13, 1.0, branch_scale=0.4)
    assert line[0] == pytest.approx(theory.residual_growth(0.4, 12), rel=1e-6)


def test_negative_numbers_get_a_sentence() -> None:
    with pytest.raises(ValueError, match="must not be negative"):
        theory.residual_growth(1.0, -1)
    with pytest.raises(ValueError, match="must not be negative, not -2"):
        theory.path_counts(-2)
    with pytest.raises(ValueError, match=r"must not be negative, not -0\.5"):
        theory.gradient_share_by_length(3, -0.5)
