"""How alike two digits have become after each layer of a deep network, before any training."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import data, models, probes, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `depth` hidden layers of `width` units; digit i is compared with digit `pairs` + i."""

    depth: int = 50
    width: int = 64  # as wide as the input
    pairs: int = 50
    # Name, activation, initialisation, gain. Critical tanh (gain 1) is left out: its last cosine was anything from
    # -0.2 to 0.9 over seeds, so that no median says much.
    networks: tuple[tuple[str, str, str, float], ...] = (
        ("sigmoid", "sigmoid", "glorot_normal", 1.0),
        ("ReLU", "relu", "he_normal", 1.0),
        ("tanh", "tanh", "glorot_normal", 2.0),  # weights twice as large as Glorot's: the chaotic phase
    )


published = Config()
smoke = Config(depth=4, pairs=10)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Cosine between what two digits leave behind in each layer; one row for each network and layer.

    - `network`, `activation`, `layer` (0 = the digits themselves);
    - `cosine`: its median over the pairs;
    - `theory`: the same in a wide network, from the digits' own cosines, nothing fitted;
    - `difference`: 1 - `cosine`; `theory_difference`: 1 - `theory`.
    """
    return pd.concat([_measure_network(config, seed, *network) for network in config.networks], ignore_index=True)


def _measure_network(
    config: Config, seed: int, name: str, activation: str, initialisation: str, gain: float
) -> pd.DataFrame:
    digits = data.digits().train_x
    first, second = digits[: config.pairs], digits[config.pairs : 2 * config.pairs]
    network = MLP(
        depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
    )
    table = probes.measure_correlation(models.mlp(network, seed), first, second)
    hidden = table[table["depth"] <= config.depth].groupby("depth")["cosine"].median()
    start = _cosines(first, second)
    weight_variance = gain**2 * theory.weight_variance(initialisation)
    predicted = np.array(_predicted(activation, weight_variance, config.depth, tuple(start)))
    cosine = np.array([np.median(start), *hidden])
    return pd.DataFrame(
        {
            "network": name,
            "activation": activation,
            "layer": np.arange(config.depth + 1),
            "cosine": cosine,
            "theory": predicted,
            "difference": 1 - cosine,
            "theory_difference": 1 - predicted,
        }
    )


@cache
def _predicted(activation: str, weight_variance: float, depth: int, start: tuple[float, ...]) -> tuple[float, ...]:
    """The pairs' median in theory, layer by layer: the same for all seeds."""
    line = theory.correlation_line(activation, weight_variance, depth + 1, start, weight_variance)
    return tuple(np.median(line, axis=1))


def _cosines(first: NDArray[np.float32], second: NDArray[np.float32]) -> theory.Array:
    lengths = np.linalg.norm(first, axis=1) * np.linalg.norm(second, axis=1)
    return np.asarray((first * second).sum(axis=1) / lengths, float)
