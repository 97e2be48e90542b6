from pathlib import Path

import pytest

from tests.checkout import Checkout, small_book


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    """The small book, complete and not yet built."""
    return small_book(tmp_path)
