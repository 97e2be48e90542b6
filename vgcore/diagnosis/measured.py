"""Everything that a diagnosis rests on: looks before and after a short training on trial, and what they add up to."""

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from vgcore.diagnosis.batches import Batch, batches, rows, size
from vgcore.diagnosis.guesses import best_guess
from vgcore.diagnosis.look import Look, look, looks
from vgcore.diagnosis.trial import Trial, rehearsed
from vgcore.probes import TimeProfile, measure_gradients_through_time
from vgcore.probes.measure import rms

EXAMPLES = 768
"""All that are used."""

STEPS, BATCH, LOOKED_AT = 40, 64, 128
"""Steps on trial, examples in each, and examples in each look."""

AGAIN = 32
"""Examples in the second look, which only asks whether the first one was chance."""

LOAD = 10.0
"""How many times too long the gradient has to be in most steps before it is tried without clipping."""

BETTER = 0.95
"""Of a loss, below which another one is better."""

SLOWER = 0.1
"""Of the rate, in a trial that asks whether the rate is at fault."""

TIMED = 32
"""Examples whose sequences are followed back in time: every step is computed on its own."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What was measured of a model.

    `before`: looks at two batches; `after`: the first of these batches again, after the trial; None if it diverged.
    `unclipped`: the trial without the optimiser's clipping, None where it hardly clips. `guess`: the loss of the best
    answer that ignores the input, NaN if unknown. `times`: gradients through time, None without recurrent layers.
    """

    model: Any
    sample: Batch
    loss: Any
    optimiser: Any
    before: tuple[Look, ...]
    after: Look | None
    trial: Trial
    unclipped: Trial | None
    guess: float
    times: TimeProfile | None
    learning_rate: float

    @property
    def first(self) -> Batch:
        """The batch of the first look and of the last, of which the trial saw nothing."""
        return _parts(self.sample)[0]

    @property
    def second(self) -> Batch:
        """The batch of the second look."""
        return _parts(self.sample)[1]

    @property
    def times_again(self) -> TimeProfile | None:
        """Gradients through time of other examples: measured when it is asked for, which takes its time."""
        return _times(self.model, rows(self.second, slice(0, TIMED)), self.loss)

    @property
    def slower(self) -> Look | None:
        """The first batch after the same steps at a tenth of the rate: another trial, taken when it is asked for.

        None if it diverged. A rate that follows a schedule stays what it is.
        """
        course = batches(_parts(self.sample)[2], STEPS, BATCH)
        with rehearsed(self.model, course, optimiser=self.optimiser, loss=self.loss, rate=SLOWER) as trial:
            return look(self.model, *self.first, self.loss) if trial.finite == len(course) else None

    @property
    def input_rms(self) -> float:
        """Root mean square of the inputs that are real numbers; 1 if there are none."""
        real = [
            np.asarray(one, float) for one in keras.tree.flatten(self.sample[0]) if np.asarray(one).dtype.kind == "f"
        ]
        return rms(real) if real else 1.0

    @property
    def target_rms(self) -> float:
        """Root mean square of the targets that are real numbers; 0 if there are none."""
        real = [
            np.asarray(one, float) for one in keras.tree.flatten(self.sample[1]) if np.asarray(one).dtype.kind == "f"
        ]
        return rms(real) if real else 0.0

    @property
    def is_sequence(self) -> bool:
        """Whether the model reads sequences, whose order matters more than their distance."""
        kinds = (keras.layers.RNN, keras.layers.Embedding)
        return any(isinstance(layer, kinds) for layer in self.model._flatten_layers())

    @property
    def is_nested(self) -> bool:
        """Whether the model has several inputs."""
        return len(keras.tree.flatten(self.sample[0])) > 1

    @property
    def holds_unclipped(self) -> bool:
        """Whether the trial without clipping stayed finite and did not run away."""
        losses = [] if self.unclipped is None else self.unclipped.losses
        return len(losses) == STEPS and bool(np.nanmax(losses[-5:]) < 3 * max(losses[0], np.nan_to_num(self.guess)))

    @property
    def in_order(self) -> bool:
        """Whether every loss and gradient that was met was a finite number."""
        sizes = self.before[0].layers[["activation_rms", "activation_gradient_rms", "weight_gradient_rms"]]
        return (
            self.trial.in_order and bool(np.isfinite(self.before[0].loss)) and bool(np.isfinite(sizes).all(axis=None))
        )

    @property
    def looks(self) -> tuple[Look, ...]:
        """All looks, in order."""
        return (*self.before, *([self.after] if self.after else []))

    @property
    def has_learnt(self) -> bool:
        """Whether the model was already far better than a guess before the trial."""
        return self.before[0].loss < 0.6 * self.guess

    @property
    def learns(self) -> bool:
        """Whether the trial made it better than it was, and than a guess."""
        return self.after is not None and self.is_learning(self.after)

    def is_learning(self, end: Look) -> bool:
        """Whether the model is better at this look than it was at first, and than a guess."""
        return bool(end.loss < BETTER * np.nanmin([self.before[0].loss, self.guess]))

    @property
    def diverges(self) -> bool:
        """Whether the trial ended in numbers that are not finite, or far above where it began."""
        return self.after is None or not self.after.loss < 3 * max(self.before[0].loss, np.nan_to_num(self.guess))


def measure(model: Any, sample: Batch, loss: Any, optimiser: Any) -> Measured:
    """Look at the model, train it on trial, look again; the model stays bit for bit what it was."""
    first, second, rest = _parts(sample)
    before = looks(model, [first, second], loss)
    course = batches(rest, STEPS, BATCH)
    with rehearsed(model, course, optimiser=optimiser, loss=loss) as trial:
        after = look(model, *first, loss) if trial.finite == len(course) else None
    return Measured(
        model=model,
        sample=sample,
        loss=loss,
        optimiser=optimiser,
        before=before,
        after=after if after and np.isfinite(after.loss) else None,
        trial=trial,
        unclipped=_unclipped(model, course, optimiser, loss, trial),
        guess=best_guess(loss, first[1], before[0].outputs),
        times=_times(model, rows(first, slice(0, TIMED)), loss),
        learning_rate=float(tf.convert_to_tensor(optimiser.learning_rate)),
    )


def _parts(sample: Batch) -> tuple[Batch, Batch, Batch]:
    """The examples of the first look, of the second, and of the trial."""
    part = min(LOOKED_AT, size(sample) // 3)
    return (
        rows(sample, slice(0, part)),
        rows(sample, slice(part, part + min(AGAIN, part))),
        rows(sample, slice(part, None)),
    )


def _unclipped(model: Any, course: list[Batch], optimiser: Any, loss: Any, trial: Trial) -> Trial | None:
    if not trial.clip_loads or np.median(trial.clip_loads) < LOAD:
        return None
    with rehearsed(model, course, optimiser=optimiser, loss=loss, clipping=False) as unclipped:
        return unclipped


def _times(model: Any, batch: Batch, loss: Any) -> TimeProfile | None:
    recurrent = [layer for layer in model._flatten_layers() if isinstance(layer, keras.layers.RNN)]
    return measure_gradients_through_time(model, *batch, loss=loss) if recurrent else None
