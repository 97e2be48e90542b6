"""Layer-by-layer pretraining: each hidden layer is trained on its own before the whole network is."""

from dataclasses import dataclass, replace

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore.data import Digits
from vgcore.models import MLP, Network
from vgcore.models.perceptron import OWN_LAYERS
from vgcore.training import History, Training, train

Weights = list[NDArray[np.float32]]


@dataclass(frozen=True, kw_only=True)
class Pretrained:
    """What `train_layer_by_layer` gives: the fine-tuning's history, what it started from, and the work of both.

    `layers`: one row for each hidden layer, with what its own training and its own read-out reached: `layer`
    (1 = next to the input), `train_loss`, `test_loss` (nats), `train_accuracy`, `test_accuracy` (0 to 1). `weights`:
    what the fine-tuning started from, in the order of Keras's `get_weights`. `passes` counts examples times the
    layers that they went through in training, read-outs too: `pretraining_passes` before the fine-tuning, and in all.
    """

    history: History
    layers: pd.DataFrame
    weights: Weights
    pretraining_passes: int
    passes: int


def train_layer_by_layer(config: Training, data: Digits, seed: int, pretraining: Training) -> Pretrained:
    """Train each hidden layer with a read-out on what the layers before make of the examples; then all by `config`.

    `pretraining` says how each layer is trained; its own network plays no part. A layer that has been trained is
    frozen, so what it makes of the examples is computed once, in one more pass through it. Every layer and every
    read-out starts from the weights that `vgcore.training.train` would give it, and the last read-out becomes the
    network's: only the pretraining sets the fine-tuning apart from `train` with the same seed.

    Raises ValueError for any network but an `MLP` without skips, normalisation or an activation of a layer's own.
    Source: Bengio, Lamblin, Popovici and Larochelle, "Greedy Layer-Wise Training of Deep Networks", NIPS 2006.

    Examples:
        >>> from vgcore import data
        >>> recipe = Training(network=MLP(depth=2, activation="tanh"), epochs=1)
        >>> result = train_layer_by_layer(recipe, data.digits(), seed=0, pretraining=recipe)
        >>> result.pretraining_passes, result.passes  # 1408 examples fill whole batches, of 1437
        (7069, 11293)
    """
    network = _checked(config.network)
    first = network.build(seed).get_weights()
    weights: Weights = []
    read_out, read, rows = first[-2:], data, []
    for layer in range(1, network.depth + 1):
        recipe = replace(pretraining, network=_one_layer(network, read), record_every=pretraining.epochs)
        own = first[2 * layer - 2 : 2 * layer]
        end, trained = _trained(recipe, read, _seed_of(layer, seed), [*own, *first[-2:]])
        rows.append({"layer": layer} | end)
        weights, read_out = [*weights, *trained[:2]], trained[2:]
        if layer < network.depth:
            read = _passed_on(network, read, *trained[:2])
    weights = [*weights, *read_out]
    before = network.depth * 2 * _visits(pretraining, data) + (network.depth - 1) * len(data.train_x)
    return Pretrained(
        history=train(config, data, seed, start=weights),
        layers=pd.DataFrame(rows),
        weights=weights,
        pretraining_passes=before,
        passes=before + passes(config, data),
    )


def passes(config: Training, data: Digits) -> int:
    """Examples times the layers that they go through in `vgcore.training.train`: hidden layers and the read-out.

    Examples:
        >>> from vgcore import data
        >>> passes(Training(network=MLP(depth=20), epochs=16), data.digits())  # 16 epochs, 22 batches of 64, 21 layers
        473088
    """
    return (config.network.numbered_layers + 1) * _visits(config, data)


def _checked(network: Network) -> MLP:
    if not isinstance(network, MLP) or network.skip or network.normalisation:
        raise ValueError("only a fully connected network without skips and normalisation is trained layer by layer")
    if network.activation in OWN_LAYERS:
        raise ValueError(f"a network with {network.activation} is not trained layer by layer")
    return network


def _one_layer(network: MLP, read: Digits) -> MLP:
    return replace(network, depth=1, inputs=read.train_x.shape[1])


def _seed_of(layer: int, seed: int) -> int:
    """Of the order in which a layer's training sees the examples."""
    return int(np.random.SeedSequence([seed, layer]).generate_state(1)[0])


def _trained(config: Training, data: Digits, seed: int, start: Weights) -> tuple[dict[str, float], Weights]:
    """What a training reached at its end, and the weights."""
    found: Weights = []

    def keep(epoch: int, model: keras.Model) -> None:
        if epoch == config.epochs:
            found.extend(model.get_weights())

    end = train(config, data, seed, keep, start).epochs.iloc[-1]
    return {str(name): float(value) for name, value in end.items() if name != "epoch"}, found


def _passed_on(network: MLP, data: Digits, kernel: NDArray[np.float32], bias: NDArray[np.float32]) -> Digits:
    """The examples as the layer passes them on."""
    activation = keras.activations.get(network.activation)
    train_x, test_x = (
        keras.ops.convert_to_numpy(activation(keras.ops.add(x @ kernel, bias))) for x in (data.train_x, data.test_x)
    )
    return replace(data, train_x=train_x, test_x=test_x)


def _visits(config: Training, data: Digits) -> int:
    """How often a training visits an example: the last, partial batch of an epoch is dropped."""
    return config.epochs * (len(data.train_x) // config.batch_size) * config.batch_size
