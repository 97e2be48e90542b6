"""One symptom that was found: where, how certainly, what shows it, and what causes it."""

from dataclasses import asdict, dataclass
from typing import Any

SEVERITIES = ("ok", "risk", "alarm")
"""From none to what calls for a repair: a risk was seen but does no harm yet, an alarm keeps the model from learning."""


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A number that was measured, and what it is."""

    name: str
    value: float
    unit: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.name}: {self.value:.3g}", self.unit)))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A symptom of a model.

    `symptom`: a verdict of `vgcore.Diagnosis`. `severity`: "risk" or "alarm". `cause`: what brings it about, such as
    "activation" or "initialisation", "" if it could not be told. `sentence`: what is wrong, in plain words. `layers`:
    the Keras paths of the layers concerned, nearest the input first, with their `depths`. `page`: where the book
    explains it.
    """

    symptom: str
    severity: str
    cause: str
    sentence: str
    evidence: tuple[Evidence, ...]
    layers: tuple[str, ...] = ()
    depths: tuple[int, ...] = ()
    page: str = ""

    def to_dict(self) -> dict[str, Any]:
        """As nested dictionaries, lists, numbers and strings."""
        return {**asdict(self), "layers": list(self.layers), "depths": list(self.depths),
                "evidence": [asdict(one) for one in self.evidence]}  # fmt: skip

    def __str__(self) -> str:
        return f"{self.severity}: {self.sentence}\n" + "\n".join(f"  {one}" for one in self.evidence)
