"""Where the first number overflows in a deep ReLU network: in which step, forward or backward, in which layer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import data
from vgcore.backpropagation import Network

FORWARD, BACKWARD, NEVER = "forward", "backward", "never"
FIRST, LAST, OVERFLOW = "first step", "last whole step", "overflow"


@dataclass(frozen=True, kw_only=True)
class Config:
    """`depth` ReLU layers of `width` units, He's weights times each gain, no biases, plain gradient descent."""

    depth: int = 20
    width: int = 64
    gains: tuple[float, ...] = (1.0, 1.1, 1.2, 1.5, 2.0, 3.0)
    shown: float = 1.2  # the network that the remedies are tried on
    # name, format, what the loss is multiplied by: 32768 is where Keras's LossScaleOptimizer starts
    formats: tuple[tuple[str, str, float], ...] = (
        ("float32", "float32", 1.0),
        ("float16", "float16", 1.0),
        ("float16, loss × 32768", "float16", 32768.0),
    )
    learning_rate: float = 0.1  # what the book uses for most networks
    steps: int = 44  # two epochs; what has not overflown by then has found its way down
    batch_size: int = 64


published = Config()
smoke = Config(depth=3, width=16, gains=(1.2, 3.0), steps=4)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The first number beyond the largest of its format, in trainings on the digits.

    Everything is computed in float32 and held against the largest number of the format; rounding to fewer digits is
    left out. Looked at are, in turn: what each layer returns; then, from the last layer to the first, dL/dh of what it
    returned and dL/dW, both times the factor on the loss.

    - "origins": `gain`, `arm` (format and factor on the loss), `phase` ("forward", "backward" or "never"),
      `overflow_step` (1 = the first; one more than all steps for never), `origin` (the layer, 1 = next to the input,
      the last is the output layer; 0 for never), `first_update` and `last_update` (|dW| / |W| over all layers, in the
      first step and in the last that was taken; 0 where there was none), `last_loss` (nats, of the last batch for
      which there was one; 0 for none);
    - "layers", of the gain that is shown, in float32: `stage` ("first step", "last whole step", "overflow"),
      `direction` ("forward", "backward"), `layer`, `largest` (the largest size of any number that the layer returns,
      or of its dL/dh, as long as all are finite).
    """
    trainings = [
        _Training(config=config, gain=gain, arm=arm, largest=float(np.finfo(name).max), factor=factor, seed=seed)
        for gain in config.gains
        for arm, name, factor in config.formats
    ]
    with np.errstate(all="ignore"):  # they are meant to overflow
        origins = pd.DataFrame([training.run() for training in trainings])
    shown = next(one for one in trainings if one.gain == config.shown and one.arm == "float32")
    return {"origins": origins, "layers": shown.layers()}


Step = tuple[str, int, str, NDArray[np.float32]]
"""Direction, layer, "value" or "gradient", and the numbers."""


@dataclass(kw_only=True)
class _Training:
    config: Config
    gain: float
    arm: str
    largest: float
    factor: float
    seed: int
    updates: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    passes: list[list[Step]] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """One row of "origins"."""
        weights, digits = self._start(), data.digits()
        phase, origin = NEVER, 0
        for batch in self._batches():
            phase, origin, slopes = self._pass(weights, digits.train_x[batch], digits.train_y[batch])
            if origin:
                break
            steps = [np.float32(self.config.learning_rate / self.factor) * slope for slope in slopes]
            self.updates.append(_norm(steps) / _norm(weights))
            weights = [weight - change for weight, change in zip(weights, steps, strict=True)]
        taken = self.updates or [0.0]
        return {
            "gain": self.gain,
            "arm": self.arm,
            "phase": phase,
            "overflow_step": float(len(self.updates) + 1),
            "origin": float(origin),
            "first_update": taken[0],
            "last_update": taken[-1],
            "last_loss": self.losses[-1] if self.losses else 0.0,
        }

    def layers(self) -> pd.DataFrame:
        """The table "layers"."""
        stages = dict(zip((OVERFLOW, LAST, FIRST), (self.passes[-1], self.passes[-2], self.passes[0]), strict=True))
        rows = [
            {"stage": stage, "direction": direction, "layer": layer, "largest": float(np.abs(values).max())}
            for stage, one in stages.items()
            for direction, layer, kind, values in one
            if kind == "value"
        ]
        return pd.DataFrame(rows)

    def _start(self) -> list[NDArray[np.float32]]:
        """Matrices of shape (inputs, units); only the hidden layers' are enlarged."""
        network = Network(sizes=(64, *[self.config.width] * self.config.depth, 10))
        matrices = network.matrices(network.draw(self.seed))
        return [
            np.float32(self.gain if layer < self.config.depth else 1) * matrix.T.astype(np.float32)
            for layer, matrix in enumerate(matrices)
        ]

    def _batches(self) -> Iterator[NDArray[np.int64]]:
        random = np.random.default_rng([self.seed, 1])  # not the numbers that drew the weights
        for _ in range(self.config.steps):
            yield random.permutation(len(data.digits().train_x))[: self.config.batch_size]

    def _pass(
        self, weights: list[Any], x: NDArray[np.float32], labels: NDArray[np.int64]
    ) -> tuple[str, int, list[Any]]:
        """Where it ends, in which layer (0: it does not), and dL/dW of every layer if it does not."""
        finite: list[Step] = []
        self.passes.append(finite)
        for one in self._in_turn(weights, x, labels):
            if not np.abs(one[3]).max() <= self.largest:
                return one[0], one[1], []
            finite.append(one)
        return NEVER, 0, [values for _, _, kind, values in reversed(finite) if kind == "gradient"]

    def _in_turn(self, weights: list[Any], x: NDArray[np.float32], labels: NDArray[np.int64]) -> Iterator[Step]:
        hidden = [x]
        for layer, weight in enumerate(weights, 1):
            z = hidden[-1] @ weight
            hidden.append(np.maximum(z, 0) if layer < len(weights) else z)
            yield FORWARD, layer, "value", hidden[-1]
        shifted = hidden[-1] - hidden[-1].max(axis=1, keepdims=True)
        shares = np.exp(shifted)
        losses = np.log(shares.sum(axis=1)) - shifted[np.arange(len(x)), labels]
        self.losses.append(float(losses.mean(dtype=float)))
        shares /= shares.sum(axis=1, keepdims=True)
        error = np.float32(self.factor / len(x)) * (shares - np.eye(shares.shape[1], dtype=np.float32)[labels])
        for layer in range(len(weights), 0, -1):
            yield BACKWARD, layer, "value", error
            error = error * (hidden[layer] > 0) if layer < len(weights) else error
            yield BACKWARD, layer, "gradient", hidden[layer - 1].T @ error
            error = error @ weights[layer - 1].T


def _norm(matrices: list[Any]) -> float:
    return float(np.sqrt(sum(np.sum(np.square(matrix, dtype=float)) for matrix in matrices)))
