"""What every page does in a browser: on a light phone and on a dark desktop."""

import gzip
import re
from collections.abc import Iterator
from statistics import median

import pytest
from playwright.sync_api import expect

from tests.site.book import Book
from tests.site.browser import DESKTOP, PHONE, Picture, Reader, Visit, Word, pictures

pytestmark = pytest.mark.browser

PAGE_BYTES = 100 * 1024
SMALLEST = {PHONE: 9, DESKTOP: 11}
"""The smallest text in a picture, in pixels on the screen, by the width of the window."""


@pytest.fixture(scope="module")
def visits(reader: Reader) -> list[Visit]:
    assert "problem/what-vanishes/" in reader.book.pages
    return reader.visits


def test_no_page_complains(visits: list[Visit]) -> None:
    assert [f"{visit.place}: {one}" for visit in visits for one in visit.complaints] == []


def test_no_page_asks_for_anything_outside_the_book(visits: list[Visit], site: Book) -> None:
    foreign = {f"{visit.place}: {url}" for visit in visits for url in visit.requests if not url.startswith(site.url)}
    assert sorted(foreign) == []


def test_no_page_scrolls_sideways(visits: list[Visit]) -> None:
    wider = [
        f"{visit.page}: {by} px at {width} px" for visit in visits for width, by in visit.sideways.items() if by > 0
    ]
    assert wider == []


def test_text_in_pictures_is_large_enough(visits: list[Visit]) -> None:
    small = [
        f"{visit.place}: {word.text!r} has {word.size:.1f} px"
        for visit, _, word in _words(visits)
        if word.size < SMALLEST[visit.width]
    ]
    assert small == []


def test_words_in_pictures_do_not_overlap(visits: list[Visit]) -> None:
    meeting = [
        f"{visit.place}: {one.text!r} and {other.text!r} in {picture.name!r}"
        for visit in visits
        for picture in visit.pictures
        for one, other in _overlaps(picture)
    ]
    assert meeting == []


def test_words_in_pictures_stay_inside(visits: list[Visit]) -> None:
    out = [
        f"{visit.place}: {word.text!r} in {picture.name!r}"
        for visit, picture, word in _words(visits)
        if not _inside(word, picture.frame)
    ]
    assert out == []


def test_every_picture_of_a_figure_is_shown(visits: list[Visit], site: Book) -> None:
    expected = {name: len(page.with_class("vg-plot")) for name, page in site.pages.items() if name != "figures/"}
    assert sum(expected.values()) > 0
    wrong = [visit.place for visit in visits if len(visit.pictures) != expected.get(visit.page, len(visit.pictures))]
    assert wrong == []


def test_pages_are_light(visits: list[Visit], site: Book) -> None:
    weights = {visit.place: sum(_weight(site, url) for url in _shown_files(visit)) for visit in visits}
    assert {place: weight for place, weight in weights.items() if weight > PAGE_BYTES} == {}


def test_nothing_moves_while_a_page_loads(visits: list[Visit]) -> None:
    assert [f"{visit.place}: {visit.shift:.3f}" for visit in visits if visit.shift > 0.02] == []


def test_lines_of_prose_are_short(visits: list[Visit]) -> None:
    full = [count for visit in visits if visit.width == DESKTOP for lines in visit.prose for count in lines[:-1]]
    assert 45 <= median(full) <= 76


def test_no_line_of_prose_is_long(visits: list[Visit]) -> None:
    long = [f"{visit.place}: {max(lines)}" for visit in visits for lines in visit.prose if max(lines) > 82]
    assert long == []


def test_home_shows_the_doors_on_a_desktop_without_scrolling(reader: Reader) -> None:
    with reader.page("") as page:
        doors = page.locator(".vg-doors").bounding_box()
        assert doors is not None
        assert doors["y"] + doors["height"] <= 800


def test_home_shows_an_axis_on_a_phone_without_scrolling(reader: Reader) -> None:
    with reader.page("", width=PHONE) as page:
        axis = _first_axis(pictures(page)[0])
        assert max(word.bottom for word in axis) <= 740, axis


def _words(visits: list[Visit]) -> Iterator[tuple[Visit, Picture, Word]]:
    return ((visit, picture, word) for visit in visits for picture in visit.pictures for word in picture.words)


def _overlaps(picture: Picture) -> Iterator[tuple[Word, Word]]:
    for place, one in enumerate(picture.words):
        yield from ((one, other) for other in picture.words[:place] if one.overlaps(other))


def _inside(word: Word, frame: Word) -> bool:
    across = frame.left - 1 <= word.left and word.right <= frame.right + 1
    return across and frame.top - 1 <= word.top and word.bottom <= frame.bottom + 1


def _shown_files(visit: Visit) -> set[str]:
    """What a page loads to be shown; searching loads its index and its worker."""
    return {url for url in visit.requests if not re.search(r"/search/|/workers/|sitemap\.xml", url)}


def _weight(site: Book, url: str) -> int:
    """Bytes on the way."""
    return len(gzip.compress(site.file(url).read_bytes(), mtime=0))


def _first_axis(picture: Picture) -> list[Word]:
    """The numbers and the name of the uppermost horizontal axis: the first row of numbers, and the row below it."""
    rows: dict[int, list[Word]] = {}
    for word in sorted(picture.words, key=lambda word: word.bottom):
        rows.setdefault(round(word.bottom / 3), []).append(word)
    ordered = list(rows.values())
    numbers = next(place for place, row in enumerate(ordered) if sum(_is_number(word) for word in row) >= 3)
    return ordered[numbers] + ordered[numbers + 1]


def _is_number(word: Word) -> bool:
    return bool(re.fullmatch(r"[−\d.,]+", word.text))


def test_a_phone_shows_papers_row_by_row(reader: Reader) -> None:
    with reader.page("evidence/papers-recurrence/", width=PHONE) as page:
        tables = page.locator(".vg-table")
        assert tables.count() > 0
        assert tables.evaluate_all("all => all.filter((one) => one.scrollWidth > one.clientWidth).length") == 0


def test_no_heading_of_a_table_that_nobody_sorts_looks_as_if_it_sorted(reader: Reader) -> None:
    with reader.page("evidence/papers-recurrence/") as page:
        heading = page.locator(".vg-table th").first
        heading.hover()
        assert heading.evaluate("(one) => getComputedStyle(one, '::after').content") == "none"
        expect(heading).to_have_css("cursor", "auto")
