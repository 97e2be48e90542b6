"""The ledger's filter: only the rows that contain what is typed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.browser import PHONE, Reader, listen

pytestmark = pytest.mark.browser

LEDGER = "evidence/claims/problem/"
WORD = "depth_decay"


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    with reader.page(LEDGER) as page:
        complaints = listen(page)
        yield page
        assert complaints == []


def test_only_the_rows_that_contain_every_word_stay(page: Page) -> None:
    all_rows = rows(page).count()
    field(page).fill(f"{WORD} factor")
    texts = [text.lower() for text in rows(page).all_inner_texts()]
    assert 0 < len(texts) < all_rows
    assert all(WORD in text and "factor" in text for text in texts)


def test_the_filter_says_how_many_rows_are_left(page: Page) -> None:
    count = rows(page).count()
    expect(left(page)).to_have_text(f"{count} rows")
    field(page).fill(WORD)
    expect(left(page)).to_have_text(f"{rows(page).count()} of {count} rows")
    field(page).fill("no such word")
    expect(left(page)).to_have_text(f"0 of {count} rows")
    field(page).fill("")
    expect(left(page)).to_have_text(f"{count} rows")


def test_the_keyboard_alone_filters(page: Page) -> None:
    count = rows(page).count()
    page.locator("h1").click()
    for _ in range(10):
        page.keyboard.press("Tab")
        if field(page).evaluate("(field) => field === document.activeElement"):
            break
    page.keyboard.type(WORD)
    assert 0 < rows(page).count() < count
    page.keyboard.press("Escape")
    assert rows(page).count() == count


def test_sorting_keeps_the_filter(page: Page) -> None:
    field(page).fill(WORD)
    count = rows(page).count()
    page.get_by_role("button", name="median").click()
    assert rows(page).count() == count


def test_the_filter_fits_a_phone(reader: Reader) -> None:
    with reader.page(LEDGER, width=PHONE) as page:
        box = field(page).bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= PHONE


@pytest.fixture
def phone(reader: Reader) -> Iterator[Page]:
    with reader.page(LEDGER, width=PHONE) as page:
        yield page


def test_a_phone_shows_the_ledger_row_by_row(phone: Page) -> None:
    table = phone.locator(".vg-ledger")
    assert table.evaluate("(one) => one.scrollWidth <= one.clientWidth")
    lefts = {round(cell["x"]) for cell in map(Locator.bounding_box, rows(phone).first.locator("td").all()) if cell}
    assert len(lefts) == 1


def test_on_a_phone_each_cell_shows_the_name_of_its_column(phone: Page) -> None:
    cells, names = rows(phone).first.locator("td"), phone.locator(".vg-ledger thead th").all_inner_texts()
    shown = cells.evaluate_all("(all) => all.map((one) => getComputedStyle(one, '::before').content)")
    assert [label.split('"')[1] for label in shown] == names[1:]


def test_on_a_phone_the_ledger_is_still_a_table(phone: Page) -> None:
    table = phone.get_by_role("table")
    assert table.get_by_role("columnheader").count() == rows(phone).first.get_by_role("cell").count() + 1
    assert table.get_by_role("rowheader").count() == rows(phone).count()


def test_on_a_phone_the_ledger_filters_and_sorts(phone: Page) -> None:
    field(phone).fill(WORD)
    names = rows(phone).locator("th")
    before = names.all_inner_texts()
    assert all(WORD in name for name in before)
    button = phone.get_by_role("button", name="claim")
    button.focus()
    for _ in range(2):
        phone.keyboard.press("Enter")
    assert names.all_inner_texts() == sorted(before, reverse=True)


def test_without_javascript_the_table_is_whole(reader: Reader) -> None:
    with reader.page(LEDGER) as page:
        count = rows(page).count()
    with reader.page(LEDGER, java_script_enabled=False) as page:
        assert rows(page).count() == count
        assert field(page).count() == 0


def test_the_filter_is_there_after_going_to_the_ledger_in_place(reader: Reader) -> None:
    with reader.page("evidence/claims/") as page:
        page.locator(".md-content td, .md-content th").get_by_role("link", name="Problem").click()
        page.wait_for_url(f"**/{LEDGER}")
        expect(field(page)).to_be_visible()


def field(page: Page) -> Locator:
    """The field, found by its label."""
    return page.get_by_label("Filter")


def left(page: Page) -> Locator:
    """What says how many rows are left."""
    return page.locator(".md-content output")


def rows(page: Page) -> Locator:
    """The rows that are shown."""
    return page.locator(".vg-ledger tbody tr:visible")
