"""What a training step of each recurrent cell costs: parameters, operations and memory, counted."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import models
from vgcore.costs import step_cost
from vgcore.models import Recurrent


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of equal `units` that read one batch of digits, row by row."""

    units: int = 32
    features: int = 8
    steps: int = 8
    batch_size: int = 64
    cells: tuple[tuple[str, str, bool, float], ...] = (  # name, cell, layer normalisation, recurrent dropout
        ("SimpleRNN", "simple_rnn", False, 0.0),
        ("GRU", "gru", False, 0.0),
        ("LSTM", "lstm", False, 0.0),
        ("SimpleRNN, normalised", "simple_rnn", True, 0.0),
        ("LSTM, normalised", "lstm", True, 0.0),
        ("LSTM, dropout", "lstm", False, 0.25),
    )


published = Config()
smoke = Config(units=4, steps=2, batch_size=2, cells=(("SimpleRNN", "simple_rnn", False, 0.0),))


def measure(config: Config) -> pd.DataFrame:
    """Counted, not timed, and the same whatever the weights are.

    One row for each `cell`:

    - `parameters`, of the recurrent layer and the answer;
    - `operations`: floating-point operations of one forward and backward pass over the batch;
    - `kept_bytes`: of the forward pass, what the backward pass reads again.
    """
    x = np.zeros((config.batch_size, config.steps, config.features), np.float32)
    y = np.zeros(config.batch_size, np.int64)
    rows = []
    for name, cell, layer_norm, dropout in config.cells:
        network = Recurrent(
            cell=cell,
            units=config.units,
            features=config.features,
            layer_norm=layer_norm,
            recurrent_dropout=dropout,
        )
        cost = step_cost(models.recurrent(network, seed=0), x, y)
        rows.append(
            {
                "cell": name,
                "parameters": float(cost.parameters),
                "operations": float(cost.operations),
                "kept_bytes": float(cost.kept_bytes),
            }
        )
    return pd.DataFrame(rows)
