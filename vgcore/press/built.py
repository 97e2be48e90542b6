"""What a build found, made, or failed to make."""

from dataclasses import dataclass, field

from vgcore.press.store import Entry


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Something that has no result, and why."""

    what: str
    message: str
    place: str = ""
    seed: int | None = None


@dataclass(kw_only=True)
class Built:
    """What a build found or made: an entry for each figure and lab, what is new among them, and what failed.

    `seconds`: of the processor, for every seed that was run of an experiment.
    """

    figures: dict[str, Entry] = field(default_factory=dict)
    labs: dict[str, Entry] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=dict)
