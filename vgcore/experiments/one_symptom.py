"""One symptom, seven causes: networks that do not learn, each spoilt in one way, and what can be measured in them."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from vgcore import data, measure_gradients, sweep
from vgcore.data import Digits
from vgcore.models import MLP
from vgcore.probes import measure_correlation
from vgcore.training import Training, loss_and_accuracy

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
    examples: int = 64  # of the training set, for the first look; each of them and the next one make a pair


published = Config()
smoke = Config(arms=(HEALTHY, RATE), depth=2, width=8, silent_layer=1, epochs=1, batch_size=1024, examples=8)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """What a first look finds before the first step, and what comes of it.

    One row for each `arm`, the look being at `examples` digits:

    - `input_rms`: root mean square of the inputs;
    - `neighbours_agree`: share of training examples with the label of the one that is nearest to them (0 to 1);
    - `first_loss`: in nats; equal guesses give ln 10;
    - `dead`: the largest share of units of a hidden layer that are off for all of them and get no gradient;
    - `cosine`: median cosine of two digits at the last hidden layer;
    - `decades`: what dL/dh loses from the last hidden layer to the first; 0 where none arrives at all;
    - `update_ratio`: |step| / |W| of plain gradient descent, median over the hidden layers;
    - `train_accuracy`, `test_accuracy`: after the training, with the right labels (0 to 1).
    """
    return pd.DataFrame([_measure_arm(config, seed, arm) for arm in config.arms])


def _measure_arm(config: Config, seed: int, arm: str) -> dict[str, Any]:
    digits, recipe = _data(config, arm, seed), _recipe(config, arm)
    model = recipe.network.build(seed)
    if arm == DEAD:
        bias = model.get_layer(f"hidden_{config.silent_layer}").bias
        bias.assign(np.full(bias.shape, config.low_bias))
    start = model.get_weights()
    signs = _signs(config, model, digits, recipe, arm)
    trained = _misread(recipe, digits, seed, start) if arm == OUTPUT else sweep.trained(recipe, digits, seed, start)
    right = data.digits()
    return (
        {"arm": arm}
        | signs
        | {
            f"{name}_accuracy": float(loss_and_accuracy(trained(x, training=False), y)[1])
            for name, x, y in (("train", digits.train_x, right.train_y), ("test", digits.test_x, right.test_y))
        }
    )


def _data(config: Config, arm: str, seed: int) -> Digits:
    digits = data.digits()
    if arm == UNSCALED:
        return replace(digits, train_x=config.scale * digits.train_x, test_x=config.scale * digits.test_x)
    if arm == LABELS:
        return replace(digits, train_y=np.random.default_rng(seed).permutation(digits.train_y))
    return digits


def _recipe(config: Config, arm: str) -> Training:
    network = MLP(depth=config.depth, width=config.width, activation="relu", initialisation="he_normal")
    if arm == VANISHING:
        network = MLP(depth=config.vanishing_depth, width=config.width)
    if arm == ALIKE:
        network = replace(network, depth=config.alike_depth)
    rate = config.small_rate if arm == RATE else config.learning_rate
    return Training(network=network, learning_rate=rate, epochs=config.epochs, batch_size=config.batch_size)


def _signs(config: Config, model: Any, digits: Digits, recipe: Training, arm: str) -> dict[str, float]:
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    profile = measure_gradients(model, x, y).table.sort_values("depth")
    hidden = profile[profile["layer"].str.startswith("hidden")]
    steps = recipe.learning_rate * hidden["weight_gradient_rms"]  # of plain gradient descent
    first, last = hidden["activation_gradient_rms"].iloc[[0, -1]]
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=arm != OUTPUT)
    cosines = measure_correlation(model, x, np.roll(x, 1, axis=0))
    return {
        "input_rms": float(np.sqrt(np.mean(np.square(x, dtype=float)))),
        "neighbours_agree": _neighbours_agree(digits.train_x, digits.train_y),
        "first_loss": float(loss(y, model(x, training=False))),
        "dead": float(hidden["dead_fraction"].max()),
        "cosine": float(cosines[cosines["layer"] == hidden["layer"].iloc[-1]]["cosine"].median()),
        "decades": float(np.log10(last / first)) if first and last else 0.0,
        "update_ratio": float((steps / hidden["weight_rms"]).median()),
    }


def _neighbours_agree(x: NDArray[Any], labels: NDArray[Any]) -> float:
    distances = cdist(x, x)
    np.fill_diagonal(distances, np.inf)
    return float((labels[distances.argmin(axis=1)] == labels).mean())


def _misread(recipe: Training, digits: Digits, seed: int, start: list[NDArray[Any]]) -> Any:
    """Trained by a loss that takes logits for probabilities."""
    model = _compiled(recipe)
    model.set_weights(start)
    order = np.random.default_rng(seed).permutation(len(digits.train_x))
    x, y = digits.train_x[order], digits.train_y[order]
    model.fit(x, y, batch_size=recipe.batch_size, epochs=recipe.epochs, shuffle=False, verbose=0)
    return model


@lru_cache
def _compiled(recipe: Training) -> Any:
    model = recipe.network.build(seed=0)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=False)
    model.compile(keras.optimizers.SGD(recipe.learning_rate), loss, jit_compile=False)
    return model
