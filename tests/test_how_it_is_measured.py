"""What the page on measuring shows: norms that read zero, and what the range of a few seeds is worth."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from vgcore.experiments import float32_norms, range_of_seeds


def test_a_plain_float32_norm_loses_what_the_entries_still_hold() -> None:
    small = tf.fill((64, 64), np.float32(1e-25))
    assert float(keras.ops.norm(small)) == 0
    assert float32_norms._scaled_norm(np.asarray(small, np.float64)) == pytest.approx(64e-25, rel=1e-6)


def test_where_nothing_is_lost_all_three_norms_agree() -> None:
    table = float32_norms.measure(float32_norms.Config(depth=5, examples=8), 0)
    norms = table.pivot_table(index="layer", columns="arm", values="norm")
    assert norms["float32, plain"].to_numpy() == pytest.approx(norms["float64"].to_numpy(), rel=1e-4)
    assert norms["float32, scaled"].to_numpy() == pytest.approx(norms["float64"].to_numpy(), rel=1e-4)


def test_a_norm_of_nothing_is_nothing() -> None:
    assert float32_norms._scaled_norm(np.zeros((2, 3))) == 0


def test_the_odds_of_a_range_are_those_of_uniform_numbers() -> None:
    """Whatever is drawn, only the order counts."""
    numbers = np.random.default_rng(0).uniform(size=(200_000, 6))
    outside = (numbers[:, 5] < numbers[:, :5].min(axis=1)) | (numbers[:, 5] > numbers[:, :5].max(axis=1))
    missed = (numbers[:, :5].min(axis=1) > 0.5) | (numbers[:, :5].max(axis=1) < 0.5)
    table = range_of_seeds.measure(range_of_seeds.Config(depth=2, networks=30, draws=10, counts=(5,)), 0)
    odds = table.set_index("statistic")["theory"]
    assert outside.mean() == pytest.approx(odds["next network outside"], abs=0.004)
    assert missed.mean() == pytest.approx(odds["middle network outside"], abs=0.004)


def test_what_a_network_keeps_is_what_its_jacobian_does_to_a_gradient() -> None:
    config = range_of_seeds.Config(depth=3, width=64)
    digit = np.random.default_rng(1).normal(size=64)
    kept = range_of_seeds._kept(config, np.random.default_rng(2), digit)
    random = np.random.default_rng(2)
    matrices = random.normal(0, np.sqrt(2 / 64), (3, 64, 64))
    gradient = random.normal(size=64)

    def behind_the_first(h: np.ndarray) -> np.ndarray:
        for matrix in matrices[1:]:
            h = np.maximum(h @ matrix, 0)
        return h

    first = np.maximum(digit @ matrices[0], 0)
    steps = 1e-6 * np.eye(64)
    jacobian = np.array([behind_the_first(first + step) - behind_the_first(first - step) for step in steps]) / 2e-6
    assert kept == pytest.approx(np.linalg.norm(jacobian @ gradient) / np.linalg.norm(gradient), rel=1e-5)
