"""Three trained tanh networks: a healthy one, and two that are saturated for different reasons."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgcore import data, probes, training
from vgcore.models import MLP
from vgcore.training import Training

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` hidden layers of `width` units; `arms` are name, factor on the weights and learning rate."""

    activation: str = "tanh"
    depth: int = 5
    width: int = 64
    examples: int = 256  # of the training set, for measuring
    arms: tuple[tuple[str, float, float], ...] = (
        ("default", 1.0, 0.1),
        ("weights × 3", 3.0, 0.1),
        ("rate × 10", 1.0, 1.0),
    )
    epochs: int = 15
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, width=8, epochs=1, examples=32, batch_size=1024)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """How saturated the units are and what gradient gets through, before and after training on digits.

    - "layers": `arm`, `moment` ("before" or "after" training), `layer` (1 = next to the input; hidden layers),
      `saturated_fraction` (share of outputs beyond +-0.97, over units and examples), `activation_gradient_rms` (RMS
      of dL/dh, L in nats), `relative_gradient` (over that of the last hidden layer);
    - "training": `arm`, `gain` (factor on Keras's default weights), `learning_rate`, `train_loss` (nats),
      `train_accuracy`, `test_accuracy` (0 to 1), all after training.
    """
    parts = [_measure_arm(config, seed, *arm) for arm in config.arms]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def _measure_arm(config: Config, seed: int, arm: str, gain: float, learning_rate: float) -> dict[str, pd.DataFrame]:
    recipe = Training(
        network=MLP(depth=config.depth, width=config.width, activation=config.activation, gain=gain),
        learning_rate=learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )
    moments = {0: BEFORE, config.epochs: AFTER}
    layers: list[pd.DataFrame] = []

    def observe(epoch: int, model: Any) -> None:
        if epoch in moments:
            layers.append(_layers(config, model).assign(arm=arm, moment=moments[epoch]))

    history = training.train(recipe, data.digits(), seed, observe)
    last = history.epochs.iloc[[-1]][["train_loss", "train_accuracy", "test_accuracy"]]
    return {
        "layers": pd.concat(layers),
        "training": last.assign(arm=arm, gain=gain, learning_rate=learning_rate),
    }


def _layers(config: Config, model: Any) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    hidden = probes.measure_gradients(model, x, y).table.iloc[: config.depth]
    gradients = hidden["activation_gradient_rms"]
    return pd.DataFrame(
        {
            "layer": hidden["depth"],
            "saturated_fraction": hidden["saturated_fraction"],
            "activation_gradient_rms": gradients,
            "relative_gradient": gradients / gradients.iloc[-1],
        }
    )
