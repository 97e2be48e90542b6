"""Which claims hold on seeds that had no part in their making: what `vgcore claims --record` found, in the checkout."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vgcore.press.built import Built
from vgcore.press.project import Project

RECORD = Path("tests/fresh_seeds.json")
"""One line a figure: its seeds, the digest of its code, and its claims with whether they hold."""

COMPUTED, HOLDS, FAILS, NOT_YET = STATES = ("without chance", "hold on fresh seeds", "fail there", "not tried yet")
"""What can be said of a claim; the first: pure mathematics has no seed."""


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What came of a figure's claims on `count` fresh seeds; `current`: with the code as it is now."""

    count: int = 0
    current: bool = False
    claims: Mapping[str, bool] = field(default_factory=dict)

    def state(self, claim: str, seeds: Collection[str]) -> str:
        """One of `STATES`; `seeds` are those of the book, of which pure mathematics has only 0."""
        if list(seeds) == ["0"]:
            return COMPUTED
        return {True: HOLDS, False: FAILS, None: NOT_YET}[self.claims.get(claim)]

    def words(self, claim: str, seeds: Collection[str]) -> str:
        """What the ledger says of a claim.

        Examples:
            >>> tried = Tried(count=20, current=True, claims={"loss": True, "luck": False})
            >>> tried.words("loss", ["0", "1"]), tried.words("luck", ["0", "1"]), tried.words("new", ["0", "1"])
            ('20 hold', 'not all of 20', 'not tried yet')
        """
        state = self.state(claim, seeds)
        if state not in (HOLDS, FAILS):
            return state
        found = f"{self.count} hold" if state == HOLDS else f"not all of {self.count}"
        return found if self.current else f"{found}, before the last edit"


UNTRIED = Tried()


def read(project: Project) -> dict[str, Tried]:
    """What is recorded of each figure; of one that was never tried, nothing."""
    record = _load(project.root / RECORD)
    return {
        name: Tried(
            count=record[name]["count"],
            current=record[name]["code"] == project.claims_fingerprint(name).key,
            claims=record[name]["claims"],
        )
        for name in project.figures
        if name in record
    }


def write(project: Project, built: Built, first: int, count: int) -> None:
    """Add what was built with `count` seeds from `first` on; of other figures the record stays."""
    record = _load(project.root / RECORD)
    for name, entry in built.figures.items():
        claims = {claim: verdict["holds"] for claim, verdict in sorted(entry.record["claims"].items())}
        code = project.claims_fingerprint(name).key
        if claims:
            record[name] = {"first": first, "count": count, "code": code, "claims": claims}
    lines = [f"{json.dumps(name)}: {json.dumps(record[name])}" for name in sorted(record)]
    (project.root / RECORD).parent.mkdir(exist_ok=True)
    (project.root / RECORD).write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _load(file: Path) -> dict[str, Any]:
    return dict(json.loads(file.read_text())) if file.exists() else {}
