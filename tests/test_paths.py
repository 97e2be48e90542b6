"""The gradient taken apart by path length is that of all 2^n paths, multiplied out one by one in NumPy."""

from itertools import product
from math import comb
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from vgcore import data, models, probes
from vgcore.models import MLP, ConvNet, Transformer

RANDOM = np.random.default_rng(0)
DIGITS = data.digits()


def kernel(model: Any, name: str) -> Any:
    return model.get_layer(name).kernel.numpy().astype(float)


def jacobians_of_a_small_network() -> Any:
    """The example, and the Jacobians of first layer, four branches x + W tanh(x) / 2 and last layer."""
    model = models.mlp(MLP(depth=5, width=6, inputs=4, outputs=1, activation="tanh", skip=True), seed=2)
    x = RANDOM.normal(size=4)
    stream, branches = x @ kernel(model, "hidden_1"), []
    for number in (2, 3, 4, 5):
        matrix = kernel(model, f"hidden_{number}")
        branches.append((1 - np.tanh(stream) ** 2)[:, None] * matrix / 2)
        stream = stream + np.tanh(stream) @ matrix / 2
    return model, x, kernel(model, "hidden_1"), branches, kernel(model, "logits")


def test_the_parts_are_those_of_all_paths_one_by_one() -> None:
    model, x, first, branches, last = jacobians_of_a_small_network()
    parts = np.zeros((5, 4))
    for path in product((0, 1), repeat=4):
        jacobian = first
        for taken, branch in zip(path, branches, strict=True):
            jacobian = jacobian @ branch if taken else jacobian
        parts[sum(path)] += (jacobian @ last)[:, 0]
    table = probes.measure_path_lengths(model, x[None], np.zeros((1, 1)), loss=lambda _, outputs: outputs)
    whole = parts.sum(0)
    assert table["length"].tolist() == [0, 1, 2, 3, 4]
    assert table["paths"].tolist() == [1, 4, 6, 4, 1]
    assert table["gradient_rms"].to_numpy() == pytest.approx(np.sqrt((parts**2).mean(1)), rel=1e-10)
    assert table["share"].to_numpy() == pytest.approx(parts @ whole / (whole @ whole), rel=1e-10)


def test_branches_of_one_factor_give_the_binomial_coefficients() -> None:
    inputs = stream = keras.Input((3,))
    for _ in range(54):
        branch = layers.Dense(3, use_bias=False, kernel_initializer=keras.initializers.Identity(0.5))(stream)
        stream = layers.Add()([branch, stream])  # in either order
    model = keras.Model(inputs, stream)
    table = probes.measure_path_lengths(model, np.ones((1, 3)), np.ones((1, 3)))
    expected = np.array([comb(54, k) * 0.5**k for k in range(55)])
    assert table["share"].to_numpy() == pytest.approx(expected / 1.5**54, rel=1e-10)


@pytest.mark.parametrize("residual", ["pre-activation", "post-activation"])
@pytest.mark.parametrize("normalisation", [None, "batch"])
def test_a_part_grows_with_its_length_where_every_branch_s_jacobian_does(residual: Any, normalisation: Any) -> None:
    config = ConvNet(depth=8, channels=3, residual=residual, normalisation=normalisation)
    plain, scaled = (models.convolutional(config, seed=1) for _ in range(2))
    closing = "norm" if residual == "post-activation" and normalisation else "conv"
    for number in (3, 5, 7):
        layer = scaled.get_layer(f"{closing}_{number}")
        layer.call = backward_scaled(layer.call, 2.0)
    one, two = (probes.measure_path_lengths(model, DIGITS.train_x[:8], DIGITS.train_y[:8]) for model in (plain, scaled))
    assert (two["gradient_rms"] / one["gradient_rms"]).to_numpy() == pytest.approx([1, 2, 4, 8], rel=1e-8)


def backward_scaled(call: Any, factor: float) -> Any:
    """The same values forward; every gradient on its way back is multiplied."""

    def scaled_call(x: Any, **arguments: Any) -> Any:
        value = call(x, **arguments)
        return factor * value - (factor - 1) * keras.ops.stop_gradient(value)

    return scaled_call


def test_the_shares_sum_to_one_in_a_transformer() -> None:
    digits = data.digits_by_row()
    model = models.transformer(Transformer(depth=2, norm="after"), seed=0)
    table = probes.measure_path_lengths(model, digits.train_x[:8], digits.train_y[:8])
    assert len(table) == 5
    assert table["share"].sum() == pytest.approx(1)


def test_a_network_whose_branches_start_at_zero_has_one_path_only() -> None:
    model = models.convolutional(ConvNet(depth=6, residual="pre-activation", zero_last=True), seed=0)
    table = probes.measure_path_lengths(model, DIGITS.train_x[:4], DIGITS.train_y[:4])
    assert table["share"].tolist() == pytest.approx([1, 0, 0])


def test_measuring_changes_nothing() -> None:
    model = models.convolutional(ConvNet(depth=4, residual="pre-activation", normalisation="batch"), seed=0)
    before = [variable.numpy().tobytes() for variable in model.variables]
    probes.measure_path_lengths(model, DIGITS.train_x[:4], DIGITS.train_y[:4])
    assert [variable.numpy().tobytes() for variable in model.variables] == before


def test_a_network_without_blocks_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="no residual block"):
        probes.measure_path_lengths(models.mlp(MLP(depth=2), seed=0), np.ones((1, 64)), np.array([1]))


def test_a_way_around_the_blocks_gets_a_sentence() -> None:
    inputs = keras.Input((3,))
    inner = layers.Add()([inputs, layers.Dense(3)(inputs)])
    model = keras.Model(inputs, layers.Concatenate()([inputs, inner]))
    with pytest.raises(ValueError, match="no chain of residual blocks"):
        probes.measure_path_lengths(model, np.ones((1, 3)), np.zeros((1, 6)))
