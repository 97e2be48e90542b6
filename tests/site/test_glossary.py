"""A word of the glossary in a page: point at it, tap it or tab to it, and a card says what it means."""

import gzip
import re
from collections import Counter
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.site.book import Book
from tests.site.browser import PHONE, Reader, Scheme, listen
from tests.site.test_accessibility import violations

pytestmark = pytest.mark.browser

PAGE = "problem/what-explodes/"
TERM = re.compile(rb'<a class="vg-term" href="[^"]*">(.*?)</a>')


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    with reader.page(PAGE) as page:
        complaints = listen(page)
        yield page
        assert complaints == []


def term(page: Page) -> Locator:
    """The first word of the page that has a meaning."""
    return page.locator(".vg-term:visible").first


def card(page: Page) -> Locator:
    """The card while it is open."""
    return page.locator(".vg-card:popover-open")


def entry(reader: Reader, page: Page) -> tuple[str, str]:
    """What the glossary says of the first word: its name, and its meaning."""
    href = term(page).get_attribute("href") or ""
    with reader.page("learn/glossary/", java_script_enabled=False) as glossary:
        name = glossary.locator(f"[id='{href.partition('#')[2]}']")
        return name.inner_text(), name.locator("xpath=following-sibling::dd[1]").inner_text()


def tab_to_a_term(page: Page) -> None:
    """Press Tab from just before the first word."""
    term(page).evaluate("(term) => { term.tabIndex = -1; term.focus(); term.removeAttribute('tabindex'); }")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    expect(term(page)).to_be_focused()


def test_a_word_is_linked_once_a_page(site: Book) -> None:
    several = {}
    for name, markup in site.pages.items():
        entries = Counter(tag.attributes["href"].partition("#")[2] for tag in markup.with_class("vg-term"))
        several[name] = [one for one, times in entries.items() if times > 1]
    assert {name: words for name, words in several.items() if words} == {}


def test_most_pages_explain_words(site: Book) -> None:
    chapters = [name for name in site.pages if name.startswith(("problem/", "causes/", "signs/", "fixes/", "impacts/"))]
    assert len([name for name in chapters if site.pages[name].with_class("vg-term")]) > 0.9 * len(chapters)


def test_words_that_are_explained_weigh_little(site: Book) -> None:
    heavy = {}
    for name, markup in site.pages.items():
        html = markup.file.read_bytes()
        heavy[name] = len(gzip.compress(html, mtime=0)) - len(gzip.compress(TERM.sub(rb"\1", html), mtime=0))
    assert max(heavy.values()) > 0
    assert {name: more for name, more in heavy.items() if more > 1024} == {}


def test_pointing_shows_what_the_glossary_says(page: Page, reader: Reader) -> None:
    term(page).hover()
    for words in entry(reader, page):
        expect(card(page)).to_contain_text(words)


def test_the_keyboard_opens_the_card_and_goes_into_it(page: Page) -> None:
    tab_to_a_term(page)
    expect(card(page)).to_be_visible()
    page.keyboard.press("Tab")
    expect(card(page).locator("a").first).to_be_focused()


def test_escape_closes_the_card_and_returns_to_the_word(page: Page) -> None:
    tab_to_a_term(page)
    expect(card(page)).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.wait_for_timeout(300)
    expect(card(page)).to_be_hidden()
    expect(term(page)).to_be_focused()


def test_going_on_before_the_glossary_has_come_opens_nothing(page: Page) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/learn/glossary/", hold)
    term(page).hover()
    page.wait_for_timeout(300)
    page.locator("h1").hover()
    page.wait_for_timeout(400)
    assert len(held) == 1
    held[0].continue_()
    page.wait_for_timeout(300)
    expect(card(page)).to_be_hidden()


def test_the_glossary_comes_once_and_only_when_it_is_asked_for(reader: Reader) -> None:
    with reader.page(PAGE) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url) if "glossary" in request.url else None)
        page.locator("h1").hover()
        page.wait_for_timeout(300)
        assert asked == []
        for one in page.locator(".vg-term:visible").all()[:3]:
            one.hover()
            expect(card(page)).to_contain_text("Glossary")
            page.locator("h1").hover()
            expect(card(page)).to_be_hidden()
        assert len(asked) == 1


def test_links_in_the_card_lead_to_pages(page: Page, site: Book) -> None:
    term(page).hover()
    expect(card(page)).to_be_visible()
    links = card(page).locator("a").evaluate_all("(links) => links.map(({ href }) => href)")
    assert len(links) >= 2
    assert [link for link in links if not site.file(link.partition("#")[0]).is_file()] == []


def test_a_tap_opens_the_card_and_stays_on_the_page(reader: Reader) -> None:
    with reader.page(PAGE, width=PHONE, has_touch=True) as page:
        term(page).tap()
        expect(card(page)).to_be_visible()
        expect(page).to_have_url(re.compile(f"{PAGE}$"))


def test_a_tap_goes_to_the_glossary_where_it_cannot_be_fetched(reader: Reader) -> None:
    with reader.page(PAGE, width=PHONE, has_touch=True) as page:
        page.evaluate("() => { window.fetch = () => Promise.reject(new Error('no server')); }")
        term(page).tap()
        expect(page).to_have_url(re.compile("/learn/glossary/#"))


def test_without_javascript_a_word_leads_to_the_glossary(reader: Reader) -> None:
    with reader.page(PAGE, java_script_enabled=False) as page:
        name = (term(page).get_attribute("href") or "").partition("#")[2]
        term(page).click()
        expect(page).to_have_url(re.compile(f"/learn/glossary/#{name}$"))
        expect(page.locator(f"[id='{name}']")).to_be_in_viewport()


def test_words_have_cards_after_going_to_another_page_in_place(reader: Reader) -> None:
    with reader.page("") as page:
        page.locator(".vg-doors a").first.click()
        page.wait_for_url("**/problem/")
        expect(page.locator("h1")).to_have_text(re.compile("The problem"))
        term(page).hover()
        expect(card(page)).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_card(reader: Reader, scheme: Scheme) -> None:
    with reader.page(PAGE, scheme) as page:
        term(page).hover()
        card(page).wait_for()
        assert violations(page) == []
