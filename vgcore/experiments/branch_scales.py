"""What the scale of its branches does to a deep residual network without normalisation."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, models, probes, sweep, theory
from vgcore.models import MLP
from vgcore.training import Training

PLAIN, FULL, SCALED = "no skips", "scale 1", "scaled"


@dataclass(frozen=True, kw_only=True)
class Config:
    """ReLU networks with He's weights: a first layer, then blocks x + scale W relu(x), without normalisation."""

    blocks: tuple[int, ...] = (5, 10, 20, 50)
    width: int = 64
    examples: int = 256  # of the training set, for measuring gradients
    learning_rate: float = 0.1
    epochs: int = 8
    batch_size: int = 64


published = Config()
smoke = Config(blocks=(3,), examples=32, epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradients before training, and what the deepest network learns.

    `arm` is "scale 1", "scaled" (by 1 / sqrt(number of blocks)) or "no skips" (the same layers, plain).

    - "growth": `arm`, `blocks`, `growth` (RMS of dL/dh at the first layer over that at the last one), `theory`
      (`vgcore.theory.residual_growth`; 1 without skips);
    - "training", of the networks with most blocks: `arm`, `test_accuracy` (0 to 1), and `is_finite` (1 where the loss
      is a number after training, 0 where it is none).
    """
    growth = [_growth(config, seed, arm, blocks) for arm in (PLAIN, FULL, SCALED) for blocks in config.blocks]
    training = [_training(config, seed, arm) for arm in (PLAIN, FULL, SCALED)]
    return {"growth": pd.DataFrame(growth), "training": pd.DataFrame(training)}


def _network(config: Config, arm: str, blocks: int) -> MLP:
    """A gain on all weights undoes the scale; that it is also on the first layer's changes no ratio of gradients."""
    return MLP(
        depth=blocks + 1, width=config.width, activation="relu", initialisation="he_normal",
        skip=arm != PLAIN, gain=blocks**0.5 if arm == FULL else 1.0,
    )  # fmt: skip


def _growth(config: Config, seed: int, arm: str, blocks: int) -> dict[str, object]:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    profile = probes.measure_gradients(models.mlp(_network(config, arm, blocks), seed), x, y)
    scales = {PLAIN: 0.0, FULL: 1.0, SCALED: blocks**-0.5}
    predicted = theory.residual_growth(scales[arm], blocks)
    return {"arm": arm, "blocks": blocks, "growth": 10**-profile.decades, "theory": predicted}


def _training(config: Config, seed: int, arm: str) -> dict[str, object]:
    recipe = Training(
        network=_network(config, arm, config.blocks[-1]),
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    finite = float(pd.notna(last["train_loss"]))
    return {"arm": arm, "test_accuracy": float(last["test_accuracy"]), "is_finite": finite}
