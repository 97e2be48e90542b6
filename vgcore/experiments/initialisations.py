"""Four ways to draw the first weights, for tanh and ReLU: how much of the gradient they keep, and what is learnt."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data, fixes
from vgcore.comparison import compare
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """`arms` are name, activation, Keras initialiser and factor on the hidden layers' weights."""

    # The pairs that the fix matrix holds already are left out: all sigmoid ones, and ReLU with Glorot's and He's.
    arms: tuple[tuple[str, str, str, float], ...] = (
        ("tanh, Glorot", "tanh", "glorot_uniform", 1.0),
        ("tanh, LeCun", "tanh", "lecun_normal", 1.0),
        ("tanh, He", "tanh", "he_normal", 1.0),
        ("tanh, orthogonal", "tanh", "orthogonal", 1.0),
        ("ReLU, LeCun", "relu", "lecun_normal", 1.0),
        ("ReLU, orthogonal", "relu", "orthogonal", 1.0),
        ("ReLU, orthogonal × √2", "relu", "orthogonal", 2**0.5),  # makes up for the half that ReLU silences
    )
    epochs: int = fixes.DENSE.epochs
    depth: int = 20


published = Config()
smoke = Config(arms=(("tanh, Glorot", "tanh", "glorot_uniform", 1.0),), epochs=1, depth=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The dense network of the fix matrix with each pair; see `vgcore.comparison.compare` for the tables.

    `arm`: activation and initialisation in words.

    - "gradient": `arm`, `decades` of ∂L/∂h lost before training;
    - "accuracy": `arm`, `epoch`, `train_accuracy`, `test_accuracy` (0 to 1).
    """
    arms = {
        name: replace(
            fixes.DENSE,
            network=MLP(depth=config.depth, activation=activation, initialisation=initialisation, gain=gain),
            epochs=config.epochs,
        )
        for name, activation, initialisation, gain in config.arms
    }
    return compare(arms, data.digits(), seed)
