"""A long session of `mkdocs serve`: a hundred edits, some of them broken, one after the other."""

from functools import partial
from pathlib import Path

import psutil
import pytest

from tests.checkout import small_book
from tests.test_preview import COINS, Preview

EDITS = 100
FIGURE = "figures/coins.py"


def edit(preview: Preview, number: int) -> None:
    """Every edit changes the page; every fifth is one of another kind too, and the one after it takes that back."""
    book = preview.book
    undone = number % 5 == 1
    match (number - undone) % 20:
        case 0:
            change(preview, COINS, "throws: int = 100", "throws: int = (100", undone)
        case 5:
            change(preview, FIGURE, "    return figure", "    raise ValueError(figure)", undone)
        case 10:
            change(preview, FIGURE, 'y="share of heads"', 'y="heads of all"', undone)
        case 15:
            moved = (book.root / FIGURE, book.root / "figures/moved.py")
            moved[undone].rename(moved[not undone])
    book.write("docs/index.md", PAGE.format(number))


PAGE = "---\ntitle: Home\n---\n\n# Coins\n\nEdit {} of many.\n\n{{{{ figure: coins }}}}\n"


def change(preview: Preview, file: str, right: str, wrong: str, undone: bool) -> None:
    preview.book.replace(file, *((wrong, right) if undone else (right, wrong)))


def shows(number: int, page: str) -> bool:
    return f"Edit {number} of many" in page


def megabytes(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[bool], float, list[psutil.Process]]:
    """Whether each edit was seen in the browser, megabytes gained after the first twenty, processes left at the end."""
    preview = Preview(small_book(tmp_path_factory.mktemp("book")), Path(tmp_path_factory.mktemp("log") / "serve.log"))
    server = psutil.Process(preview.process.pid)
    try:
        assert preview.settled()
        seen, early = [], 0.0
        for number in range(EDITS):
            edit(preview, number)
            seen.append(preview.until(partial(shows, number)))
            early = megabytes(server) if number == 20 else early
        gained = megabytes(server) - early
        children = server.children(recursive=True)
    finally:
        preview.process.terminate()
        preview.process.wait(60)
    return seen, gained, psutil.wait_procs(children, timeout=10)[1]


def test_every_edit_is_seen(soaked: tuple[list[bool], float, list[psutil.Process]]) -> None:
    assert soaked[0] == [True] * EDITS


def test_the_server_does_not_grow(soaked: tuple[list[bool], float, list[psutil.Process]]) -> None:
    assert soaked[1] < 50


def test_no_process_is_left(soaked: tuple[list[bool], float, list[psutil.Process]]) -> None:
    assert soaked[2] == []
