"""Layers that are left as they were while the others train."""

import pytest

from vgcore import data, training
from vgcore.models import MLP
from vgcore.training import Training

NETWORK = MLP(depth=3, width=4, activation="relu", initialisation="he_uniform")


def test_a_frozen_layer_does_not_change_by_a_bit_and_all_others_do() -> None:
    history = training.train(Training(network=NETWORK, epochs=1, frozen=(2,)), data.digits(), seed=0)
    change = history.layers[history.layers["epoch"] == 1].set_index("layer")["relative_change"]
    assert change[2] == 0
    assert (change.drop(2) > 0).all()


def test_freezing_one_training_leaves_the_next_one_alone() -> None:
    recipe = Training(network=NETWORK, epochs=1)
    before = training.train(recipe, data.digits(), seed=0)
    training.train(Training(network=NETWORK, epochs=1, frozen=(1, 2, 3)), data.digits(), seed=0)
    assert training.train(recipe, data.digits(), seed=0).epochs.equals(before.epochs)


@pytest.mark.parametrize("layer", [0, 4])
def test_a_layer_that_the_network_does_not_have_cannot_be_frozen(layer: int) -> None:
    with pytest.raises(ValueError, match=f"hidden layers 1 to 3, not {layer}"):
        Training(network=NETWORK, frozen=(layer,))
