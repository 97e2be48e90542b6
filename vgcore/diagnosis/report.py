"""What `diagnose` returns: a verdict, what it rests on, and ways to show it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from vgcore.diagnosis.finding import Finding

if TYPE_CHECKING:
    from vgcore.diagnosis.trials import Trials

HEALTHY, UNKNOWN = "healthy", "not enough evidence"


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What `vgcore.diagnose` found.

    `findings`: what was seen, the one that makes the others meaningless first. `layers`: a row for each layer with
    weights, nearest the input first: the columns of `vgcore.measure_gradients`, and `kind`, `activation`,
    `dimensions` (in how many directions h differs between examples), `update_ratio` (|step| / |W| in the trial, mean)
    and `frozen`. `losses`: before each step of the trial. `missing`: what is needed for a verdict, "" if nothing.
    `measured`: all that was measured, for `try_fixes`.
    """

    findings: tuple[Finding, ...]
    layers: pd.DataFrame
    losses: tuple[float, ...] = ()
    missing: str = ""
    measured: Any = field(default=None, repr=False, compare=False)

    def try_fixes(self, budget_seconds: float = 60.0, steps: int | None = None, seed: int = 0) -> "Trials":
        """Try every fix that makes sense for a finding on a copy of the model, in a short race; the best comes first.

        Each fix is looked at and trained for as many steps on the same batches as the others, and as the model as it
        is, which stays bit for bit what it was. `budget_seconds`: about how long all of it may take; the number of
        steps, at most 300, follows, and what there is no time left for is not tried. `steps`: so many instead, however
        long it takes; then `seed` alone decides the result. Raises ValueError where there was too little evidence to
        begin with, or for numbers that are not positive.
        """
        from vgcore.diagnosis.repair import try_fixes

        if self.measured is None:
            raise ValueError(f"nothing was measured that could be mended: {self.missing}")
        return try_fixes(self.measured, self.findings, budget_seconds=budget_seconds, steps=steps, seed=seed)

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
