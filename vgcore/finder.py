"""`NonFiniteFinder`: at which step of `model.fit` a number stops being finite, and in which layer."""

from itertools import islice
from typing import Any

import keras
import tensorflow as tf

from vgcore.probes.non_finite import NonFinite, examine, search
from vgcore.watch import Watch


class NonFiniteFinder(keras.callbacks.Callback):
    """Stop a training that has overflowed, and say where it began: `model.fit(..., callbacks=[finder])`.

    After every step the loss and all variables of the model and of its optimiser are looked at. Once one of them is
    not finite, the step is computed again with the values that it began with, the random ones included:

    - `found`: the `vgcore.NonFinite` that says what came first; None as long as everything is finite. Its phase is
      "update" where only the optimiser made it;
    - `epoch` and `step`: when that was, both counted from 0, as Keras does; `batch`: the pair (x, y) of the step;
    - `weights`: the model's weights before that step, in the order of `model.get_weights()`.

    `loss`: as for `vgcore.measure_gradients`; without it, the model's own.

    What the step made of the model stays, and the training ends. Up to there it is, bit for bit, the one without a
    finder. Every step costs a copy of all variables, and a look at each.

    Examples:
        >>> from vgcore import data, models
        >>> digits = data.digits()
        >>> model = models.mlp(models.MLP(activation="relu", initialisation="he_normal", gain=1.5), seed=0)
        >>> cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        >>> model.compile(keras.optimizers.SGD(0.1), cross_entropy)
        >>> finder = NonFiniteFinder()
        >>> history = model.fit(digits.train_x, digits.train_y, shuffle=False, verbose=0, callbacks=[finder])
        >>> finder.epoch, finder.step, finder.found.phase
        (0, 1, 'forward')
    """

    def __init__(self, loss: Any = None) -> None:
        super().__init__()
        self.loss = loss
        self._watch = Watch(self._watched_steps)
        self._forget()

    def _forget(self) -> None:
        self.found: NonFinite | None = None
        self.epoch, self.step = -1, -1
        self.batch: tuple[Any, Any] | None = None
        self.weights: list[Any] = []

    def on_train_begin(self, _logs: dict[str, float] | None = None) -> None:
        """Begin anew: a finder describes one training."""
        self._forget()

    def on_epoch_begin(self, epoch: int, _logs: dict[str, float] | None = None) -> None:
        """Watch its steps."""
        self._epoch, self._step = epoch, 0
        self._watch.begin(self.model)

    def on_epoch_end(self, _epoch: int, _logs: dict[str, float] | None = None) -> None:
        """Leave off watching."""
        self._watch.end()

    def on_train_end(self, _logs: dict[str, float] | None = None) -> None:
        """Leave the model as it was."""
        self._watch.end()

    def _watched_steps(self, iterator: Any) -> Any:
        """As many steps as Keras would have taken in this call, one after the other."""
        self._watch.end()  # first of all: whatever is raised from here on leaves nothing behind
        logs = None
        for batch in islice(iterator, self.model.steps_per_execution):
            before = {id(variable): tf.convert_to_tensor(variable.value) for variable in _variables(self.model)}
            logs = self.model.train_function(iter([batch]))
            if not _all_finite([logs.get("loss", 0.0), *(one.value for one in _variables(self.model))]):
                self._look(batch, before)
                return logs
            self._step += 1
        if logs is None:
            raise StopIteration  # there was no batch left
        self._watch.begin(self.model)
        return logs

    def _look(self, batch: Any, before: dict[int, Any]) -> None:
        x, y, _ = keras.utils.unpack_x_y_sample_weight(batch)
        self.batch, self.epoch, self.step = (x, y), self._epoch, self._step
        self.model.stop_training = True
        self.weights = [before[id(weight)].numpy() for weight in self.model.weights]
        self.found = search(self.model, x, y, self.loss, before) or _updated(self.model)


def _variables(model: Any) -> list[Any]:
    return [*model.variables, *model.optimizer.variables]


def _all_finite(values: list[Any]) -> bool:
    tensors = map(tf.convert_to_tensor, values)
    return all(bool(tf.reduce_all(tf.math.is_finite(one))) for one in tensors if one.dtype.is_floating)


def _updated(model: Any) -> NonFinite:
    """The first variable that the step has left in disorder; else the loss had an unseen part, as a penalty."""
    for variable in _variables(model):
        if keras.backend.is_float_dtype(variable.dtype):
            layer, _, name = variable.path.rpartition("/")
            found = examine("update", layer, name, variable.value)
            if found:
                return found
    return NonFinite(phase="loss", layer="", tensor="loss and penalties", value="NaN", share=1.0)
