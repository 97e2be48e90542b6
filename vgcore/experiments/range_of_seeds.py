"""What the range of a few networks says about the next one, and about the middle one of all."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.theory import Array

OUTSIDE, MISSED = "next network outside", "middle network outside"


@dataclass(frozen=True, kw_only=True)
class Config:
    """ReLU networks with He's weights that differ in nothing but their random numbers."""

    depth: int = 20
    width: int = 64  # as wide as the input
    networks: int = 400
    draws: int = 4000  # of a few networks out of these
    counts: tuple[int, ...] = (2, 3, 5, 10, 20)


published = Config()
smoke = Config(depth=2, networks=40, draws=50, counts=(2, 5))


def measure(config: Config, seed: int) -> pd.DataFrame:
    """How often the range of some networks' gradients misses what it is asked for. Plain NumPy, no training.

    What is compared is the length of dL/dh at layer 1 over that at the last one. One row for each statistic and number
    of networks:

    - `statistic`: "next network outside", one more network lies beyond the range of those that were drawn; "middle
      network outside", the median of all networks does;
    - `count`: networks that were drawn; `share`: of the draws in which that was so;
    - `theory`: 2 / (count + 1) and 2 / 2^count, which hold for any distribution.
    """
    random = np.random.default_rng(seed)
    digit = np.asarray(data.digits().train_x[0], float)
    lengths = np.array([_kept(config, random, digit) for _ in range(config.networks)])
    middle = np.median(lengths)
    rows = []
    for count in config.counts:
        drawn = random.permuted(np.tile(lengths, (config.draws, 1)), axis=1)[:, : count + 1]
        low, high, following = drawn[:, :count].min(axis=1), drawn[:, :count].max(axis=1), drawn[:, count]
        outside = float(((following < low) | (following > high)).mean())
        missed = float(((middle < low) | (middle > high)).mean())
        rows += [
            {"statistic": OUTSIDE, "count": count, "share": outside, "theory": 2 / (count + 1)},
            {"statistic": MISSED, "count": count, "share": missed, "theory": 2.0 ** (1 - count)},
        ]
    return pd.DataFrame(rows)


def _kept(config: Config, random: np.random.Generator, digit: Array) -> float:
    """One network: the digit forward, a random gradient back."""
    weights = random.normal(0, np.sqrt(2 / config.width), (config.depth, config.width, config.width))
    hidden, slopes = digit, []
    for matrix in weights:
        before = hidden @ matrix
        slopes.append(before > 0)
        hidden = np.maximum(before, 0)
    gradient = start = random.normal(size=config.width)
    for matrix, slope in zip(weights[:0:-1], slopes[:0:-1], strict=True):
        gradient = (gradient * slope) @ matrix.T
    return float(np.linalg.norm(gradient) / np.linalg.norm(start))
