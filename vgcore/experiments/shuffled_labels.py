"""Gradient descent on true labels, and on the same labels dealt out at random."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, training
from vgcore.data import Digits
from vgcore.models import MLP
from vgcore.training import Training

TRUE, SHUFFLED = "true labels", "shuffled labels"


@dataclass(frozen=True, kw_only=True)
class Config:
    """A network with `depth` hidden layers of `width` ReLU units, trained alike on both."""

    examples: int = 512  # of the training digits: few enough to learn by heart in seconds
    depth: int = 2
    width: int = 256
    initialisation: str = "he_uniform"
    optimiser: str = "adam"
    learning_rate: float = 0.003
    epochs: int = 25
    batch_size: int = 32


published = Config()
smoke = Config(width=8, epochs=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Accuracy on training digits and on digits never seen. `arm` is "true labels" or "shuffled labels".

    Shuffled: every training digit keeps its image and gets the label of another one; the test digits keep theirs.

    - `arm`, `epoch` (0 = before training);
    - `train_accuracy`, `test_accuracy` (0 to 1), `train_loss`, `test_loss` (nats), over the whole set after the epoch.
    """
    digits = data.digits()
    order = np.random.default_rng(seed).permutation(config.examples)
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    arms = {
        arm: Digits(train_x=x, train_y=labels, test_x=digits.test_x, test_y=digits.test_y)
        for arm, labels in {TRUE: y, SHUFFLED: y[order]}.items()
    }
    recipe = Training(
        network=MLP(depth=config.depth, width=config.width, activation="relu", initialisation=config.initialisation),
        optimiser=config.optimiser,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
    )
    histories = [training.train(recipe, labels, seed).epochs.assign(arm=arm) for arm, labels in arms.items()]
    columns = ["arm", "epoch", "train_accuracy", "test_accuracy", "train_loss", "test_loss"]
    return pd.concat(histories, ignore_index=True)[columns]
