import signal
from pathlib import Path

import pytest

from tests.checkout import Checkout, small_book

# A shell that starts the tests in the background makes them ignore Ctrl-C, and with them all that they start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """The small book, complete and not yet built."""
    return small_book(tmp_path)
