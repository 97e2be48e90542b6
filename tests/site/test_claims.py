"""A measured number in a sentence: point at it, tap it or tab to it, and a card says where it comes from."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.checkout import ROOT
from tests.site.book import Book
from tests.site.browser import PHONE, Reader, listen
from tests.site.markup import Markup
from vgcore.press.project import Project

pytestmark = pytest.mark.browser

PAGE = "problem/what-vanishes/"


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    with reader.page(PAGE) as page:
        complaints = listen(page)
        yield page
        assert complaints == []


def test_every_number_links_to_its_row_in_the_ledger(site: Book) -> None:
    claims = [(name, claim) for name, page in site.pages.items() for claim in page.with_class("vg-claim")]
    assert len(claims) > 20
    targets = {claim.attributes["data-claim"]: site.target(name, claim.attributes["href"]) for name, claim in claims}
    rows = {claim: (site.url + page, claim) for page, claim in ledger_rows(site)}
    assert targets == {claim: rows[claim] for claim in targets}


def test_every_claim_has_a_row_in_one_ledger(site: Book) -> None:
    claims = [f"{name}.{claim}" for name, figure in Project(ROOT).figures.items() for claim in figure.claims]
    assert sorted(claim for _, claim in ledger_rows(site)) == sorted(claims)


def ledger_rows(site: Book) -> Iterator[tuple[str, str]]:
    """Each page of the ledger with each claim that has a row on it."""
    for name, page in site.pages.items():
        if name.startswith("evidence/claims/"):
            yield from (
                (name, tag.attributes["id"]) for tag in page.tags if tag.name == "th" and "id" in tag.attributes
            )


def test_each_row_of_the_ledger_leads_to_its_sentence(site: Book) -> None:
    places = {(site.url + name, place) for name, page in site.pages.items() for place in places_of(page)}
    rows = [(claim, site.target(name, link)) for name, claim, link in sentences(site)]
    assert len(rows) > 20
    assert [claim for claim, target in rows if target not in places or target[1] != claim] == []


def places_of(page: Markup) -> Iterator[str]:
    """The ids of a page's numbers."""
    yield from (tag.attributes["id"] for tag in page.with_class("vg-claim") if "id" in tag.attributes)


def sentences(site: Book) -> Iterator[tuple[str, str, str]]:
    """Each row of the ledger: its page, its claim and the link of its sentence."""
    for name, page in site.pages.items():
        if name.startswith("evidence/claims/"):
            yield from ((name, claim, link) for claim, link in rows_of(page))


def rows_of(page: Markup) -> Iterator[tuple[str, str]]:
    """Each claim of a ledger with the link of its sentence: the second of its row."""
    claim, links = "", 0
    for tag in page.tags:
        if tag.name == "th" and "id" in tag.attributes:
            claim, links = tag.attributes["id"], 0
        elif tag.name == "a" and claim:
            links += 1
            if links == 2:
                yield claim, tag.attributes["href"]


def test_a_number_is_one_place_of_its_page(page: Page) -> None:
    page.goto(page.url + "#depth_decay.factor")
    place = page.locator(".md-content p [id='depth_decay.factor']")
    expect(place).to_be_in_viewport()
    expect(place).to_have_text(re.compile(r"^0\.2"))


def test_pointing_opens_the_card(page: Page) -> None:
    first(page).hover()
    expect(card(page)).to_be_visible()


def test_pointing_elsewhere_closes_the_card(page: Page) -> None:
    first(page).hover()
    expect(card(page)).to_be_visible()
    page.locator("h1").hover()
    expect(card(page)).to_be_hidden()


def test_the_card_says_median_range_and_bounds(page: Page) -> None:
    words = first(page).evaluate("({ dataset: { value, range, bounds, seeds } }) => [value, range, bounds, seeds]")
    assert all(words)
    first(page).hover()
    for word in words:
        expect(card(page)).to_contain_text(word)


def test_the_keyboard_opens_the_card(page: Page) -> None:
    tab_to_a_claim(page)
    expect(card(page)).to_be_visible()


def test_tab_goes_into_the_card(page: Page) -> None:
    tab_to_a_claim(page)
    page.keyboard.press("Tab")
    expect(card(page).locator("a")).to_be_focused()


def test_escape_closes_the_card_for_good(page: Page) -> None:
    tab_to_a_claim(page)
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    expect(card(page)).to_be_hidden()


def test_escape_from_within_the_card_returns_to_the_number(page: Page) -> None:
    tab_to_a_claim(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    assert is_on_a_claim(page)
    expect(card(page)).to_be_hidden()


def test_a_tap_opens_the_card_and_stays_on_the_page(reader: Reader) -> None:
    with reader.page(PAGE, width=PHONE, has_touch=True) as page:
        first(page).tap()
        expect(card(page)).to_be_visible()
        expect(page).to_have_url(re.compile(f"{PAGE}$"))


def test_the_card_stays_inside_the_window(page: Page) -> None:
    for claim in page.locator("p [data-claim]:visible").all():
        claim.evaluate("(claim) => claim.scrollIntoView({ block: 'end' })")
        claim.hover()
        expect(card(page)).to_contain_text(claim.get_attribute("data-claim") or "")
        box = card(page).bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 1280
        assert box["y"] >= 0
        assert box["y"] + box["height"] <= 800


def test_cards_work_after_going_to_another_page_in_place(reader: Reader) -> None:
    with reader.page("") as page:
        page.evaluate("window.sameWindow = true")
        page.locator(".vg-doors a").first.click()
        page.wait_for_url("**/problem/")
        expect(page.locator("h1")).to_have_text(re.compile("The problem"))
        assert page.evaluate("window.sameWindow"), "the page was loaded anew: instant navigation is off"
        page.locator(".md-content li [data-claim]").first.hover()
        expect(card(page)).to_be_visible()


def first(page: Page) -> Locator:
    """The first number of the page's prose."""
    return page.locator(".md-content p [data-claim]").first


def card(page: Page) -> Locator:
    """The card while it is open."""
    return page.locator(".vg-card:popover-open")


def tab_to_a_claim(page: Page) -> None:
    """Press Tab until a number has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if is_on_a_claim(page):
            return
    pytest.fail("eighty Tabs reach no number")


def is_on_a_claim(page: Page) -> bool:
    """Whether a number has the focus."""
    return bool(page.evaluate("document.activeElement.matches('[data-claim]')"))
