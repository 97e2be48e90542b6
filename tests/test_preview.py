"""`mkdocs serve` on the small book: what an author sees while editing."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.checkout import Checkout, small_book

COINS = "vgcore/experiments/coins.py"
SECONDS = 60  # generous: the machine may be busy, and the bench has the budgets


class Preview:
    """A running `mkdocs serve`, asked as a browser would."""

    def __init__(self, book: Checkout, log: Path, site: str = "coins/") -> None:
        self.book = book
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        self.url = f"http://{address}/{site}"
        self.log = log
        with log.open("w") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "mkdocs", "serve", "-a", address], cwd=book.root, stdout=output,
                stderr=subprocess.STDOUT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            )  # fmt: skip

    def page(self, path: str) -> str:
        try:
            with urllib.request.urlopen(self.url + path, timeout=20) as response:
                return str(response.read().decode())
        except OSError:
            return ""

    def until(self, seen: Callable[[str], bool], path: str = "") -> bool:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            if seen(self.page(path)):
                return True
            time.sleep(0.1)
        return False

    def logged(self, text: str) -> bool:
        return self.until(lambda _: text in self.log.read_text())

    def settled(self) -> bool:
        return self.until(lambda page: "<svg role" in page and "vg-badge" not in page)


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    book = small_book(tmp_path_factory.mktemp("book"))
    running = Preview(book, tmp_path_factory.mktemp("log") / "serve.log")
    try:
        yield running
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(SECONDS) == 0
    finally:
        running.process.kill()


def test_the_page_is_there_before_its_figure(preview: Preview) -> None:
    assert preview.until(lambda page: "<h1" in page and "computing" in page)
    assert preview.settled()


def test_a_page_that_takes_longer_comes_by_itself(preview: Preview) -> None:
    assert preview.until(lambda page: "def draw" in page, "figures/coins/")


def test_an_edited_page_is_shown(preview: Preview) -> None:
    preview.book.replace("docs/index.md", "A loaded coin", "An unfair coin")
    assert preview.until(lambda page: "An unfair coin" in page)


def test_an_edited_figure_is_drawn_again(preview: Preview) -> None:
    preview.book.replace("figures/coins.py", 'y="share of heads"', 'y="heads of all"')
    for path in ("", "figures/coins/"):
        assert preview.until(lambda page: "heads of all</text>" in page, path)
    assert preview.settled()


def test_an_edited_experiment_shows_the_last_good_figure_as_stale(preview: Preview) -> None:
    preview.book.replace(COINS, "    random = np", "    __import__('time').sleep(3)\n    random = np")
    assert preview.until(lambda page: ">stale" in page and "<svg role" in page)
    assert preview.settled()


def test_a_syntax_error_is_shown_beside_the_last_good_figure(preview: Preview) -> None:
    preview.book.replace(COINS, "throws: int = 100", "throws: int = (100")
    failed = re.compile(rf"failed <code>{COINS}:\d+: '\(' was never closed</code>")
    assert preview.until(lambda page: bool(failed.search(page)) and "<svg role" in page)
    preview.book.replace(COINS, "throws: int = (100", "throws: int = 100")
    assert preview.settled()


def test_an_exception_is_shown_in_the_figures_place(preview: Preview) -> None:
    preview.book.replace(COINS, "    random = np", "    raise ValueError('oops')\n    random = np")
    failed = re.compile(rf"failed <code>{COINS}:\d+: ValueError: oops</code>")
    assert preview.until(lambda page: bool(failed.search(page)))
    preview.book.replace(COINS, "    raise ValueError('oops')\n", "")
    assert preview.settled()


def test_a_figure_that_is_taken_away_leaves_its_place_marked(preview: Preview) -> None:
    figure = preview.book.root / "figures/coins.py"
    figure.rename(figure.with_name("thrown.py"))
    assert preview.until(lambda page: "there is no figure 'coins'" in page)
    figure.with_name("thrown.py").rename(figure)
    assert preview.settled()


def test_an_unknown_claim_is_said_and_the_preview_goes_on(preview: Preview) -> None:
    preview.book.replace("docs/index.md", "coins.gap", "coins.gpa")
    assert preview.logged("docs/index.md:7: figure 'coins' has no claim 'gpa'")
    preview.book.replace("docs/index.md", "coins.gpa", "coins.gap")
    assert preview.until(lambda page: 'data-claim="coins.gap"' in page)
