"""What a diagnosis says."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vgcore.diagnosis.finding import Finding


@dataclass(frozen=True, kw_only=True)
class Diagnosis:
    """What `vgcore.diagnose` found."""

    findings: tuple[Finding, ...]
    layers: pd.DataFrame

    @property
    def verdict(self) -> str:
        """The symptom of the first finding; "healthy" without one."""
        return self.findings[0].symptom if self.findings else "healthy"

    @property
    def severity(self) -> str:
        """"alarm", "risk" or "ok"."""
        return self.findings[0].severity if self.findings else "ok"

    def __str__(self) -> str:
        return "\n".join([f"{self.verdict} ({self.severity})", *map(str, self.findings)])
