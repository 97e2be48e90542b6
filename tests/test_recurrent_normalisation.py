"""What layer normalisation passes back at each step, against a wide network in plain NumPy."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from vgcore import theory


@pytest.mark.parametrize("deviation", [0.0, 0.5, 1.5])
def test_the_factor_is_that_of_a_wide_layer_differentiated_by_hand(deviation: float) -> None:
    random, units, examples = np.random.default_rng(0), 300, 400
    u = ortho_group.rvs(units, random_state=0)
    h = np.tanh(random.normal(size=(examples, units)))
    sums = h @ u + deviation * random.normal(size=h.shape)
    size = sums.std(axis=1, keepdims=True)
    z = (sums - sums.mean(axis=1, keepdims=True)) / size
    gradient = random.normal(size=h.shape)
    inner = gradient * (1 - np.tanh(z) ** 2)
    inner = inner - inner.mean(axis=1, keepdims=True) - z * (inner * z).mean(axis=1, keepdims=True)
    ratio = np.linalg.norm(inner / size @ u.T) / np.linalg.norm(gradient)
    assert theory.layer_norm_factor(deviation**2) == pytest.approx(ratio, rel=0.01)


def test_a_variance_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^a variance must not be negative, not -1$"):
        theory.layer_norm_factor(-1)
