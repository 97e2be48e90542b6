"""`measure_gradients_through_time`: one batch forward and backward, one row for each step back in time."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.probes.losses import loss_of, mean_loss
from vgcore.probes.measure import check_model, checked_batch, rms
from vgcore.probes.undisturbed import in_float64, replaced

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class TimeProfile:
    """The gradients of one batch, step by step back in time.

    `table` has one row for each recurrent layer and lag; see `vgcore.measure_gradients_through_time` for its columns.
    """

    table: pd.DataFrame

    @property
    def factors(self) -> dict[str, float]:
        """For each recurrent layer what one step passes back of the gradient: below 1 it vanishes, above it explodes.

        10 to the least-squares slope of log10(gradient) over the lag; of `cell_gradient_rms` where the layer has a
        cell state, else of `hidden_gradient_rms`. Lags without a gradient are left out; NaN with fewer than two.
        """
        return {str(layer): _factor(rows) for layer, rows in self.table.groupby("layer", sort=False)}


def measure_gradients_through_time(model: Any, x: Any, y: Any, loss: Any = None) -> TimeProfile:
    """Measure what reaches the states of every recurrent layer, at each step back in time, on one batch.

    `model`, `x`, `y`, `loss`: as for `measure_gradients`. SimpleRNN, LSTM, GRU, any other `keras.layers.RNN` around a
    single cell, and both directions of a Bidirectional layer are measured.

    The profile's `table` has the columns

    - `layer`: the layer's Keras path; `lag`: steps before the last one that the layer reads, 0 = the last. Steps that
      a mask leaves out are not counted;
    - `hidden_gradient_rms`: RMS over the batch and all units of dL/dh, where h is the state after that step, the one
      the layer also returns;
    - `cell_gradient_rms`: the same for the cell's second state, an LSTM's c, whatever leads through h included; NaN
      where there is none.

    The gradient with respect to the sequence that a layer returns is no substitute: h reaches the later steps by
    another way, and that gradient is 0 wherever the loss looks at the last step only. So each layer is stepped through
    one by one here, in float64, and every state is watched. L is the mean over the batch; dropout is off.

    The model, its optimiser, its statistics and every random state stay bit for bit what they were.

    Raises ValueError if the model has no recurrent layer or one of several stacked cells, otherwise what
    `measure_gradients` raises.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.recurrent(models.Recurrent(cell="gru", features=1), seed=0)
        >>> pixels = data.digits_by_pixel()
        >>> profile = measure_gradients_through_time(model, pixels.train_x[:64], pixels.train_y[:64])
        >>> round(profile.factors["recurrent"], 1)
        0.6
    """
    check_model(model)
    layers = recurrent_layers(model)
    x, y = checked_batch(x, y)
    runs: list[_Run] = []
    with in_float64(model) as values, tf.GradientTape() as tape, ExitStack() as stack:
        tape.watch(list(values.values()))
        for layer in layers:
            stack.enter_context(_stepped(layer, tape, runs))
        prediction = model(x, training=False)
        mean = mean_loss(loss if loss is not None else loss_of(model, y, prediction), y, prediction)
    gradients = tape.gradient(mean, [run.states for run in runs], unconnected_gradients=tf.UnconnectedGradients.ZERO)
    return TimeProfile(table=pd.concat([_rows(layer, runs, gradients) for layer in layers], ignore_index=True))


@dataclass(kw_only=True)
class _Run:
    """One pass of one layer over its sequence: the states after each step, [h] or [h, c], and the mask if any."""

    layer: Any
    mask: Any
    states: list[list[Any]] = field(default_factory=list)

    def lags(self) -> NDArray[np.int64]:
        """For each step and example how many steps the example has left; -1 where the step is masked."""
        if self.mask is None:
            return np.arange(len(self.states))[::-1, None]
        read = np.asarray(self.mask).astype(bool).T
        read = read[::-1] if self.layer.go_backwards else read
        left = read[::-1].cumsum(axis=0)[::-1] - 1
        return np.where(read, left, -1)


@contextmanager
def _stepped(layer: Any, tape: Any, runs: list[_Run]) -> Iterator[None]:
    """Within this context the layer reads step by step, and every state is watched and kept."""
    inner_loop, call = layer.inner_loop, layer.cell.call

    def recorded_loop(sequences: Any, initial_state: Any, mask: Any, training: bool = False) -> Any:
        runs.append(_Run(layer=layer, mask=mask))
        return inner_loop(sequences, initial_state, mask, training=training)

    def recorded_call(*arguments: Any, **keywords: Any) -> Any:
        output, states = call(*arguments, **keywords)
        kept = keras.tree.flatten(states)[:2]
        tape.watch(kept)
        runs[-1].states.append(kept)
        return output, states

    with ExitStack() as stack:
        stack.enter_context(replaced(layer, "inner_loop", recorded_loop))
        stack.enter_context(replaced(layer.cell, "call", recorded_call))
        stack.enter_context(replaced(layer, "unroll", True))
        if hasattr(layer, "use_cudnn"):
            stack.enter_context(replaced(layer, "use_cudnn", False))
        yield


def _rows(layer: Any, runs: list[_Run], gradients: list[list[list[Any]]]) -> pd.DataFrame:
    """One row a lag, over all runs of the layer."""
    mine = [(run, each) for run, each in zip(runs, gradients, strict=True) if run.layer is layer]
    if not mine:
        return pd.DataFrame()
    lags = range(1 + max(int(run.lags().max()) for run, _ in mine))
    names = ("hidden_gradient_rms", "cell_gradient_rms")
    columns = {name: [_rms_at(mine, state, lag) for lag in lags] for state, name in enumerate(names)}
    return pd.DataFrame({"layer": layer.path or layer.name, "lag": list(lags), **columns})


def _rms_at(runs: list[tuple[_Run, list[list[Any]]]], state: int, lag: int) -> float:
    found = [
        np.asarray(step[state], np.float64)[np.broadcast_to(left == lag, len(step[state]))]
        for run, gradients in runs
        for left, step in zip(run.lags(), gradients, strict=True)
        if state < len(step)
    ]
    return rms(found) if found else float("nan")


def _factor(rows: pd.DataFrame) -> float:
    has_cell = rows["cell_gradient_rms"].notna().all()
    gradients = rows["cell_gradient_rms" if has_cell else "hidden_gradient_rms"].to_numpy(float)
    usable = np.isfinite(gradients) & (gradients > 0)
    if usable.sum() < 2:
        return float("nan")
    slope = np.polyfit(rows["lag"].to_numpy(float)[usable], np.log10(gradients[usable]), 1)[0]
    return float(10**slope)


def recurrent_layers(model: Any) -> list[Any]:
    """The recurrent layers of a model, nested ones too. Raises ValueError if there is none, or a stack of cells."""
    layers = [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.RNN)]
    if not layers:
        raise ValueError("the model has no recurrent layer")
    for layer in layers:
        if isinstance(layer.cell, keras.layers.StackedRNNCells):
            raise ValueError(f"{layer.name} stacks several cells in one layer: use one layer for each cell")  # noqa: TRY004
    return layers
