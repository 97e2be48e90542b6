"""What a recorder adds to an epoch: printed as a ratio of CPU times, epochs with it and without it in turns."""

import time
from statistics import median
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from vgcore import GradientRecorder
from vgcore.models import MLP

PAIRS = 7
EXAMPLES, FEATURES, CLASSES = 32_000, 64, 10  # a thousand steps an epoch: small beside what people train


def main() -> None:
    """Print the median of the pairs' ratios."""
    random = np.random.default_rng(0)
    x = random.normal(size=(EXAMPLES, FEATURES)).astype(np.float32)
    y = random.integers(0, CLASSES, EXAMPLES)
    model = MLP(depth=10, width=128, activation="relu", initialisation="he_normal").build(0)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True), jit_compile=False)
    _epoch(model, x, y)  # traced once, outside of what is measured
    print(median(_epoch(model, x, y, recorded=True) / _epoch(model, x, y) for _ in range(PAIRS)))


def _epoch(model: Any, x: NDArray[Any], y: NDArray[Any], *, recorded: bool = False) -> float:
    """The second of two epochs: the first one's records are those of the start, too."""
    clock = _Clock()
    model.fit(x, y, epochs=2, shuffle=False, verbose=0, callbacks=[*[GradientRecorder()] * recorded, clock])
    return clock.seconds


class _Clock(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch: int, logs: object = None) -> None:
        del epoch, logs
        self.start = time.process_time()

    def on_epoch_end(self, epoch: int, logs: object = None) -> None:
        del epoch, logs
        self.end = time.process_time()

    @property
    def seconds(self) -> float:
        return self.end - self.start


if __name__ == "__main__":
    main()
