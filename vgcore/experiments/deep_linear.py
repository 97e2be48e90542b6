"""How many steps a deep linear network needs to learn, by depth, from Gaussian and from orthogonal weights."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.theory import Array

GAUSSIAN, ORTHOGONAL = "Gaussian", "orthogonal"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Linear networks of `depth` square layers and a readout, trained by gradient descent on all digits at once.

    The inputs are the digits' `components` strongest principal components, whitened, as in the paper's theory.
    """

    depths: tuple[int, ...] = (2, 4, 8, 16)
    components: int = 32
    # each depth gets its own best rate, looked for on a grid that shrinks with the depth, as the paper's theory says
    rates: tuple[float, ...] = tuple(float(rate) for rate in np.round(np.geomspace(0.02, 2.0, 12), 4))
    steps: int = 200
    learnt: float = 0.9  # of what the best linear map explains


published = Config()
smoke = Config(depths=(2, 3), components=8, rates=(0.2, 0.5), steps=60)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Steps until the training loss has come down by the share `learnt` of what can be learnt, at the best rate.

    One row for each kind of weights, `weights` ("Gaussian", of variance one over the width, or "orthogonal"), and
    `depth` (layers before the readout); `steps` is the number of the step, or the number of all steps where no rate
    gets there; `learns` says whether one did; `rate` is the best one.
    """
    target = _correlations(config)
    rows = []
    for weights in (GAUSSIAN, ORTHOGONAL):
        for depth in config.depths:
            random = np.random.default_rng([seed, depth])
            layers = _layers(weights, depth, config.components, target.shape[0], random)
            reached = _steps_needed(config, layers, target)
            best = int(np.argmin(reached))
            rows.append(
                {
                    "weights": weights,
                    "depth": depth,
                    "steps": int(min(reached[best], config.steps)),
                    "learns": bool(reached[best] <= config.steps),
                    "rate": config.rates[best] / depth,
                }
            )
    return pd.DataFrame(rows)


def _correlations(config: Config) -> Array:
    """Of labels and whitened inputs, (classes, components): all that gradient descent sees of the data."""
    digits = data.digits()
    x = digits.train_x.astype(float)
    x = x - x.mean(axis=0)
    left, _, _ = np.linalg.svd(x, full_matrices=False)
    whitened = left[:, : config.components] * np.sqrt(len(x))
    y = np.eye(digits.train_y.max() + 1)[digits.train_y]
    correlations = (y - y.mean(axis=0)).T @ whitened / len(x)
    return np.asarray(correlations / np.linalg.norm(correlations, 2))  # the strongest mode has strength 1


def _layers(weights: str, depth: int, width: int, outputs: int, random: np.random.Generator) -> list[Array]:
    square = [random.normal(size=(width, width)) / np.sqrt(width) for _ in range(depth)]
    if weights == ORTHOGONAL:
        square = [np.linalg.qr(matrix)[0] for matrix in square]
    return [*square, random.normal(size=(outputs, width)) * 0.1 / np.sqrt(width)]


def _steps_needed(config: Config, layers: list[Array], target: Array) -> Array:
    """For each rate, the first step after which the share `learnt` is explained; more than all steps if none is."""
    rates = np.array(config.rates)[:, None, None] / max(len(layers) - 1, 1)
    layers = [np.repeat(layer[None], len(config.rates), axis=0) for layer in layers]
    limit = (1 - config.learnt) * float(np.sum(target**2))
    reached = np.full(len(config.rates), config.steps + 1)
    with np.errstate(over="ignore", invalid="ignore"):  # rates that are too large end in what is no number
        for step in range(config.steps):
            missing, steps = _step(layers, target)
            done = np.sum(missing**2, axis=(1, 2)) <= limit
            reached = np.where(done & (reached > config.steps), step, reached)
            if np.all(reached <= config.steps):
                break
            layers = [layer + rates * change for layer, change in zip(layers, steps, strict=True)]
    return reached


def _step(layers: list[Array], target: Array) -> tuple[Array, list[Array]]:
    """What is still missing of the target, and each layer's direction of steepest descent."""
    below = [np.broadcast_to(np.eye(layers[0].shape[-1]), layers[0].shape)]
    for layer in layers:
        below.append(layer @ below[-1])
    missing = target - below[-1]
    above, changes = missing, []
    for layer, before in zip(layers[::-1], below[-2::-1], strict=True):
        changes.append(above @ before.swapaxes(1, 2))
        above = layer.swapaxes(1, 2) @ above
    return missing, changes[::-1]
