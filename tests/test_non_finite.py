"""Which number of a training step is named as the first that is not finite, and that looking changes nothing."""

from typing import Any

import keras
import numpy as np
import pytest

from vgcore import find_non_finite
from vgcore.probes.non_finite import NonFinite

ONE = np.ones((2, 1), "float32")


def chain(*weights: float, dtype: Any = None, **arguments: Any) -> Any:
    """One unit in each layer, so that every number of both passes is a product that one can do in one's head."""
    inputs = stream = keras.Input((1,))
    for number, weight in enumerate(weights, 1):
        start = keras.initializers.Constant(weight)
        layer = keras.layers.Dense(
            1, use_bias=False, kernel_initializer=start, name=f"layer_{number}", dtype=dtype, **arguments
        )
        stream = layer(stream)
    return keras.Model(inputs, stream)


def found(model: Any, x: Any = ONE, y: Any = ONE, loss: Any = "mean_absolute_error") -> NonFinite:
    result = find_non_finite(model, x, y, loss)
    assert result is not None
    return result


def test_nothing_is_found_where_all_is_finite() -> None:
    assert find_non_finite(chain(2.0, 3.0), ONE, ONE) is None


@pytest.mark.parametrize(("weights", "layer"), [((1e20, 1e20), 2), ((1e13, 1e13, 1e13, 1.0), 3)])
def test_the_layer_is_named_in_which_a_product_passes_the_largest_number(
    weights: tuple[float, ...], layer: int
) -> None:
    first = found(chain(*weights))
    assert (first.phase, first.layer, first.tensor, first.value) == ("forward", f"layer_{layer}", "output", "inf")
    assert first.share == 1


def test_only_some_entries_may_be_infinite() -> None:
    assert found(chain(1e20), x=np.array([[1.0], [1e20]], "float32")).share == 0.5


def test_the_precision_is_the_models_own() -> None:
    assert find_non_finite(chain(300.0, 300.0), ONE, ONE) is None
    assert found(chain(300.0, 300.0, dtype="mixed_float16")).layer == "layer_2"


@pytest.mark.parametrize("name", ["x", "y"])
def test_a_broken_batch_is_told_from_a_broken_network(name: str) -> None:
    first = found(chain(1.0), **{name: np.array([[1.0], [np.nan]], "float32")})
    assert (first.phase, first.tensor, first.value, first.share) == ("data", name, "NaN", 0.5)


def test_weights_that_are_broken_before_the_step_are_named() -> None:
    first = found(chain(1.0, np.nan))
    assert (first.phase, first.layer, first.tensor) == ("weights", "layer_2", "kernel")


def test_a_logarithm_of_zero_is_found_in_the_loss() -> None:
    first = found(chain(0.0), loss=lambda y, outputs: -y * keras.ops.log(outputs))
    assert (first.phase, first.value) == ("loss", "inf")


def test_zero_by_zero_is_no_number() -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Activation(lambda x: x / x, name="ratio")])
    first = found(model, x=np.zeros((2, 1)))
    assert (first.phase, first.layer, first.value) == ("forward", "ratio", "NaN")


def test_an_infinite_slope_is_found_on_the_way_back() -> None:
    model = chain(0.0, activation=keras.ops.sqrt)
    first = found(model)
    assert (first.phase, first.layer, first.tensor) == ("backward", "layer_1", "dL/d(kernel)")


def test_the_way_back_is_searched_from_the_end() -> None:
    first = found(chain(1e-30, 1e-30, 1e25, 1e25))  # 2e25, 1e25, 1e50: dL/dh of layer 2 is the first
    assert (first.phase, first.layer, first.tensor) == ("backward", "layer_2", "dL/d(output)")


def test_a_gradient_for_weights_can_be_the_first() -> None:
    first = found(chain(1e-20, 1e25), x=np.full((2, 1), 1e20, "float32"))  # 1e20 times 1e25
    assert (first.phase, first.layer, first.tensor) == ("backward", "layer_1", "dL/d(kernel)")


def test_a_loss_scale_counts() -> None:
    model = chain(1.0)
    model.compile(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(), initial_scale=2.0**120), "mae")
    assert find_non_finite(model, ONE, 0 * ONE) is None
    assert found(model, x=1e10 * ONE, y=0 * ONE).phase == "backward"


def test_dropout_is_on() -> None:
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dropout(0.5, name="dropout")])
    first = found(model, x=np.full((64, 1), 2e38, "float32"), y=np.zeros((64, 1)))  # what it keeps it doubles
    assert (first.phase, first.layer) == ("forward", "dropout")


def test_looking_changes_no_bit() -> None:
    layers = [keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dropout(0.5, seed=1)]
    model = keras.Sequential([keras.Input((1,)), *layers, keras.layers.Dense(1, activity_regularizer="l2")])
    model(ONE, training=True)
    before, losses = [variable.value.numpy() for variable in model.variables], len(model.losses)
    find_non_finite(model, ONE, ONE)
    for value, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(value, variable.value.numpy())
    assert len(model.losses) == losses == 1


def test_it_says_what_it_found_in_a_line() -> None:
    assert str(found(chain(1e20, 1e20))) == "forward, layer_2: output holds inf"
    assert str(found(chain(1.0), x=np.nan * ONE)) == "data: x holds NaN"


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(TypeError, match="must be a Keras model"):
        find_non_finite(lambda x: x, ONE, ONE)
