"""`GradientRecorder`: the gradients of a model, epoch after epoch, while `model.fit` trains it."""

import warnings
from itertools import chain
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf
from numpy.typing import NDArray

from vgcore.diagnosis.early import early_sign
from vgcore.probes.flow import kernels, parts
from vgcore.probes.measure import measure_gradients, rms
from vgcore.watch import Watch

SCALARS = ("activation_rms", "activation_gradient_rms", "weight_gradient_rms", "update_ratio", "relative_change")
"""The columns that are written for each layer."""


class GradientRecorder(keras.callbacks.Callback):
    """Record what reaches each layer and how far each one moves: `model.fit(..., callbacks=[recorder])`.

    `every`: epochs from one record to the next; the start is always recorded, as epoch 0. `batch`: the pair (x, y) to
    measure on, all records on the same one; without it, the first batch of the training, before its step is taken.
    `loss`: as for `vgcore.measure_gradients`; without it, the model's own. `log_dir`: where TensorBoard finds the
    same numbers as scalars. `diagnose`: warn once, as soon as two records in a row show a gradient that vanishes or
    explodes and does harm, or a layer that is dead; `vgcore.diagnose` says more.

    Afterwards, and at any time during the training, `table` has one row for each record and layer:

    - `epoch`: epochs that were done; then all columns of `vgcore.measure_gradients`;
    - `relative_change`: |W - W_0| / |W_0|, W being the layer's weight matrices, W_0 what they were at the start;
    - `update_ratio`: |step| / |W| of the first real step of that epoch, whatever the optimiser made of the gradient:
      after clipping, scaling, accumulation and weight decay. Several steps in one call (`steps_per_execution`) count
      as one, divided by their number. NaN at the start.

    Every record adds to the epoch's `logs`, for CSVLogger, TensorBoard and other callbacks that come after this one:
    `gradient_slope` and `gradient_decades`, as in `vgcore.GradientProfile`, `least_update_ratio` and
    `largest_update_ratio`, over the layers.

    Measuring changes nothing: the model is trained as without the recorder. Raises ValueError where `every` is no
    positive number, and before the first step whatever `measure_gradients` raises.

    Examples:
        >>> from vgcore import data, models
        >>> digits = data.digits()
        >>> model = models.mlp(models.MLP(depth=5), seed=0)
        >>> model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
        >>> recorder = GradientRecorder()
        >>> history = model.fit(digits.train_x, digits.train_y, epochs=2, verbose=0, callbacks=[recorder])
        >>> recorder.table.groupby("epoch")["relative_change"].max().gt(0).tolist()
        [False, True, True]
        >>> [round(slope, 1) for slope in history.history["gradient_slope"]]  # decades lost per layer
        [0.6, 0.6]
    """

    def __init__(
        self,
        every: int = 1,
        batch: tuple[Any, Any] | None = None,
        loss: Any = None,
        log_dir: str | Path | None = None,
        diagnose: bool = False,
    ) -> None:
        super().__init__()
        if not every >= 1:
            raise ValueError(f"every must be a number of epochs, at least 1, not {every!r}")
        self.every, self.batch, self.loss = every, batch, loss
        self._log_dir = log_dir
        self._diagnose = diagnose
        self._decades: list[float] = []
        self._writer: Any = None
        self._records: list[pd.DataFrame] = []
        self._start: dict[str, NDArray[np.float64]] = {}
        self._ratios: dict[str, float] = {}
        self._watch = Watch(self._watched_step)

    @property
    def table(self) -> pd.DataFrame:
        """All records so far."""
        return pd.concat(self._records, ignore_index=True) if self._records else pd.DataFrame()

    def on_train_begin(self, _logs: dict[str, float] | None = None) -> None:
        """Begin anew: a recorder describes one training."""
        self._records, self._start, self._ratios, self._decades, self._warned = [], {}, {}, [], False
        if self._log_dir is not None:
            self._writer = tf.summary.create_file_writer(str(self._log_dir))

    def on_epoch_begin(self, epoch: int, _logs: dict[str, float] | None = None) -> None:
        """Watch the first step."""
        if not self._records or self._due(epoch + 1):
            self._watch.begin(self.model)

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        """Record."""
        self._watch.end()
        if self._due(epoch + 1):
            found = self._record(epoch + 1)
            if logs is not None:
                logs.update(found)

    def on_train_end(self, _logs: dict[str, float] | None = None) -> None:
        """Leave the model as it was."""
        self._watch.end()
        if self._writer:
            self._writer.close()

    def _due(self, epoch: int) -> bool:
        return epoch % self.every == 0 or epoch == self.params.get("epochs")

    def _watched_step(self, iterator: Any) -> Any:
        """The first steps of an epoch, until one has moved the weights; accumulated gradients wait for theirs."""
        self._watch.end()  # first of all: whatever is raised from here on leaves nothing behind
        if not self._records:
            iterator = self._begin(iterator)
        before, steps = _weights(self.model), int(self.model.optimizer.iterations)
        result = self.model.train_function(iterator)
        taken = int(self.model.optimizer.iterations) - steps
        if taken:
            after = _weights(self.model)
            self._ratios = {layer: _moved(before[layer], after[layer]) / taken for layer in after}
        else:
            self._watch.begin(self.model)
        return result

    def _begin(self, iterator: Any) -> Any:
        """Record the start, and give back the batches that are to come; one of them may have been looked at."""
        if self.batch is None:
            first = next(iterator)
            self.batch, iterator = _pair(first), chain([first], iterator)
        self._record(0)
        return iterator

    def _record(self, epoch: int) -> dict[str, float]:
        assert self.batch is not None
        profile = measure_gradients(self.model, *self.batch, loss=self.loss)
        weights = _weights(self.model)
        if not epoch:
            self._start = weights
        changes = {layer: _moved(self._start[layer], weights[layer]) for layer in weights}
        rows = profile.table.assign(
            relative_change=profile.table["layer"].map(changes),
            update_ratio=profile.table["layer"].map(self._ratios).astype(float),
        )
        rows.insert(0, "epoch", epoch)
        self._records.append(rows)
        found = {
            "gradient_slope": profile.slope,
            "gradient_decades": profile.decades,
            "least_update_ratio": float(rows["update_ratio"].min()),
            "largest_update_ratio": float(rows["update_ratio"].max()),
        }
        self._ratios = {}
        self._write(epoch, rows, found)
        if self._diagnose and not self._warned:
            self._warn(profile.decades, rows)
        return found

    def _warn(self, decades: float, rows: pd.DataFrame) -> None:
        self._decades = [*self._decades, decades][-2:]
        sign = early_sign((self._decades[0], decades), rows) if len(self._decades) == 2 else ""
        if sign:
            self._warned = True
            warnings.warn(f"{sign} (vgcore.diagnose says more)", stacklevel=2)

    def _write(self, epoch: int, rows: pd.DataFrame, found: dict[str, float]) -> None:
        """Scalars for TensorBoard: those of the whole model, and each layer's."""
        if not self._writer:
            return
        each = rows.set_index("layer")[list(SCALARS)]
        layers = {f"{column}/{layer}": value for column in SCALARS for layer, value in each[column].items()}
        values = [{"tag": name, "simple_value": value} for name, value in (found | layers).items()]
        summary = tf.compat.v1.Summary(value=[tf.compat.v1.Summary.Value(**value) for value in values])
        with self._writer.as_default():
            # tf.summary.scalar would need TensorBoard here, where the training runs
            tf.summary.experimental.write_raw_pb(summary.SerializeToString(), step=epoch)
        self._writer.flush()


def _pair(batch: Any) -> tuple[Any, Any]:
    """x and y of a batch as Keras hands them on, which may have sample weights too."""
    x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
    if y is None:
        raise ValueError("the training has no targets: pass GradientRecorder a batch=(x, y) and a loss=")
    return x, y


def _weights(model: Any) -> dict[str, NDArray[np.float64]]:
    """All entries of each layer's weight matrices as one vector, by the layer's path."""
    found = {}
    for layer in parts(model):
        matrices = [kernel.value.numpy().astype(np.float64).ravel() for kernel in kernels(layer)]
        if matrices:
            found[layer.path or layer.name] = np.concatenate(matrices)
    return found


def _moved(old: NDArray[np.float64], new: NDArray[np.float64]) -> float:
    """|W - W_0| / |W_0|; NaN where W_0 is 0."""
    size = rms([old])
    return rms([new - old]) / size if size else float("nan")
