"""What is shown of the work."""

from io import StringIO

import pytest
from rich.console import Console

from vgcore.press import progress
from vgcore.press.progress import Bars, Progress


def test_without_a_terminal_there_is_a_line_a_task(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", StringIO())
    said: list[str] = []
    with progress.progress(said.append) as shown:
        shown.begin("figure coins")
        shown.end("figure coins")
    assert (type(shown), said) == (Progress, ["figure coins …"])


def test_on_a_terminal_the_bar_counts_what_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = StringIO()
    monkeypatch.setattr("rich.console.Console", lambda **_: Console(file=screen, force_terminal=True, width=100))
    with Bars(lambda _: None) as shown:
        for number in range(3):
            shown.begin(f"task {number}")
        shown.end("task 1")
    assert "1/3" in screen.getvalue()
    assert "task 0; task 2" in screen.getvalue()
