"""A hundred layers of ReLU with He's weights, and of SELU with LeCun's: what gets through, and what is learnt."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models, probes, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation and Keras initialiser.

    The networks of the notebook to chapter 11 of Géron's "Hands-On Machine Learning", on digits, not Fashion MNIST.
    """

    arms: tuple[tuple[str, str, str], ...] = (("ReLU", "relu", "he_normal"), ("SELU", "selu", "lecun_normal"))
    depth: int = 100
    width: int = 100
    examples: int = 64  # for the gradient; each of them and the next one make a pair for the cosine
    learning_rate: float = 0.02  # the book's is 0.001, for fifty times as many steps
    epochs: int = 8
    batch_size: int = 64


published = Config()
smoke = Config(depth=3, width=8, examples=8, epochs=1, batch_size=1024)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """What two networks that differ in activation and weights do to gradients and to inputs, and how they train.

    - "layers", before training: `arm`, `layer` (1 = next to the input), `relative_gradient` (RMS of dL/dh over that of
      the last hidden layer), `theory` (mean field, from the digits' mean squares; nothing is fitted), `cosine` (median
      over pairs of digits, of what both leave behind in the layer);
    - "training": `arm`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    return {
        "layers": pd.concat([_layers(config, seed, *arm) for arm in config.arms], ignore_index=True),
        "training": pd.DataFrame([_training(config, seed, *arm) for arm in config.arms]),
    }


def _layers(config: Config, seed: int, arm: str, activation: str, initialisation: str) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = _network(config, activation, initialisation)
    model = models.mlp(network, seed)
    hidden = probes.measure_gradients(model, x, y).table.iloc[: config.depth]
    pairs = probes.measure_correlation(model, x, np.roll(x, 1, axis=0))
    variance = theory.weight_variance(initialisation)
    line = theory.gradient_line(activation, variance, config.depth, variance * np.mean(np.square(x, float), axis=1))
    return pd.DataFrame(
        {
            "arm": arm,
            "layer": hidden["depth"],
            "relative_gradient": hidden["activation_gradient_rms"] / hidden["activation_gradient_rms"].iloc[-1],
            "theory": line,
            "cosine": pairs.groupby("depth")["cosine"].median().to_numpy()[: config.depth],
        }
    )


def _training(config: Config, seed: int, arm: str, activation: str, initialisation: str) -> dict[str, float | str]:
    recipe = Training(
        network=_network(config, activation, initialisation),
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    return {"arm": arm, "train_accuracy": last["train_accuracy"], "test_accuracy": last["test_accuracy"]}


def _network(config: Config, activation: str, initialisation: str) -> MLP:
    return MLP(depth=config.depth, width=config.width, activation=activation, initialisation=initialisation)
