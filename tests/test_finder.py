"""At which step of a training the finder says that it overflowed, and that it leaves the training alone until then."""

from typing import Any

import keras
import numpy as np
import pytest

from vgcore import GradientRecorder, NonFiniteFinder

X, Y = np.linspace(-1, 1, 24, dtype="float32").reshape(12, 2), np.ones((12, 1), "float32")


def one_weight(rate: float, weight: float = 1.0, **settings: Any) -> Any:
    """Its loss is w^2 and its gradient 2 w, so that a step multiplies w by 1 - 2 rate."""
    start = keras.initializers.Constant(weight)
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer=start, name="layer")
    inputs = keras.Input((1,))
    model = keras.Model(inputs, layer(inputs))
    model.compile(keras.optimizers.SGD(rate), "mean_squared_error", **settings)
    return model


def fit(model: Any, *callbacks: Any, x: Any = None, epochs: int = 1) -> Any:
    x = np.ones((8, 1), "float32") if x is None else x
    return model.fit(
        x, np.zeros_like(x), batch_size=1, epochs=epochs, shuffle=False, verbose=0, callbacks=list(callbacks)
    )


def dropping(**settings: Any) -> Any:
    keras.utils.set_random_seed(0)
    layers = [keras.layers.Dense(4), keras.layers.BatchNormalization(), keras.layers.Dropout(0.5)]
    model = keras.Sequential([keras.Input((2,)), *layers, keras.layers.Dense(1)])
    model.compile("adam", "mean_squared_error", **settings)
    return model


@pytest.mark.parametrize("settings", [{}, {"steps_per_execution": 2}, {"run_eagerly": True}])
def test_the_training_is_the_same_bit_for_bit(settings: dict[str, Any]) -> None:
    ends = []
    for callbacks in ([], [NonFiniteFinder()]):
        model = dropping(**settings)
        history = model.fit(X, Y, batch_size=4, epochs=2, verbose=0, callbacks=callbacks).history
        ends.append([*(one.numpy() for one in (*model.variables, *model.optimizer.variables)), *history["loss"]])
    for alone, watched in zip(*ends, strict=True):
        np.testing.assert_array_equal(alone, watched)


@pytest.mark.parametrize("steps_per_execution", [1, 3])
def test_the_step_is_the_one_whose_loss_overflows(steps_per_execution: int) -> None:
    finder = NonFiniteFinder()  # w is 1, -2e8, 4e16, -8e24: the square of the last is too large
    fit(one_weight(1e8, steps_per_execution=steps_per_execution), finder)
    assert finder.found is not None
    assert (finder.epoch, finder.step, finder.found.phase) == (0, 3, "loss")
    assert finder.weights[0] == pytest.approx(-8e24, rel=1e-5)


def test_steps_are_counted_in_their_epoch() -> None:
    finder = NonFiniteFinder()
    fit(one_weight(1e8), finder, x=np.ones((2, 1), "float32"), epochs=5)
    assert (finder.epoch, finder.step) == (1, 1)


def test_what_only_the_optimiser_makes_is_an_update() -> None:
    finder = NonFiniteFinder()
    fit(one_weight(1e30, weight=1e10), finder)  # the loss is 1e20, the gradient 2e10, the step 2e40
    assert finder.found is not None
    assert (finder.found.phase, finder.found.layer, finder.found.tensor) == ("update", "layer", "kernel")


def test_the_batch_is_the_one_of_the_step() -> None:
    finder, x = NonFiniteFinder(), np.ones((8, 1), "float32")
    x[5] = np.nan
    fit(one_weight(0.1), finder, x=x)
    assert finder.found is not None
    assert (finder.step, finder.found.phase) == (5, "data")
    assert finder.batch is not None
    assert np.isnan(finder.batch[0]).all()


def test_the_training_ends_there() -> None:
    assert len(fit(one_weight(1e8), NonFiniteFinder(), epochs=4).history["loss"]) == 1


def test_a_training_that_stays_finite_has_nothing_to_find() -> None:
    finder = NonFiniteFinder()
    fit(one_weight(0.1), finder)
    assert finder.found is None


def test_a_finder_describes_its_last_training() -> None:
    finder = NonFiniteFinder()
    fit(one_weight(1e8), finder)
    fit(one_weight(0.1), finder)
    assert (finder.found, finder.batch, finder.weights) == (None, None, [])


@pytest.mark.parametrize("rate", [0.1, 1e8])
def test_afterwards_the_model_has_its_own_function_again(rate: float) -> None:
    model = one_weight(rate)
    fit(model)
    own = model.train_function
    fit(model, NonFiniteFinder())
    assert model.train_function is own


@pytest.mark.parametrize("recorder_first", [True, False])
def test_a_recorder_may_watch_too(recorder_first: bool) -> None:
    recorder, finder = GradientRecorder(), NonFiniteFinder()
    fit(one_weight(0.1), *((recorder, finder) if recorder_first else (finder, recorder)), epochs=2)
    assert sorted(recorder.table["epoch"].unique()) == [0, 1, 2]
