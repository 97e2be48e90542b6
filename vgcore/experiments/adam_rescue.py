"""Two networks with small gradients, trained by gradient descent and by Adam."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, training
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every arm trains `depth` layers with Glorot's weights, Keras's default."""

    depth: int = 20
    width: int = 64
    # the arm's name, activation, optimiser, learning rate (the book's for SGD, Keras's for Adam), Adam's epsilon
    arms: tuple[tuple[str, str, str, float, float | None], ...] = (
        ("ReLU, SGD", "relu", "sgd", 0.1, None),
        ("ReLU, Adam", "relu", "adam", 1e-3, None),
        ("sigmoid, Adam", "sigmoid", "adam", 1e-3, None),
        ("sigmoid, tiny epsilon", "sigmoid", "adam", 1e-3, 1e-20),  # far below the smallest gradient, about 1e-12
    )
    epochs: int = 16
    record_every: int = 4
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, arms=(("ReLU, SGD", "relu", "sgd", 0.1, None),), epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """How each `arm` (activation and optimiser) learns, and which layers it moves.

    - "training": `arm`, `epoch` (0 = before training), `test_accuracy` (on digits never seen, 0 to 1);
    - "layers": `arm`, `layer` (1 = next to the input; the last is the output layer), `relative_change`
      (|W - W_0| / |W_0| at the end).
    """
    parts = [_trained(config, seed, *arm) for arm in config.arms]
    return {name: pd.concat([part[name] for part in parts], ignore_index=True) for name in parts[0]}


def _trained(
    config: Config, seed: int, arm: str, activation: str, optimiser: str, rate: float, epsilon: float | None
) -> dict[str, pd.DataFrame]:
    recipe = Training(
        network=MLP(depth=config.depth, width=config.width, activation=activation),
        optimiser=optimiser,
        learning_rate=rate,
        epsilon=epsilon,
        epochs=config.epochs,
        record_every=config.record_every,
        batch_size=config.batch_size,
    )
    history = training.train(recipe, data.digits(), seed)
    last = history.layers[history.layers["epoch"] == config.epochs]
    tables = {
        "training": history.epochs[["epoch", "test_accuracy"]],
        "layers": last[["layer", "relative_change"]],
    }
    return {name: table.assign(arm=arm)[["arm", *table]] for name, table in tables.items()}
