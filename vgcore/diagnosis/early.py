"""What two records of a training in a row are enough to warn of."""

import pandas as pd

from vgcore.diagnosis.signs import dead_units, exploding, large_rate, vanishing


def early_sign(decades: tuple[float, float], rows: pd.DataFrame) -> str:
    """A sentence, or "" where there is nothing to warn of.

    `decades`: what the gradient lost on its way to the first layer in the last record and in this one; `rows`: this
    record's, as in `vgcore.GradientRecorder`. The bounds are those of `vgcore.diagnose`.

    Examples:
        >>> rows = pd.DataFrame({"depth": [1, 2, 3], "update_ratio": [1e-7, 1e-4, 1e-2], "dead_fraction": 0.0})
        >>> early_sign((6.2, 6.0), rows.assign(layer=["one", "two", "three"]))
        'vanishing: the gradient loses 6 decades on its way to the first layer, and that layer stands still'
    """
    first = rows[rows["depth"] <= max(1, rows["depth"].max() / 3)]["update_ratio"].max()
    largest = rows["update_ratio"].max()
    dead = rows[rows["dead_fraction"] >= dead_units.ALARM]
    if not dead.empty:
        return f"dead units: {dead['dead_fraction'].iloc[0]:.0%} of {dead['layer'].iloc[0]} are off for every example"
    if min(decades) >= vanishing.DECADES and first < vanishing.STILL and first < vanishing.BEHIND * largest:
        lost = f"the gradient loses {decades[-1]:.0f} decades on its way to the first layer"
        return f"vanishing: {lost}, and that layer stands still"
    if decades[0] <= -exploding.DECADES and not largest <= large_rate.MOST:  # such steps soon hide where they began
        return f"exploding: the gradient grew by {-decades[0]:.0f} decades on its way to the first layer"
    return ""
