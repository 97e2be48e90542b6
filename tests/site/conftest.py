from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.checkout import ROOT
from tests.site.book import Book, build, served
from tests.site.browser import MISSING, Reader, launch


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The real book, built from the project's own store and served."""
    root = tmp_path_factory.mktemp("site")
    with served(root) as url:
        build(ROOT, root, url)
        yield Book(root=root, url=url)


# not for the session: an event loop runs as long as it does, and other tests may want their own
@pytest.fixture(scope="package")
def reader(site: Book) -> Iterator[Reader]:
    """The book in Chromium."""
    with sync_playwright() as playwright, launch(playwright) or pytest.fail(MISSING, pytrace=False) as browser:
        yield Reader(browser=browser, book=site)
