"""Over how many branches does the gradient of a deep residual network travel?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP

ARMS = {"unnormalised": None, "batch norm": "batch"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Residual ReLU networks with He's weights, one matrix a branch, branches not scaled, before training."""

    blocks: int = 40  # the time it takes to take them apart grows with their square
    width: int = 64
    examples: int = 32


published = Config()
smoke = Config(blocks=4, examples=8)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The gradient at the input by the number of branches it came through. `arm` is "unnormalised" or "batch norm".

    - "lengths": `arm`, `length` (branches passed), `share` (of dL/dx, see `vgcore.measure_path_lengths`; sums to 1),
      `paths` (the share of the network's paths that have this length: binomial coefficients over 2^blocks; where
      every branch multiplies the gradient's mean square by 1, also theory's share);
    - "summary": `arm`, `mean_length` (of the gradient, branches), `most_travelled` (the shortest length up to which
      paths bring nine tenths of the gradient), `paths_needed` (what share of all paths is no longer than that).
    """
    lengths = pd.concat([_lengths(config, seed, arm) for arm in ARMS], ignore_index=True)
    return {"lengths": lengths, "summary": pd.DataFrame([_summary(lengths, arm) for arm in ARMS])}


def _lengths(config: Config, seed: int, arm: str) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    table = probes.measure_path_lengths(_model(config, seed, arm), x, y)
    paths = theory.path_counts(config.blocks) / 2.0**config.blocks
    return pd.DataFrame({"arm": arm, "length": table["length"], "share": table["share"], "paths": paths})


def _model(config: Config, seed: int, arm: str) -> Any:
    """The gain undoes the scale of the branches; the first layer, which is no branch, must not have it."""
    gain = config.blocks**0.5
    network = MLP(
        depth=config.blocks + 1, width=config.width, activation="relu", initialisation="he_normal", gain=gain,
        skip=True, normalisation=ARMS[arm],
    )  # fmt: skip
    model = models.mlp(network, seed)
    first = model.get_layer("hidden_1").kernel
    first.assign(first / gain)
    return model


def _summary(lengths: pd.DataFrame, arm: str) -> dict[str, object]:
    one = lengths[lengths["arm"] == arm]
    enough = int(np.argmax(one["share"].cumsum() >= 0.9))
    return {
        "arm": arm,
        "mean_length": float((one["length"] * one["share"]).sum()),
        "most_travelled": float(enough),
        "paths_needed": float(one["paths"].iloc[: enough + 1].sum()),
    }
