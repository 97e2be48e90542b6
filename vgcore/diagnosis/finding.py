"""One symptom that was found: where, how certainly, what shows it, and what causes it."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """A number that was measured, and what it is.

    Examples:
        >>> print(Evidence(name="gradient lost", value=12.3456, unit="decades"))
        gradient lost: 12.3 decades
    """

    name: str
    value: float
    unit: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.name}: {self.value:.3g}", self.unit)))


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A symptom of a model.

    `symptom`: a verdict, see `vgcore.diagnose`. `severity`: "risk" = seen, but the model learns all the same;
    "alarm" = it lasts, and does harm. `cause`: what brings it about, such as "activation" or "initialisation".
    `sentence`: what is wrong, in plain words. `layers`: the Keras paths of the layers concerned, nearest the input
    first, with their `depths`. `page`: where the book explains it.
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
        """As nested dictionaries, lists, numbers and strings; numbers that are not finite as strings."""
        evidence = [
            asdict(one) | {"value": one.value if abs(one.value) < float("inf") else str(one.value)}
            for one in self.evidence
        ]
        return asdict(self) | {"layers": list(self.layers), "depths": list(self.depths), "evidence": evidence}

    def lines(self) -> list[str]:
        """What `print` shows of it."""
        return [
            self.sentence,
            f"  cause: {self.cause}",
            *(f"  {one}" for one in self.evidence),
            *([f"  layers: {self._span()}"] if self.layers else []),
            f"  in the book: {self.page}",
        ]

    def _span(self) -> str:
        shown = self.layers if len(self.layers) < 4 else (self.layers[0], "...", self.layers[-1])
        return ", ".join(shown) + (f" ({len(self.layers)})" if len(self.layers) > 3 else "")
