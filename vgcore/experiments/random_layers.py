"""What a network loses when one of its layers keeps the random weights it was given."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.training import Training

NONE = 0


@dataclass(frozen=True, kw_only=True)
class Config:
    """ReLU networks of `depth` hidden layers, trained alike, each time with one layer (or none) left as it was."""

    depth: int = 3
    widths: tuple[int, ...] = (8, 16, 64)  # 64 is as many units as the image has pixels
    initialisation: str = "he_uniform"  # no gradient vanishes here: what is lost is lost to the random layer
    learning_rate: float = 0.1
    epochs: int = 20
    batch_size: int = 64


published = Config()
smoke = Config(depth=1, widths=(4,), epochs=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy of the trained network for each width and each layer that was left random.

    One row for each width and layer:

    - `network`: the width in words, such as "8 units"; `width`: units in each hidden layer;
    - `random_layer`: which hidden layer kept its initial weights, as a word ("none", "layer 1", …; 1 = next to the
      input); `layer`: the same as a number, 0 for none;
    - `train_accuracy`, `test_accuracy`: after the last epoch, 0 to 1.
    """
    rows = [
        _measure_arm(config, seed, width, layer) for width in config.widths for layer in range(NONE, config.depth + 1)
    ]
    return pd.DataFrame(rows)


def _measure_arm(config: Config, seed: int, width: int, layer: int) -> dict[str, str | int | float]:
    network = MLP(depth=config.depth, width=width, activation="relu", initialisation=config.initialisation)
    recipe = Training(
        network=network,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
        frozen=() if layer == NONE else (layer,),
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[-1]
    return {
        "network": f"{width} units",
        "width": width,
        "random_layer": "none" if layer == NONE else f"layer {layer}",
        "layer": layer,
        "train_accuracy": float(last["train_accuracy"]),
        "test_accuracy": float(last["test_accuracy"]),
    }
