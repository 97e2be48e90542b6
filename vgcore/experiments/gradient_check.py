"""How closely finite differences agree with back-propagation, for steps from large to tiny."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.backpropagation import Network
from vgcore.theory import Array

CENTRAL, ONE_SIDED, SINGLE = "central, 64 bits", "one-sided, 64 bits", "central, 32 bits"
PRECISIONS: dict[str, type[np.floating[Any]]] = {CENTRAL: np.float64, ONE_SIDED: np.float64, SINGLE: np.float32}


@dataclass(frozen=True, kw_only=True)
class Config:
    """A network with two hidden sigmoid layers, on the first training digits."""

    hidden: int = 16
    examples: int = 64
    weights: int = 40  # drawn at random, of which each is turned
    largest: int = 0  # powers of ten of the steps
    smallest: int = -12
    smallest_single: int = -6  # in 32 bits a smaller step is lost in the weight to which it is added
    per_decade: int = 2
    curvature_step: float = 1e-3  # to differentiate the gradient; only the theory needs it


published = Config()
smoke = Config(hidden=4, examples=8, weights=3, per_decade=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """The relative error of finite differences: |difference - gradient| / |gradient|, over some weights.

    One row for each arm ("central, 64 bits", "one-sided, 64 bits", "central, 32 bits": how the loss is differenced
    and how precisely it is computed) and step:

    - `arm`, `power` (a number of the step, from large to small), `turn` (the step: by how much a weight is turned),
      `error` (relative error);
    - `theory`: from the loss's own second and third derivatives for these weights, and half a unit in the last place
      of each loss; nothing is fitted.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = Network(sizes=(64, config.hidden, config.hidden, 10), activation="sigmoid")
    weights = network.draw(seed)
    chosen = np.random.default_rng([seed, 1]).choice(network.weight_count, config.weights, replace=False)
    exact = network.gradient(weights, x.astype(float), y)[chosen]
    second, third = _derivatives(config, network, weights, x.astype(float), y, chosen)
    loss = network.loss(weights, x.astype(float), y)
    count = config.per_decade * (config.largest - config.smallest) + 1
    rows = []
    for power, h in enumerate(np.logspace(config.largest, config.smallest, count)):
        for arm, kind in PRECISIONS.items():
            if arm == SINGLE and h < 10.0**config.smallest_single:
                continue
            found = _differences(network, weights.astype(kind), x.astype(kind), y, chosen, h, arm)
            cut = h / 2 * second if arm == ONE_SIDED else h**2 / 6 * third
            rounded = np.finfo(kind).eps / 2 * loss * 2**0.5 / (h if arm == ONE_SIDED else 2 * h)
            rows.append(
                {
                    "arm": arm,
                    "power": power,
                    "turn": h,
                    "error": _length(found - exact) / _length(exact),
                    "theory": float(np.hypot(_length(cut), rounded * len(chosen) ** 0.5)) / _length(exact),
                }
            )
    return pd.DataFrame(rows)


def _length(vector: Array) -> float:
    return float(np.linalg.norm(vector))


def _differences(
    network: Network, weights: Array, x: Array, y: np.ndarray, chosen: np.ndarray, h: float, arm: str
) -> Array:
    """The derivative of the loss for each chosen weight, from losses alone."""

    def loss(place: int, turn: float) -> float:
        turned = weights.copy()
        turned[place] += turn
        return network.loss(turned, x, y)

    if arm == ONE_SIDED:
        here = network.loss(weights, x, y)
        return np.array([(loss(place, h) - here) / h for place in chosen])
    return np.array([(loss(place, h) - loss(place, -h)) / (2 * h) for place in chosen])


def _derivatives(
    config: Config, network: Network, weights: Array, x: Array, y: np.ndarray, chosen: np.ndarray
) -> tuple[Array, Array]:
    """The second and third derivative of the loss for each chosen weight, from gradients beside it."""
    h = config.curvature_step
    here = network.gradient(weights, x, y)
    second, third = [], []
    for place in chosen:
        turn = np.zeros_like(weights)
        turn[place] = h
        above, below = network.gradient(weights + turn, x, y)[place], network.gradient(weights - turn, x, y)[place]
        second.append((above - below) / (2 * h))
        third.append((above - 2 * here[place] + below) / h**2)
    return np.array(second), np.array(third)
