"""How fast a gradient grows behind batch normalisation when nothing bends: layers without an activation."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import models, probes, theory
from vgcore.models import MLP


@dataclass(frozen=True, kw_only=True)
class Config:
    """Deep linear networks with batch normalisation, on random normal inputs."""

    depth: int = 30
    width: int = 128
    batches: tuple[int, ...] = (8, 32)
    skipped: int = 2  # layers next to the input, whose batches still look like the data


published = Config()
smoke = Config(depth=4, width=16, batches=(8,), skipped=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Growth of dL/dh a layer towards the input, before training: one row for each size of a batch, `batch`.

    `growth`: geometric mean over the layers; `theory`: for wide networks of great depth, nothing is fitted.
    """
    return pd.DataFrame([_row(config, seed, batch) for batch in config.batches])


def _row(config: Config, seed: int, batch: int) -> dict[str, float]:
    network = MLP(
        depth=config.depth, width=config.width, activation="linear", initialisation="lecun_normal",
        normalisation="batch",
    )  # fmt: skip
    random = np.random.default_rng(seed)
    x, y = random.normal(size=(batch, network.inputs)), random.integers(0, network.outputs, batch)
    profile = probes.measure_gradients(models.mlp(network, seed), x, y).table
    gradients = profile["activation_gradient_rms"].to_numpy()[config.skipped : config.depth]
    growth = (gradients[0] / gradients[-1]) ** (1 / (len(gradients) - 1))
    return {"batch": batch, "growth": float(growth), "theory": theory.linear_batch_norm_growth(batch)}
