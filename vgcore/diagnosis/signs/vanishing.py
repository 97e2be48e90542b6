"""The gradient fades on its way to the first layers, and these stand still."""

from vgcore.diagnosis.alike import alike
from vgcore.diagnosis.finding import Evidence, Finding
from vgcore.diagnosis.levels import Fall, fall, forward, step_sizes
from vgcore.diagnosis.measured import Measured

DECADES = 3.0
"""Lost in all before it counts."""

STILL, BEHIND = 1e-4, 1e-2
"""A layer stands still if its steps are below this share of its weights, and this share of the fastest layer's.

Where the signal fades on its way forward no layer is fast: all stand still.
"""

S_SHAPED = {"sigmoid", "tanh", "hard_sigmoid", "softsign"}
"""Functions that are flat at both ends."""

ALONE = 0.5
"""Share of the whole loss that makes a single layer the culprit."""


def examine(measured: Measured) -> Finding | None:
    """Look for a fall of the gradient that is there at every look at which there is any gradient."""
    falls = [each for each in map(fall, measured.looks) if each]
    if not falls or min(each.decades for each in falls) < DECADES:
        return _branch(measured)
    lost = falls[-1]
    rows = measured.before[0].layers
    sizes = step_sizes(rows, measured.trial.update_ratios)
    first = sizes[rows["hidden"] & (rows["depth"] <= max(1, rows["depth"].max() / 3))].max()
    behind = bool(first < STILL and first < BEHIND * sizes.max())
    still = behind or bool(sizes.max() < STILL and not (measured.learns or measured.has_learnt))
    layers = rows[rows["hidden"] & (sizes < BEHIND * sizes.max())] if behind else rows[rows["hidden"]]
    return Finding(
        symptom="vanishing",
        severity="alarm" if still else "risk",
        cause=_cause(measured, lost),
        sentence=_sentence(lost),
        evidence=(
            Evidence(name="gradient lost on the way to the first layer", value=lost.decades, unit="decades"),
            Evidence(name="from layer to layer", value=lost.slope, unit="decades"),
            *forward(measured.before[0]),
            Evidence(name="step of the first layers", value=first, unit="of their weights"),
            Evidence(name="step of the fastest layer", value=sizes.max(), unit="of its weights"),
        ),
        layers=(lost.layer,) if lost.share > ALONE else tuple(layers["layer"]),
        depths=(lost.depth,) if lost.share > ALONE else tuple(map(int, layers["depth"])),
        page="causes/product",
    )


def _branch(measured: Measured) -> Finding | None:
    """Look for layers beside the main stream that get a thousandth of what others get, and stand still.

    A layer to which all examples look alike has nothing to learn from them: that is no fault of its gradient.
    """
    rows = measured.before[0].layers
    sizes = step_sizes(rows, measured.trial.update_ratios)
    gradients = [seen.layers["activation_gradient_rms"] for seen in measured.looks]
    differ = ~rows.index.isin(alike(measured).index)
    behind = rows["hidden"] & differ & ~rows["frozen"] & (sizes < STILL) & (sizes < BEHIND * sizes.max())
    for gradient in gradients:
        behind &= (gradient > 0) & (gradient < 10**-DECADES * gradient[rows["hidden"]].max())
    if not behind.any():
        return None
    return Finding(
        symptom="vanishing",
        severity="risk" if measured.learns or measured.has_learnt else "alarm",
        cause="activation" if S_SHAPED & set(rows[behind]["activation"]) else "initialisation",
        sentence=f"A branch of the model stands still: {rows[behind]['layer'].iloc[0]} gets next to no gradient.",
        evidence=(
            Evidence(
                name="gradient beside the largest of a layer",
                value=float(gradients[-1][behind].min() / gradients[-1].max()),
            ),
            Evidence(name="largest step of these layers", value=sizes[behind].max(), unit="of their weights"),
        ),
        layers=tuple(rows[behind]["layer"]),
        depths=tuple(map(int, rows[behind]["depth"])),
        page="causes/product",
    )


def _sentence(lost: Fall) -> str:
    if lost.share > ALONE:
        return (
            f"The gradient fades at one place: {lost.layer} takes {lost.share:.0%} of the {lost.decades:.0f} decades."
        )
    return f"The gradient loses {lost.decades:.0f} decades on its way to the first layer, {lost.slope:.1f} a layer."


def _cause(measured: Measured, lost: Fall) -> str:
    """Small weights shrink what goes forward as much as what comes back; a flat activation only the latter."""
    if lost.share > ALONE:
        return "initialisation"
    forward = fall(measured.before[0], "activation_rms")
    if forward and -forward.decades > 0.5 * lost.decades:
        return "initialisation"
    if lost.slope < 0.15:
        return "depth"
    return "activation" if S_SHAPED & set(measured.before[0].hidden["activation"]) else "initialisation"
