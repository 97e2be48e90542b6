"""What a network without a memory can reach at best on the two classic tests of memory."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.theory import Array


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sequences of the copying task with a `delay`, and of the adding problem with `steps`."""

    delay: int = 100
    steps: int = 100
    examples: int = 20000


published = Config()
smoke = Config(delay=5, steps=10, examples=200)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """One row for each `task`: "copying" and "adding", with the `loss` of the best guess that remembers nothing.

    "copying": cross-entropy in nats, mean over all steps, of whoever knows the step but none of the symbols; the
    labels' entropy, as they were drawn. "adding": mean squared error of always saying 1, where the target is the sum
    of two numbers from 0 to 1.
    """
    copying = data.copying(config.delay, seed, train=1, test=config.examples).test_y
    adding = data.adding(config.steps, seed, train=1, test=config.examples).test_y
    sums = 4 * (adding - 0.5) / 2 + 1  # from numbers between -1 and 1 to numbers between 0 and 1
    return pd.DataFrame(
        {"task": ["copying", "adding"], "loss": [_mean_entropy(copying), float(np.mean((sums - 1) ** 2))]}
    )


def _mean_entropy(labels: Array) -> float:
    """Of the labels at each step over the sequences, in nats, mean over the steps."""
    shares = [np.unique(step, return_counts=True)[1] / len(labels) for step in labels.T]
    return float(np.mean([-(share * np.log(share)).sum() for share in shares]))
