"""The book from a disk: unpacked from its archive and opened without a server."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag
from zipfile import ZipFile

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.checkout import ROOT
from tests.site.book import build
from tests.site.browser import Reader, listen
from tests.site.markup import Markup
from vgcore.press.offline import pack

pytestmark = pytest.mark.browser

ADDRESS = "https://example.org/book/"


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The book as a reader has it who has unpacked the archive."""
    place = tmp_path_factory.mktemp("disk")
    build(ROOT, place / "built", ADDRESS, OFFLINE="true")
    pack(place / "built", place / "the book.zip")
    with ZipFile(place / "the book.zip") as archive:
        archive.extractall(place)
    return place / "the book"


@pytest.fixture(scope="module")
def pages(book: Path) -> dict[str, Markup]:
    return {str(file.relative_to(book)): Markup.of(file) for file in sorted(book.rglob("*.html"))}


@pytest.fixture
def context(reader: Reader) -> Iterator[BrowserContext]:
    with reader.context() as context:
        yield context


@pytest.fixture
def page(context: BrowserContext, book: Path) -> Iterator[Page]:
    """A window that may show nothing but files of the book, and in which nothing goes wrong."""
    page = context.new_page()
    complaints, asked = listen(page), []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert complaints == []
    assert [url for url in asked if not url.startswith((book.as_uri(), "data:", "blob:"))] == []


def test_every_link_leads_to_a_file_and_a_place_in_it(book: Path, pages: dict[str, Markup]) -> None:
    ids = {book / name: {"", *page.ids} for name, page in pages.items()}
    links = [(name, *urldefrag(link)) for name, page in pages.items() for _, link in page.links]
    inner = [(name, unquote(path), mark) for name, path, mark in links if not re.match(r"[a-z]+:", path)]
    assert len(inner) > 1000
    broken = set()
    for name, path, mark in inner:
        target = (book / name).parent / path if path else book / name
        if not target.is_file() or (mark and mark not in ids.get(target.resolve(), {mark})):
            broken.add(f"{name}: {path}#{mark}")
    assert sorted(broken) == []


def test_a_page_names_its_place_on_the_site(pages: dict[str, Markup]) -> None:
    places = {
        name: [tag.attributes["href"] for tag in pages[name].tags if tag.attributes.get("rel") == "canonical"]
        for name in ("index.html", "fixes/index.html", "fixes/relu.html")
    }
    assert list(places.values()) == [[ADDRESS], [f"{ADDRESS}fixes/"], [f"{ADDRESS}fixes/relu/"]]


@pytest.mark.parametrize("name", ["index.html", "problem/what-vanishes.html", "labs/clipping.html"])
def test_a_page_opens(page: Page, book: Path, name: str) -> None:
    page.goto((book / name).as_uri(), wait_until="networkidle")
    expect(page.locator(".md-content h1")).to_be_visible()
    assert page.locator(".vg-plot svg").count() > 0


def test_the_search_finds_a_page_and_leads_to_it(page: Page, book: Path) -> None:
    page.goto((book / "index.html").as_uri())
    page.locator(".md-search__input").click()
    page.keyboard.type("what vanishes")
    page.locator(".md-search-result__link").first.click()
    expect(page).to_have_url(re.compile(r"/problem/what-vanishes\.html"))


def test_a_number_leads_to_the_ledger(page: Page, book: Path) -> None:
    page.goto((book / "problem/what-vanishes.html").as_uri())
    claim = page.locator("p > .vg-claim").first
    name = claim.get_attribute("data-claim")
    claim.click()
    expect(page).to_have_url(re.compile(rf"/evidence/claims/problem\.html#{name}$"))


def test_a_word_leads_to_the_glossary(page: Page, book: Path) -> None:
    page.goto((book / "problem/what-vanishes.html").as_uri())
    term = page.locator(".vg-term").first
    term.hover()
    page.wait_for_timeout(300)  # when a card would have come from another page
    term.click()
    expect(page).to_have_url(re.compile(r"/learn/glossary\.html#"))


def test_an_answer_of_the_quiz_counts(page: Page, book: Path) -> None:
    page.goto((book / "learn/quiz.html").as_uri())
    page.locator("details.right > summary").first.click()
    expect(page.locator(".vg-score")).to_contain_text("1 right at the first try")


def test_a_figure_is_enlarged_and_its_pictures_lie_beside_it(page: Page, book: Path) -> None:
    page.goto((book / "problem/what-vanishes.html").as_uri())
    links = {name: page.get_by_role("link", name=name, exact=True).first for name in ("SVG", "PNG", "data")}
    for name, link in links.items():
        path = Path(unquote(str(link.evaluate("(link) => link.href"))).removeprefix("file://"))
        assert path.is_file(), name
    page.locator(".vg-enlarge").first.click()
    expect(page.locator(".vg-large svg")).to_be_visible()


def test_the_archive_is_made_by_one_command(tmp_path: Path) -> None:
    (tmp_path / "site/fixes").mkdir(parents=True)
    (tmp_path / "site/fixes/relu.html").write_text("ReLU")
    (tmp_path / "site/404.html").write_text("not here")
    command = [sys.executable, "-m", "vgcore.press.offline", str(tmp_path / "site"), str(tmp_path / "book.zip")]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONPATH": str(ROOT)})
    with ZipFile(tmp_path / "book.zip") as archive:
        assert archive.namelist() == ["book/fixes/relu.html"]
