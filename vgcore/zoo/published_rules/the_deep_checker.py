"""TheDeepChecker: Ben Braiek and Khomh, TOSEM 2022."""

import numpy as np
from numpy.typing import NDArray

from vgcore.zoo.published_rules.observed import (
    DEAD,
    EXPLODING,
    NON_FINITE,
    S_SHAPED,
    SATURATED,
    STALLED,
    VANISHING,
    Array,
    Output,
    Readings,
    Step,
    Verdicts,
)


def examine(readings: Readings, period: int = 10) -> Verdicts:
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
