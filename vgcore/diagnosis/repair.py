"""`try_fixes`: every fix that applies, on a copy of the model, in a short race against the model as it is."""

from collections.abc import Sequence
from time import perf_counter
from typing import Any

import numpy as np

from vgcore.diagnosis.batches import rows, size
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.fixes import FIXES, Fix
from vgcore.diagnosis.horizon import horizons
from vgcore.diagnosis.levels import fall
from vgcore.diagnosis.look import Look, look
from vgcore.diagnosis.losses import single_weight
from vgcore.diagnosis.measured import BATCH, TIMED, Measured, _times
from vgcore.diagnosis.race import MOMENTS, Order, Track, lent, race, ready
from vgcore.diagnosis.rebuilt import copied
from vgcore.diagnosis.repaired import Repaired, as_it_is
from vgcore.diagnosis.trials import AS_IT_IS, Trials, ranked, verdict

LEAST, MOST = 30, 300
"""Steps of a race: fewer say nothing, and with more the few examples are learnt by heart."""

ALLOWANCE = 1.5
"""How much longer everything takes with a fix than without, on average."""


def try_fixes(
    measured: Measured,
    findings: Sequence[Finding],
    *,
    budget_seconds: float = 60.0,
    steps: int | None = None,
    seed: int = 0,
) -> Trials:
    """Try every fix that makes sense for one of the findings.

    Each is applied to a copy of the model, looked at, and trained for as many steps on the same batches as the others,
    and as the model as it is. The model itself stays bit for bit what it was.
    `budget_seconds`: about how long all of it may take; the number of steps, at most 300, follows from the time that a
    few of them take, and a fix for which too little time is left, by the longest so far, is not tried. `steps`: so
    many instead, however long it takes: the result then depends on `seed` alone. Raises ValueError for steps or a
    budget that are not positive.
    """
    if budget_seconds <= 0 or (steps is not None and steps < 1):
        raise ValueError(f"the steps and the seconds must be positive, not {steps!r} and {budget_seconds!r}")
    chosen = [fix for fix in FIXES if any(fix.applies(measured, finding) for finding in findings)]
    until = perf_counter() + budget_seconds if steps is None else np.inf
    if not chosen:
        return Trials(table=ranked([], 1.0), steps=0, seed=seed, guess=measured.guess)
    bench = _Bench(measured, seed)
    steps = steps or bench.affordable(len(chosen) + 1, until)
    return bench.trials(chosen, steps, until)


class _Bench:
    """Tries one fix after the other on the same track."""

    def __init__(self, measured: Measured, seed: int) -> None:
        self.measured, self.seed = measured, seed
        held_out = measured.first
        train = rows(measured.sample, slice(size(held_out), None))
        self.track = Track(
            train=train,
            held_out=held_out,
            loss=measured.loss,
            guess=measured.guess,
            weight=single_weight(measured.model),
        )

    def trials(self, fixes: Sequence[Fix], steps: int, until: float) -> Trials:
        """The races, the model as it is first."""
        order, guess = self.order(steps), self.measured.guess
        began = perf_counter()
        before = self.tried(None, order)
        longest = perf_counter() - began
        scale = guess if guess > 0 else abs(before["loss_before"]) or 1.0
        found = [before]
        for fix in fixes:
            began = perf_counter()
            row = self.row(fix, order) if began + longest < until else _untried("not tried: the time was up")
            longest = max(longest, perf_counter() - began)
            row = row | {"fix": fix.NAME, "page": fix.PAGE, "decades_before": before["decades_after"]}
            found.append(row | {"helps": row["helps"] or verdict(row["loss"], before["loss"], scale)})
        return Trials(table=ranked(found, scale), steps=steps, seed=self.seed, guess=guess)

    def row(self, fix: Fix, order: Order) -> dict[str, Any]:
        """What comes of a fix; why it cannot be applied."""
        try:
            return self.tried(fix, order)
        except ValueError as wrong:  # CannotRebuild, or what Keras says to the changed layers
            return _untried(f"cannot be applied: {str(wrong).splitlines()[0]}")

    def tried(self, fix: Fix | None, order: Order) -> dict[str, Any]:
        """Apply a fix, or none, look, and train."""
        model, (x, y) = self.measured.model, self.measured.first
        with lent(model), np.errstate(all="ignore"):
            repaired = self.repaired(fix)
            seen = look(repaired.model, x, y, self.measured.loss)
            decades = self.decades(repaired.model, seen)
            finish = race(repaired, self.track, order, ready(repaired, self.track))
            extra = repaired.model.count_params() - model.count_params()
        return {"fix": AS_IT_IS, "page": "", "helps": "", "loss_before": seen.loss, "loss": finish.loss,
                "accuracy": finish.accuracy, "decades_before": decades, "decades_after": decades,
                "extra_parameters": extra}  # fmt: skip

    def repaired(self, fix: Fix | None) -> Repaired:
        """The model to race with."""
        return (
            fix.apply(self.measured, self.seed)
            if fix
            else as_it_is(self.measured, copied(self.measured.model, self.seed))
        )

    def decades(self, model: Any, seen: Look) -> float:
        """What the gradient loses along the depth or in time, whichever changes more."""
        batch = rows(self.measured.first, slice(0, TIMED))
        along = fall(seen)
        found = [along.decades] if along else []
        found += [each.decades for each in horizons(_times(model, batch, self.measured.loss))]
        return max(found, key=abs, default=float("nan"))

    def order(self, steps: int) -> Order:
        """So many batches of the training examples, each epoch in a new order; partial batches are dropped."""
        examples, random = size(self.track.train), np.random.default_rng(self.seed)
        length = min(BATCH, examples)
        whole = examples // length
        epochs = [random.permutation(examples)[: whole * length] for _ in range(-(-steps // whole))]
        return np.concatenate(epochs)[: steps * length].reshape(steps, length)

    def affordable(self, runs: int, until: float) -> int:
        """How many steps each of so many runs can take in the time that is left."""
        with lent(self.measured.model), np.errstate(all="ignore"):
            began = perf_counter()
            repaired = self.repaired(None)
            self.decades(repaired.model, look(repaired.model, *self.measured.first, self.measured.loss))
            steps = ready(repaired, self.track)
            race(repaired, self.track, self.order(MOMENTS), steps)
            around = perf_counter() - began
            steps(self.order(MOMENTS))
            step = (perf_counter() - began - around) / MOMENTS
        each = (until - perf_counter()) / runs - ALLOWANCE * around
        return int(np.clip(each / (ALLOWANCE * step), LEAST, MOST))


def _untried(why: str) -> dict[str, Any]:
    missing = float("nan")
    return {"helps": why, "loss_before": missing, "loss": missing, "accuracy": missing, "decades_after": missing,
            "extra_parameters": 0}  # fmt: skip
