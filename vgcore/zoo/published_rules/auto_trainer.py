"""AutoTrainer: Zhang et al., ICSE 2021."""

import numpy as np

from vgcore.zoo.published_rules.observed import DEAD, EXPLODING, NON_FINITE, VANISHING, Array, Look, Readings, Verdicts


def examine(readings: Readings, every: int = 3, patience: float = 0.3) -> Verdicts:
    """AutoTrainer looks every three epochs and stops at the first finding.

    Numbers that are none are reported at once (as explosion; here "non-finite"). Gradients and dead units count only
    when the model learns badly, which is judged after 30 % of the epochs, and stays judged so. Of several problems it
    reports dead units before explosion before vanishing. A regression has no accuracy, so nothing opens that gate.
    """
    found: set[str] = set()
    learns_badly = False
    for number in range(every, len(readings.epochs) + 1, every):
        look = readings.epochs[number - 1]
        if any_non_finite(look):
            return frozenset({NON_FINITE})
        found |= _auto_trainer_gradients(look)
        if number >= patience * len(readings.epochs):
            learns_badly |= converges_badly([past.accuracy for past in readings.epochs[:number]])
        if learns_badly and found:
            return frozenset({next(symptom for symptom in (DEAD, EXPLODING, VANISHING) if symptom in found)})
    return frozenset()


def _auto_trainer_gradients(look: Look) -> set[str]:
    rules = {DEAD: mostly_zero, EXPLODING: first_exceeds_last, VANISHING: first_vanishes}
    return {symptom for symptom, rule in rules.items() if rule(look.gradients)}


def any_non_finite(look: Look, limit: float = 1e3) -> bool:
    """AutoTrainer: a gradient, weight or loss is NaN or infinite, or the loss has reached a thousand."""
    arrays = (*look.gradients, *look.weights)
    return not all(np.isfinite(array).all() for array in arrays) or not look.loss < limit


def first_vanishes(gradients: tuple[Array, ...], ratio: float = 1e-3, size: float = 1e-4) -> bool:
    """AutoTrainer: |g_1| / |g_L| < 0.001 and |g_1| < 0.0001, norms of the first and the last kernel's gradient."""
    first, last = _norms(gradients)
    return bool(first < size and first < ratio * last)


def first_exceeds_last(gradients: tuple[Array, ...], ratio: float = 70.0) -> bool:
    """AutoTrainer: |g_1| / |g_L| > 70."""
    first, last = _norms(gradients)
    return bool(first > ratio * last)


def _norms(gradients: tuple[Array, ...]) -> tuple[np.float32, np.float32]:
    """Of the first and the last, in float32 as the tool takes them: below 1e-23 or so they are 0."""
    with np.errstate(over="ignore"):
        return np.float32(np.linalg.norm(gradients[0])), np.float32(np.linalg.norm(gradients[-1]))


def mostly_zero(gradients: tuple[Array, ...], share: float = 0.7) -> bool:
    """AutoTrainer's "dying ReLU": at least 70 % of the gradient's entries are exactly 0, whatever the activation."""
    return sum(int((gradient == 0).sum()) for gradient in gradients) >= share * sum(map(np.size, gradients))


def converges_badly(accuracy: list[float | None], target: float = 0.7, rise: float = 0.01) -> bool:
    """AutoTrainer's gate: no epoch reached an accuracy of 0.7, or none raised it by 0.01; unseen data are left out."""
    known = np.array([value for value in accuracy if value is not None])
    if not len(known):
        return False
    return bool(known.max() < target or np.diff(known).max(initial=0.0) < rise)
