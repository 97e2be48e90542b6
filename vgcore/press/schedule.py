"""In which order the runs go, and how much work they were last time."""

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

_KEPT = "seconds a seed"
LONGEST = 240.0
"""Seconds that a task of several seeds may be expected to take: what ends it early loses all of them."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One task: some seeds of one experiment, which share what is compiled once."""

    experiment: str
    seeds: tuple[int, ...]
    seconds_per_seed: float

    @property
    def seconds(self) -> float:
        """How long it is expected to take."""
        return self.seconds_per_seed * len(self.seeds)

    def halves(self) -> tuple["Batch", "Batch"]:
        """The same work as two tasks."""
        middle = len(self.seeds) // 2
        return replace(self, seeds=self.seeds[:middle]), replace(self, seeds=self.seeds[middle:])


def balanced(batches: Sequence[Batch], workers: int, share: float = 1.25) -> list[Batch]:
    """Longest first, and split as long as one task would keep a worker busy after the others are idle.

    No task of several seeds is longer than `share` of a worker's fair share, less where times are guesses, and none
    is longer than `LONGEST`.

    Examples:
        >>> one = Batch(experiment="coins", seeds=(0, 1, 2, 3), seconds_per_seed=1.0)
        >>> [batch.seeds for batch in balanced([one], workers=2)]
        [(0, 1), (2, 3)]
        >>> one = Batch(experiment="coins", seeds=(0, 1, 2, 3), seconds_per_seed=100.0)
        >>> [batch.seeds for batch in balanced([one], workers=1)]
        [(0, 1), (2, 3)]
    """
    most = min(share * sum(batch.seconds for batch in batches) / workers, LONGEST)
    while True:
        batches = sorted(batches, key=lambda batch: (-batch.seconds, batch.experiment, batch.seeds))
        long = next((batch for batch in batches if len(batch.seeds) > 1), None)
        if long is None or long.seconds <= most:
            return batches
        batches = [batch for batch in batches if batch is not long]
        batches.extend(long.halves())


COMMITTED = "vgcore/experiments/seconds.json"
"""What a checkout that has run nothing yet goes by; `vgcore store times` writes it."""


class Times:
    """Processor seconds a seed of each experiment, and the last build's report: outside the site, whose bytes stay.

    `committed` is another such file, of some other machine: what has not run here yet is as long as it says.
    """

    UNKNOWN = 30.0

    def __init__(self, file: Path, committed: Path | None = None) -> None:
        self._file = file
        self._seconds = _seconds(file)
        self._committed = _seconds(committed) if committed else {}

    def of(self, experiment: str) -> float:
        """Seconds a seed, as far as known."""
        return self._seconds.get(experiment, self._committed.get(experiment, self.UNKNOWN))

    def knows(self, experiments: Iterable[str]) -> bool:
        """Whether all of them have been run before, here or elsewhere."""
        return {*experiments} <= {*self._seconds, *self._committed}

    def save(self, seconds: Mapping[str, Sequence[float]], made: Sequence[str], wall: float) -> None:
        """Keep what this build took."""
        self._seconds |= {experiment: round(fmean(each), 2) for experiment, each in seconds.items()}
        processor = sum(sum(each) for each in seconds.values())
        last = {"made": list(made), "seconds": round(wall, 1), "processor seconds of its runs": round(processor, 1)}
        report = {_KEPT: self._seconds, "last build": last}
        with suppress(OSError):  # without it the next build guesses
            self._file.parent.mkdir(parents=True, exist_ok=True)
            self._file.write_text(json.dumps(report, indent=1, sort_keys=True) + "\n")

    def commit(self, file: Path, experiments: Iterable[str]) -> int:
        """Write what these took into a file for other checkouts, and say of how many it is known."""
        known = {name: round(self.of(name), 1) for name in sorted(experiments) if self.knows([name])}
        file.write_text(json.dumps({_KEPT: known}, indent=1) + "\n")
        return len(known)


def _seconds(file: Path) -> dict[str, float]:
    try:
        return dict(json.loads(file.read_text())[_KEPT])
    except (OSError, ValueError, KeyError):
        return {}
