"""Very deep networks of smooth activations: which gradient gets through, and what is learnt."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd

from vgcore import data, models, probes, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation and Keras initialiser; measured and trained networks differ in depth and width."""

    arms: tuple[tuple[str, str, str], ...] = (
        ("ELU, LeCun", "elu", "lecun_normal"),
        ("SELU, LeCun", "selu", "lecun_normal"),
        ("Swish, He", "swish", "he_normal"),
        ("GELU, He", "gelu", "he_normal"),
    )
    depth: int = 100
    width: int = 128  # a gradient strays by chance, and less in wide networks
    examples: int = 128
    trained_depth: int = 50
    trained_width: int = 64
    learning_rate: float = 0.02
    epochs: int = 8
    batch_size: int = 64


published = Config()
smoke = Config(
    arms=(("SELU, LeCun", "selu", "lecun_normal"),), depth=3, width=8, examples=16, trained_depth=1, epochs=1
)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradients before training, and the accuracy after it, one `arm` for each activation with its weights.

    - "gradient": `arm`, `layer` (1 = next to the input), `relative_gradient` (RMS of dL/dh over that of the last
      hidden layer), `theory` (mean field, from the examples' mean squares; nothing is fitted);
    - "training", of networks of `trained_depth` layers: `arm`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    return {
        "gradient": pd.concat([_gradient(config, seed, *arm) for arm in config.arms], ignore_index=True),
        "training": pd.DataFrame([_training(config, seed, *arm) for arm in config.arms]),
    }


def _gradient(config: Config, seed: int, arm: str, activation: str, initialisation: str) -> pd.DataFrame:
    network = MLP(depth=config.depth, width=config.width, activation=activation, initialisation=initialisation)
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    hidden = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[: config.depth]
    gradients = hidden["activation_gradient_rms"]
    return pd.DataFrame(
        {
            "arm": arm,
            "layer": hidden["depth"],
            "relative_gradient": gradients / gradients.iloc[-1],
            "theory": _line(network, config.examples),
        }
    )


@cache
def _line(network: MLP, examples: int) -> theory.Array:
    """The theory's prediction, which no seed changes."""
    mean_squares = np.mean(np.square(data.digits().train_x[:examples], dtype=float), axis=1)
    variance = theory.weight_variance(network.initialisation)
    return theory.gradient_line(network.activation, variance, network.depth, variance * mean_squares)


def _training(config: Config, seed: int, arm: str, activation: str, initialisation: str) -> dict[str, float | str]:
    network = MLP(
        depth=config.trained_depth, width=config.trained_width, activation=activation, initialisation=initialisation
    )
    recipe = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    return {
        "arm": arm,
        "train_accuracy": float(last["train_accuracy"]),
        "test_accuracy": float(last["test_accuracy"]),
    }
