"""How differently the gradient fares in networks that differ only in their random weights."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import data, theory


@dataclass(frozen=True, kw_only=True)
class Config:
    """ReLU networks with He's weights; each gets one digit, and sends one random gradient back."""

    depth: int = 50
    width: int = 64  # as wide as the input
    networks: int = 200  # for each seed: the tails of a distribution need many
    singles: int = 1  # networks of each seed whose gradient is kept layer by layer
    quantiles: tuple[float, ...] = (0.05, 0.5, 0.95)


published = Config()
smoke = Config(depth=5, networks=20)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The length of dL/dh at each layer before training, over that at the last layer. Plain NumPy, no training.

    - "networks": `layer` (1 = next to the input), `network`, `length`: the first networks one by one;
    - "spread": `layer`, `statistic` ("5 %", "50 %", "95 %": below which that share of the networks lies; "mean
      square": root of the mean square over them), `length`, `theory` (the same in theory, nothing fitted);
    - "logarithms": `layer`, `mean`, `variance` of log length^2 over the networks; `theory_mean`, `theory_variance`.
    """
    random = np.random.default_rng(seed)
    digit = np.asarray(data.digits().train_x[0], float)
    lengths = np.array([_lengths(config, random, digit) for _ in range(config.networks)])
    layers = np.arange(1, config.depth + 1, dtype=np.int64)
    singles = [
        pd.DataFrame({"layer": layers, "network": number, "length": lengths[number]})
        for number in range(config.singles)
    ]
    return {
        "networks": pd.concat(singles, ignore_index=True),
        "spread": _spread(config, layers, lengths),
        "logarithms": _logarithms(config, layers[:-1], lengths[:, :-1]),
    }


def _lengths(config: Config, random: np.random.Generator, digit: theory.Array) -> theory.Array:
    """One network: the digit forward, a random gradient back; the gradient's length at the output of each layer."""
    weights = random.normal(0, np.sqrt(2 / config.width), (config.depth, config.width, config.width))
    hidden, slopes = digit, []
    for matrix in weights:
        before = hidden @ matrix
        slopes.append(before > 0)
        hidden = np.maximum(before, 0)
    gradient = random.normal(size=config.width)
    lengths = [np.linalg.norm(gradient)]
    for matrix, slope in zip(weights[:0:-1], slopes[:0:-1], strict=True):
        gradient = (gradient * slope) @ matrix.T
        lengths.append(np.linalg.norm(gradient))
    return np.asarray(np.array(lengths[::-1], float) / lengths[0])


def _spread(config: Config, layers: NDArray[np.int64], lengths: theory.Array) -> pd.DataFrame:
    crossed = config.depth - layers
    rows = [
        pd.DataFrame(
            {
                "layer": layers,
                "statistic": f"{share:.0%}".replace("%", " %"),
                "length": np.quantile(lengths, share, axis=0),
                "theory": [theory.length_quantile(config.width, n, share) if n else 1.0 for n in crossed],
            }
        )
        for share in config.quantiles
    ]
    mean_square = pd.DataFrame(
        {"layer": layers, "statistic": "mean square", "length": np.sqrt((lengths**2).mean(axis=0)), "theory": 1.0}
    )
    return pd.concat([*rows, mean_square], ignore_index=True)


def _logarithms(config: Config, layers: NDArray[np.int64], lengths: theory.Array) -> pd.DataFrame:
    logarithms = 2 * np.log(lengths)
    crossed = config.depth - layers
    return pd.DataFrame(
        {
            "layer": layers,
            "mean": logarithms.mean(axis=0),
            "variance": logarithms.var(axis=0, ddof=1),
            "theory_mean": [theory.log_square_mean(config.width, n) for n in crossed],
            "theory_variance": [theory.log_square_variance(config.width, n) for n in crossed],
        }
    )
