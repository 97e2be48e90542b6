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
from vgcore.models import MLP, Network
from vgcore.training import Training, batch_indices, loss_and_accuracy

Values = list[NDArray[Any]]


def outcomes(config: Training, data: Digits, seed: int, after: tuple[int, ...]) -> pd.DataFrame:
    """How well the network does after some of the epochs of `vgcore.training.train`, several times as fast.

    Weights and batches are those that `train` draws from the same seed, so both give the same numbers up to rounding.
    What takes time is left out: layers are not followed, and losses are measured only where they are asked for.
    `after`: the epochs to measure at, in rising order and none beyond `config.epochs`. One row for each: `epoch`,
    `train_loss`, `test_loss` (nats), `train_accuracy`, `test_accuracy` (0 to 1).

    Only plain gradient descent is compiled, once for each architecture, whatever its first weights and its rate.
    Raises ValueError for another optimiser, for frozen layers, clipping and penalties, and for epochs out of order.
    """
    trouble = obstacle(config)
    if trouble:
        raise ValueError(trouble)
    if list(after) != sorted(set(after)) or not 0 <= after[0] <= after[-1] <= config.epochs:
        raise ValueError(f"after must be rising epochs between 0 and {config.epochs}, not {after}")
    weights, state = _start(config.network, seed)
    program = _compiled(config.network.architecture())
    order = tf.constant(batch_indices(config, data, seed), tf.int32)
    steps = len(data.train_x) // config.batch_size
    rows: list[dict[str, float]] = []
    done = 0
    for epoch in after:
        setting = (data.train_x, data.train_y, data.test_x, tf.constant(config.learning_rate, tf.float32))
        until = tf.constant(epoch * steps)
        weights, state, train, test = program(weights, state, *setting, order, tf.constant(done), until)
        done = epoch * steps
        train_loss, train_accuracy = loss_and_accuracy(train, data.train_y)
        test_loss, test_accuracy = loss_and_accuracy(test, data.test_y)
        rows.append(
            {"epoch": epoch, "train_loss": train_loss, "train_accuracy": train_accuracy}
            | {"test_loss": test_loss, "test_accuracy": test_accuracy}
        )
    return pd.DataFrame(rows)


def trained(config: Training, data: Digits, seed: int, start: Values | None = None) -> Any:
    """The Keras model that `outcomes` measures after its last epoch, to look into.

    `start`: the trainable weights to begin with, in Keras's order, in place of those of the seed. Raises what
    `outcomes` raises.
    """
    trouble = obstacle(config)
    if trouble:
        raise ValueError(trouble)
    weights, state = _start(config.network, seed)
    setting = (data.train_x, data.train_y, data.test_x, tf.constant(config.learning_rate, tf.float32))
    order = tf.constant(batch_indices(config, data, seed), tf.int32)
    program = _compiled(config.network.architecture())
    first = weights if start is None else [np.asarray(values, np.float32) for values in start]
    weights, state, *_ = program(first, state, *setting, order, tf.constant(0), tf.constant(len(order)))
    model = config.network.build(seed)
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
    for variable, value in zip(model.non_trainable_variables, state, strict=True):
        variable.assign(value)
    return model


def obstacle(config: Training) -> str:
    """Why a training cannot be part of a sweep, in one sentence; nothing where it can.

    Examples:
        >>> obstacle(Training(network=MLP(), optimiser="adam"))
        "a sweep trains by plain gradient descent, not by 'adam'"
    """
    if config.optimiser != "sgd":
        return f"a sweep trains by plain gradient descent, not by {config.optimiser!r}"
    plain = Training(network=config.network, learning_rate=config.learning_rate, batch_size=config.batch_size)
    if config != replace(plain, epochs=config.epochs, record_every=config.record_every):
        return "a sweep trains without frozen layers, clipping and penalties"
    return ""


def _start(network: Network, seed: int) -> tuple[Values, Values]:
    """A network's first weights, and what else it keeps: running statistics, the state of random generators.

    A perceptron's gain is applied here: nets that differ in nothing else are drawn only once.
    """
    if not isinstance(network, MLP):
        weights, state = _drawn(network, seed)
        return [values for values, _ in weights], state
    weights, state = _drawn(replace(network, gain=1.0), seed)
    return [network.gain * values if hidden else values for values, hidden in weights], state


@lru_cache(maxsize=8)
def _drawn(network: Network, seed: int) -> tuple[list[tuple[NDArray[Any], bool]], Values]:
    """A network's trainable variables, each with whether a perceptron's gain belongs to it, and its other variables."""
    model = network.build(seed)
    weights = [
        (variable.value.numpy(), variable.path.startswith("hidden") and variable.path.endswith("kernel"))
        for variable in model.trainable_variables
    ]
    return weights, [variable.value.numpy() for variable in model.non_trainable_variables]


@lru_cache(maxsize=64)
def _compiled(network: Network) -> Any:
    """A function of weights, state, data, rate, order of the batches and the steps to take.

    It returns the new weights and the new state, and the logits of both sets. Gain and initialisation play no part:
    they are only the weights' values.
    """
    model = network.build(seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def train(
        weights: Any, state: Any, x: Any, y: Any, unseen: Any, rate: Any, order: Any, first: Any, last: Any
    ) -> Any:
        def step(number: Any, weights: Any, state: Any) -> Any:
            batch = order[number]
            with tf.GradientTape() as tape:
                tape.watch(weights)
                logits, state = model.stateless_call(weights, state, tf.gather(x, batch), training=True)
                mean = loss(tf.gather(y, batch), logits)
            slopes = tape.gradient(mean, weights)
            return number + 1, [weight - rate * slope for weight, slope in zip(weights, slopes, strict=True)], state

        _, weights, state = tf.while_loop(lambda number, *_: number < last, step, (first, weights, state))
        logits = [model.stateless_call(weights, state, each, training=False)[0] for each in (x, unseen)]
        return weights, state, *logits

    # Not by XLA: its steps take half as long, but compiling them takes longer than a few short trainings.
    return tf.function(train, autograph=False)
