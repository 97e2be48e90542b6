"""Train an example network on a small data set and record, epoch by epoch, what it learns and which layers move."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore import models
from vgcore.data import Digits
from vgcore.models import MLP

OPTIMISERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}


@dataclass(frozen=True, kw_only=True)
class Training:
    """What to train and how. `optimiser` is one of "sgd", "adam", "rmsprop", with Keras's own defaults otherwise.

    `frozen`: hidden layers (1 = next to the input) that keep the weights and biases they start with. Raises ValueError
    for an optimiser of another name, a number that is not positive, or a frozen layer that the network does not have.
    """

    network: MLP
    optimiser: str = "sgd"
    learning_rate: float = 0.1
    epochs: int = 20
    batch_size: int = 64
    frozen: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise ValueError(f"optimiser must be one of {', '.join(OPTIMISERS)}, not {self.optimiser!r}")
        for name in ("learning_rate", "epochs", "batch_size"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        for layer in self.frozen:
            if not 1 <= layer <= self.network.depth:
                raise ValueError(f"the network has the hidden layers 1 to {self.network.depth}, not {layer!r}")


@dataclass(frozen=True, kw_only=True)
class History:
    """What `train` recorded. Epoch 0 is the network before training.

    `epochs`: epoch, train_loss, train_accuracy, test_loss, test_accuracy; losses in nats, measured after the epoch
    over the whole set (Keras's own `loss` is a running mean over the epoch), accuracies between 0 and 1.
    `layers`: epoch, layer (1 = next to the input), relative_change = |W - W_0| / |W_0| of the layer's kernel.
    """

    epochs: pd.DataFrame
    layers: pd.DataFrame


def train(config: Training, data: Digits, seed: int) -> History:
    """Train the network on the data; `seed` alone decides its weights and the order of the examples.

    Every epoch visits the examples in a new order and drops the last, partial batch. Raises ValueError where the
    training set is smaller than a batch.
    """
    if len(data.train_x) < config.batch_size:
        raise ValueError(f"{len(data.train_x)} training examples do not fill one batch of {config.batch_size}")
    model = _fresh_model(config, seed)
    steps = len(data.train_x) // config.batch_size
    if model.steps_per_execution != steps:  # an epoch in one call: the same bits in half the time
        model.steps_per_execution, model.train_function = steps, None
    record = _Record(model, data)
    model.fit(
        _batches(config, data, seed),
        epochs=config.epochs,
        steps_per_epoch=steps,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, _: record.add(epoch + 1))],
        shuffle=False,  # the batches are shuffled already
        verbose=0,
    )
    return History(epochs=pd.DataFrame(record.epochs), layers=pd.DataFrame(record.layers))


def _fresh_model(config: Training, seed: int) -> Any:
    """The compiled network with the weights of `seed`.

    Compiling costs more than a short training, so one compiled network serves all seeds. Every variable is
    overwritten, the seed generators' and the optimiser's too: bit for bit the same as building it anew.
    """
    model, optimiser_start = _compiled(config.network, config.optimiser, config.learning_rate, *config.frozen)
    fresh = models.mlp(config.network, seed)
    for variable, source in zip(model.variables, fresh.variables, strict=True):
        variable.assign(source)
    for variable, value in zip(model.optimizer.variables, optimiser_start, strict=True):
        variable.assign(value)
    return model


@lru_cache(maxsize=16)
def _compiled(network: MLP, optimiser: str, learning_rate: float, *frozen: int) -> tuple[Any, list[NDArray[Any]]]:
    model = models.mlp(network, seed=0)
    for layer in frozen:
        model.get_layer(f"hidden_{layer}").trainable = False
    model.compile(
        optimizer=OPTIMISERS[optimiser](learning_rate),
        loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
        jit_compile=False,  # "auto" would mean yes on a GPU and no on a CPU
    )
    model.optimizer.build(model.trainable_variables)  # left to fit, it would trace the step twice
    return model, [variable.value.numpy() for variable in model.optimizer.variables]


def _batches(config: Training, data: Digits, seed: int) -> Any:
    """All batches of all epochs, in an order drawn from `seed` alone."""
    random = np.random.default_rng(seed)
    steps = len(data.train_x) // config.batch_size
    orders = [random.permutation(len(data.train_x))[: steps * config.batch_size] for _ in range(config.epochs)]
    chosen = np.concatenate(orders).reshape(-1, config.batch_size)
    x, y = tf.constant(data.train_x), tf.constant(data.train_y)
    return tf.data.Dataset.from_tensor_slices(chosen).map(lambda index: (tf.gather(x, index), tf.gather(y, index)))


class _Record:
    """Rows of a `History`, one epoch at a time."""

    def __init__(self, model: Any, data: Digits) -> None:
        self.kernels = [layer.kernel for layer in model.layers if layer.name.startswith(("hidden", "logits"))]
        self.start = [_exact(kernel) for kernel in self.kernels]
        self.model, self.data = model, data
        self.epochs: list[dict[str, float]] = []
        self.layers: list[dict[str, float]] = []
        self.add(0)

    def add(self, epoch: int) -> None:
        train = _evaluate(self.model, self.data.train_x, self.data.train_y)
        test = _evaluate(self.model, self.data.test_x, self.data.test_y)
        self.epochs.append(
            {"epoch": epoch, "train_loss": train[0], "train_accuracy": train[1]}
            | {"test_loss": test[0], "test_accuracy": test[1]}
        )
        for number, (kernel, start) in enumerate(zip(self.kernels, self.start, strict=True), 1):
            change = float(np.linalg.norm(_exact(kernel) - start) / np.linalg.norm(start))
            self.layers.append({"epoch": epoch, "layer": number, "relative_change": change})


def _evaluate(model: Any, x: NDArray[np.float32], y: NDArray[np.int64]) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy, over the whole set at once."""
    logits = np.asarray(model.predict_on_batch(x), np.float64)
    shifted = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(y)), y]
    return float(losses.mean()), float((logits.argmax(axis=1) == y).mean())


def _exact(kernel: Any) -> NDArray[np.float64]:
    values: NDArray[np.float64] = kernel.value.numpy().astype(np.float64)
    return values
