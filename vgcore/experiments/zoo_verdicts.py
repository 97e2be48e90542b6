"""How often `vgcore.diagnose` is right: on models whose condition is known, and on which its rules were not made."""

import warnings
from dataclasses import dataclass
from typing import Any

import keras
import pandas as pd

from vgcore import zoo
from vgcore.diagnosis import Diagnosis, diagnose
from vgcore.zoo import Specimen
from vgcore.zoo.halves import NEWEST, held_back

NONE_TO_BLAME = 0.5
"""Where the trouble lies in no single layer."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The half of the zoo that was held back, of which every seed looks at its share."""

    shares: int = 5  # of five seeds each looks at a fifth: every model once
    names: tuple[str, ...] = ()  # of the only specimens to look at; all of them if empty


limit_seconds = 1200  # of the clock: a share holds about twenty models, and the machine may be busy
published = Config()
smoke = Config(shares=2, names=("tanh 2 layers, weights times 4", "head of zeros"))


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Look at each model of the seed's share once.

    A row for each: `specimen`, `family`, `symptom` (the truth); `verdict` and `severity`, what `diagnose` says;
    `blames`, 1 where the first layer that it names is the one to blame, 0 where it is not, 0.5 where no single one is;
    `newest`, 1 where the model came after the rules had last been tested, else 0.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of these models are broken on purpose, and Keras says so
        share = held_back(zoo.specimens(), seed=seed, shares=config.shares, names=config.names)
        return pd.DataFrame([_row(specimen, seed) for specimen in share])


def _row(specimen: Specimen, seed: int) -> dict[str, Any]:
    keras.backend.clear_session()  # names count on from the models before
    report = diagnose(specimen.build(seed), *specimen.data(seed))
    return {
        "specimen": specimen.name,
        "family": specimen.family,
        "symptom": specimen.symptom,
        "verdict": report.verdict,
        "severity": report.severity,
        "blames": float(specimen.layer in _first_named(report)) if specimen.layer else NONE_TO_BLAME,
        "newest": float(specimen.name in NEWEST),
    }


def _first_named(report: Diagnosis) -> tuple[str, ...]:
    return report.findings[0].layers[:1] if report.findings else ()
