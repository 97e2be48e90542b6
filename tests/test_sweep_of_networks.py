"""A sweep trains every kind of network as the ordinary training does, running statistics and random states included."""

from dataclasses import replace

import pytest

from vgcore import sweep, training
from vgcore.data import digits
from vgcore.models import MLP, DenselyConnected, Highway, LongSkip, Network, NoisyNormalised
from vgcore.training import Training

FEW = replace(digits(), train_x=digits().train_x[:250], train_y=digits().train_y[:250])


@pytest.mark.parametrize(
    "network",
    [
        MLP(depth=2, width=16, activation="relu", normalisation="batch"),
        MLP(depth=2, width=16, activation="tanh", normalisation="batch_after", gain=1.3, skip=True),
        Highway(depth=2, width=16, gate_bias=-1.0),
        DenselyConnected(depth=2, growth=8),
        LongSkip(depth=3, width=16),
        NoisyNormalised(depth=2, width=16),
    ],
    ids=str,
)
def test_the_outcome_is_that_of_the_ordinary_training(network: Network) -> None:
    config = Training(network=network, epochs=2, batch_size=50)
    quick = sweep.outcomes(config, FEW, seed=5, after=(2,)).iloc[0]
    slow = training.train(config, FEW, seed=5).epochs.iloc[-1]
    for column in ("train_loss", "test_loss"):
        assert quick[column] == pytest.approx(slow[column], rel=1e-3)
