"""One symptom, seven causes: networks that do not learn, each spoilt in one way, and what can be measured in them."""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import GradientRecorder, data
from vgcore.models import MLP
from vgcore.probes import measure_correlation

HEALTHY = "healthy"
VANISHING, DEAD, ALIKE, RATE = "vanishing gradient", "dead units", "indistinguishable inputs", "learning rate"
UNSCALED, OUTPUT, LABELS = "unscaled inputs", "wrong output layer", "wrong labels"


@dataclass(frozen=True, kw_only=True)
class Config:
    """A network of `depth` ReLU layers with He's weights that learns the digits, and what each arm changes in it."""

    arms: tuple[str, ...] = (HEALTHY, VANISHING, DEAD, ALIKE, RATE, UNSCALED, OUTPUT, LABELS)
    depth: int = 5
    width: int = 64
    vanishing_depth: int = 20  # of sigmoid layers
    alike_depth: int = 60  # of ReLU layers: the gradient passes, what it says does not
    silent_layer: int = 3  # whose biases are so low that no unit is ever on
    low_bias: float = -30.0
    learning_rate: float = 0.1
    small_rate: float = 1e-5
    scale: float = 100.0  # of the inputs, where they are not scaled
    epochs: int = 8
    batch_size: int = 64
    examples: int = 64  # pairs of digits, to see whether they can still be told apart


published = Config()
smoke = Config(arms=(HEALTHY, RATE), depth=2, width=8, silent_layer=1, epochs=1, batch_size=512, examples=4)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """What a first look finds, before training and in its first step, and what comes of it.

    One row for each `arm`:

    - `input_rms`: root mean square of the inputs;
    - `sums_to_one`: 1 if the loss reads the outputs as it should: as logits, or as numbers from 0 to 1 whose sum is 1;
    - `dead`: the largest share of units of a hidden layer that are off for the whole batch and get no gradient;
    - `decades`: what dL/dh loses from the last hidden layer to the first; 0 where it does not arrive at all;
    - `cosine`: median cosine of two digits at the last hidden layer;
    - `update_ratio`: |step| / |W| of the first step, median over the hidden layers;
    - `train_accuracy`, `test_accuracy` after the training (0 to 1), with the right labels.
    """
    return pd.DataFrame([_measure_arm(config, seed, arm) for arm in config.arms])


def _measure_arm(config: Config, seed: int, arm: str) -> dict[str, Any]:
    digits = data.digits()
    scale = config.scale if arm == UNSCALED else 1.0
    x, labels = scale * digits.train_x, _labels(arm, digits.train_y, seed)
    model = _model(config, arm, seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=arm != OUTPUT)
    rate = config.small_rate if arm == RATE else config.learning_rate
    model.compile(keras.optimizers.SGD(rate), loss)
    cosines = measure_correlation(model, x[: config.examples], x[config.examples : 2 * config.examples])
    recorder = GradientRecorder(every=1)
    model.fit(
        x, labels, batch_size=config.batch_size, epochs=config.epochs, shuffle=False, verbose=0, callbacks=[recorder]
    )
    return (
        {"arm": arm, "input_rms": float(np.sqrt(np.mean(np.square(x, dtype=float))))}
        | {"sums_to_one": float(arm != OUTPUT)}
        | _signs(recorder.table, cosines)
        | {
            "train_accuracy": _accuracy(model, x, digits.train_y),
            "test_accuracy": _accuracy(model, scale * digits.test_x, digits.test_y),
        }
    )


def _model(config: Config, arm: str, seed: int) -> keras.Model:
    network = MLP(depth=config.depth, width=config.width, activation="relu", initialisation="he_normal")
    if arm == VANISHING:
        network = MLP(depth=config.vanishing_depth, width=config.width)
    if arm == ALIKE:
        network = replace(network, depth=config.alike_depth)
    model = network.build(seed)
    if arm == DEAD:
        bias = model.get_layer(f"hidden_{config.silent_layer}").bias
        bias.assign(np.full(bias.shape, config.low_bias))
    return model


def _labels(arm: str, labels: NDArray[Any], seed: int) -> NDArray[Any]:
    return np.random.default_rng(seed).permutation(labels) if arm == LABELS else labels


def _signs(table: pd.DataFrame, cosines: pd.DataFrame) -> dict[str, float]:
    hidden = table[table["layer"].str.startswith("hidden")]
    start = hidden[hidden["epoch"] == 0]
    first, last = start["activation_gradient_rms"].iloc[[0, -1]]
    return {
        "dead": float(start["dead_fraction"].max()),
        "decades": float(np.log10(last / first)) if first and last else 0.0,
        "cosine": float(cosines[cosines["layer"] == start["layer"].iloc[-1]]["cosine"].median()),
        "update_ratio": float(hidden[hidden["epoch"] == 1]["update_ratio"].median()),
    }


def _accuracy(model: keras.Model, x: NDArray[Any], y: NDArray[Any]) -> float:
    return float((model.predict_on_batch(x).argmax(axis=1) == y).mean())
