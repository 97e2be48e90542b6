"""A network that guesses: where its loss stands, and how the loss changes as its weights are moved at random."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.models import MLP
from vgcore.theory import Array
from vgcore.training import Training, loss_and_accuracy

FIRST, LAST, OUTPUT = "first half", "second half", "output layer"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Twenty sigmoid layers as Keras makes them, without skips and with them."""

    depth: int = 20
    width: int = 64
    learning_rate: float = 0.1
    looks: tuple[int, ...] = (0, 1, 2, 4, 8, 16)  # epochs after which the loss is measured
    batch_size: int = 64
    shares: tuple[float, ...] = (0.1, 0.3, 1.0)  # how far the weights are moved, in sizes of each matrix
    directions: int = 10


published = Config()
smoke = Config(depth=2, width=16, looks=(0, 1), batch_size=512, shares=(0.1, 1.0), directions=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Losses in nats, over all training digits.

    - "training", one row for each `arm` ("plain", "with skips") and `epoch`: `train_loss`, and `entropy`, that of the
      digits' own frequencies: the least that a network can reach that gives every image the same answer;
    - "moved", of the plain network after training, one row for each `part` of it ("first half" and "second half" of
      the hidden layers, "output layer") and `share`: `rise` and `most`, the median and the largest change of the loss,
      up or down, when the weights of that part are moved in random directions by this share of their size.
    """
    network = MLP(depth=config.depth, width=config.width)
    plain = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.looks[-1], batch_size=config.batch_size
    )
    digits = data.digits()
    skips = replace(plain, network=replace(network, skip=True))
    training = [
        sweep.outcomes(recipe, digits, seed, after=config.looks).assign(arm=arm)
        for arm, recipe in {"plain": plain, "with skips": skips}.items()
    ]
    shares = np.bincount(digits.train_y) / len(digits.train_y)
    entropy = float(-np.sum(shares * np.log(shares)))
    columns = ["arm", "epoch", "train_loss", "entropy"]
    return {
        "training": pd.concat(training, ignore_index=True).assign(entropy=entropy)[columns],
        "moved": _moved(config, sweep.trained(plain, digits, seed), seed),
    }


def _moved(config: Config, model: keras.Model, seed: int) -> pd.DataFrame:
    weights = [np.asarray(weight, float) for weight in model.get_weights()]
    here = _loss(weights)
    half = 2 * (config.depth // 2)
    rows = []
    for part, places in {FIRST: range(half), LAST: range(half, len(weights) - 2), OUTPUT: [len(weights) - 2]}.items():
        for share in config.shares:
            random = np.random.default_rng(seed)
            changes = [_loss(_turned(weights, places, share, random)) - here for _ in range(config.directions)]
            rows.append(
                {"part": part, "share": share, "rise": np.median(changes), "most": float(np.abs(changes).max())}
            )
    return pd.DataFrame(rows)


def _turned(weights: list[Array], places: Sequence[int], share: float, random: np.random.Generator) -> list[Array]:
    """The weights with some matrices moved in random directions by a share of their size; biases stay."""
    moved = list(weights)
    for place in places:
        if weights[place].ndim == 2:
            way = random.normal(size=weights[place].shape)
            moved[place] = weights[place] + way * share * np.linalg.norm(weights[place]) / np.linalg.norm(way)
    return moved


def _loss(weights: list[Array]) -> float:
    """The plain network's training loss in float64, in which even the first layers' part of it can be seen."""
    digits = data.digits()
    stream = digits.train_x.astype(float)
    for kernel, bias in zip(weights[:-2:2], weights[1:-2:2], strict=True):
        stream = 1 / (1 + np.exp(-(stream @ kernel + bias)))
    return loss_and_accuracy(stream @ weights[-2] + weights[-1], digits.train_y)[0]
