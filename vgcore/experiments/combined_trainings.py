"""Which combinations of activation, weights, normalisation, skip and depth learn in a short training."""

from dataclasses import dataclass
from itertools import product

import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every choice with every other, as in `combined_gradients`; all networks are trained alike."""

    activations: tuple[str, ...] = ("sigmoid", "tanh", "relu")
    weights: tuple[tuple[str, float], ...] = (("before 2010", 3**-0.5), ("Glorot", 1.0), ("He", 2**0.5))
    normalisations: tuple[str, ...] = ("none", "batch", "layer")
    skips: tuple[str, ...] = ("no", "yes")
    depths: tuple[int, ...] = (4, 16)
    width: int = 64
    learning_rate: float = 0.1
    epochs: int = 4  # enough for whatever has a gradient; there are very many networks
    batch_size: int = 64


published = Config()
smoke = Config(activations=("relu",), weights=(("Glorot", 1.0),), normalisations=("none",), depths=(3,), epochs=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy after training, one row for each combination.

    - `activation`, `weights`, `normalisation` ("none", "batch", "layer"), `skip` ("no", "yes"), `depth`;
    - `test_accuracy`: on digits never seen, 0 to 1; guessing gives 0.1.
    """
    choices = (config.activations, config.weights, config.normalisations, config.skips, config.depths)
    rows = []
    for activation, (weights, gain), normalisation, skip, depth in product(*choices):
        network = MLP(
            depth=depth, width=config.width, activation=activation, gain=gain, skip=skip == "yes",
            normalisation=None if normalisation == "none" else normalisation,
        )  # fmt: skip
        recipe = Training(
            network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
        )
        result = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,))
        names = {"activation": activation, "weights": weights, "normalisation": normalisation, "skip": skip}
        rows.append(names | {"depth": depth, "test_accuracy": float(result["test_accuracy"].iloc[-1])})
    return pd.DataFrame(rows)
