"""The network that a compiled training leaves behind."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from vgcore import sweep, training
from vgcore.data import digits
from vgcore.models import MLP
from vgcore.training import Training, loss_and_accuracy

FEW = replace(digits(), train_x=digits().train_x[:250], train_y=digits().train_y[:250])
SHORT = Training(network=MLP(depth=2, width=16, activation="relu", gain=0.8), epochs=3, batch_size=50)


@pytest.mark.parametrize("network", [SHORT.network, MLP(depth=2, width=16, activation="prelu")])
def test_its_weights_are_those_of_the_ordinary_training(network: MLP) -> None:
    config = replace(SHORT, network=network)
    last: list[Any] = []

    def keep(_: int, model: Any) -> None:
        last[:] = model.get_weights()

    training.train(config, FEW, 5, keep)
    quick = sweep.trained(config, FEW, seed=5).get_weights()
    for one, other in zip(quick, last, strict=True):
        assert one == pytest.approx(other, rel=1e-3, abs=1e-5)


def test_its_outcome_is_that_of_the_sweep() -> None:
    model = sweep.trained(SHORT, FEW, seed=1)
    loss, accuracy = loss_and_accuracy(model(FEW.test_x, training=False), FEW.test_y)
    row = sweep.outcomes(SHORT, FEW, seed=1, after=(3,)).iloc[0]
    assert loss == pytest.approx(row["test_loss"], rel=1e-5)
    assert accuracy == pytest.approx(row["test_accuracy"])


def test_it_starts_from_the_weights_that_it_is_given() -> None:
    start = [weight.value.numpy() for weight in SHORT.network.build(1).trainable_variables]
    usual = sweep.trained(SHORT, FEW, seed=1).get_weights()
    again = sweep.trained(SHORT, FEW, 1, start).get_weights()
    assert all(np.array_equal(one, other) for one, other in zip(usual, again, strict=True))
    nothing = sweep.trained(SHORT, FEW, 1, [0 * weight for weight in start]).get_weights()
    assert not nothing[0].any()  # without weights above it the first layer gets no gradient


def test_another_optimiser_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="a sweep trains by plain gradient descent, not by 'adam'"):
        sweep.trained(replace(SHORT, optimiser="adam"), FEW, seed=0)
