"""How far the gradient of a few digits points the way of the gradient of all of them, and how much sooner it learns."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.backpropagation import Network
from vgcore.theory import Array

BEFORE, LATER = "before training", "later"


@dataclass(frozen=True, kw_only=True)
class Config:
    """A network with one hidden layer of `hidden` ReLU units, on all training digits."""

    hidden: int = 32
    batch_sizes: tuple[int, ...] = (1, 4, 16, 64, 256, 1024)
    draws: int = 100  # batches of each size
    later_steps: int = 100  # of gradient descent on all digits, before the second look
    learning_rate: float = 0.3  # of these steps
    raced: tuple[int, ...] = (4, 16, 64, 256, 1437)  # batch sizes that are trained; the last is all the digits at once
    rates: tuple[float, ...] = (0.1, 0.3, 1.0)  # each batch size may choose the best of them
    target: float = 0.3  # training loss, in nats, that the race is about
    epochs: int = 30


published = Config()
smoke = Config(hidden=16, batch_sizes=(4, 64), draws=5, later_steps=5, raced=(64, 1437), rates=(0.3,), epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Directions of mini-batch gradients, and what it takes to reach a loss.

    - "direction": `arm` ("before training", "later": after some steps on all digits), `batch` (digits in a batch),
      `cosine` (between its gradient and that of all digits, mean over the draws), `theory` (from the spread of the
      single digits' gradients, nothing fitted);
    - "race": `arm` ("16 at a time", ...), `batch`, `rate` (the best one), `digits_seen` (gradients of
      single digits computed until the training loss is at the target, counted with the best learning rate),
      `steps_taken` (steps until then).
    """
    digits = data.digits()
    x, y = digits.train_x.astype(float), digits.train_y
    network = Network(sizes=(64, config.hidden, 10))
    start = network.draw(seed)
    later = start
    for _ in range(config.later_steps):
        later = later - config.learning_rate * network.gradient(later, x, y)
    random = np.random.default_rng([seed, 1])  # not the numbers that drew the weights
    looks = [
        _directions(config, np.array([network.gradient(weights, x[[i]], y[[i]]) for i in range(len(y))]), random, arm)
        for arm, weights in {BEFORE: start, LATER: later}.items()
    ]
    race = [_best(config, network, start, x, y, batch, seed) for batch in config.raced]
    return {"direction": pd.concat(looks, ignore_index=True), "race": pd.DataFrame(race)}


def _directions(config: Config, single: Array, random: np.random.Generator, arm: str) -> pd.DataFrame:
    """`single`: the gradient of each digit, shape (digits, weights)."""
    full = single.mean(axis=0)
    spread = float(np.sum((single - full) ** 2) / (len(single) - 1))
    rows = []
    for batch in config.batch_sizes:
        drawn = np.zeros((config.draws, len(single)))
        for row in drawn:
            row[random.choice(len(single), batch, replace=False)] = 1 / batch
        means = drawn @ single
        cosines = means @ full / (np.linalg.norm(means, axis=1) * np.linalg.norm(full))
        noise = spread / batch * (1 - batch / len(single))  # a batch that holds every digit has none
        theory = float((1 + noise / np.sum(full**2)) ** -0.5)
        rows.append({"arm": arm, "batch": batch, "cosine": float(cosines.mean()), "theory": theory})
    return pd.DataFrame(rows)


def _best(
    config: Config, network: Network, start: Array, x: Array, y: np.ndarray, batch: int, seed: int
) -> dict[str, object]:
    """The race of one batch size, with the learning rate that needs the fewest steps."""
    steps = {rate: _steps(config, network, start, x, y, batch, rate, seed) for rate in config.rates}
    rate = min(steps, key=lambda one: steps[one])
    return {
        "arm": f"{batch} at a time",
        "batch": batch,
        "rate": rate,
        "digits_seen": float(batch * steps[rate]),
        "steps_taken": float(steps[rate]),
    }


def _steps(
    config: Config, network: Network, weights: Array, x: Array, y: np.ndarray, size: int, rate: float, seed: int
) -> int:
    """Steps of a batch until the training loss is at the target; all that there are if it never is."""
    random = np.random.default_rng([seed, 2])
    most = config.epochs * (len(y) // size)
    for step in range(most):
        if step % max(1, 128 // size) == 0 and network.loss(weights, x, y) <= config.target:
            return step
        chosen = random.choice(len(y), size, replace=False)
        weights = weights - rate * network.gradient(weights, x[chosen], y[chosen])
    return most
