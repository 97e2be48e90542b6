"""Is it the steadier inputs of its layers that let a network with batch normalisation learn?"""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore import data, sweep
from vgcore.models import MLP, Network, NoisyNormalised
from vgcore.training import Training

PLAIN, NORMALISED, NOISE = "plain", "normalised", "noise behind it"


@dataclass(frozen=True, kw_only=True)
class Config:
    """The base network of twenty sigmoid layers, as Keras makes them, and its variants."""

    depth: int = 20
    width: int = 64
    learning_rate: float = 0.1
    looks: tuple[int, ...] = (1, 2, 4)  # epochs after which loss and accuracy are measured
    batch_size: int = 64
    arms: tuple[str, ...] = (PLAIN, NORMALISED, NOISE)
    steps: int = 3  # in which the shift of a layer's inputs is followed, from the start


published = Config()
smoke = Config(depth=2, width=8, looks=(1,), batch_size=1024, arms=(PLAIN, NORMALISED), steps=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Training and covariate shift of three networks.

    `arm`: "plain"; "normalised", by batch normalisation before each activation; "noise behind it", that of
    `vgcore.models.NoisyNormalised` behind the same normalisation.

    - "training": `arm`, `epoch`, `train_loss` (nats), `train_accuracy`, `test_accuracy` (0 to 1);
    - "shift": `arm`, `shift`: how far a step of training moves the mean of what enters the middle layer, for the same
      examples, in standard deviations of it over the examples: RMS over units and over the first steps.
    """
    networks = _networks(config)
    training = pd.concat([_training(config, seed, arm, network) for arm, network in networks.items()])
    shift = [{"arm": arm, "shift": _shift(config, seed, network)} for arm, network in networks.items()]
    return {"training": training.reset_index(drop=True), "shift": pd.DataFrame(shift)}


def _networks(config: Config) -> dict[str, Network]:
    plain = MLP(depth=config.depth, width=config.width)
    networks = {
        PLAIN: plain,
        NORMALISED: replace(plain, normalisation="batch"),
        NOISE: NoisyNormalised(depth=config.depth, width=config.width),
    }
    return {arm: networks[arm] for arm in config.arms}


def _recipe(config: Config, network: Network) -> Training:
    return Training(
        network=network, learning_rate=config.learning_rate, epochs=config.looks[-1], batch_size=config.batch_size
    )


def _training(config: Config, seed: int, arm: str, network: Network) -> pd.DataFrame:
    outcomes = sweep.outcomes(_recipe(config, network), data.digits(), seed, after=config.looks)
    return outcomes.assign(arm=arm)[["arm", "epoch", "train_loss", "train_accuracy", "test_accuracy"]]


def _shift(config: Config, seed: int, network: Network) -> float:
    """The same batch before and after each step: nothing but the step, and the noise, can move its means."""
    digits = data.digits()
    model = network.build(seed)
    # what the middle layer reads: the last thing that the layer before it hands on
    watched = keras.Model(model.input, [model.get_layer(f"hidden_{config.depth // 2 + 1}").input, model.output])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    squares = []
    for number in range(config.steps):
        batch = slice(number * config.batch_size, (number + 1) * config.batch_size)
        x, y = digits.train_x[batch], digits.train_y[batch]
        with tf.GradientTape() as tape:
            before, logits = watched(x, training=True)
            mean = loss(y, logits)
        weights = model.trainable_variables
        for weight, slope in zip(weights, tape.gradient(mean, weights), strict=True):
            weight.assign_sub(config.learning_rate * slope)
        after, _ = watched(x, training=True)
        squares.append(_moved(before, after))
    return float(np.sqrt(np.mean(squares)))


def _moved(before: Any, after: Any) -> float:
    """Mean square over units of the mean's move, in standard deviations before it."""
    before, after = np.asarray(before, float), np.asarray(after, float)
    moved = (after.mean(axis=0) - before.mean(axis=0)) / before.std(axis=0)
    return float(np.mean(np.square(moved)))
