"""What the rules of three published tools find in the same models that `zoo_verdicts` has `vgcore.diagnose` look at."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import keras
import pandas as pd

from vgcore import zoo
from vgcore.zoo import HEALTHY, Specimen
from vgcore.zoo.halves import held_back
from vgcore.zoo.published_rules import reports
from vgcore.zoo.readings import EPOCHS, STEPS, readings

COMMON = (HEALTHY, "vanishing", "exploding", "dead units", "saturated", "non-finite")
"""Conditions for which the tools have rules."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The same shares as in `zoo_verdicts`, and how long the tools watch a training."""

    shares: int = 5
    names: tuple[str, ...] = ()
    epochs: int = EPOCHS  # of an ordinary training
    steps: int = STEPS  # on one batch, for the tool that looks at steps


limit_seconds = 1200  # of the clock: a share holds about twenty models, and the machine may be busy
published = Config()
smoke = Config(shares=2, names=("tanh 2 layers, weights times 4", "head of zeros"), epochs=1, steps=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Train each model of the seed's share whose condition the tools have rules for, and ask them.

    A row for each tool and model: `specimen`, `symptom` (the truth), `tool`; `reports`, 1 where the tool reports
    anything; `names`, 1 where it reports the symptom (of a healthy model: nothing); else 0.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of these models are broken on purpose, and Keras says so
        share = held_back(zoo.specimens(), seed=seed, shares=config.shares, names=config.names)
        asked = [specimen for specimen in share if specimen.symptom in COMMON]
        return pd.DataFrame([row for specimen in asked for row in _rows(config, specimen, seed)])


def _rows(config: Config, specimen: Specimen, seed: int) -> Iterator[dict[str, Any]]:
    keras.backend.clear_session()
    for tool, found in reports(readings(specimen, seed, config.epochs, config.steps)).items():
        yield {
            "specimen": specimen.name,
            "symptom": specimen.symptom,
            "tool": tool,
            "reports": float(found != {HEALTHY}),
            "names": float(specimen.symptom in found),
        }
