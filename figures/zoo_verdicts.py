"""Of {ill} ill models that vgcore.diagnose was not made on it recognises {recall}. It accuses {accused} of the healthy.

Each row is a condition in which models were put, each column a verdict; the numbers count models, and on the diagonal
the verdict is right. Every model was looked at once, with weights of its own. A healthy one is accused if it gets an
alarm. The rules were made on the other half of the collection; how new this half was to them is told in the text. On
the axes “cut off” stands for disconnected, “other” for not a gradient problem.
"""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "zoo_verdicts"
title = "What diagnose says of models whose condition is known"
alt = (
    "A square table of counts, a row for each of eleven conditions and a column for each verdict. Most numbers stand "
    "on the diagonal: of {ill} ill models {recall} get the verdict that is true, in no condition fewer than "
    "{least}; of {well} healthy ones {accused} get an alarm. Where one layer is to blame, it is named first in "
    "{blamed} of the cases."
)
arm = "symptom"

HEALTHY, UNKNOWN = "healthy", "not enough evidence"
NONE_TO_BLAME = 0.5
VERDICTS = {
    "healthy": "healthy", "vanishing": "vanishing", "exploding": "exploding", "dead units": "dead",
    "saturated": "saturated", "collapsed": "collapsed", "stalled updates": "stalled", "hidden explosion": "hidden",
    "non-finite": "non-finite", "disconnected": "cut off", "not a gradient problem": "other",
    "not enough evidence": "unknown",
}  # fmt: skip
"""What can be said, and what stands at the axes."""


def _looked_at(run: Run) -> pd.DataFrame:
    """All models with what is `said` of them, "healthy" where a healthy one gets no alarm; whether it is `right`."""
    table = run.table
    harmless = (table["symptom"] == HEALTHY) & (table["severity"] != "alarm") & (table["verdict"] != UNKNOWN)
    said = table["verdict"].where(~harmless, HEALTHY)
    return table.assign(said=said, right=(said == table["symptom"]).astype(float))


def _well(run: Run) -> pd.DataFrame:
    table = _looked_at(run)
    return table[table["symptom"] == HEALTHY]


def _ill(run: Run) -> pd.DataFrame:
    table = _looked_at(run)
    return table[table["symptom"] != HEALTHY]


def _models(table: pd.DataFrame) -> float:
    return float(table["specimen"].nunique())


def _missed(run: Run) -> float:
    """How many models are not recognised; on average, where each is looked at more than once."""
    ill = _ill(run)
    return float((1 - ill["right"]).mean()) * _models(ill)


def _least(run: Run) -> float:
    """The share of the condition that is recognised least often."""
    return float(_ill(run).groupby("symptom")["right"].mean().min())


def _blamed(run: Run) -> float:
    """How often the layer to blame is named first, where there is one."""
    blames = _ill(run)["blames"]
    return float(blames[blames != NONE_TO_BLAME].mean())


def _all_healthy(table: pd.DataFrame) -> pd.DataFrame:
    """A counterfeit: no model is ever accused, nor any layer blamed."""
    return table.assign(verdict=HEALTHY, blames=0.0)


def _all_accused(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(verdict="vanishing", severity="alarm")


def _all_cautioned(table: pd.DataFrame) -> pd.DataFrame:
    return table.assign(verdict="vanishing", severity="risk")


def _one_left(table: pd.DataFrame) -> pd.DataFrame:
    return table.head(1)


claims = {
    "ill": Claim(text="{:.0f}", value_of_run=lambda run: _models(_ill(run)), at_least=100, counterfeit=_one_left),
    "well": Claim(text="{:.0f}", value_of_run=lambda run: _models(_well(run)), at_least=35, counterfeit=_one_left),
    "recall": Claim(
        text="{:.0%}",
        value_of_run=lambda run: float(_ill(run)["right"].mean()),
        at_least=0.95,
        counterfeit=_all_healthy,
    ),
    "least": Claim(text="{:.0%}", value_of_run=_least, at_least=0.8, counterfeit=_all_healthy),
    "newest": Claim(
        text="{:.0%}",
        value_of_run=lambda run: float(_ill(run).query("newest == 1")["right"].mean()),
        at_least=0.85,
        counterfeit=_all_healthy,
    ),
    "missed": Claim(text="{:.0f}", value_of_run=_missed, at_most=6, counterfeit=_all_healthy),
    "accused": Claim(
        text="{:.0%}",
        value_of_run=lambda run: 1 - float(_well(run)["right"].mean()),
        at_most=0.02,
        counterfeit=_all_accused,
    ),
    "cautioned": Claim(
        text="{:.0%}",
        value_of_run=lambda run: float((_well(run)["severity"] == "risk").mean()),
        at_most=0.1,
        counterfeit=_all_cautioned,
    ),
    "blamed": Claim(text="{:.0%}", value_of_run=_blamed, at_least=0.9, counterfeit=_all_healthy),
}


def draw(run: Run) -> Figure:
    table = _looked_at(run)
    counts = pd.crosstab(table["symptom"], table["said"])
    rows = [name for name in VERDICTS if name in counts.index]
    columns = [name for name in VERDICTS if name in {*counts.columns, *rows}]
    figure, axes = marks.panels(height=30 * len(rows) + 150)
    axes.grid(visible=False)
    for y, truth in enumerate(rows):
        for x, verdict in enumerate(columns):
            _cell(axes, x, y, int(counts.get(verdict, pd.Series(dtype=int)).get(truth, 0)), right=truth == verdict)
    axes.set_xticks(range(len(columns)), [VERDICTS[name] for name in columns], rotation=90)
    axes.set_xlim(-0.5, len(columns) - 0.5)
    axes.set_yticks(range(len(rows)), [VERDICTS[name] for name in rows])
    axes.set_ylim(len(rows) - 0.5, -0.5)
    marks.describe(axes, y="Models by condition", x="models by verdict")
    return figure


def _cell(axes: Axes, x: int, y: int, count: int, *, right: bool) -> None:
    color = "healthy" if right else "broken" if count else "muted"
    text = str(count) if count else "·"
    axes.text(x, y, text, color=color, fontweight="bold" if count else "normal", ha="center", va="center")
