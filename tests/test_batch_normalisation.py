"""The growth of gradients under batch normalisation is that of back-propagation in NumPy and of a Keras network."""

from typing import Any

import keras
import numpy as np
import pytest

from vgcore import theory


def normalise(z: Any) -> Any:
    return (z - z.mean(0)) / z.std(0)


def back_through(y: Any, deviation: Any, gradient: Any) -> Any:
    """The gradient before the normalisation over the first axis, whose result is y."""
    return (gradient - gradient.mean(0) - y * (y * gradient).mean(0)) / deviation


def numpy_growth(batch: int, rectified: bool, width: int = 600, depth: int = 24, seeds: int = 3) -> float:
    """Mean growth of the gradient's RMS a layer, the half of the layers nearest the input left out."""
    logs = []
    for seed in range(seeds):
        random = np.random.default_rng(seed)
        hidden, past = random.normal(size=(batch, width)), []
        for _ in range(depth):
            matrix = random.normal(0, width**-0.5, (width, width))
            z = hidden @ matrix
            y = normalise(z)
            past.append((matrix, y, z.std(0)))
            hidden = np.maximum(y, 0) if rectified else y
        gradient, sizes = random.normal(size=hidden.shape), []
        for matrix, y, deviation in past[::-1]:
            gradient = back_through(y, deviation, gradient * (y > 0) if rectified else gradient) @ matrix.T
            sizes.append(np.sqrt(np.mean(gradient**2)))
        logs.append(np.log(sizes[depth // 2] / sizes[1]) / (depth // 2 - 1))
    return float(np.exp(np.mean(logs)))


@pytest.mark.parametrize("batch", [12, 24, 64])
def test_a_rectified_layer_grows_as_derived_for_its_batch(batch: int) -> None:
    assert numpy_growth(batch, rectified=True) == pytest.approx(theory.batch_norm_growth(batch), rel=0.005)


@pytest.mark.parametrize("batch", [12, 24])
def test_a_linear_layer_grows_as_derived_for_its_batch(batch: int) -> None:
    assert numpy_growth(batch, rectified=False) == pytest.approx(theory.linear_batch_norm_growth(batch), rel=0.005)


def test_the_hand_written_backward_pass_is_that_of_finite_differences() -> None:
    random = np.random.default_rng(0)
    z, gradient, change = (random.normal(size=(7, 3)) for _ in range(3))
    slope = ((normalise(z + 1e-6 * change) - normalise(z - 1e-6 * change)) * gradient).sum() / 2e-6
    assert (back_through(normalise(z), z.std(0), gradient) * change).sum() == pytest.approx(slope, rel=1e-6)


def test_large_batches_approach_the_limit() -> None:
    assert theory.batch_norm_growth(1e9) == pytest.approx(theory.batch_norm_growth())
    assert theory.linear_batch_norm_growth(1e9) == pytest.approx(theory.linear_batch_norm_growth(np.inf))


def test_a_batch_of_three_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="more than 3 examples, not 3"):
        theory.batch_norm_growth(3)
    with pytest.raises(ValueError, match="more than 3 examples, not 2"):
        theory.linear_batch_norm_growth(2)


def test_keras_networks_grow_alike() -> None:
    from vgcore import probes

    random = np.random.default_rng(0)
    layers = [keras.Input((256,))]
    for number in range(16):
        kernel = keras.initializers.HeNormal(seed=number)
        layers += [keras.layers.Dense(256, kernel_initializer=kernel), keras.layers.BatchNormalization()]
        layers += [keras.layers.ReLU()]
    model = keras.Sequential([*layers, keras.layers.Dense(1, kernel_initializer=keras.initializers.HeNormal(seed=99))])
    table = probes.measure_gradients(model, random.normal(size=(64, 256)), random.normal(size=(64, 1))).table
    line = np.log(table["activation_gradient_rms"].to_numpy()[3:15])
    assert np.exp(-np.polyfit(np.arange(12), line, 1)[0]) == pytest.approx(theory.batch_norm_growth(64), rel=0.01)
