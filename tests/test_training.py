"""Training is decided by its seed alone, and records what it says it records."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from vgcore import models, training
from vgcore.data import digits
from vgcore.models import MLP
from vgcore.training import Training

SHORT = Training(network=MLP(depth=2, width=16, activation="tanh"), epochs=2, batch_size=100)
FEW = replace(digits(), train_x=digits().train_x[:250], train_y=digits().train_y[:250])


def cross_entropy(model: Any, x: Any, y: Any) -> float:
    logits = np.asarray(model(x), float)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    return float(-np.log(probabilities[np.arange(len(y)), y]).mean())


@pytest.fixture(scope="module")
def history() -> Any:
    return training.train(SHORT, FEW, seed=5)


def variables_after_training(config: Training, seed: int) -> list[bytes]:
    training.train(config, FEW, seed)
    model = training._compiled(config.network, config.optimiser, config.learning_rate)[0]
    return [variable.numpy().tobytes() for variable in [*model.variables, *model.optimizer.variables]]


@pytest.mark.parametrize("optimiser", ["sgd", "adam"])
def test_a_reused_network_trains_bit_for_bit_like_a_new_one(optimiser: Any) -> None:
    config = replace(SHORT, optimiser=optimiser, learning_rate=0.01)
    training._compiled.cache_clear()
    fresh = variables_after_training(config, seed=3)
    variables_after_training(config, seed=4)
    assert variables_after_training(config, seed=3) == fresh


def test_every_seed_trains_another_network(history: Any) -> None:
    other = training.train(SHORT, FEW, seed=6)
    assert (history.epochs.train_loss != other.epochs.train_loss).all()


def test_the_global_random_state_has_no_say(history: Any) -> None:
    keras.utils.set_random_seed(77)
    assert training.train(SHORT, FEW, seed=5).epochs.equals(history.epochs)


def test_epoch_0_is_the_network_before_training(history: Any) -> None:
    model = models.mlp(SHORT.network, seed=5)
    start = history.epochs.iloc[0]
    assert history.epochs.epoch.tolist() == [0, 1, 2]
    assert start.train_loss == pytest.approx(cross_entropy(model, FEW.train_x, FEW.train_y), rel=1e-5)
    assert start.test_accuracy == pytest.approx(np.mean(np.argmax(model(FEW.test_x), 1) == FEW.test_y))
    assert (history.layers[history.layers.epoch == 0].relative_change == 0).all()


def test_the_recorded_end_is_that_of_the_trained_network() -> None:
    history = training.train(SHORT, FEW, seed=8)
    model = training._compiled(SHORT.network, SHORT.optimiser, SHORT.learning_rate)[0]
    start = models.mlp(SHORT.network, seed=8)
    end = history.epochs.iloc[-1]
    assert end.train_loss == pytest.approx(cross_entropy(model, FEW.train_x, FEW.train_y), rel=1e-5)
    assert end.test_loss == pytest.approx(cross_entropy(model, FEW.test_x, FEW.test_y), rel=1e-5)
    last = history.layers[history.layers.epoch == 2].relative_change
    for change, name in zip(last, ("hidden_1", "hidden_2", "logits"), strict=True):
        before, after = (each.get_layer(name).kernel.numpy().astype(float) for each in (start, model))
        assert change == pytest.approx(np.sqrt(((after - before) ** 2).sum() / (before**2).sum()), rel=1e-9)
        assert change > 1e-3


def test_every_epoch_visits_new_batches_and_drops_the_partial_one() -> None:
    batches = [labels.numpy() for _, labels in training._batches(SHORT, FEW, seed=0)]
    assert [len(labels) for labels in batches] == [100] * 4
    assert not np.array_equal(batches[0], batches[2])


def test_an_epoch_visits_no_example_twice() -> None:
    numbered = replace(FEW, train_y=np.arange(250))
    batches = [labels.numpy() for _, labels in training._batches(SHORT, numbered, seed=0)]
    assert len(np.unique(np.concatenate(batches[:2]))) == 200


def test_the_optimiser_takes_one_step_a_full_batch() -> None:
    training.train(SHORT, FEW, seed=0)
    model = training._compiled(SHORT.network, SHORT.optimiser, SHORT.learning_rate)[0]
    assert int(model.optimizer.iterations.numpy()) == 4


def test_a_small_network_learns() -> None:
    config = Training(network=MLP(depth=1, activation="tanh"), epochs=4)
    assert training.train(config, digits(), seed=0).epochs.test_accuracy.iloc[-1] > 0.85


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"optimiser": "sdg"}, "optimiser must be one of sgd, adam, rmsprop, not 'sdg'"),
        ({"learning_rate": 0.0}, "learning_rate must be positive, not 0.0"),
        ({"epochs": 0}, "epochs must be positive, not 0"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        replace(SHORT, **arguments)


def test_too_few_examples_get_one_sentence() -> None:
    with pytest.raises(ValueError, match="250 training examples do not fill one batch of 300"):
        training.train(replace(SHORT, batch_size=300), FEW, seed=0)


def test_an_observer_sees_every_epoch_and_changes_nothing() -> None:
    seen: list[tuple[int, float]] = []

    def observe(epoch: int, model: Any) -> None:
        seen.append((epoch, float(np.linalg.norm(model.layers[-1].kernel.numpy()))))

    config = Training(network=MLP(depth=1, width=4), epochs=2, batch_size=256)
    watched = training.train(config, digits(), 0, observe)
    assert [epoch for epoch, _ in seen] == [0, 1, 2]
    assert len({norm for _, norm in seen}) == 3
    assert watched.epochs.equals(training.train(config, digits(), 0).epochs)
