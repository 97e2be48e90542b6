"""What weight decay does to layers that no gradient reaches, and to layers that one does."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.models import MLP
from vgcore.training import Training, train


@dataclass(frozen=True, kw_only=True)
class Config:
    """The same sigmoid layers, plain and with skips, trained alike; `arms` are name, skips, weight decay."""

    depth: int = 20
    width: int = 64
    arms: tuple[tuple[str, bool, float | None], ...] = (
        ("no decay", False, None),
        ("decay", False, 0.05),  # so strong that the end can be seen in a short training
        ("decay, skips", True, 0.05),
    )
    learning_rate: float = 0.1
    epochs: int = 16
    batch_size: int = 64


published = Config()
smoke = Config(
    depth=2, width=16, epochs=1, batch_size=512,
    arms=(("no decay", False, None), ("decay", False, 0.05), ("decay, skips", False, 0.05)),  # two networks to compile
)  # fmt: skip


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The weights of the hidden layers after the training, beside those of the start.

    - "layers", one row for each `arm` and `layer` (1 = next to the input): `left` (|W| over |W_0|), `turned` (1 minus
      the cosine between W and W_0: 0 where the weights only became smaller), `theory` (what decay alone leaves of a
      weight: 1 minus decay times learning rate, once for each step);
    - "training", one row for each `arm`: `test_accuracy` (0 to 1).
    """
    layers, training = [], []
    for arm, skip, decay in config.arms:
        recipe = Training(
            network=MLP(depth=config.depth, width=config.width, skip=skip), learning_rate=config.learning_rate,
            weight_decay=decay, epochs=config.epochs, batch_size=config.batch_size, record_every=config.epochs,
        )  # fmt: skip
        kernels: list[list[np.ndarray]] = []

        def look(epoch: int, model: Any, kernels: list[list[np.ndarray]] = kernels) -> None:
            if epoch in (0, config.epochs):
                kernels.append(_kernels(model))

        history = train(recipe, data.digits(), seed, observe=look)
        steps = config.epochs * (len(data.digits().train_x) // config.batch_size)
        alone = (1 - (decay or 0.0) * config.learning_rate) ** steps
        layers.append(_compared(*kernels).assign(arm=arm, theory=alone))
        training.append({"arm": arm, "test_accuracy": float(history.epochs["test_accuracy"].iloc[-1])})
    return {"layers": pd.concat(layers, ignore_index=True), "training": pd.DataFrame(training)}


def _kernels(model: Any) -> list[np.ndarray]:
    """The hidden layers' weight matrices as vectors, from the input on."""
    found = [layer for layer in model.layers if layer.name.startswith("hidden")]
    return [layer.kernel.numpy().astype(float).ravel() for layer in found if layer.weights]


def _compared(start: list[np.ndarray], end: list[np.ndarray]) -> pd.DataFrame:
    left = [float(np.linalg.norm(new) / np.linalg.norm(old)) for old, new in zip(start, end, strict=True)]
    cosine = [float(old @ new / np.linalg.norm(old) / np.linalg.norm(new)) for old, new in zip(start, end, strict=True)]
    return pd.DataFrame({"layer": np.arange(1, len(start) + 1), "left": left, "turned": 1 - np.array(cosine)})
