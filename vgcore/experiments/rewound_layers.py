"""What each layer has contributed to a trained network, and when: one of them is set back to an earlier epoch."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.theory import Array
from vgcore.training import Training

VANISHING, HEALTHY = "sigmoid", "ReLU"


@dataclass(frozen=True, kw_only=True)
class Config:
    """A network whose first layers get little gradient, but not too little to learn; and one that gets all of it."""

    depth: int = 3
    looks: tuple[int, ...] = (0, 16, 32, 64, 128)  # epochs; the last one is the end of the training
    healthy_depth: int = 8
    healthy_looks: tuple[int, ...] = (0, 16)
    width: int = 64
    learning_rate: float = 0.1
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, looks=(0, 1), healthy_depth=2, healthy_looks=(0, 1), width=16, batch_size=256)

Weights = list[Array]
"""The matrix and the biases of each layer in turn, from the input to the output."""


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy of the trained network with one layer's weights and biases as they were at an earlier epoch.

    One row for each `arm` ("sigmoid": Keras's weights; "ReLU": He's), hidden `layer` (1 = next to the input) and
    `epoch` (to which the layer is set back):

    - `test_accuracy`: on digits never seen, 0 to 1, of the network with that layer set back, the others at the end;
    - `meanwhile`: accuracy of the whole network at that epoch;
    - `way_left`: |W - W_end| / |W_0 - W_end|, how much of the layer's way was still before it.
    """
    vanishing = MLP(depth=config.depth, width=config.width)
    healthy = MLP(depth=config.healthy_depth, width=config.width, activation="relu", initialisation="he_normal")
    arms = [
        _of_network(config, seed, vanishing, config.looks).assign(arm=VANISHING),
        _of_network(config, seed, healthy, config.healthy_looks).assign(arm=HEALTHY),
    ]
    return pd.concat(arms, ignore_index=True)[["arm", "layer", "epoch", "test_accuracy", "meanwhile", "way_left"]]


def _of_network(config: Config, seed: int, network: MLP, looks: tuple[int, ...]) -> pd.DataFrame:
    states = {epoch: _after(config, seed, network, epoch) for epoch in looks}
    start, end = states[looks[0]], states[looks[-1]]
    rows = []
    for epoch, state in states.items():
        meanwhile = _accuracy(network, state)
        for layer in range(1, network.depth + 1):
            matrix, place = 2 * (layer - 1), slice(2 * (layer - 1), 2 * layer)
            rewound = [*end[: place.start], *state[place], *end[place.stop :]]
            left = np.linalg.norm(state[matrix] - end[matrix]) / np.linalg.norm(start[matrix] - end[matrix])
            rows.append(
                {"layer": layer, "epoch": epoch, "test_accuracy": _accuracy(network, rewound)}
                | {"meanwhile": meanwhile, "way_left": float(left)}
            )
    return pd.DataFrame(rows)


def _after(config: Config, seed: int, network: MLP, epochs: int) -> Weights:
    """The weights after some epochs; a longer training begins with the same batches."""
    recipe = Training(network=network, learning_rate=config.learning_rate, batch_size=config.batch_size)
    model: Any = sweep.trained(replace(recipe, epochs=epochs), data.digits(), seed) if epochs else network.build(seed)
    return [np.array(values, dtype=float) for values in model.get_weights()]


def _accuracy(network: MLP, weights: Weights) -> float:
    """On digits never seen, in plain NumPy."""
    digits = data.digits()
    stream = digits.test_x.astype(float)
    for matrix, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        entering = stream @ matrix + bias
        stream = np.maximum(entering, 0) if network.activation == "relu" else 1 / (1 + np.exp(-entering))
    return float(((stream @ weights[-2] + weights[-1]).argmax(axis=1) == digits.test_y).mean())
