"""Train many small networks quickly: the whole of a training is one compiled program that does not stop to look."""

from dataclasses import replace
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.data import Digits
from vgcore.models import MLP
from vgcore.training import Training, batch_indices, loss_and_accuracy


def outcomes(config: Training, data: Digits, seed: int, after: tuple[int, ...]) -> pd.DataFrame:
    """How well the network does after some of the epochs of `vgcore.training.train`, from five to ten times as fast.

    Weights and batches are those that `train` draws from the same seed, so both give the same numbers up to rounding.
    What takes time is left out: layers are not followed, and losses are measured only where they are asked for.
    `after`: the epochs to measure at, in rising order and none beyond `config.epochs`. One row for each: `epoch`,
    `train_loss`, `test_loss` (nats), `train_accuracy`, `test_accuracy` (0 to 1).

    Only plain gradient descent is compiled. Raises ValueError for another optimiser or network, for frozen layers,
    clipping, penalties or batch normalisation, and for epochs out of order.
    """
    trouble = obstacle(config)
    if trouble:
        raise ValueError(trouble)
    if list(after) != sorted(set(after)) or not 0 <= after[0] <= after[-1] <= config.epochs:
        raise ValueError(f"after must be rising epochs between 0 and {config.epochs}, not {after}")
    network = config.network
    assert isinstance(network, MLP)
    start, program = _start(replace(network, gain=1.0), seed), _program(network)
    weights = [network.gain * values if hidden else values for values, hidden in start]
    order = tf.constant(batch_indices(config, data, seed), tf.int32)
    steps = len(data.train_x) // config.batch_size
    rows: list[dict[str, float]] = []
    done = 0
    for epoch in after:
        setting = (data.train_x, data.train_y, data.test_x, tf.constant(config.learning_rate, tf.float32))
        weights, train, test = program(weights, *setting, order, tf.constant(done), tf.constant(epoch * steps))
        done = epoch * steps
        train_loss, train_accuracy = loss_and_accuracy(train, data.train_y)
        test_loss, test_accuracy = loss_and_accuracy(test, data.test_y)
        rows.append(
            {"epoch": epoch, "train_loss": train_loss, "train_accuracy": train_accuracy}
            | {"test_loss": test_loss, "test_accuracy": test_accuracy}
        )
    return pd.DataFrame(rows)


def obstacle(config: Training) -> str:
    """Why a training cannot be part of a sweep, in one sentence; nothing where it can.

    Examples:
        >>> obstacle(Training(network=MLP(), optimiser="adam"))
        "a sweep trains by plain gradient descent, not by 'adam'"
    """
    network = config.network
    if config.optimiser != "sgd":
        return f"a sweep trains by plain gradient descent, not by {config.optimiser!r}"
    plain = Training(network=network, learning_rate=config.learning_rate, batch_size=config.batch_size)
    if config != replace(plain, epochs=config.epochs, record_every=config.record_every):
        return "a sweep trains without frozen layers, clipping and penalties"
    if not isinstance(network, MLP):
        return f"a sweep trains fully connected networks, not a {type(network).__name__}"
    if network.normalisation in ("batch", "batch_after"):
        return "a sweep keeps no running statistics, as batch normalisation does"
    return ""


@lru_cache(maxsize=8)
def _start(network: MLP, seed: int) -> list[tuple[NDArray[np.float32], bool]]:
    """The initial weights of a network, each with whether the network's gain belongs to it."""
    model = network.build(seed)
    return [
        (variable.value.numpy(), variable.path.startswith("hidden") and variable.path.endswith("kernel"))
        for variable in model.trainable_variables
    ]


def _program(network: MLP) -> Any:
    """The compiled training of every network of this shape: gain and initialisation are only its weights' values."""
    return _compiled(network.architecture())


@lru_cache(maxsize=64)
def _compiled(network: MLP) -> Any:
    """A function of weights, data, rate, order of the batches and the steps to take: new weights, and the logits."""
    model = network.build(seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def logits(weights: Any, x: Any) -> Any:
        return model.stateless_call(weights, [], x)[0]

    def train(weights: Any, x: Any, y: Any, unseen: Any, rate: Any, order: Any, first: Any, last: Any) -> Any:
        def step(number: Any, weights: Any) -> Any:
            batch = order[number]
            with tf.GradientTape() as tape:
                tape.watch(weights)
                mean = loss(tf.gather(y, batch), logits(weights, tf.gather(x, batch)))
            slopes = tape.gradient(mean, weights)
            return number + 1, [weight - rate * slope for weight, slope in zip(weights, slopes, strict=True)]

        _, weights = tf.while_loop(lambda number, _: number < last, step, (first, weights))
        return weights, logits(weights, x), logits(weights, unseen)

    # Not by XLA: its steps take half as long, but compiling them takes longer than a few short trainings.
    return tf.function(train, autograph=False)
