"""Train an example network on a small data set and record, epoch by epoch, what it learns and which layers move."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.data import Dataset
from vgcore.models import Network
from vgcore.probes.flow import kernels

OPTIMISERS = {"sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}

CLIPPING = {"clip_value": "clipvalue", "clip_norm": "clipnorm", "clip_global_norm": "global_clipnorm"}
"""The fields that clip gradients, and what Keras calls them."""


@dataclass(frozen=True, kw_only=True)
class Training:
    """What to train and how. `optimiser` is one of "sgd", "adam", "rmsprop", with Keras's own defaults otherwise.

    `frozen`: hidden layers (1 = next to the input) that keep the weights and biases they start with. `record_every`:
    epochs from one record to the next; the first and the last epoch are always recorded.

    At most one of `clip_value` (each entry of the gradient), `clip_norm` (the norm of each weight matrix's or bias's
    own gradient: the direction changes) and `clip_global_norm` (the norm of the whole gradient). `l1`, `l2`: the
    minimised loss, not the recorded one, has the penalty l1 sum |W| + l2 sum W^2 over all weight matrices.
    `weight_decay`: after each step every weight and bias loses this share, times the learning rate, whatever its
    gradient. `epsilon`: Adam's or RMSprop's, None for Keras's 1e-7.

    Raises ValueError for an optimiser of another name, a number that is not positive (a penalty that is negative),
    several kinds of clipping, an epsilon for gradient descent, or a frozen layer that the network does not have.
    """

    network: Network
    optimiser: str = "sgd"
    learning_rate: float = 0.1
    epochs: int = 20
    batch_size: int = 64
    frozen: tuple[int, ...] = ()
    record_every: int = 1
    clip_value: float | None = None
    clip_norm: float | None = None
    clip_global_norm: float | None = None
    l1: float = 0.0
    l2: float = 0.0
    weight_decay: float | None = None
    epsilon: float | None = None

    def __post_init__(self) -> None:
        if self.optimiser not in OPTIMISERS:
            raise ValueError(f"optimiser must be one of {', '.join(OPTIMISERS)}, not {self.optimiser!r}")
        self._check_numbers()
        depth = self.network.numbered_layers
        for layer in self.frozen:
            if not 1 <= layer <= depth:
                raise ValueError(f"the network has the hidden layers 1 to {depth}, not {layer!r}")

    def _check_numbers(self) -> None:
        for name in ("learning_rate", "epochs", "batch_size", "record_every", *CLIPPING, "weight_decay", "epsilon"):
            value = getattr(self, name)
            if value is not None and not value > 0:
                raise ValueError(f"{name} must be positive, not {value!r}")
        if not min(self.l1, self.l2) >= 0:
            raise ValueError(f"l1 and l2 must not be negative, not {self.l1!r} and {self.l2!r}")
        if sum(getattr(self, name) is not None for name in CLIPPING) > 1:
            raise ValueError(f"gradients are clipped by one of {', '.join(CLIPPING)}, not by several")
        if self.epsilon is not None and self.optimiser == "sgd":
            raise ValueError("gradient descent has no epsilon")


@dataclass(frozen=True, kw_only=True)
class History:
    """What `train` recorded. Epoch 0 is the network before training.

    `epochs`: epoch, train_loss, train_accuracy, test_loss, test_accuracy; losses in nats, measured after the epoch
    over the whole set (Keras's own `loss` is a running mean over the epoch), accuracies between 0 and 1. Where the
    targets are real numbers, the losses are mean squared errors and there are no accuracies.
    `layers`: epoch, layer (1 = next to the input), relative_change = |W - W_0| / |W_0| over the layer's matrices.
    """

    epochs: pd.DataFrame
    layers: pd.DataFrame


def train(
    config: Training,
    data: Dataset,
    seed: int,
    observe: Callable[[int, Any], None] | None = None,
    start: Sequence[NDArray[Any]] | None = None,
) -> History:
    """Train the network on the data; `seed` alone decides its weights and the order of the examples.

    The loss is cross-entropy from logits where the labels are integers, mean squared error otherwise. Every epoch
    visits the examples in a new order and drops the last, partial batch. `observe` is called with the epoch and the
    Keras model, before training as epoch 0 and after every epoch; it may measure the model but must not keep it, since
    the next training uses it again. `start`: first weights in the order of Keras's `get_weights`, in place of those of
    the seed. Raises ValueError where the training set is smaller than a batch.
    """
    if len(data.train_x) < config.batch_size:
        raise ValueError(f"{len(data.train_x)} training examples do not fill one batch of {config.batch_size}")
    model = _fresh_model(config, data, seed)
    if start is not None:
        model.set_weights(start)
    record = _Record(model, data)

    def note(epoch: int) -> None:
        if epoch and (epoch % config.record_every == 0 or epoch == config.epochs):
            record.add(epoch)
        if observe:
            observe(epoch, model)

    note(0)
    model.fit(
        _batches(config, data, seed),
        epochs=config.epochs,
        steps_per_epoch=len(data.train_x) // config.batch_size,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, _: note(epoch + 1))],
        shuffle=False,  # the batches are shuffled already
        verbose=0,
    )
    return History(epochs=pd.DataFrame(record.epochs), layers=pd.DataFrame(record.layers))


def _fresh_model(config: Training, data: Dataset, seed: int) -> Any:
    """The compiled network with the weights of `seed`.

    Compiling costs more than a short training, so one compiled network serves all seeds. Every variable is
    overwritten, the seed generators' and the optimiser's too: bit for bit the same as building it anew.
    """
    recipe = replace(config, network=config.network.architecture(), epochs=1, record_every=1)
    steps = len(data.train_x) // config.batch_size
    model, optimiser_start = _compiled(recipe, steps, data.train_y.dtype.kind == "f")
    fresh = config.network.build(seed)
    for variable, source in zip(model.variables, fresh.variables, strict=True):
        variable.assign(source)
    for variable, value in zip(model.optimizer.variables, optimiser_start, strict=True):
        variable.assign(value)
    return model


@lru_cache(maxsize=16)
def _compiled(config: Training, steps: int, regression: bool) -> tuple[Any, list[NDArray[Any]]]:
    model = config.network.build(seed=0)
    for layer in config.frozen:
        model.get_layer(f"hidden_{layer}").trainable = False
    if config.l1 or config.l2:
        for kernel in (kernel for layer in model.layers for kernel in kernels(layer)):
            kernel.regularizer = keras.regularizers.L1L2(config.l1, config.l2)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(
        optimizer=_optimiser(config),
        loss=keras.losses.MeanSquaredError() if regression else cross_entropy,
        jit_compile=False,  # "auto" would mean yes on a GPU and no on a CPU
        steps_per_execution=steps,  # an epoch in one call: the same bits in half the time
    )
    model.optimizer.build(model.trainable_variables)  # left to fit, it would trace the step twice
    return model, [variable.value.numpy() for variable in model.optimizer.variables]


def _optimiser(config: Training) -> Any:
    settings = {keras_name: getattr(config, name) for name, keras_name in CLIPPING.items()}
    if config.epsilon is not None:
        settings["epsilon"] = config.epsilon
    return OPTIMISERS[config.optimiser](config.learning_rate, weight_decay=config.weight_decay, **settings)


def _batches(config: Training, data: Dataset, seed: int) -> Any:
    """All batches of all epochs."""
    chosen = batch_indices(config, data, seed)
    x, y = tf.constant(data.train_x), tf.constant(data.train_y)
    return tf.data.Dataset.from_tensor_slices(chosen).map(lambda index: (tf.gather(x, index), tf.gather(y, index)))


def batch_indices(config: Training, data: Dataset, seed: int) -> NDArray[np.int64]:
    """Which examples make up each batch of all epochs, in an order drawn from `seed` alone: (steps, batch size)."""
    random = np.random.default_rng(seed)
    steps = len(data.train_x) // config.batch_size
    orders = [random.permutation(len(data.train_x))[: steps * config.batch_size] for _ in range(config.epochs)]
    return np.concatenate(orders).reshape(-1, config.batch_size)


class _Record:
    """Rows of a `History`, one epoch at a time."""

    def __init__(self, model: Any, data: Dataset) -> None:
        self.layers_with_weights = [kernels(layer) for layer in model.layers if kernels(layer)]
        self.start = [_exact(weights) for weights in self.layers_with_weights]
        self.model, self.data = model, data
        self.epochs: list[dict[str, float]] = []
        self.layers: list[dict[str, float]] = []
        self.add(0)

    def add(self, epoch: int) -> None:
        train = _evaluate(self.model, self.data.train_x, self.data.train_y)
        test = _evaluate(self.model, self.data.test_x, self.data.test_y)
        self.epochs.append(
            {"epoch": epoch}
            | {f"train_{name}": value for name, value in train.items()}
            | {f"test_{name}": value for name, value in test.items()}
        )
        for number, (weights, start) in enumerate(zip(self.layers_with_weights, self.start, strict=True), 1):
            change = float(np.linalg.norm(_exact(weights) - start) / np.linalg.norm(start))
            self.layers.append({"epoch": epoch, "layer": number, "relative_change": change})


def _evaluate(model: Any, x: NDArray[Any], y: NDArray[Any]) -> dict[str, float]:
    """Over the whole set at once: mean cross-entropy in nats and accuracy, or the mean squared error."""
    outputs = model.predict_on_batch(x)
    if y.dtype.kind == "f":
        return {"loss": float(np.square(np.asarray(outputs, np.float64) - y).mean())}
    loss, accuracy = loss_and_accuracy(outputs, y)
    return {"loss": loss, "accuracy": accuracy}


def loss_and_accuracy(outputs: Any, y: NDArray[Any]) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy of some outputs, which are logits: classes on the last axis."""
    logits, labels = np.asarray(outputs, np.float64).reshape(-1, outputs.shape[-1]), y.ravel()
    shifted = logits - logits.max(axis=1, keepdims=True)
    losses = np.log(np.exp(shifted).sum(axis=1)) - shifted[np.arange(len(labels)), labels]
    return float(losses.mean()), float((logits.argmax(axis=1) == labels).mean())


def _exact(weights: list[Any]) -> NDArray[np.float64]:
    """All entries of a layer's weight matrices as one vector."""
    return np.concatenate([weight.value.numpy().astype(np.float64).ravel() for weight in weights])
