"""How often `vgcore.diagnose` is right: on models whose condition is known, and on which its rules were not made."""

import warnings
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgcore import diagnose, zoo
from vgcore.zoo import Specimen, published_rules
from vgcore.zoo.readings import readings


@dataclass(frozen=True, kw_only=True)
class Config:
    """The part of the zoo that was held back, of which every seed looks at its share."""

    shares: int = 5  # of five seeds each looks at a fifth: all models once
    most: int = 1000  # models a seed


published = Config()
smoke = Config(shares=100, most=1)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """One row for each model.

    - `specimen`, `family`, `symptom` (the truth), `verdict` and `severity` (what `diagnose` says);
    - `right`: 1 where the verdict is the truth, or a healthy model gets no alarm, else 0;
    - `blames`: 1 where the first layer that is named is the one to blame, 0.5 where no single one is, else 0;
    - `AutoTrainer`, `DeepDiagnosis`, `TheDeepChecker`: 1 where the rules of that tool report anything, else 0; with
      ` names it` behind it: 1 where the symptom is among what they report.
    """
    held_back = [specimen for specimen in zoo.specimens() if not specimen.tuning]
    share = held_back[seed % config.shares :: config.shares][: config.most]
    return pd.DataFrame([_row(specimen, seed) for specimen in share])


def _row(specimen: Specimen, seed: int) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of these models are broken on purpose, and Keras says so
        report = diagnose(specimen.build(seed), *specimen.data(seed))
        reported = published_rules.reports(readings(specimen, seed))
    named = report.findings[0].layers if report.findings else ()
    healthy = specimen.is_healthy and report.severity != "alarm" and not report.missing
    return {
        "specimen": specimen.name,
        "family": specimen.family,
        "symptom": specimen.symptom,
        "verdict": report.verdict if report.severity != "risk" or not specimen.is_healthy else "healthy",
        "severity": report.severity,
        "right": float(healthy if specimen.is_healthy else report.verdict == specimen.symptom),
        "blames": float(specimen.layer == named[0]) if specimen.layer and named else 0.5 * (not specimen.layer),
    } | {
        column: value
        for tool, symptoms in reported.items()
        for column, value in (
            (tool, float(symptoms != {zoo.HEALTHY})),
            (f"{tool} names it", float(specimen.symptom in symptoms)),
        )
    }
