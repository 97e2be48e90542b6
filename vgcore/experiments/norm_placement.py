"""What a transformer does to its gradient before training, by where it normalises and how it scales its branches."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, probes
from vgcore.models import Transformer

NORMS = {"none": None, "before": "before", "after": "after"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Transformers that read a digit row by row."""

    depth: int = 12  # blocks, each with two branches: as many as in BERT's and GPT-2's smallest
    width: int = 32
    arms: tuple[str, ...] = tuple(NORMS)
    examples: int = 64  # of the training set, for measuring gradients


published = Config()
smoke = Config(depth=2, width=4, arms=("before",), examples=8)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradients by block.

    One row for each `arm` (where the network normalises: "none", "before" each branch or "after" each addition),
    `scaled` (1 where branches are divided by the square root of their number, else 0) and `layer` (the block, 1 =
    next to the input):

    - `stream_gradient`: RMS of dL/dh over that of the last block, h being the stream after the block's attention;
    - `weight_gradient`: RMS of dL/dW of the block's first dense layer over that of the last block's.
    """
    rows = [_by_block(config, seed, arm, scaled) for arm in config.arms for scaled in (0, 1)]
    return pd.concat(rows, ignore_index=True)


def _by_block(config: Config, seed: int, arm: str, scaled: int) -> pd.DataFrame:
    network = Transformer(depth=config.depth, width=config.width, norm=NORMS[arm], branch_scale=None if scaled else 1.0)
    digits = data.digits_by_row()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    table = probes.measure_gradients(network.build(seed), x, y).table
    stream = table[table["layer"].str.endswith("attention_output")]["activation_gradient_rms"].to_numpy()
    weights = table[table["layer"].str.contains("wide")]["weight_gradient_rms"].to_numpy()
    return pd.DataFrame(
        {
            "arm": arm,
            "scaled": scaled,
            "layer": np.arange(1, config.depth + 1),
            "stream_gradient": stream / stream[-1],
            "weight_gradient": weights / weights[-1],
        }
    )
