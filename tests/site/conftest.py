from collections.abc import Iterator

import pytest
from playwright.sync_api import sync_playwright

from tests.checkout import ROOT
from tests.site.book import Book, build, served
from tests.site.browser import NoBrowser, Reader, launch


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The real book, built from the project's own store and served."""
    root = tmp_path_factory.mktemp("site")
    with served(root) as url:
        try:
            build(ROOT, root, url)
        except RuntimeError as error:
            pytest.fail(str(error), pytrace=False)
        yield Book(root=root, url=url)


# not for the session: an event loop runs as long as it does, and other tests may want their own
@pytest.fixture(scope="package")
def reader(site: Book) -> Iterator[Reader]:
    """The book in Chromium."""
    with sync_playwright() as playwright:
        try:
            browser = launch(playwright)
        except NoBrowser as error:
            pytest.fail(str(error), pytrace=False)
        with browser:
            yield Reader(browser=browser, book=site)
