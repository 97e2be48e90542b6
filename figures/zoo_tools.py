"""Published tools name what ails {least_named} to {most_named} of the ill models, vgcore.diagnose {own_named}.

The models of the confusion matrix in conditions for which at least one of the tools has a rule. Noticed: the share of
ill models of which anything at all is reported. Named: the share for which it is the right condition. Accused: the
share of healthy models of which anything is reported. The tools' rules were re-stated from the code that their authors
published and watch a training of a few epochs, as they ask for. They accuse {least_accused} to {most_accused} of the
healthy models, vgcore.diagnose {own_accused}.
"""

from collections.abc import Callable

import pandas as pd
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = ("zoo_verdicts", "zoo_tools")
title = "Four ways to find a sick network"
alt = (
    "Three marks on a scale from 0 to 1 for each of four tools: the shares of ill models that are noticed and that are "
    "named, and the share of healthy ones that are accused. AutoTrainer: {auto_noticed}, {auto_named} and "
    "{auto_accused}. DeepDiagnosis: {deep_noticed}, {deep_named} and {deep_accused}. TheDeepChecker: "
    "{checker_noticed}, {checker_named} and {checker_accused}. diagnose: {own_noticed}, {own_named} and {own_accused}."
)
arm = "symptom"

HEALTHY = "healthy"
OWN = "diagnose"
TOOLS = ("AutoTrainer", "DeepDiagnosis", "TheDeepChecker")
MARKS = {
    "noticed": ("healthy", "s", "paper"),
    "named": ("healthy", "s", "healthy"),
    "accused": ("broken", "o", "broken"),
}
"""What is shown of a tool: its meaning, its mark and what fills it."""


def _shares(verdicts: Run, tools: Run) -> pd.DataFrame:
    """For each tool the shares `noticed`, `named` and `accused`, over the models that all looked at."""
    asked = tools.table[["seed", "specimen"]].drop_duplicates()
    own = verdicts.table.merge(asked, on=["seed", "specimen"])
    alarm, right = own["severity"] == "alarm", own["verdict"] == own["symptom"]
    own = own.assign(tool=OWN, reports=alarm.astype(float), names=right.astype(float))
    table = pd.concat([tools.table, own], ignore_index=True)
    healthy, tool = table["symptom"] == HEALTHY, table["tool"]
    shares = {
        "noticed": table["reports"][~healthy].groupby(tool).mean(),
        "named": table["names"][~healthy].groupby(tool).mean(),
        "accused": table["reports"][healthy].groupby(tool).mean(),
    }
    return pd.DataFrame(shares).fillna(0.0).loc[[*TOOLS, OWN]]


def _nothing_reported(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no tool ever says anything."""
    ill = (table["symptom"] != HEALTHY).astype(float)
    return table.assign(reports=0.0, names=1 - ill, verdict=HEALTHY, severity="ok")


def _all_reported(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: every tool always says something, and the right thing of whoever is ill."""
    ill = (table["symptom"] != HEALTHY).astype(float)
    return table.assign(reports=1.0, names=ill, verdict=table["symptom"], severity="alarm")


def _claim(
    value: Callable[[pd.DataFrame], float], *, at_least: float | None = None, at_most: float | None = None
) -> Claim:
    return Claim(
        text="{:.0%}",
        value_of_run=lambda *runs: value(_shares(*runs)),
        counterfeit=_all_reported if at_least is None else _nothing_reported,
        at_least=at_least,
        at_most=at_most,
    )


def _share(tool: str, column: str, *, at_least: float | None = None, at_most: float | None = None) -> Claim:
    return _claim(lambda shares: float(shares[column][tool]), at_least=at_least, at_most=at_most)


def _extreme(column: str, chosen: Callable[[list[float]], float]) -> Callable[[pd.DataFrame], float]:
    """The smallest or the largest share of a published tool."""
    return lambda shares: chosen([float(shares[column][tool]) for tool in TOOLS])


def _explosions_named(_: Run, tools: Run) -> float:
    """Of the models that explode, how many looks called it so."""
    table = tools.table
    return float(table["names"][table["symptom"] == "exploding"].mean())


claims = {
    "own_noticed": _share(OWN, "noticed", at_least=0.95),
    "own_named": _share(OWN, "named", at_least=0.95),
    "own_accused": _share(OWN, "accused", at_most=0.02),
    "auto_noticed": _share("AutoTrainer", "noticed", at_least=0.6),
    "auto_named": _share("AutoTrainer", "named", at_most=0.8),
    "deep_noticed": _share("DeepDiagnosis", "noticed", at_least=0.6),
    "deep_named": _share("DeepDiagnosis", "named", at_most=0.8),
    "checker_noticed": _share("TheDeepChecker", "noticed", at_least=0.6),
    "checker_named": _share("TheDeepChecker", "named", at_most=0.8),
    "auto_accused": _share("AutoTrainer", "accused", at_most=0.2),
    "deep_accused": _share("DeepDiagnosis", "accused", at_least=0.05),
    "checker_accused": _share("TheDeepChecker", "accused", at_least=0.05),
    "explosions_named": Claim(
        text="{:.0%}",
        value_of_run=_explosions_named,
        at_most=0.3,
        counterfeit=_all_reported,
    ),
    "least_named": _claim(_extreme("named", min), at_most=0.5),
    "most_named": _claim(_extreme("named", max), at_most=0.8),
    "least_accused": _claim(_extreme("accused", min), at_most=0.1),
    "most_accused": _claim(_extreme("accused", max), at_least=0.1),
}


def draw(verdicts: Run, tools: Run) -> Figure:
    shares = _shares(verdicts, tools)
    figure, axes = marks.panels(height=260)
    for row, tool in enumerate(shares.index):
        axes.plot([shares.loc[tool].min(), shares.loc[tool].max()], [row, row], color="axis", linewidth=1, zorder=1)
        for column, (meaning, marker, filled) in MARKS.items():
            axes.plot(shares[column][tool], row, marker, color=meaning, markerfacecolor=filled, markeredgewidth=1.1)
    first = shares.iloc[0]
    marks.label(axes, first["noticed"], 0, "noticed", "healthy")
    marks.label(axes, first["named"], 0, "named", "healthy", side="below")
    marks.label(axes, first["accused"], 0, "accused", "broken", side="above")
    axes.set_yticks(range(len(shares)), list(shares.index))
    axes.set_ylim(len(shares) - 0.5, -0.8)
    axes.set_xlim(-0.05, 1.15)
    marks.describe(axes, y="Share of models", x="share (0 to 1)")
    return figure
