"""Maxout against ReLU with as many weights: a maxout unit has two sets of them."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import compare
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation, Keras initialiser and width."""

    # The fix matrix holds both activations at a width of 64. These have as many weights as the other one has there.
    arms: tuple[tuple[str, str, str, int], ...] = (
        ("Maxout, 45 units", "maxout", "lecun_normal", 45),
        ("ReLU, 91 units", "relu", "he_normal", 91),
    )
    epochs: int = fixes.DENSE.epochs
    depth: int = 20


published = Config()
smoke = Config(arms=(("Maxout, 45 units", "maxout", "lecun_normal", 4),), epochs=1, depth=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each width; see `vgcore.comparison.compare` for the tables.

    `arm`: activation and width in words.

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {
        name: replace(
            fixes.DENSE,
            network=MLP(depth=config.depth, activation=activation, initialisation=initialisation, width=width),
            epochs=config.epochs,
        )
        for name, activation, initialisation, width in config.arms
    }
    return compare(arms, data.digits(), seed)
