"""A compiled training gives the numbers of the ordinary one."""

from dataclasses import replace
from typing import Any

import pytest

from vgcore import sweep, training
from vgcore.data import digits
from vgcore.models import MLP
from vgcore.training import Training

FEW = replace(digits(), train_x=digits().train_x[:250], train_y=digits().train_y[:250])
NETWORK = MLP(depth=2, width=16, activation="tanh", gain=1.3)
SHORT = Training(network=NETWORK, epochs=3, batch_size=50)


@pytest.mark.parametrize("network", [NETWORK, replace(NETWORK, activation="relu", gain=0.7, depth=3)])
def test_the_outcomes_are_those_of_the_ordinary_training(network: Any) -> None:
    config = replace(SHORT, network=network)
    quick = sweep.outcomes(config, FEW, seed=5, after=(0, 1, 3)).set_index("epoch")
    slow = training.train(config, FEW, seed=5).epochs.set_index("epoch")
    for column in ("train_loss", "test_loss"):
        assert quick[column].to_numpy() == pytest.approx(slow.loc[[0, 1, 3], column].to_numpy(), rel=1e-4)
    for column in ("train_accuracy", "test_accuracy"):
        assert quick[column].to_numpy() == pytest.approx(slow.loc[[0, 1, 3], column].to_numpy(), abs=0.01)


@pytest.mark.parametrize("frozen", [(1,), (1, 2)])
def test_frozen_layers_stay_as_in_the_ordinary_training(frozen: tuple[int, ...]) -> None:
    config = replace(SHORT, frozen=frozen)
    slow = training.train(config, FEW, seed=5).epochs
    quick = sweep.outcomes(config, FEW, seed=5, after=(3,))
    assert quick["train_loss"].iloc[0] == pytest.approx(slow["train_loss"].iloc[-1], rel=1e-4)
    assert not quick.equals(sweep.outcomes(SHORT, FEW, seed=5, after=(3,)))


def test_the_trained_model_is_the_one_that_was_measured() -> None:
    outcome = sweep.outcomes(SHORT, FEW, seed=5, after=(3,))["test_loss"].iloc[0]
    model = sweep.trained(SHORT, FEW, seed=5)
    loss, _ = training.loss_and_accuracy(model.predict_on_batch(FEW.test_x), FEW.test_y)
    assert loss == pytest.approx(outcome, rel=1e-5)


def test_other_first_weights_take_the_place_of_the_seeds() -> None:
    other = NETWORK.build(seed=8).get_weights()
    quick = sweep.trained(SHORT, FEW, seed=5, start=other).get_weights()
    slow: dict[int, list[Any]] = {}
    training.train(SHORT, FEW, 5, lambda epoch, model: slow.update({epoch: model.get_weights()}), start=other)
    for one, two in zip(quick, slow[3], strict=True):
        assert one == pytest.approx(two, abs=1e-5)


def test_looking_on_the_way_changes_nothing() -> None:
    once = sweep.outcomes(SHORT, FEW, seed=1, after=(3,))
    often = sweep.outcomes(SHORT, FEW, seed=1, after=(1, 2, 3))
    assert often.iloc[-1].equals(once.iloc[-1])


def test_networks_that_share_a_program_keep_their_own_weights_and_rates() -> None:
    first = sweep.outcomes(SHORT, FEW, seed=1, after=(3,))
    others = [
        sweep.outcomes(replace(SHORT, network=replace(NETWORK, gain=0.5)), FEW, seed=1, after=(3,)),
        sweep.outcomes(replace(SHORT, network=replace(NETWORK, initialisation="orthogonal")), FEW, 1, (3,)),
        sweep.outcomes(replace(SHORT, learning_rate=0.01), FEW, seed=1, after=(3,)),
        sweep.outcomes(SHORT, FEW, seed=2, after=(3,)),
    ]
    losses = [float(one["train_loss"].iloc[0]) for one in (first, *others)]
    assert len(set(losses)) == 5
    assert sweep.outcomes(SHORT, FEW, seed=1, after=(3,)).equals(first)


@pytest.mark.parametrize("after", [(2, 1), (1, 1), (4,), (-1, 2)])
def test_epochs_out_of_order_get_a_sentence(after: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="after must be rising epochs between 0 and 3"):
        sweep.outcomes(SHORT, FEW, seed=0, after=after)


def test_another_optimiser_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="a sweep trains by plain gradient descent, not by 'adam'"):
        sweep.outcomes(replace(SHORT, optimiser="adam"), FEW, seed=0, after=(1,))
