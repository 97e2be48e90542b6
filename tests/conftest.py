import signal
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from tests.checkout import Checkout, small_book

# A shell that starts the tests in the background makes them ignore Ctrl-C, and with them all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFile(LoadScopeScheduling):
    """A file's tests share a process, so that its fixtures are made once; all that look at the site share one."""

    def _split_scope(self, nodeid: str) -> str:
        return "tests/site" if nodeid.startswith("tests/site/") else nodeid.partition("::")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFile:
    """How `make test` hands out tests."""
    return ByFile(config, log)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """The small book, complete and not yet built."""
    return small_book(tmp_path)
