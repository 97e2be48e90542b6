"""How often `vgcore.diagnose` is right: on models whose condition is known, and on which its rules were not made."""

import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgcore import diagnose, zoo
from vgcore.diagnosis import Diagnosis
from vgcore.zoo import HEALTHY, Specimen, published_rules
from vgcore.zoo.halves import tuning
from vgcore.zoo.readings import EPOCHS, STEPS, readings

COMMON = (HEALTHY, "vanishing", "exploding", "dead units", "saturated", "non-finite")
"""Conditions for which all tools have rules."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The part of the zoo that was held back, of which every seed looks at its share."""

    shares: int = 5  # of five seeds each looks at a fifth: all models once
    most: int = 1000  # models a seed
    epochs: int = EPOCHS  # of the training that the published rules look at
    steps: int = STEPS  # on one batch, for those that look at steps


published = Config()
smoke = Config(shares=100, most=1, epochs=1, steps=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Look at each model once.

    - "verdicts": a row for each model: `specimen`, `family`, `symptom` (the truth), `verdict` and `severity` (what
      `diagnose` says), `blames` (1 where the first layer that it names is the one to blame, 0.5 where no single one
      is, else 0);
    - "tools": a row for each tool and model in one of the conditions for which all tools have rules: `specimen`,
      `symptom`, `tool`, `reports` (1 where the tool reports anything, else 0; of `diagnose` an alarm), `names` (1
      where the symptom is among what it reports).
    """
    held_back = [specimen for specimen in zoo.specimens() if not tuning(specimen.name)]
    share = held_back[seed % config.shares :: config.shares][: config.most]
    verdicts: list[dict[str, Any]] = []
    tools: list[dict[str, Any]] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some of these models are broken on purpose, and Keras says so
        for specimen in share:
            report = diagnose(specimen.build(seed), *specimen.data(seed))
            verdicts.append(_verdict(specimen, report))
            tools += _tools(config, specimen, report, seed) if specimen.symptom in COMMON else []
    columns = ["specimen", "symptom", "tool", "reports", "names"]
    return {"verdicts": pd.DataFrame(verdicts), "tools": pd.DataFrame(tools, columns=columns)}


def _verdict(specimen: Specimen, report: Diagnosis) -> dict[str, Any]:
    named = report.findings[0].layers if report.findings else ()
    blames = float(specimen.layer in named[:1]) if specimen.layer else 0.5
    return {
        "specimen": specimen.name,
        "family": specimen.family,
        "symptom": specimen.symptom,
        "verdict": report.verdict,
        "severity": report.severity,
        "blames": blames,
    }


def _tools(config: Config, specimen: Specimen, report: Diagnosis, seed: int) -> Iterator[dict[str, Any]]:
    found = published_rules.reports(readings(specimen, seed, config.epochs, config.steps))
    own = {report.verdict} if report.severity == "alarm" else {HEALTHY}
    for tool, symptoms in (*found.items(), ("diagnose", own)):
        yield {
            "specimen": specimen.name,
            "symptom": specimen.symptom,
            "tool": tool,
            "reports": float(symptoms != {HEALTHY}),
            "names": float(specimen.symptom in symptoms),
        }
