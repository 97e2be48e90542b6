"""Gated cells learn to carry a digit across rows of noise: how well, with which gates, along which path."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
import tensorflow as tf

from vgcore import data, probes, training
from vgcore.data import Sequences
from vgcore.models import Recurrent
from vgcore.probes.undisturbed import replaced
from vgcore.training import Training

BEFORE, AFTER = "before", "after"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `units` read a digit of eight rows, then `lag` rows of noise, and name the digit."""

    units: int = 32
    lag: int = 16  # so far that a cell's first bias decides whether it learns in this budget
    cells: tuple[tuple[str, str, float | None], ...] = (
        ("SimpleRNN", "simple_rnn", None),
        ("GRU 0", "gru", 0.0),  # Keras's default
        ("GRU 3", "gru", 3.0),
        ("LSTM 1", "lstm", 1.0),  # Keras's default
        ("LSTM 3", "lstm", 3.0),
    )
    optimiser: str = "adam"
    learning_rate: float = 0.01
    epochs: int = 8
    batch_size: int = 64
    examples: int = 64  # of the test set, for gates and gradients


published = Config()
smoke = Config(units=4, lag=2, cells=(("LSTM 1", "lstm", 1.0),), epochs=1, batch_size=1024, examples=8)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Train every cell alike; look at its gates and gradients before and after.

    `training`, one row for each cell:

    - `cell`: "SimpleRNN", or "GRU b", "LSTM b" with the initial bias b of the gate that keeps the state;
    - `test_accuracy`: share of unseen digits named rightly, 0 to 1; guessing gives 0.1.

    `gates`, for LSTM and GRU, one row for each `cell`, `phase` ("before" or "after" training), `gate` and `step`
    (0 = the first row of the digit; noise begins at 8):

    - `opening`: 0 shut to 1 open, mean over units and unseen examples;
    - `low`, `high`: of the units' own means the tenth and the ninetieth percentile.

    `gradients`, for LSTM, one row for each `cell`, `phase`, `path` and `lag` (steps before the last):

    - `path`: "c" for dL/dc over that at lag 0, and "straight" for the part of the same dL/dc that came through c
      alone, never through h;
    - `gradient`: RMS over units and unseen examples.
    """
    task = data.digit_then_noise(config.lag, seed)
    cells = [_measure_cell(config, task, seed, *cell) for cell in config.cells]
    return {name: pd.concat([tables[name] for tables in cells], ignore_index=True) for name in cells[0]}


def _measure_cell(
    config: Config, task: Sequences, seed: int, name: str, cell: str, bias: float | None
) -> dict[str, pd.DataFrame]:
    recipe = Training(
        network=_network(config, cell, bias),
        optimiser=config.optimiser,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
        record_every=config.epochs,
    )
    gates: list[pd.DataFrame] = [pd.DataFrame()]
    gradients: list[pd.DataFrame] = [pd.DataFrame()]

    def look(epoch: int, model: Any) -> None:
        if epoch not in (0, config.epochs):
            return
        phase = AFTER if epoch else BEFORE
        x, y = task.test_x[: config.examples], task.test_y[: config.examples]
        if cell == "lstm":
            gradients.append(_gradients(model, x, y).assign(phase=phase))
        if bias is not None:
            gates.append(_gates(model, x).assign(phase=phase))

    end = training.train(recipe, task, seed, observe=look).epochs.iloc[-1]
    return {
        "training": pd.DataFrame({"cell": [name], "test_accuracy": [end["test_accuracy"]]}),
        "gates": pd.concat(gates).assign(cell=name),
        "gradients": pd.concat(gradients).assign(cell=name),
    }


def _network(config: Config, cell: str, bias: float | None) -> Recurrent:
    network = Recurrent(cell=cell, units=config.units)
    if bias is None:
        return network
    return replace(network, forget_bias=bias) if cell == "lstm" else replace(network, update_bias=bias)


def _gates(model: Any, x: Any) -> pd.DataFrame:
    openings = probes.measure_gates(model, x).groupby(["gate", "step"])["opening"]
    return pd.DataFrame(
        {"opening": openings.mean(), "low": openings.quantile(0.1), "high": openings.quantile(0.9)}
    ).reset_index()


def _gradients(model: Any, x: Any, y: Any) -> pd.DataFrame:
    every = _of_cell_state(model, x, y)
    with _through_c_alone(model.get_layer("recurrent").cell):
        straight = _of_cell_state(model, x, y)
    paths = pd.DataFrame({"c": every / every[0], "straight": straight / every[0]})
    return paths.reset_index().melt("lag", var_name="path", value_name="gradient")


def _of_cell_state(model: Any, x: Any, y: Any) -> "pd.Series[float]":
    return probes.measure_gradients_through_time(model, x, y).table.set_index("lag")["cell_gradient_rms"]


@contextmanager
def _through_c_alone(cell: Any) -> Iterator[None]:
    """Within this context no gradient passes from a step's gates and candidate to the h that they saw."""
    call = cell.call

    def detached(inputs: Any, states: Any, *rest: Any, **keywords: Any) -> Any:
        return call(inputs, [tf.stop_gradient(states[0]), *states[1:]], *rest, **keywords)

    with replaced(cell, "call", detached):
        yield
