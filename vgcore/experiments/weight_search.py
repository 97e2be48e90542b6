"""Three ways to find a network's weights, each charged for what it computes, in passes over the same digits."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.backpropagation import Network
from vgcore.theory import Array

BACK_PROPAGATION, FINITE_DIFFERENCES, SEARCH = "back-propagation", "finite differences", "random search"
PASSES = 3  # that a gradient by back-propagation costs: one forward, and at most two more on the way back

Loss = Callable[[Array], float]
Track = list[tuple[int, float, Array]]
"""Passes paid for so far, the loss reached with them and its weights, step by step."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """All three start from the same weights of a network with one hidden layer of `hidden` ReLU units."""

    hidden: int = 32
    examples: int = 512
    passes: int = 3000  # finite differences need 2369 for their first step, one for each weight and one more
    learning_rate: float = 0.3
    difference: float = 1e-6  # between rounding and curvature, in float64
    stride: float = 0.3  # how far the search's first trial goes; then it adapts
    points: int = 14  # at which the loss is kept, evenly spaced on a logarithmic axis


published = Config()
smoke = Config(hidden=2, examples=64, passes=170)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The training loss of each way against what it has cost so far. One pass is one loss over all the digits.

    `arm` is "back-propagation" or "finite differences" (gradient descent with that gradient) or "random search" (a
    trial in a random direction, kept if it lowers the loss).

    - "training": `arm`, `passes` (paid for so far), `loss` (nats);
    - "found": `arm`, `passes_to_target` (until the loss is at most that with which the random search ends; the whole
      budget if that never happens), `first_step` (passes paid for the first step), `last_loss` (nats),
      `test_accuracy` (0 to 1) with the last weights.
    """
    digits = data.digits()
    x, y = digits.train_x[: config.examples].astype(float), digits.train_y[: config.examples]
    network = Network(sizes=(64, config.hidden, 10))
    start = network.draw(seed)

    def loss(weights: Array) -> float:
        return network.loss(weights, x, y)

    tracks = {
        BACK_PROPAGATION: _descend(config, loss, start, lambda weights: network.gradient(weights, x, y), PASSES),
        FINITE_DIFFERENCES: _descend(
            config, loss, start, lambda weights: _differences(config, loss, weights), network.weight_count + 1
        ),
        SEARCH: _search(config, loss, start, seed),
    }
    target = tracks[SEARCH][-1][1]
    found = [
        {
            "arm": arm,
            "passes_to_target": float(next((paid for paid, value, _ in track if value <= target), config.passes)),
            "first_step": float(track[1][0]),
            "last_loss": track[-1][1],
            "test_accuracy": network.accuracy(track[-1][2], digits.test_x, digits.test_y),
        }
        for arm, track in tracks.items()
    ]
    training = [_sampled(config, track).assign(arm=arm) for arm, track in tracks.items()]
    return {"training": pd.concat(training, ignore_index=True), "found": pd.DataFrame(found)}


def _descend(config: Config, loss: Loss, start: Array, gradient: Callable[[Array], Array], cost: int) -> Track:
    track = [(0, loss(start), start)]
    while track[-1][0] + cost <= config.passes:
        paid, _, weights = track[-1]
        weights = weights - config.learning_rate * gradient(weights)
        track.append((paid + cost, loss(weights), weights))
    return track


def _differences(config: Config, loss: Loss, weights: Array) -> Array:
    """The gradient by turning one weight after the other a little: one pass for each, and one to compare with."""
    here = loss(weights)
    turned = config.difference * np.eye(len(weights))
    return np.array([loss(weights + one) - here for one in turned]) / config.difference


def _search(config: Config, loss: Loss, start: Array, seed: int) -> Track:
    """Keep a random step if it lowers the loss. Its length adapts so that one trial in five succeeds (Rechenberg)."""
    random = np.random.default_rng([seed, 1])  # not the numbers that drew the weights
    track, stride = [(0, loss(start), start)], config.stride
    for paid in range(1, config.passes + 1):
        _, best, weights = track[-1]
        direction = random.normal(size=len(weights))
        trial = weights + stride * direction / np.linalg.norm(direction)
        value = loss(trial)
        better = value < best
        stride *= 1.5 if better else 1.5**-0.25
        track.append((paid, value, trial) if better else (paid, best, weights))
    return track


def _sampled(config: Config, track: Track) -> pd.DataFrame:
    """The loss reached with the passes of a fixed series, the same for all seeds."""
    places = np.unique(np.geomspace(1, config.passes, config.points).round().astype(int))
    paid = np.array([one[0] for one in track])
    reached = np.searchsorted(paid, places, side="right") - 1
    return pd.DataFrame({"passes": places, "loss": [track[place][1] for place in reached]})
