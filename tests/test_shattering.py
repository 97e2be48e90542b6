"""Gradients along a line, and how they correlate: finite differences, known functions and wide NumPy networks agree."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from vgcore import models, probes, theory
from vgcore.models import MLP

RANDOM = np.random.default_rng(0)


def test_the_gradients_are_those_of_finite_differences() -> None:
    model = models.mlp(MLP(depth=2, width=8, inputs=3, outputs=4, activation="tanh"), seed=1)
    start, end = RANDOM.normal(size=(2, 3))
    measured = probes.gradients_along_line(model, start, end, points=5, output=2)
    for place, gradient in zip(np.linspace(start, end, 5), measured, strict=True):
        steps = 1e-2 * np.eye(3)
        slopes = (np.asarray(model(place + steps)) - np.asarray(model(place - steps)))[:, 2] / 2e-2
        assert gradient == pytest.approx(slopes, abs=1e-3)


def test_a_wave_has_the_autocorrelation_of_a_wave() -> None:
    inputs = keras.Input((1,))
    model = keras.Model(inputs, layers.Lambda(keras.ops.sin)(inputs))
    table = probes.measure_shattering(model, [0.0], [40 * np.pi], points=4001)
    few = table.iloc[:200]
    assert few["cosine"].to_numpy() == pytest.approx(np.cos(few["distance"]), abs=0.01)
    assert few["autocorrelation"].to_numpy() == pytest.approx(
        np.cos(few["distance"]) * (1 - few["lag"] / 4001), abs=0.01
    )


def test_the_mean_is_subtracted_for_the_autocorrelation_only() -> None:
    inputs = keras.Input((1,))
    tilted = layers.Lambda(lambda x: keras.ops.sin(x) + 3 * x)(inputs)
    table = probes.measure_shattering(keras.Model(inputs, tilted), [0.0], [40 * np.pi], points=4001)
    half_wave = table.iloc[100]
    assert half_wave["distance"] == pytest.approx(np.pi)
    assert half_wave["autocorrelation"] == pytest.approx(-1, abs=0.03)
    assert half_wave["cosine"] == pytest.approx((9 - 0.5) / (9 + 0.5), abs=0.03)


def test_lag_nought_is_one_and_the_distance_is_euclidean() -> None:
    model = models.mlp(MLP(depth=2, width=8, inputs=2, activation="relu"), seed=0)
    table = probes.measure_shattering(model, [0.0, 0.0], [3.0, 4.0], points=11)
    assert table["distance"].tolist() == pytest.approx([0.0, 0.5, 1.0, 1.5, 2.0, 2.5])
    assert (table["cosine"][0], table["autocorrelation"][0]) == pytest.approx((1, 1))


def test_a_linear_network_never_shatters() -> None:
    model = models.mlp(MLP(depth=3, activation="linear"), seed=0)
    table = probes.measure_shattering(model, -np.ones(64), np.ones(64), points=9)
    assert table["cosine"].tolist() == pytest.approx([1.0] * 5)
    assert table["autocorrelation"].isna().all()


def gradient_at(x: Any, matrices: Any, last: Any, scale: float | None) -> Any:
    """Gradient of a random output of blocks of ReLU by hand: x -> W relu(x), or x -> x + scale * W relu(x)."""
    masks = []
    for matrix in matrices:
        masks.append(x > 0)
        x = np.maximum(x, 0) @ matrix if scale is None else x + scale * np.maximum(x, 0) @ matrix
    gradient = last
    for mask, matrix in zip(masks[::-1], matrices[::-1], strict=True):
        back = mask * (matrix @ gradient)
        gradient = back if scale is None else gradient + scale * back
    return gradient


@pytest.mark.parametrize("scale", [None, 1.0, 0.5])
@pytest.mark.parametrize("correlation", [0.0, 0.8])
def test_gradients_of_wide_networks_correlate_as_derived(scale: Any, correlation: Any) -> None:
    random, width, depth = np.random.default_rng(4), 500, 6
    products = np.zeros(3)
    for _ in range(16):
        one, apart = random.normal(size=(2, width))
        other = correlation * one + np.sqrt(1 - correlation**2) * apart
        matrices = random.normal(0, np.sqrt(2 / width), (depth, width, width))
        first, second = (
            gradient_at(x, matrices, last, scale) for last in [random.normal(size=width)] for x in (one, other)
        )
        products += first @ second, first @ first, second @ second
    measured = products[0] / np.sqrt(products[1] * products[2])
    assert measured == pytest.approx(theory.relu_gradient_correlation(depth, correlation, scale)[-1], abs=0.03)


def test_the_first_layer_keeps_a_half_and_a_block_three_quarters_of_unrelated_inputs() -> None:
    assert theory.relu_gradient_correlation(1, 0.0)[1] == pytest.approx(0.5)
    assert theory.relu_gradient_correlation(1, 0.0, branch_scale=1.0)[1] == pytest.approx(0.75)


def test_gradients_of_deep_networks_lose_their_correlation_as_a_third_power() -> None:
    kept = theory.relu_gradient_correlation(4000, 0.0)
    assert np.log(kept[4000] / kept[2000]) / np.log(2) == pytest.approx(-3, abs=0.05)


def test_measuring_changes_nothing() -> None:
    model = models.mlp(MLP(depth=2, width=7), seed=4)
    before = [variable.numpy().tobytes() for variable in model.variables]
    probes.measure_shattering(model, np.zeros(64), np.ones(64), points=4)
    assert [variable.numpy().tobytes() for variable in model.variables] == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"start": np.zeros(3)}, "start and end must be of one shape, not"),
        ({"start": np.full(64, np.nan)}, "x holds values that are not finite"),
        ({"points": 1}, "a line needs at least two points, not 1"),
        ({"output": 10}, "the model has the outputs 0 to 9, not 10"),
    ],
)
def test_what_is_no_line_gets_a_sentence(arguments: Any, message: str) -> None:
    line = {"start": np.zeros(64), "end": np.ones(64), **arguments}
    with pytest.raises(ValueError, match=message):
        probes.measure_shattering(models.mlp(MLP(depth=1), seed=0), **line)


def test_batch_normalisation_gets_a_sentence() -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.BatchNormalization()])
    with pytest.raises(ValueError, match="normalises over the batch"):
        probes.measure_shattering(model, np.zeros(3), np.ones(3))
