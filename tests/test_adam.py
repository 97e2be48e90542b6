"""Adam's step at a constant gradient against Kingma and Ba's algorithm in plain NumPy, and against Keras."""

import keras
import numpy as np
import pytest

from vgcore import theory

GRADIENTS = np.array([1.0, 1e-3, 1e-6, 1e-7, 1e-9, 0.0])


def adam(gradients: np.ndarray, steps: int, epsilon: float, beta_2: float) -> np.ndarray:
    """The last of some steps, in learning rates, epsilon added before the bias correction."""
    first = second = np.zeros_like(gradients)
    for _ in range(steps):
        first = 0.9 * first + 0.1 * gradients
        second = beta_2 * second + (1 - beta_2) * gradients**2
    rate = np.sqrt(1 - beta_2**steps) / (1 - 0.9**steps)
    return np.asarray(rate * first / (np.sqrt(second) + epsilon))


@pytest.mark.parametrize("steps", [1, 2, 30, 500])
@pytest.mark.parametrize(("epsilon", "beta_2"), [(1e-7, 0.999), (1e-4, 0.9)])
def test_a_step_is_that_of_the_algorithm(steps: int, epsilon: float, beta_2: float) -> None:
    expected = adam(GRADIENTS, steps, epsilon, beta_2)
    assert theory.adam_step(GRADIENTS, steps, epsilon=epsilon, beta_2=beta_2) == pytest.approx(expected, rel=1e-9)


def test_the_first_step_is_that_of_keras() -> None:
    weights = keras.Variable(np.zeros(6))
    keras.optimizers.Adam(0.01).apply([keras.ops.convert_to_tensor(GRADIENTS.astype(np.float32))], [weights])
    assert -weights.numpy() / 0.01 == pytest.approx(theory.adam_step(GRADIENTS), rel=1e-4)


def test_the_sign_of_a_gradient_does_not_matter() -> None:
    assert theory.adam_step([-1e-6]) == theory.adam_step([1e-6])


def test_there_is_no_step_before_the_first() -> None:
    with pytest.raises(ValueError, match="step counts from 1"):
        theory.adam_step(1.0, 0)
