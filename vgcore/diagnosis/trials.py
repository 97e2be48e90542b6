"""What came of trying the fixes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

AS_IT_IS = "as it is"
"""The row of the model without any fix."""

YES, NO, WORSE = "yes", "no", "makes it worse"

LEARNS = 0.95
"""A loss below this share of the best constant answer's counts as having learnt."""

CLEAR = 0.1
"""A difference between two losses counts from this share of the best constant answer's."""


@dataclass(frozen=True, kw_only=True)
class Trials:
    """Every fix that applies, tried on a copy of the model, the best first.

    `table` has the columns

    - `fix`: its name, `page`: the book's page about it;
    - `helps`: "yes", "no", "makes it worse", or why it could not be tried; "" for the model as it is;
    - `decades_before`, `decades_after`: the gradient's loss on its way to the first layer (or step in time) without
      and with the fix, before any training, in decades; negative where it grows, NaN in a shallow network;
    - `loss_before`: of held-out examples before any training, with the fix; `loss`: the lowest on the way through
      `steps` steps of training, infinite where they diverged; `accuracy`: at that moment, NaN without labels;
    - `extra_parameters`: how many weights the fix adds.

    `guess`: the loss of the best answer that ignores the input. All trained on the same batches. The same `steps` and
    `seed` give the same table on the same machine.
    """

    table: pd.DataFrame
    steps: int
    seed: int
    guess: float

    @property
    def best(self) -> str:
        """The fix that helps most, "" where none does."""
        helping = self.table[self.table["helps"] == YES]
        return str(helping["fix"].iloc[0]) if len(helping) else ""

    def to_dict(self) -> dict[str, Any]:
        """As nested dictionaries, lists, numbers and strings; None where a number is NaN or infinite."""
        rows = [{str(name): _plain(value) for name, value in row.items()} for row in self.table.to_dict("records")]
        return {"best": self.best, "steps": self.steps, "seed": self.seed, "guess": _plain(self.guess), "fixes": rows}

    def __str__(self) -> str:
        if self.table.empty:
            return "No fix applies."
        head = f"Best: {self.best}." if self.best else "None of the fixes tried helps."
        width = max(map(len, self.table["fix"]))
        lines = [
            f"{row.fix:{width}}  {row.loss:7.3g}  {row.decades_after:7.1f}  {row.helps}".rstrip()
            for row in self.table.itertuples()
        ]
        said = f"{head} The lowest loss within {self.steps} steps; a guess has {self.guess:.3g}."
        return "\n".join([said, f"{'':{width}}     loss  decades  helps", *lines])


def verdict(loss: float, without: float, scale: float) -> str:
    """What a fix does: the loss with and without it, and that of the best constant answer.

    Examples:
        >>> verdict(0.5, without=2.3, scale=2.3), verdict(2.29, without=2.3, scale=2.3)
        ('yes', 'no')
    """
    if loss < without - CLEAR * scale and loss < LEARNS * scale:
        return YES
    return WORSE if loss > without + CLEAR * scale else NO


def ranked(rows: list[dict[str, Any]], scale: float) -> pd.DataFrame:
    """The rows as a table: what was tried first, then by loss in steps of a hundredth of a guess, then by decades."""
    in_order = sorted(rows, key=lambda row: _rank(row, scale))
    return pd.DataFrame(in_order, columns=list(COLUMNS)).astype(COLUMNS)


COLUMNS = {
    "fix": "str",
    "helps": "str",
    "loss_before": "float64",
    "loss": "float64",
    "accuracy": "float64",
    "decades_before": "float64",
    "decades_after": "float64",
    "extra_parameters": "int64",
    "page": "str",
}


def _rank(row: dict[str, Any], scale: float) -> tuple[Any, ...]:
    loss, remaining = row["loss"], abs(row["decades_after"])
    coarse = round(loss / scale, 2) if np.isfinite(loss) else float("inf")
    return np.isnan(loss), coarse, round(remaining, 1) if np.isfinite(remaining) else 0.0, row["extra_parameters"]


def _plain(value: Any) -> Any:
    return None if isinstance(value, float) and not np.isfinite(value) else value
