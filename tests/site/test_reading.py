"""Other ways to read: on paper, without JavaScript, in the other scheme; and the two tools, searching and sorting."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.site.book import KINDS, Book
from tests.site.browser import DESKTOP, PHONE, Reader, pictures

pytestmark = pytest.mark.browser

PAPER = 718
"""The width of a page of A4 between its margins, in pixels."""
PRINTED = """() => ({
  paper: measure.paper(),
  ink: Object.fromEntries(%s.map((selector) => [selector, measure.ink(selector)])),
  plots: document.querySelectorAll(".vg-plot").length,
  pictures: measure.drawn().filter(({ box }) => box.right - box.left > 200).length,
  cut: measure.cut(),
})"""
INKED = [
    ".md-content p",
    ".md-content h1",
    ".md-content a",
    ".md-content code",
    ".md-content code span",
    ".vg-plot text",
]
BARE = """() => ({
  words: document.querySelector(".md-content").innerText.split(/\\s+/).length,
  pictures: [...document.querySelectorAll(".vg-plot svg")].filter((svg) => svg.clientWidth > 200).length,
})"""

Printed = dict[str, Any]


@pytest.fixture(scope="module")
def prints(reader: Reader) -> dict[str, Printed]:
    """Every page as a reader of the dark scheme prints it; of the figures' own pages, which repeat them, an eighth."""
    with reader.pages("dark", DESKTOP, reader.book.seen(0, 8)) as pages:
        return {name: printed(page) for name, page in pages}


def printed(page: Page) -> Printed:
    """What a page looks like on paper."""
    assert page.locator("body").get_attribute("data-md-color-scheme") == "slate"
    page.set_viewport_size({"width": PAPER, "height": 1000})
    page.emulate_media(media="print")
    found: Printed = page.evaluate(PRINTED % INKED)
    page.emulate_media(media="screen")
    page.set_viewport_size({"width": DESKTOP, "height": 800})
    return found


def test_print_is_on_light_paper(prints: dict[str, Printed]) -> None:
    assert {name: seen["paper"] for name, seen in prints.items() if seen["paper"] < 0.9} == {}


@pytest.mark.parametrize("what", INKED)
def test_print_is_in_ink(prints: dict[str, Printed], what: str) -> None:
    contrasts = {name: min(seen["ink"][what]) for name, seen in prints.items() if seen["ink"][what]}
    assert contrasts
    assert {name: contrast for name, contrast in contrasts.items() if contrast < 4.5} == {}


def test_print_shows_every_picture(prints: dict[str, Printed]) -> None:
    assert any(seen["plots"] for seen in prints.values())
    assert {name: seen for name, seen in prints.items() if seen["pictures"] != seen["plots"]} == {}


def test_print_cuts_nothing_off(prints: dict[str, Printed]) -> None:
    assert {name: seen["cut"] for name, seen in prints.items() if seen["cut"]} == {}


def test_a_page_is_whole_without_javascript(reader: Reader, site: Book) -> None:
    with reader.context(java_script_enabled=False) as context:
        window = context.new_page()
        for name in site.seen(1, 8):
            window.goto(site.url + name)
            seen = window.evaluate(BARE)
            assert seen["words"] > 2, name
            assert seen["pictures"] == len(site.pages[name].with_class("vg-plot")), name


def test_without_javascript_a_number_leads_to_the_ledger(reader: Reader) -> None:
    with reader.page("problem/what-vanishes/", java_script_enabled=False) as page:
        claim = page.locator(".vg-claim").first
        name = claim.get_attribute("data-claim")
        claim.click()
        expect(page).to_have_url(re.compile(rf"/evidence/claims/problem/#{name}$"))
        expect(page.locator(f"[id='{name}']")).to_be_in_viewport()


RIGHT_TO_LEFT = "document.documentElement.dir = document.body.dir = 'rtl'"


@pytest.mark.parametrize("width", [PHONE, DESKTOP])
def test_from_right_to_left_no_page_scrolls_sideways(reader: Reader, width: int) -> None:
    with reader.pages("light", width, KINDS.values()) as pages:
        wider = {name: (page.evaluate(RIGHT_TO_LEFT), page.evaluate("measure.wider()"))[1] for name, page in pages}
    assert {name: by for name, by in wider.items() if by > 0} == {}


def test_from_right_to_left_a_picture_stays_as_it_is(reader: Reader) -> None:
    with reader.page("problem/what-vanishes/") as page:
        before = places(page)
        page.evaluate(RIGHT_TO_LEFT)
        assert places(page) == before


def places(page: Page) -> list[tuple[str, int, int]]:
    """Where in its picture each word stands."""
    found = [(word.text, word.left - one.frame.left, word.right - one.frame.left) for one in pictures(page)
             for word in one.words]  # fmt: skip
    return [(text, round(left), round(right)) for text, left, right in found]


def test_the_switch_recolours_figures(reader: Reader) -> None:
    with reader.page("problem/what-vanishes/") as page:
        label = page.locator(".vg-column text").first
        before = label.evaluate("(text) => getComputedStyle(text).fill")
        page.locator("label[title='Switch to dark']").click()
        expect(label).not_to_have_css("fill", before)


def test_the_scheme_is_kept_on_the_next_page(reader: Reader) -> None:
    with reader.page("problem/what-vanishes/") as page:
        page.locator("label[title='Switch to dark']").click()
        page.goto(reader.book.url)
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_search_finds_a_page(reader: Reader) -> None:
    with reader.page("") as page:
        page.locator(".md-search__input").click()
        page.keyboard.type("what vanishes")
        expect(page.locator(".md-search-result__link").first).to_have_attribute(
            "href", re.compile("/problem/what-vanishes/")
        )


def test_the_ledger_sorts_by_any_column(reader: Reader) -> None:
    with reader.page("evidence/claims/problem/") as page:
        names = page.locator(".vg-sortable tbody th")
        before = names.all_inner_texts()
        heading = page.locator(".vg-sortable thead th").first
        heading.locator("button").click()
        expect(heading).to_have_attribute("aria-sort", "ascending")
        heading.locator("button").click()
        expect(heading).to_have_attribute("aria-sort", "descending")
        assert names.all_inner_texts() == sorted(before, reverse=True)
