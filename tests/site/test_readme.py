"""The picture in README is a copy, since it is read where nothing was built: its numbers are the book's of today."""

import re
from pathlib import Path

from tests.checkout import ROOT
from tests.site.book import Book


def words(picture: Path) -> list[str]:
    return re.findall(r"<(?:title|desc)[^>]*>([^<]*)<", picture.read_text())


def test_the_picture_in_readme_says_what_was_measured_last(site: Book) -> None:
    assert words(ROOT / ".github/depth_decay.svg") == words(site.root / "data/depth_decay.svg")
