"""The rules of three published tools accuse {least_accused} to {most_accused} of the healthy models, `diagnose` {own}.

The models of the confusion matrix in conditions for which all have rules, trained for a few epochs as those tools
ask for. Noticed: the share of models that vanish, explode,
saturate, have dead units or numbers that are none, of which anything at all is reported. Accused: the share of healthy
models of which anything is reported. The tools' rules were re-stated from their published code, and run as they are.
"""

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = ("zoo_verdicts", "zoo_tools")
title = "Four ways to find a sick network"
alt = (
    "Two marks on a scale from 0 to 1 for each of four tools: the share of ill models that are noticed and that of "
    "healthy ones that are accused. AutoTrainer: {auto_noticed} and {auto_accused}. DeepDiagnosis: {deep_noticed} and "
    "{deep_accused}. TheDeepChecker: {checker_noticed} and {checker_accused}. diagnose: {own_noticed} and {own}."
)
arm = "symptom"

HEALTHY = "healthy"
TOOLS = ("AutoTrainer", "DeepDiagnosis", "TheDeepChecker")
OWN = "diagnose"


def _shares(verdicts: Run, tools: Run) -> pd.DataFrame:
    """For each tool the share `noticed` of the ill and `accused` of the healthy, over the models that all looked at."""
    asked = tools.table[["seed", "specimen"]].drop_duplicates()
    own = verdicts.table.merge(asked, on=["seed", "specimen"])
    own = own.assign(tool=OWN, reports=(own["severity"] == "alarm").astype(float))
    table = pd.concat([tools.table, own])
    healthy = table["symptom"] == HEALTHY
    reports = {"noticed": table[~healthy], "accused": table[healthy]}
    return pd.DataFrame({name: rows.groupby("tool")["reports"].mean() for name, rows in reports.items()}).fillna(0.0)


def _nothing_reported(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no tool ever says anything."""
    return table.assign(reports=0.0, severity="ok")


def _all_reported(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: every tool always says something."""
    return table.assign(reports=1.0, severity="alarm")


def _share(tool: str, column: str, **bounds: float) -> Claim:
    counterfeit = _nothing_reported if "at_least" in bounds else _all_reported
    return Claim(
        text="{:.0%}",
        value_of_run=lambda *runs: float(_shares(*runs)[column][tool]),
        counterfeit=counterfeit,
        at_least=bounds.get("at_least"),
        at_most=bounds.get("at_most"),
    )


claims = {
    "own": _share(OWN, "accused", at_most=0.02),
    "own_noticed": _share(OWN, "noticed", at_least=0.95),
    "auto_noticed": _share("AutoTrainer", "noticed", at_least=0.2),
    "auto_accused": _share("AutoTrainer", "accused", at_most=0.5),
    "deep_noticed": _share("DeepDiagnosis", "noticed", at_least=0.2),
    "deep_accused": _share("DeepDiagnosis", "accused", at_least=0.2),
    "checker_noticed": _share("TheDeepChecker", "noticed", at_least=0.2),
    "checker_accused": _share("TheDeepChecker", "accused", at_least=0.2),
    "least_accused": Claim(
        text="{:.0%}",
        value_of_run=lambda *runs: float(_shares(*runs).loc[list(TOOLS), "accused"].min()),
        at_least=0.02,
        counterfeit=_nothing_reported,
    ),
    "most_accused": Claim(
        text="{:.0%}",
        value_of_run=lambda *runs: float(_shares(*runs).loc[list(TOOLS), "accused"].max()),
        at_least=0.2,
        counterfeit=_nothing_reported,
    ),
}


def draw(verdicts: Run, tools: Run) -> Figure:
    shares = _shares(verdicts, tools).reindex([*TOOLS, OWN])
    figure, axes = marks.panels(height=240)
    for row, (_, share) in enumerate(shares.iterrows()):
        axes.plot([share["accused"], share["noticed"]], [row, row], color="axis", linewidth=1, zorder=1)
        axes.plot(share["noticed"], row, "s", color="healthy")
        axes.plot(share["accused"], row, "o", color="broken")
        if not row:
            marks.label(axes, share["noticed"], row, "ill, noticed", "healthy", side="above")
            marks.label(axes, share["accused"], row, "healthy, accused", "broken", side="above")
    axes.set_yticks(range(len(shares)), list(shares.index))
    axes.set_ylim(len(shares) - 0.5, -0.8)
    axes.set_xlim(-0.05, 1.05)
    marks.describe(axes, y="Share of models of which the tool reports anything", x="share (0 to 1)")
    return figure
