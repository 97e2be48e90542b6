"""The rules of three published tools, re-stated as functions of arrays, to compare `vgcore.diagnose` with.

AutoTrainer: Zhang et al., "AUTOTRAINER: An Automatic DNN Training Problem Detection and Repair System", ICSE 2021.
DeepDiagnosis: Wardat et al., "DeepDiagnosis: Automatically Diagnosing Faults and Recommending Actionable Fixes in Deep
Learning Programs", ICSE 2022. TheDeepChecker: Ben Braiek and Khomh, "Testing Feedforward Neural Networks Training
Programs", TOSEM 2022. The numbers are those of the code that their authors published.

Stated are the rules on gradients, dead units, saturation and numbers that are none, with the conditions under which
they apply. Left out are the rules on curves of loss and accuracy, on labels, initial weights, biases and the kind of
loss, and all repairs and advice.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vgcore.zoo.specimen import HEALTHY

Array = NDArray[np.float32]
Verdicts = frozenset[str]

VANISHING, EXPLODING, NON_FINITE = "vanishing", "exploding", "non-finite"
DEAD, SATURATED, STALLED = "dead units", "saturated", "stalled updates"

S_SHAPED = {"sigmoid": (0.0, 1.0), "tanh": (-1.0, 1.0)}
"""Activations that can saturate, and the ends of their range."""


@dataclass(frozen=True, kw_only=True)
class Output:
    """What a layer gave for some examples: the examples first, the units last. `activation` is Keras's name."""

    activation: str
    values: Array


@dataclass(frozen=True, kw_only=True)
class Look:
    """A model at the end of an epoch, by its first batch, with dropout off.

    `gradients`: of each kernel, in the order of the trainable weights; zeros where there is none. `is_dense`: whether
    that kernel is a Dense layer's. `weights`: the kernels. `outputs`: of the layers that have a named activation, from
    input to output. `accuracy`: on the training set; None for a regression. `loss`: on the first batch.
    """

    gradients: tuple[Array, ...]
    is_dense: tuple[bool, ...]
    weights: tuple[Array, ...]
    outputs: tuple[Output, ...]
    accuracy: float | None
    loss: float


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step of a training on a single batch: gradients before it, weights before and after, outputs before."""

    gradients: tuple[Array, ...]
    weights: tuple[Array, ...]
    next_weights: tuple[Array, ...]
    outputs: tuple[Output, ...]


@dataclass(frozen=True, kw_only=True)
class Readings:
    """All that the rules look at: `epochs` of an ordinary training, and `steps` of one on a single batch."""

    epochs: tuple[Look, ...]
    steps: tuple[Step, ...]


def reports(readings: Readings) -> dict[str, Verdicts]:
    """For each tool, what it finds in a training, in the words of `vgcore.zoo.SYMPTOMS`; nothing found is healthy."""
    tools = {"AutoTrainer": auto_trainer, "DeepDiagnosis": deep_diagnosis, "TheDeepChecker": the_deep_checker}
    return {name: tool(readings) or frozenset({HEALTHY}) for name, tool in tools.items()}


# AutoTrainer


def auto_trainer(readings: Readings, every: int = 3, patience: float = 0.3) -> Verdicts:
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


# DeepDiagnosis


def deep_diagnosis(readings: Readings, every: int = 5) -> Verdicts:
    """DeepDiagnosis looks after each epoch and stops at the first finding.

    Forward first: numbers that are none, or a layer whose mean is exactly 0, at any epoch; dead units at the last
    epoch; saturation at every fifth. Then the loss; then the Dense layers from the last to the first: a gradient or
    weight whose mean is no number or exactly 0, and vanishing. It has no rule for explosion.
    """
    for number, look in enumerate(readings.epochs, 1):
        last = number == len(readings.epochs)
        for symptom in (
            *_forward(look, dead_too=last, saturated_too=number % every == 0),
            *([] if np.isfinite(look.loss) else [NON_FINITE]),
            *_backward(look),
        ):
            return frozenset({symptom})
    return frozenset()


def _forward(look: Look, *, dead_too: bool, saturated_too: bool) -> Iterator[str]:
    for output in look.outputs:
        if numerical_problem(output.values):
            yield NON_FINITE
        if dead_too and dead_values(output):
            yield DEAD
        if saturated_too and saturated_values(output):
            yield SATURATED


def _backward(look: Look) -> Iterator[str]:
    layers = zip(look.gradients, look.weights, look.is_dense, strict=True)
    for gradient, weights, is_dense in reversed(list(layers)):
        if is_dense:
            if numerical_problem(gradient):
                yield NON_FINITE
            if mean_vanishes(gradient):
                yield VANISHING
        if numerical_problem(weights):
            yield NON_FINITE


def numerical_problem(values: Array) -> bool:
    """DeepDiagnosis's "numerical problem": the mean is NaN, infinite or exactly 0."""
    with np.errstate(over="ignore", invalid="ignore"):
        mean = values.mean()
    return bool(not np.isfinite(mean) or mean == 0)


def dead_values(output: Output, share: float = 0.7) -> bool:
    """DeepDiagnosis: at least 70 % of a ReLU's outputs, over units and examples together, are 0 or less."""
    return output.activation in ("relu", "exponential") and bool((output.values <= 0).mean() >= share)


def saturated_values(output: Output, limit: float = 5.0, share: float = 0.5) -> bool:
    """DeepDiagnosis: more than half of the sums before a sigmoid or tanh are at least 5 away from 0.

    Both functions rise, so it is their outputs that are compared: with those of -5 and 5.
    """
    if output.activation not in S_SHAPED:
        return False
    end = np.tanh(limit) if output.activation == "tanh" else 1 / (1 + np.exp(-limit))
    start = -end if output.activation == "tanh" else 1 - end
    return bool(((output.values <= start) | (output.values >= end)).mean() > share)


def mean_vanishes(gradient: Array, size: float = 1e-7) -> bool:
    """DeepDiagnosis: the mean |entry| of a kernel's gradient is below 1e-7."""
    return bool(np.abs(gradient).mean() < size)


# TheDeepChecker


def the_deep_checker(readings: Readings, period: int = 10) -> Verdicts:
    """TheDeepChecker trains on one batch, looks every ten steps from the tenth on, and reports all that it finds.

    The batch is the specimen's own here, not one of 50. Weights that stand still or move by less than 1e-4 of
    themselves are "stalled updates"; updates above 0.1 are left out.
    """
    found: set[str] = set()
    for number in range(period, len(readings.steps), period):
        past = readings.steps[: number + 1]
        for kernel in range(len(past[-1].gradients)):
            gradients = [step.gradients[kernel] for step in past]
            if not np.isfinite(gradients[-1]).all():
                found.add(NON_FINITE)  # which ends the checks of this kernel
                continue
            found |= _sizes_found(gradients)
            if slow_updates(past[-period:], kernel):
                found.add(STALLED)
        if not all(np.isfinite(weights).all() for weights in past[-1].next_weights):
            found.add(NON_FINITE)
        found |= _output_findings(past)
    return frozenset(found)


def _sizes_found(gradients: list[Array]) -> set[str]:
    sizes = np.array([np.abs(gradient).mean() for gradient in gradients if np.isfinite(gradient).all()], np.float64)
    rules = {VANISHING: size_vanishes, EXPLODING: size_explodes}
    return {symptom for symptom, rule in rules.items() if rule(sizes)}


def _output_findings(past: tuple[Step, ...]) -> set[str]:
    found: set[str] = set()
    for layer, output in enumerate(past[-1].outputs):
        if not np.isfinite(output.values).all():
            found.add(NON_FINITE)
            continue
        buffer = np.concatenate([step.outputs[layer].values for step in past[-10:]])
        known = Output(activation=output.activation, values=buffer)
        if output.activation in S_SHAPED:
            found |= {SATURATED} if saturated_units(known) else set()
        else:
            found |= {DEAD} if dead_units(known) else set()
    return found


def size_vanishes(sizes: NDArray[np.float64], size: float = 1e-6, ratio: float = 0.5, window: int = 5) -> bool:
    """TheDeepChecker: the mean |entry| of a gradient is below 1e-6, or was halved at each of the last four steps."""
    return bool(sizes[-1] < size or (len(sizes) >= window and (_ratios(sizes, window) <= ratio).all()))


def size_explodes(sizes: NDArray[np.float64], size: float = 1e6, ratio: float = 2.0, window: int = 5) -> bool:
    """TheDeepChecker: the mean |entry| of a gradient is above 1e6, or was doubled at each of the last four steps."""
    return bool(sizes[-1] > size or (len(sizes) >= window and (_ratios(sizes, window) >= ratio).all()))


def _ratios(sizes: NDArray[np.float64], window: int) -> NDArray[np.float64]:
    with np.errstate(divide="ignore", invalid="ignore"):
        return sizes[-window + 1 :] / sizes[-window:-1]


def slow_updates(steps: tuple[Step, ...], kernel: int, least: float = -4.0) -> bool:
    """TheDeepChecker: log10 of mean |update| / mean |weight|, averaged over the steps, is below -4, or no step moved.

    A step that moves nothing counts as 0, as in the tool, which raises the average.
    """
    logarithms = []
    for step in steps:
        before, after = step.weights[kernel], step.next_weights[kernel]
        size, moved = np.abs(before).mean(), np.abs(after - before).mean()
        if size > 0:
            logarithms.append(float(np.log10(moved / size)) if moved > 0 else 0.0)
    mean = float(np.mean(logarithms)) if logarithms else float("nan")
    return mean == 0 or mean < least


def dead_units(output: Output, size: float = 1e-5, percentile: float = 95.0, share: float = 0.5) -> bool:
    """TheDeepChecker: of more than half of the units, 95 % of the outputs are smaller than 1e-5."""
    units = np.abs(output.values).reshape(-1, output.values.shape[-1])
    return bool((np.percentile(units, percentile, axis=0) < size).mean() > share)


def saturated_units(output: Output, most: float = 0.85, share: float = 0.5) -> bool:
    """TheDeepChecker: of more than half of the units, the measure of saturation `rho` is above 0.85."""
    start, end = S_SHAPED[output.activation]
    units = output.values.reshape(-1, output.values.shape[-1])
    return bool(np.mean([rho(unit, start, end) > most for unit in units.T]) > share)


def rho(values: Array, start: float, end: float, bins: int = 50) -> float:
    """How near a unit's outputs are to the ends of its range: 0 all in the middle, 1 all at an end.

    Outputs are sorted into bins; the mean of each bin is scaled to -1 to 1, and |mean| is averaged over the outputs.
    Source: Rakitianskaia and Engelbrecht, "Measuring saturation in neural networks", 2015.

    Examples:
        >>> rho(np.array([-1.0, 1.0, 0.0, 0.0]), start=-1, end=1)
        0.5
    """
    scaled = 2 * (values.astype(np.float64) - start) / (end - start) - 1
    number = np.digitize(values, np.linspace(start, end, bins, endpoint=False))
    sums = np.bincount(number, weights=scaled)
    return float(np.abs(sums).sum() / len(values))
