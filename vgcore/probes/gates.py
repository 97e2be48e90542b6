"""`measure_gates`: how far the gates of an LSTM or a GRU stand open, step by step."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from keras import ops

from vgcore.probes.measure import check_model
from vgcore.probes.through_time import recurrent_layers
from vgcore.probes.undisturbed import in_float64, replaced

GATES = {keras.layers.LSTMCell: ("input", "forget", "", "output"), keras.layers.GRUCell: ("update", "reset", "")}
"""In the order in which Keras lays them into its matrices; "" is the candidate, which is no gate."""


def measure_gates(model: Any, x: Any) -> pd.DataFrame:
    """Measure how far each gate of every LSTM and GRU in a model stands open while it reads a batch.

    One row for each layer, gate, step and unit:

    - `layer`: the layer's Keras path; `gate`: "input", "forget", "output" of an LSTM, "update", "reset" of a GRU;
    - `step`: 0 = the first that the layer reads; `unit`: of the layer, from 0;
    - `opening`: the gate's value, 0 shut to 1 open, the mean over the batch. A forget or update gate that is open
      keeps the old state.

    Computed in float64, dropout off; masks play no part. The model stays bit for bit what it was. Raises ValueError
    if the model has no recurrent layer, or one whose cell is not Keras's own LSTM or GRU.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.recurrent(models.Recurrent(cell="lstm", forget_bias=3.0), seed=0)
        >>> gates = measure_gates(model, data.digits_by_row().train_x[:64])
        >>> gates.groupby("gate")["opening"].mean().round(2).to_dict()
        {'forget': 0.95, 'input': 0.5, 'output': 0.5}
    """
    check_model(model)
    layers = recurrent_layers(model)
    for layer in layers:
        if type(layer.cell) not in GATES:
            raise ValueError(f"the gates of a {type(layer.cell).__name__} are not known, only those of LSTM and GRU")
    found: dict[int, list[Any]] = {id(layer): [] for layer in layers}
    with in_float64(model), ExitStack() as stack:
        for layer in layers:
            stack.enter_context(_recorded(layer, found[id(layer)]))
        model(tf.constant(np.asarray(x), tf.float64), training=False)
    return pd.concat([_rows(layer, found[id(layer)]) for layer in layers], ignore_index=True)


@contextmanager
def _recorded(layer: Any, steps: list[Any]) -> Iterator[None]:
    """Within this context the layer reads step by step and notes its gates, (units * gates,) a step."""
    with ExitStack() as stack:
        stack.enter_context(replaced(layer.cell, "call", _noting(layer.cell, layer.cell.call, steps)))
        stack.enter_context(replaced(layer, "unroll", True))
        stack.enter_context(replaced(layer, "use_cudnn", False))
        yield


def _noting(cell: Any, call: Callable[..., Any], steps: list[Any]) -> Callable[..., Any]:
    def recorded_call(inputs: Any, states: Any, *rest: Any, **keywords: Any) -> Any:
        sums = ops.matmul(inputs, cell.kernel) + ops.matmul(states[0], cell.recurrent_kernel)
        if cell.use_bias:
            sums = sums + ops.sum(ops.reshape(cell.bias, (-1, sums.shape[-1])), axis=0)  # a GRU has two
        steps.append(np.asarray(cell.recurrent_activation(sums)).mean(axis=0))
        return call(inputs, states, *rest, **keywords)

    return recorded_call


def _rows(layer: Any, steps: list[Any]) -> pd.DataFrame:
    names = GATES[type(layer.cell)]
    openings = np.stack(steps).reshape(len(steps), len(names), -1)
    step, gate, unit = (axis.ravel() for axis in np.indices(openings.shape))
    table = pd.DataFrame(
        {
            "layer": layer.path or layer.name,
            "gate": np.array(names)[gate],
            "step": step,
            "unit": unit,
            "opening": openings.ravel(),
        }
    )
    return table[table["gate"] != ""].reset_index(drop=True)
