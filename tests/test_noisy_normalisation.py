"""Noise behind batch normalisation: another distribution at each step of training, none at rest."""

from typing import Any

import numpy as np
import pytest

from vgcore.models import MLP, NoisyNormalised, mlp, noisy_normalised
from vgcore.models.noisy_normalisation import ShiftingNoise

ONES = np.ones((4000, 3), np.float32)


def noise(*, shift: float = 0.5, scale: float = 1.25, spread: float = 0.1) -> ShiftingNoise:
    return ShiftingNoise(shift, scale, spread, seed=3)


def test_at_rest_the_network_is_the_normalised_one() -> None:
    noisy = noisy_normalised(NoisyNormalised(depth=3, width=8), seed=5)
    plain = mlp(MLP(depth=3, width=8, normalisation="batch"), seed=5)
    x = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)
    assert np.asarray(noisy(x)) == pytest.approx(np.asarray(plain(x)), rel=1e-5)


def test_every_step_has_another_mean_for_each_unit() -> None:
    layer = noise(scale=1.0, spread=0.01)
    means = np.array([np.asarray(layer(ONES, training=True)).mean(axis=0) - 1 for _ in range(200)])
    assert np.abs(means).max() < 0.52
    assert means.std(axis=0) == pytest.approx(1 / np.sqrt(12), rel=0.15)  # uniform, one wide
    assert abs(np.corrcoef(means.T)[0, 1]) < 0.25


def test_scales_lie_between_one_and_the_largest() -> None:
    layer = noise(shift=0.0, spread=0.01)
    scales = np.array([np.asarray(layer(ONES, training=True)).mean(axis=0) for _ in range(200)])
    assert 0.99 < scales.min() < 1.05
    assert 1.2 < scales.max() < 1.26


def test_examples_of_one_step_stray_by_the_spread() -> None:
    disturbed = np.asarray(noise(shift=0.0, scale=1.0)(ONES, training=True))
    assert disturbed.std(axis=0) == pytest.approx(0.1 * np.sqrt(1 + 1 / 3), rel=0.05)  # of s, and of the uniform m


@pytest.mark.parametrize("field", ["depth", "width"])
def test_a_size_that_is_not_positive_gets_a_sentence(field: str) -> None:
    setting: dict[str, Any] = {field: 0}
    with pytest.raises(ValueError, match=f"{field} must be positive, not 0"):
        NoisyNormalised(**setting)
