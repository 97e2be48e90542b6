"""What the terminal shows while the press works: bars where somebody is watching, a line a task elsewhere."""

import sys
from collections.abc import Callable
from types import TracebackType
from typing import Any


class Progress:
    """Tasks as they begin, a line each."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say

    def __enter__(self) -> "Progress":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass

    def begin(self, what: str) -> None:
        """A task was handed to the workers."""
        self.say(f"{what} …")

    def end(self, what: str) -> None:
        """A task is done, or has failed."""


class Bars(Progress):
    """One bar for the whole round of work, and under it the tasks that are still to come."""

    SHOWN = 6

    def __init__(self, say: Callable[[str], None]) -> None:
        super().__init__(say)
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        columns: Any = (TextColumn("press"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self._bars = Progress(*columns, TextColumn("{task.description}"), console=Console(stderr=True), transient=True)
        self._task = self._bars.add_task("", total=0)
        self._waiting: list[str] = []

    def __enter__(self) -> "Bars":
        self._bars.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._bars.stop()

    def begin(self, what: str) -> None:
        """A task was handed to the workers."""
        self._waiting.append(what)
        self._show(0)

    def end(self, what: str) -> None:
        """A task is done, or has failed."""
        self._waiting.remove(what)
        self._show(1)

    def _show(self, advance: int) -> None:
        more = len(self._waiting) - self.SHOWN
        described = "; ".join(self._waiting[: self.SHOWN]) + (f"; and {more} more" if more > 0 else "")
        total = (self._bars.tasks[0].total or 0) + (0 if advance else 1)
        self._bars.update(self._task, advance=advance, total=total, description=described)


def progress(say: Callable[[str], None]) -> Progress:
    """Bars on a terminal, lines elsewhere."""
    return (Bars if sys.stderr.isatty() else Progress)(say)
