"""What `diagnose` returns: a verdict, what it rests on, and ways to show it."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgcore.diagnosis.finding import Finding

HEALTHY, UNKNOWN = "healthy", "not enough evidence"


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What `vgcore.diagnose` found.

    `findings`: what was seen, the one that makes the others meaningless first. `layers`: a row for each layer with
    weights, nearest the input first: the columns of `vgcore.measure_gradients`, and `kind`, `activation`,
    `dimensions` (in how many directions h differs between examples), `update_ratio` (|step| / |W| in the trial, mean)
    and `frozen`. `losses`: before each step of the trial. `missing`: what is needed for a verdict, "" if nothing.
    """

    findings: tuple[Finding, ...]
    layers: pd.DataFrame
    losses: tuple[float, ...] = ()
    missing: str = ""

    @property
    def verdict(self) -> str:
        """The first finding's symptom; "healthy" without one, "not enough evidence" where that cannot be told."""
        if self.missing:
            return UNKNOWN
        return self.findings[0].symptom if self.findings else HEALTHY

    @property
    def severity(self) -> str:
        """The first finding's: "alarm" or "risk"; "ok" without one."""
        return self.findings[0].severity if self.findings else "ok"

    def to_dict(self) -> dict[str, Any]:
        """Everything as nested dictionaries, lists, numbers and strings, ready for JSON; NaN as None."""
        layers = self.layers.astype(object).where(self.layers.notna(), None)
        return {
            "verdict": self.verdict,
            "severity": self.severity,
            "missing": self.missing,
            "findings": [finding.to_dict() for finding in self.findings],
            "layers": layers.to_dict("records"),
            "losses": [loss if loss == loss else None for loss in self.losses],
        }

    def to_html(self) -> str:
        """A page of its own that asks no other host for anything."""
        from vgcore.diagnosis.page import page

        return page(self)

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from vgcore.diagnosis.page import body

        return body(self)

    def plot(self) -> Any:
        """The gradient and the activation by depth, as a matplotlib figure."""
        from vgcore.diagnosis.plot import plot

        return plot(self)

    def __str__(self) -> str:
        if self.missing:
            return f"{self.verdict}: {self.missing}"
        if not self.findings:
            return f"{self.verdict}: the gradient arrives in every layer, and every layer moves."
        first, *others = self.findings
        lines = [f"{self.verdict} ({self.severity})", *first.lines()]
        if others:
            seen = ", ".join(f"{one.symptom} ({one.cause})" for one in others)
            lines.append(f"Also seen, and perhaps a consequence: {seen}.")
        return "\n".join(lines)
