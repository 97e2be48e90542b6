"""What a step of training costs with each fix, relative to the same network without."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import fixes
from vgcore.costs import Cost, step_cost
from vgcore.models import Recurrent
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """One batch; recurrent networks read `steps` rows."""

    batch_size: int = 64
    steps: int = 20  # eight rows of a digit and twelve of noise
    bases: tuple[str, ...] = ("dense", "convolutional", "recurrent", "exploding")


published = Config()
smoke = Config(batch_size=2, bases=("recurrent",), steps=2)


def measure(config: Config) -> pd.DataFrame:
    """One row for each `base` ("dense", "convolutional", "recurrent", "exploding") and `arm` ("none" and its fixes).

    `parameters`, `operations` (floating-point operations of a step) and `kept_bytes` (memory that waits for the
    backward pass), all three over those of "none".
    """
    bases = {
        "dense": {"none": fixes.DENSE, **fixes.activations(), **fixes.structures(), **fixes.trainings()},
        "convolutional": {"none": fixes.CONVOLUTIONAL, **fixes.convolutional()},
        "recurrent": {"none": fixes.RECURRENT, **fixes.recurrent()},
        "exploding": {"none": fixes.EXPLODING, **fixes.exploding()},
    }
    return pd.concat([_of_base(config, base, bases[base]) for base in config.bases], ignore_index=True)


def _of_base(config: Config, base: str, arms: dict[str, Training]) -> pd.DataFrame:
    by_network = {arm.network.architecture(): arm for arm in arms.values()}  # weights' values cost nothing
    counted = {network: _cost(config, arm) for network, arm in by_network.items()}
    costs = {name: counted[arm.network.architecture()] for name, arm in arms.items()}
    none = costs["none"]
    rows = [
        {
            "base": base,
            "arm": name,
            "parameters": cost.parameters / none.parameters,
            "operations": cost.operations / none.operations,
            "kept_bytes": cost.kept_bytes / none.kept_bytes,
        }
        for name, cost in costs.items()
    ]
    return pd.DataFrame(rows)


def _cost(config: Config, arm: Training) -> Cost:
    shape = (config.steps, 8) if isinstance(arm.network, Recurrent) else (64,)
    x = np.zeros((config.batch_size, *shape), np.float32)
    return step_cost(arm.network.build(0), x, np.zeros(config.batch_size, int))
