"""Which starting weights let a tanh network learn, at which depth."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Every deviation of the weights at every depth; all networks are trained alike."""

    # sigma_w: the deviation of a weight times sqrt(inputs). 0.577 = sqrt(1/3) is the older U(-1, 1) / sqrt(inputs),
    # 1 is Glorot's and LeCun's, 1.414 = sqrt(2) is He's.
    deviations: tuple[float, ...] = (0.4, 0.577, 0.7, 1.0, 1.414, 2.0, 3.0)
    depths: tuple[int, ...] = (2, 4, 8, 16, 32)
    activation: str = "tanh"
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    initialisation: str = "glorot_uniform"  # times sigma_w
    learning_rate: float = 0.1
    epochs: int = 10
    batch_size: int = 64


published = Config()
smoke = Config(deviations=(0.4, 1.0), depths=(2,), epochs=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy after training, one row for each `deviation` (sigma_w) and `depth` (hidden layers).

    - `test_accuracy`: on digits never seen, 0 to 1;
    - `theory_decades`: by how much a gradient changes on its way through all layers of a deep, wide network, in
      decades: depth / (2 xi ln 10), negative where it shrinks. Nothing is fitted.
    """
    rows = [_row(config, seed, deviation, depth) for depth in config.depths for deviation in config.deviations]
    return pd.DataFrame(rows)


def _row(config: Config, seed: int, deviation: float, depth: int) -> dict[str, float | str]:
    network = MLP(
        depth=depth,
        width=config.width,
        activation=config.activation,
        initialisation=config.initialisation,
        gain=deviation,
    )
    recipe = Training(
        network=network,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )
    result = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,))
    return {
        "deviation": f"{deviation:g}",
        "depth": depth,
        "test_accuracy": float(result["test_accuracy"].iloc[-1]),
        "theory_decades": theory.decades_changed(config.activation, deviation**2, depth),
    }
