"""What layer normalisation passes back at each step, against a wide network in plain NumPy."""

import numpy as np
import pytest
from scipy.stats import ortho_group

from vgcore import theory


@pytest.mark.parametrize("deviation", [0.0, 0.5, 1.5])
def test_the_factor_is_that_of_a_wide_layer_differentiated_by_hand(deviation: float) -> None:
    random = np.random.default_rng(0)
    units = 600
    u = ortho_group.rvs(units, random_state=0)
    h = np.tanh(random.normal(size=units))
    sums = h @ u + deviation * random.normal(size=units)
    size = sums.std()
    normal = (sums - sums.mean()) / size
    gradients = random.normal(size=(50, units))
    inner = gradients * (1 - np.tanh(normal) ** 2)
    inner -= inner.mean(axis=1, keepdims=True) + normal * (inner @ normal / units)[:, None]
    passed = (inner / size) @ u.T
    ratio = np.sqrt(np.square(passed).mean() / np.square(gradients).mean())
    assert theory.layer_norm_factor(deviation**2) == pytest.approx(ratio, rel=0.03)


def test_a_variance_is_not_negative() -> None:
    with pytest.raises(ValueError, match=r"^a variance must not be negative, not -1$"):
        theory.layer_norm_factor(-1)
