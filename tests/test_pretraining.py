"""Layer by layer, a network is trained as described, and only its first weights come of it."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from vgcore import pretraining, training
from vgcore.data import digits
from vgcore.models import MLP, DenselyConnected
from vgcore.training import Training

FEW = replace(digits(), train_x=digits().train_x[:250], train_y=digits().train_y[:250])
NETWORK = MLP(depth=3, width=16, activation="tanh")
WHOLE = Training(network=NETWORK, epochs=2, batch_size=100)
EACH = Training(network=NETWORK, epochs=3, batch_size=100, optimiser="adam", learning_rate=0.01)


@pytest.fixture(scope="module")
def result() -> Any:
    return pretraining.train_layer_by_layer(WHOLE, FEW, 5, EACH)


def hidden(x: Any, weights: list[Any], layers: int) -> Any:
    for layer in range(layers):
        x = np.tanh(x @ weights[2 * layer] + weights[2 * layer + 1])
    return x


def accuracy(x: Any, y: Any, weights: list[Any]) -> float:
    return float(((hidden(x, weights, 3) @ weights[-2] + weights[-1]).argmax(1) == y).mean())


def test_the_seed_alone_decides(result: Any) -> None:
    again, other = (pretraining.train_layer_by_layer(WHOLE, FEW, seed, EACH) for seed in (5, 6))
    assert again.history.epochs.equals(result.history.epochs)
    assert again.layers.equals(result.layers)
    assert not other.layers.equals(result.layers)


def test_the_fine_tuning_starts_where_the_last_layer_ended(result: Any) -> None:
    start, last = result.history.epochs.iloc[0], result.layers.iloc[-1]
    for name in ("train_loss", "test_loss"):
        assert start[name] == pytest.approx(last[name], rel=1e-5)
    assert start["test_accuracy"] == pytest.approx(accuracy(FEW.test_x, FEW.test_y, result.weights))


def test_a_layer_is_trained_on_frozen_ones_below_as_in_the_whole_network(result: Any) -> None:
    """The second layer again, in a network of two layers whose first one `train` itself freezes."""
    two = replace(EACH, network=replace(NETWORK, depth=2), frozen=(1,))
    first = NETWORK.build(5).get_weights()
    found: list[Any] = []
    start = [*result.weights[:2], *first[2:4], *first[-2:]]
    order = pretraining._seed_of(2, 5)
    history = training.train(two, FEW, order, lambda _, model: found.append(model.get_weights()), start)
    assert found[-1][2] == pytest.approx(result.weights[2], abs=1e-5)
    assert history.epochs.test_loss.iloc[-1] == pytest.approx(result.layers.test_loss[1], rel=1e-4)


def test_every_layer_has_moved_from_where_the_seed_put_it(result: Any) -> None:
    first = NETWORK.build(5).get_weights()
    assert all(np.abs(one - other).max() > 1e-3 for one, other in zip(result.weights, first, strict=True))


def test_no_two_layers_see_the_examples_in_the_same_order() -> None:
    seeds = {pretraining._seed_of(layer, seed) for layer in range(1, 30) for seed in range(10)}
    assert len(seeds) == 290


def test_passes_are_examples_times_layers(result: Any) -> None:
    each_layer = 3 * 200 * 2  # epochs, examples in full batches, one layer and its read-out
    assert result.pretraining_passes == 3 * each_layer + 2 * 250
    assert result.passes == result.pretraining_passes + 2 * 200 * 4


def test_a_deep_sigmoid_network_that_stands_still_alone_learns() -> None:
    deep = Training(network=MLP(depth=5), epochs=4, record_every=4)
    each = replace(deep, optimiser="adam", learning_rate=0.01)
    alone = training.train(deep, digits(), 0).epochs.test_accuracy.iloc[-1]
    helped = pretraining.train_layer_by_layer(deep, digits(), 0, each).history.epochs.test_accuracy.iloc[-1]
    assert alone < 0.3 < 0.6 < helped


@pytest.mark.parametrize(
    ("network", "message"),
    [
        (replace(NETWORK, skip=True), "only a fully connected network without skips and normalisation"),
        (replace(NETWORK, normalisation="batch"), "only a fully connected network without skips and normalisation"),
        (DenselyConnected(), "only a fully connected network without skips and normalisation"),
        (replace(NETWORK, activation="prelu"), "a network with prelu is not trained layer by layer"),
    ],
)
def test_other_networks_get_a_sentence(network: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=message):
        pretraining.train_layer_by_layer(replace(WHOLE, network=network), FEW, 0, EACH)
