"""Train many small networks quickly: the whole of a training is one compiled program that does not stop to look."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

import keras
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.data import Digits
from vgcore.models import MLP, Network
from vgcore.training import Training, batch_indices, loss_and_accuracy

FREE = ("learning_rate", "epochs", "batch_size", "frozen", "record_every")
"""What may differ in the trainings of a sweep, beside their networks."""


def outcomes(config: Training, data: Digits, seed: int, after: tuple[int, ...]) -> pd.DataFrame:
    """How well the network does after some of the epochs of `vgcore.training.train`, several times as fast.

    Weights and batches are those that `train` draws from the same seed, so both give the same numbers up to rounding.
    What takes time is left out: layers are not followed, and losses are measured only where they are asked for.
    `after`: the epochs to measure at, in rising order and none beyond `config.epochs`. One row for each: `epoch`,
    `train_loss`, `test_loss` (nats), `train_accuracy`, `test_accuracy` (0 to 1).

    Only plain gradient descent is compiled, once for each architecture, whatever its first weights, its rate and its
    frozen layers. Raises ValueError for another optimiser, for clipping and penalties, and for epochs out of order.
    """
    if list(after) != sorted(set(after)) or not 0 <= after[0] <= after[-1] <= config.epochs:
        raise ValueError(f"after must be rising epochs between 0 and {config.epochs}, not {after}")
    _, take_epochs = _begun(config, data, seed)
    rows: list[dict[str, float]] = []
    for before, epoch in zip((0, *after), after, strict=False):
        train, test = take_epochs(before, epoch)
        train_loss, train_accuracy = loss_and_accuracy(train, data.train_y)
        test_loss, test_accuracy = loss_and_accuracy(test, data.test_y)
        rows.append(
            {"epoch": epoch, "train_loss": train_loss, "train_accuracy": train_accuracy}
            | {"test_loss": test_loss, "test_accuracy": test_accuracy}
        )
    return pd.DataFrame(rows)


def trained(config: Training, data: Digits, seed: int, start: Sequence[NDArray[Any]] | None = None) -> Any:
    """The Keras model that `outcomes` measures after its last epoch, to look into; the next training uses it again.

    `start`: the trainable weights to begin with, in Keras's order, in place of those of the seed. Raises what
    `outcomes` raises.
    """
    model, take_epochs = _begun(config, data, seed)
    if start is not None:
        for variable, values in zip(model.trainable_variables, start, strict=True):
            variable.assign(values)
    take_epochs(0, config.epochs)
    return model


def _begun(config: Training, data: Digits, seed: int) -> tuple[Any, Callable[[int, int], Any]]:
    """The model before its first epoch, and a function that takes it from one epoch to another."""
    trouble = obstacle(config)
    if trouble:
        raise ValueError(trouble)
    model, program = _compiled(config.network.architecture())
    for variable, values in zip(model.variables, _start(config.network, seed), strict=True):
        variable.assign(values)
    rates = [tf.constant(_rate(config, variable.path), tf.float32) for variable in model.trainable_variables]
    order = tf.constant(batch_indices(config, data, seed), tf.int32)
    steps = len(data.train_x) // config.batch_size

    def take_epochs(first: int, last: int) -> Any:
        span = tf.constant(first * steps), tf.constant(last * steps)
        return program(data.train_x, data.train_y, data.test_x, rates, order, *span)

    return model, take_epochs


def obstacle(config: Training) -> str:
    """Why a training cannot be part of a sweep, in one sentence; nothing where it can.

    Examples:
        >>> obstacle(Training(network=MLP(), optimiser="adam"))
        "a sweep trains by plain gradient descent, not by 'adam'"
    """
    if config.optimiser != "sgd":
        return f"a sweep trains by plain gradient descent, not by {config.optimiser!r}"
    if config != replace(Training(network=config.network), **{name: getattr(config, name) for name in FREE}):
        return "a sweep trains without clipping and penalties"
    return ""


def _rate(config: Training, path: str) -> float:
    """The learning rate of a variable: none in a frozen layer."""
    return 0.0 if path.startswith(tuple(f"hidden_{layer}/" for layer in config.frozen)) else config.learning_rate


def _start(network: Network, seed: int) -> list[NDArray[Any]]:
    """What a network starts with: its weights, running statistics and the state of random generators.

    A perceptron's gain is applied here: networks that differ in nothing else are drawn only once.
    """
    if not isinstance(network, MLP):
        return list(_drawn(network, seed).values())
    drawn = _drawn(replace(network, gain=1.0), seed)
    scaled = [path.startswith("hidden") and path.endswith("kernel") for path in drawn]
    return [network.gain * values if hidden else values for values, hidden in zip(drawn.values(), scaled, strict=True)]


@lru_cache(maxsize=8)
def _drawn(network: Network, seed: int) -> dict[str, NDArray[Any]]:
    """A network's variables by path."""
    return {variable.path: variable.value.numpy() for variable in network.build(seed).variables}


@lru_cache(maxsize=64)
def _compiled(network: Network) -> tuple[Any, Any]:
    """A model, and a function of data, rates, order of the batches and the steps to take, which trains it.

    The function returns the logits of both sets. Gain and initialisation play no part: they are only the weights'
    values.
    """
    model = network.build(seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    variables = [variable.value for variable in model.trainable_variables]

    def train(x: Any, y: Any, unseen: Any, rates: Any, order: Any, first: Any, last: Any) -> Any:
        def step(number: Any) -> Any:
            batch = order[number]
            with tf.GradientTape() as tape:
                mean = loss(tf.gather(y, batch), model(tf.gather(x, batch), training=True))
            for variable, slope, rate in zip(variables, tape.gradient(mean, variables), rates, strict=True):
                tf.raw_ops.ResourceApplyGradientDescent(var=variable.handle, alpha=rate, delta=slope)
            return number + 1

        tf.while_loop(lambda number: number < last, step, (first,))
        return model(x, training=False), model(unseen, training=False)

    # Not by XLA: its steps take half as long, but compiling them takes longer than a few short trainings.
    return model, tf.function(train, autograph=False)
