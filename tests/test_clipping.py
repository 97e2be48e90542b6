"""Clipping, penalties, weight decay and epsilon change a step by what the textbook says."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from vgcore import sweep, training
from vgcore.data import digits
from vgcore.models import MLP
from vgcore.training import Training

FEW = replace(digits(), train_x=digits().train_x[:50], train_y=digits().train_y[:50])
NETWORK = MLP(depth=1, width=8, activation="tanh")
ONE_STEP = Training(network=NETWORK, epochs=1, batch_size=50, learning_rate=0.5)  # one batch of all examples


def stepped(**fields: Any) -> list[Any]:
    """The weights after one step."""
    found: list[Any] = []
    training.train(replace(ONE_STEP, **fields), FEW, 4, lambda _, model: found.append(model.get_weights()))
    return [weight.astype(float) for weight in found[-1]]


def start_and_gradient() -> tuple[list[Any], list[Any]]:
    model = NETWORK.build(4)
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(FEW.train_y, model(FEW.train_x))
        loss = tf.reduce_mean(losses)
    slopes = tape.gradient(loss, [weight.value for weight in model.trainable_weights])
    return [weight.astype(float) for weight in model.get_weights()], [np.asarray(slope, float) for slope in slopes]


START, GRADIENT = start_and_gradient()


def norm(arrays: Any) -> float:
    return float(np.sqrt(sum((array**2).sum() for array in arrays)))


def assert_steps(found: list[Any], gradient: list[Any], tolerance: float = 1e-6) -> None:
    for after, before, slope in zip(found, START, gradient, strict=True):
        assert after == pytest.approx(before - 0.5 * slope, abs=tolerance)


def test_without_settings_the_step_is_the_gradient_times_the_rate() -> None:
    assert_steps(stepped(), GRADIENT)


def test_clipping_by_value_cuts_every_entry() -> None:
    assert_steps(stepped(clip_value=0.01), [np.clip(slope, -0.01, 0.01) for slope in GRADIENT])


def test_clipping_by_norm_shortens_each_variable_on_its_own() -> None:
    limit = norm(GRADIENT[:1]) / 2
    clipped = [slope * min(1, limit / norm([slope])) for slope in GRADIENT]
    assert_steps(stepped(clip_norm=limit), clipped)


def test_clipping_by_the_global_norm_keeps_the_direction() -> None:
    limit = norm(GRADIENT) / 3
    assert_steps(stepped(clip_global_norm=limit), [slope / 3 for slope in GRADIENT])


def test_penalties_pull_at_matrices_and_not_at_biases() -> None:
    pulled = [
        slope + (0.01 * np.sign(w) + 2 * 0.02 * w) * (w.ndim > 1) for slope, w in zip(GRADIENT, START, strict=True)
    ]
    assert_steps(stepped(l1=0.01, l2=0.02), pulled)


def test_penalties_are_not_in_the_recorded_loss() -> None:
    with_penalty, without = (training.train(replace(ONE_STEP, l2=l2), FEW, 4).epochs for l2 in (1.0, 0.0))
    assert with_penalty.train_loss[0] == without.train_loss[0]
    assert with_penalty.train_loss[1] != without.train_loss[1]


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_weight_decay_takes_its_share_beside_the_gradient(optimiser: Any) -> None:
    plain, decayed = (stepped(optimiser=optimiser, weight_decay=decay) for decay in (None, 0.1))
    for one, other, before in zip(plain, decayed, START, strict=True):
        assert other - one == pytest.approx(-0.1 * 0.5 * before, abs=1e-6)


def test_adams_first_step_follows_its_epsilon() -> None:
    share = np.sqrt(1 - 0.999)  # Keras's epsilon is the paper's epsilon-hat
    moved = [slope / (np.abs(slope) + 1e-3 / share) for slope in GRADIENT]
    assert_steps(stepped(optimiser="adam", epsilon=1e-3), moved, tolerance=1e-5)  # 1 - 0.999 in float32


def test_rmsprops_first_step_follows_its_epsilon() -> None:
    moved = [slope / np.sqrt(0.1 * slope**2 + 1e-3) for slope in GRADIENT]
    assert_steps(stepped(optimiser="rmsprop", epsilon=1e-3), moved)


def test_given_first_weights_replace_those_of_the_seed() -> None:
    seen: list[Any] = []
    given = [np.full_like(weight, 0.25) for weight in NETWORK.build(0).get_weights()]
    training.train(ONE_STEP, FEW, 4, lambda _, model: seen.append(model.get_weights()), start=given)
    assert all((weight == 0.25).all() for weight in seen[0])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"clip_norm": 0.0}, "clip_norm must be positive, not 0.0"),
        (
            {"clip_norm": 1.0, "clip_value": 1.0},
            "gradients are clipped by one of clip_value, clip_norm, clip_global_norm",
        ),
        ({"l1": -0.1}, "l1 and l2 must not be negative, not -0.1 and 0.0"),
        ({"l2": -0.1}, "l1 and l2 must not be negative, not 0.0 and -0.1"),
        ({"weight_decay": -1.0}, "weight_decay must be positive, not -1.0"),
        ({"epsilon": 1e-3}, "gradient descent has no epsilon"),
        ({"optimiser": "adam", "epsilon": 0.0}, "epsilon must be positive, not 0.0"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}"):
        replace(ONE_STEP, **arguments)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"clip_norm": 1.0}, "a sweep trains without clipping and penalties"),
        ({"l2": 0.1}, "a sweep trains without clipping and penalties"),
    ],
)
def test_a_sweep_refuses_what_it_would_leave_out(fields: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=message):
        sweep.outcomes(replace(ONE_STEP, **fields), FEW, seed=0, after=(1,))


def test_a_sweep_trains_networks_with_layer_normalisation() -> None:
    config = replace(ONE_STEP, network=replace(NETWORK, normalisation="layer"))
    quick, slow = sweep.outcomes(config, FEW, 0, (1,)), training.train(config, FEW, 0).epochs
    assert quick.test_loss.iloc[0] == pytest.approx(slow.test_loss[1], rel=1e-4)
