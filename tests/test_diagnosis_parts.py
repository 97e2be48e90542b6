"""What a diagnosis is made of: samples, looks, the trial, the fall of a line."""

from types import SimpleNamespace
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from vgcore import measure_gradients
from vgcore.data import digits
from vgcore.diagnosis.batches import batches, examples
from vgcore.diagnosis.guesses import best_guess
from vgcore.diagnosis.horizon import horizons
from vgcore.diagnosis.levels import fall
from vgcore.diagnosis.look import look, looks
from vgcore.diagnosis.signs import exploding_in_time, vanishing_in_time
from vgcore.diagnosis.trial import rehearsed
from vgcore.models import MLP, ConvNet, mlp
from vgcore.probes import TimeProfile

X, Y = digits().train_x[:256], digits().train_y[:256]
CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def compiled(optimiser: Any = "sgd", seed: int = 0, **settings: Any) -> Any:
    model = mlp(MLP(depth=3, width=8, activation="tanh"), seed)
    model.compile(optimiser, CROSS_ENTROPY, **settings)
    return model


def test_a_look_measures_what_measure_gradients_does() -> None:
    model = compiled()
    seen, expected = look(model, X, Y, model.loss).layers, measure_gradients(model, X, Y).table
    pd.testing.assert_frame_equal(seen[list(expected)], expected)


def test_looks_in_one_pass_are_those_at_each_batch() -> None:
    model = compiled()
    parts = [(X[:96], Y[:96]), (X[96:128], Y[96:128])]
    for (x, y), seen in zip(parts, looks(model, parts, model.loss), strict=True):
        alone = look(model, x, y, model.loss)
        measured, expected = (one.layers.drop(columns="weight_gradient_rms") for one in (seen, alone))
        pd.testing.assert_frame_equal(measured, expected)
        assert seen.loss == pytest.approx(alone.loss, rel=1e-12)
        np.testing.assert_allclose(seen.answers, alone.answers)


def test_dimensions_are_the_participation_ratio_of_the_covariance() -> None:
    model = compiled()
    eigenvalues = np.linalg.eigvalsh(np.cov(np.tanh(X @ np.asarray(model.get_layer("hidden_1").kernel)).T))
    seen = look(model, X, Y, model.loss).layers["dimensions"].iloc[0]
    assert seen == pytest.approx(eigenvalues.sum() ** 2 / (eigenvalues**2).sum(), rel=1e-5)


def test_examples_that_differ_in_size_alone_lie_at_no_angle() -> None:
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(10)])
    scaled = np.linspace(0.1, 2.0, 64)[:, None] * X[:1]
    apart, together = (look(model, x, Y[:64], CROSS_ENTROPY).layers["angle"].iloc[0] for x in (X[:64], scaled))
    assert together == pytest.approx(0, abs=1e-6)
    assert 0.2 < apart < 1


def test_pooling_takes_less_from_the_length_of_a_gradient_than_from_each_value() -> None:
    model = ConvNet(depth=3).build(0)
    rows = look(model, X, Y, CROSS_ENTROPY).hidden.set_index("layer")
    assert list(rows["pooled"]) == [False, True]
    values = np.sqrt([8 * 8 * 8, 8])
    np.testing.assert_allclose(rows["activation_gradient_length"], values * rows["activation_gradient_rms"])


def test_a_line_has_one_dimension() -> None:
    model = compiled()
    line = np.linspace(0.001, 0.002, 64)[:, None] * X[:1]
    assert look(model, line, Y[:64], model.loss).layers["dimensions"].iloc[0] == pytest.approx(1, abs=1e-3)


def test_the_steps_of_the_trial_are_those_of_the_training() -> None:
    model, twin = compiled(keras.optimizers.Adam(0.01)), compiled(keras.optimizers.Adam(0.01))
    course = batches((X, Y), 6, 64)
    losses = [float(twin.train_on_batch(*batch)) for batch in course if twin.reset_metrics() is None]
    with rehearsed(model, course, optimiser=model.optimizer, loss=None) as trial:
        np.testing.assert_allclose(trial.losses, losses, rtol=1e-5)
        for one, other in zip(model.trainable_variables, twin.trainable_variables, strict=True):
            np.testing.assert_allclose(one.value.numpy(), other.value.numpy(), rtol=1e-4, atol=1e-7)


def test_the_state_of_the_optimiser_counts() -> None:
    warm = compiled(keras.optimizers.Adam(0.01))
    warm.fit(X, Y, verbose=0)
    cold = compiled(keras.optimizers.Adam(0.01))
    cold.set_weights(warm.get_weights())
    ratios = []
    for model in (warm, cold):
        with rehearsed(model, batches((X, Y), 1, 64), optimiser=model.optimizer, loss=None) as trial:
            ratios.append(trial.update_ratios["hidden_1"][0])
    assert ratios[0] != pytest.approx(ratios[1], rel=1e-3)


def test_update_ratios_are_those_of_plain_gradient_descent() -> None:
    model = compiled(keras.optimizers.SGD(0.1))
    row = measure_gradients(model, X[:64], Y[:64]).table.iloc[1]
    with rehearsed(model, batches((X, Y), 1, 64), optimiser=model.optimizer, loss=None) as trial:
        expected = 0.1 * row["weight_gradient_rms"] / row["weight_rms"]
        assert trial.update_ratios["hidden_2"] == [pytest.approx(expected, rel=1e-4)]


@pytest.mark.parametrize("clipping", ["clipnorm", "global_clipnorm", "clipvalue"])
def test_clip_loads_say_how_much_too_long_the_gradient_was(clipping: str) -> None:
    model = compiled(keras.optimizers.SGD(0.1, **{clipping: 1e-3}))
    profile = look(model, X[:64], Y[:64], model.loss).layers
    sizes = np.array([np.prod(layer.kernel.shape) for layer in model.layers[1:]])
    norms = profile["weight_gradient_rms"].to_numpy() * np.sqrt(sizes)
    with rehearsed(model, batches((X, Y), 1, 64), optimiser=model.optimizer, loss=None) as trial:
        load = 1e-3 * trial.clip_loads[0]
    if clipping == "clipvalue":
        assert 3 * profile["weight_gradient_rms"].max() < load < norms.max()
    else:
        expected = norms.max() if clipping == "clipnorm" else np.linalg.norm(norms)
        assert expected <= load * (1 + 1e-6) < 1.3 * expected  # the biases, which the profile leaves out, add a little


def test_without_clipping_the_steps_are_longer() -> None:
    model = compiled(keras.optimizers.SGD(0.1, global_clipnorm=1e-3))
    ratios = []
    for clipping in (True, False):
        course = batches((X, Y), 1, 64)
        with rehearsed(model, course, optimiser=model.optimizer, loss=None, clipping=clipping) as trial:
            ratios.append(trial.update_ratios["hidden_2"][0])
    assert ratios[1] == pytest.approx(ratios[0] * trial_load(model), rel=1e-3)


def test_a_rate_is_a_tenth_of_itself_unless_it_follows_a_schedule() -> None:
    schedule = keras.optimizers.schedules.ExponentialDecay(0.1, 10, 0.5)
    for rate, expected in ((0.1, 0.1), (schedule, 1.0)):
        model = compiled(keras.optimizers.SGD(rate))
        steps = []
        for factor in (1.0, 0.1):
            course = batches((X, Y), 1, 64)
            with rehearsed(model, course, optimiser=model.optimizer, loss=None, rate=factor) as trial:
                steps.append(trial.update_ratios["hidden_2"][0])
        assert steps[1] == pytest.approx(expected * steps[0], rel=1e-3)


def trial_load(model: Any) -> float:
    with rehearsed(model, batches((X, Y), 1, 64), optimiser=model.optimizer, loss=None) as trial:
        return trial.clip_loads[0]


def test_in_half_precision_the_gradient_is_given_without_the_scale_of_the_loss() -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        half = compiled(keras.optimizers.SGD(0.1))
    finally:
        keras.config.set_dtype_policy("float32")
    expected = measure_gradients(half, X[:64], Y[:64]).table.set_index("layer")["weight_gradient_rms"]
    with rehearsed(half, batches((X, Y), 1, 64), optimiser=half.optimizer, loss=None) as trial:
        assert trial.gradient_rms["hidden_2"][0] == pytest.approx(expected["hidden_2"], rel=0.02)


def test_graphs_are_left_as_they_are_during_the_trial_alone() -> None:
    def optimises() -> bool:
        return not tf.config.optimizer.get_experimental_options().get("disable_meta_optimizer", False)

    model = compiled()
    with rehearsed(model, batches((X, Y), 1, 64), optimiser=model.optimizer, loss=None):
        assert not optimises()
    assert optimises()


def seen(levels: list[float], depths: list[int] | None = None) -> Any:
    depths = depths or list(range(1, len(levels) + 1))
    names = [f"layer_{number}" for number in range(1, len(levels) + 1)]
    table = pd.DataFrame({"layer": names, "depth": depths, "activation_gradient_length": 10.0 ** np.array(levels)})
    return SimpleNamespace(hidden=table)


def test_a_straight_fall_has_its_slope_and_no_single_place() -> None:
    found = fall(seen([-4.0, -3.5, -3.0, -2.5, -2.0]))
    assert found is not None
    assert (found.decades, found.slope, found.share) == pytest.approx((2.0, 0.5, 0.25))


def test_a_fall_at_one_place_names_the_layer_that_takes_it() -> None:
    found = fall(seen([-9.0, -9.0, -2.0, -2.0]))
    assert found is not None
    assert (found.layer, found.depth, found.share) == ("layer_3", 3, 1.0)


def test_of_two_layers_at_one_depth_the_larger_gradient_counts() -> None:
    found = fall(seen([-3.0, -9.0, -2.0, -1.0], [1, 1, 2, 3]))
    assert found is not None
    assert found.decades == pytest.approx(2.0)


@pytest.mark.parametrize("levels", [[], [-1.0, -2.0], [-np.inf, -1.0, -2.0]])
def test_fewer_than_three_layers_with_a_gradient_give_no_line(levels: list[float]) -> None:
    assert fall(seen(levels)) is None


def test_the_horizon_is_where_a_thousandth_is_left() -> None:
    rows = pd.DataFrame({"layer": "rnn", "lag": range(40), "hidden_gradient_rms": 0.5 ** np.arange(40.0)})
    (found,) = horizons(TimeProfile(table=rows.assign(cell_gradient_rms=np.nan)))
    assert found.horizon == pytest.approx(3 / np.log10(2))
    assert found.decades == pytest.approx(39 * np.log10(2))


def through_time(factor: float) -> TimeProfile:
    rows = pd.DataFrame({"layer": "rnn", "lag": range(40), "hidden_gradient_rms": factor ** np.arange(40.0)})
    return TimeProfile(table=rows.assign(cell_gradient_rms=np.nan))


@pytest.mark.parametrize(("sign", "factor"), [(vanishing_in_time, 0.5), (exploding_in_time, 2.0)])
@pytest.mark.parametrize(("again", "learns", "severity"), [(True, False, "alarm"), (False, False, "risk"),
                                                          (True, True, "risk")])  # fmt: skip
def test_what_one_batch_shows_of_time_is_an_alarm_only_if_another_shows_it_too_and_nothing_is_learnt(
    sign: Any, factor: float, again: bool, learns: bool, severity: str
) -> None:
    second = through_time(factor if again else 1.0)
    known = SimpleNamespace(times=through_time(factor), times_again=second, learns=learns, has_learnt=False)
    assert sign.examine(known).severity == severity


def test_guessing_the_shares_of_the_classes_costs_their_entropy() -> None:
    shares = np.bincount(Y) / len(Y)
    entropy = -(shares * np.log(shares)).sum()
    for loss in (CROSS_ENTROPY, keras.losses.SparseCategoricalCrossentropy()):
        assert best_guess(loss, Y, np.zeros((256, 10))) == pytest.approx(entropy, rel=1e-5)


def test_guessing_the_mean_costs_the_variance() -> None:
    assert best_guess("mse", X[:, 3:6], np.zeros((256, 3))) == pytest.approx(X[:, 3:6].var(axis=0).mean(), rel=1e-5)


def test_guessing_yes_or_no_costs_their_entropy() -> None:
    labels = (Y > 6).astype(int)
    share = labels.mean()
    entropy = -share * np.log(share) - (1 - share) * np.log(1 - share)
    loss = keras.losses.BinaryCrossentropy(from_logits=True)
    assert best_guess(loss, labels[:, None], np.zeros((256, 1))) == pytest.approx(entropy, rel=1e-4)


def test_examples_are_a_sample_without_repetition() -> None:
    x, y = examples(np.arange(100.0), np.arange(100), 40, seed=0)
    assert len(set(y)) == 40
    np.testing.assert_array_equal(x, y)


def test_batches_go_round_and_are_all_full() -> None:
    course = batches((np.arange(10.0), np.arange(10)), 4, 4)
    assert [list(y) for _, y in course] == [[0, 1, 2, 3], [4, 5, 6, 7], [0, 1, 2, 3], [4, 5, 6, 7]]
