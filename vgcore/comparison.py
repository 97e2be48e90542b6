"""Several trainings side by side on equal terms: what is left of the gradient before them, what is learnt in them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from vgcore import probes, sweep
from vgcore.data import Dataset, Digits
from vgcore.models import Recurrent
from vgcore.training import Training, train

Arms = Mapping[str, Training]


def chosen(
    arms: Arms, names: Sequence[str] | None, epochs: int | None, depth: int | None = None
) -> dict[str, Training]:
    """Some of the arms, or all for None, none of them trained for more than `epochs` or with more than `depth` layers.

    Examples:
        >>> from vgcore.models import MLP
        >>> chosen({"plain": Training(network=MLP(), epochs=20)}, None, epochs=3)["plain"].epochs
        3
    """
    found = {name: arms[name] for name in names or arms}
    short = {name: replace(arm, epochs=min(arm.epochs, epochs or arm.epochs)) for name, arm in found.items()}
    return {name: replace(arm, network=_at_most(depth, arm.network)) for name, arm in short.items()}


def _at_most(depth: int | None, network: Any) -> Any:
    return replace(network, depth=min(depth, network.depth)) if depth else network


def compare(arms: Arms, data: Dataset, seed: int, examples: int = 256) -> dict[str, pd.DataFrame]:
    """Train every arm from the same seed, and measure its gradient before.

    - "gradient": `arm`; `decades`: by how many decades dL/dh is smaller at its far end than at its near one, negative
      where it has grown, measured on the first `examples`: between the first and the last hidden layer, or between the
      first and the last step of a recurrent network;
    - "accuracy": `arm`, `epoch` (0 is before training), `train_accuracy`, `test_accuracy` (0 to 1).

    Examples:
        >>> from vgcore import data
        >>> from vgcore.models import MLP
        >>> plain = Training(network=MLP(depth=2), epochs=1)
        >>> sorted(compare({"plain": plain}, data.digits(), seed=0))
        ['accuracy', 'gradient']
    """
    by_network = {arm.network: arm for arm in arms.values()}  # what only changes the training changes no gradient
    lost = {network: decades_lost(arm, data, seed, examples) for network, arm in by_network.items()}
    gradients = [{"arm": name, "decades": lost[arm.network]} for name, arm in arms.items()]
    curves = [curve(arm, data, seed).assign(arm=name) for name, arm in arms.items()]
    return {"gradient": pd.DataFrame(gradients), "accuracy": pd.concat(curves, ignore_index=True)}


def decades_lost(arm: Training, data: Dataset, seed: int, examples: int) -> float:
    """How much of the gradient is lost on its way through an untrained network, in decades."""
    model: Any = arm.network.build(seed)
    x, y = data.train_x[:examples], data.train_y[:examples]
    if isinstance(arm.network, Recurrent):
        rows = probes.measure_gradients_through_time(model, x, y).table.sort_values("lag")
        along = (
            rows["cell_gradient_rms"].fillna(rows["hidden_gradient_rms"]).to_numpy()
        )  # an LSTM remembers in its cell
        with np.errstate(divide="ignore"):
            return float(np.log10(along[0]) - np.log10(along[-1]))
    return probes.measure_gradients(model, x, y).decades


def curve(arm: Training, data: Dataset, seed: int) -> pd.DataFrame:
    """Accuracy after every epoch, by the quickest way that there is for this training."""
    columns = ["epoch", "train_accuracy", "test_accuracy"]
    if sweep.obstacle(arm) or not isinstance(data, Digits):
        return train(arm, data, seed).epochs[columns]
    return sweep.outcomes(arm, data, seed, after=tuple(range(arm.epochs + 1)))[columns]
