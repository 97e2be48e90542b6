"""How far each layer has moved after each epoch, and how long its steps are, seen by a recorder during `fit`."""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from vgcore import GradientRecorder, data
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """Two networks of `depth` hidden layers, trained alike; `arms` are name, activation and initialisation."""

    depth: int = 8  # so deep that the first layers stand still, so shallow that float32 still sees them move
    width: int = 64
    arms: tuple[tuple[str, str, str], ...] = (
        ("sigmoid", "sigmoid", "glorot_uniform"),  # Keras's default weights
        ("ReLU, He", "relu", "he_normal"),
    )
    learning_rate: float = 0.1
    epochs: int = 16
    every: int = 4  # epochs from one record to the next
    batch_size: int = 64


published = Config()
smoke = Config(depth=3, width=16, epochs=1, batch_size=512)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """What `vgcore.GradientRecorder` writes down, for the hidden layers.

    One row for each `arm`, `epoch` and `layer` (1 = next to the input):

    - `relative_change`: |W - W_0| / |W_0| at the end of the epoch;
    - `update_ratio`: |step| / |W| of the epoch's first step;
    - `gradient`: RMS of dL/dh at the end of the epoch, on the training's first batch;
    - `steps_taken`: steps until the end of the epoch.
    """
    return pd.concat([_measure_arm(config, seed, *arm) for arm in config.arms], ignore_index=True)


def _measure_arm(config: Config, seed: int, arm: str, activation: str, initialisation: str) -> pd.DataFrame:
    digits = data.digits()
    order = np.random.default_rng(seed).permutation(len(digits.train_x))
    network = MLP(depth=config.depth, width=config.width, activation=activation, initialisation=initialisation)
    model = network.build(seed)
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(config.learning_rate), loss)
    recorder = GradientRecorder(every=config.every)
    model.fit(
        digits.train_x[order], digits.train_y[order], batch_size=config.batch_size, epochs=config.epochs,
        shuffle=False, verbose=0, callbacks=[recorder],
    )  # fmt: skip
    table = recorder.table[recorder.table["layer"].str.startswith("hidden") & (recorder.table["epoch"] > 0)]
    layer = table["layer"].str.removeprefix("hidden_").astype(int)
    steps = table["epoch"] * float(-(-len(order) // config.batch_size))  # the last batch is smaller
    measured = table[["epoch", "relative_change", "update_ratio"]].assign(gradient=table["activation_gradient_rms"])
    return measured.assign(arm=arm, layer=layer, steps_taken=steps)
