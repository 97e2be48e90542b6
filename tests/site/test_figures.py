"""What a reader does with a figure: look closer, take it away, cite it."""

import re
from collections.abc import Iterator

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.site.book import Book
from tests.site.browser import DESKTOP, PHONE, Reader, listen
from tests.site.test_accessibility import violations
from vgcore.press.palette import GROUND

pytestmark = pytest.mark.browser

PAGE, FIGURE = "problem/what-vanishes/", "#figure-depth_decay"


@pytest.fixture(params=[PHONE, DESKTOP])
def page(reader: Reader, request: pytest.FixtureRequest) -> Iterator[Page]:
    with reader.page(PAGE, "dark", request.param, permissions=["clipboard-read", "clipboard-write"]) as page:
        complaints = listen(page)
        yield page
        assert complaints == []


def enlarged(page: Page) -> Locator:
    """The dialog in which a figure fills the window, opened by the keyboard."""
    page.locator(f"{FIGURE} .vg-enlarge").focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog").and_(page.locator(".vg-large"))
    expect(dialog).to_be_visible()
    return dialog


def width(picture: Locator) -> float:
    box = picture.bounding_box()
    assert box
    return box["width"]


def test_a_figure_is_enlarged_to_the_window(page: Page) -> None:
    before = width(page.locator(f"{FIGURE} svg:visible"))
    assert width(enlarged(page).locator("svg")) > 1.5 * before


def test_an_enlarged_figure_is_named_by_its_message(page: Page) -> None:
    message = page.locator(f"{FIGURE} .vg-message").inner_text()
    expect(enlarged(page)).to_have_accessible_name(message.replace("\n", " "))


def test_an_enlarged_figure_goes_back_to_its_place_and_its_link(page: Page) -> None:
    drawn = page.locator(f"{FIGURE} .vg-column").inner_html()
    enlarged(page)
    page.keyboard.press("Escape")
    expect(page.locator(".vg-large")).to_have_count(0)
    expect(page.locator(f"{FIGURE} .vg-enlarge")).to_be_focused()
    assert page.locator(f"{FIGURE} .vg-column").inner_html() == drawn


def test_nothing_moves_while_a_figure_is_enlarged(page: Page) -> None:
    height = "document.documentElement.scrollHeight"
    before = page.evaluate(height)
    enlarged(page)
    assert page.evaluate(height) == before


def test_axe_finds_nothing_in_an_enlarged_figure(page: Page) -> None:
    enlarged(page)
    assert violations(page) == []


def test_without_javascript_the_link_leads_to_the_picture_alone(reader: Reader) -> None:
    with reader.page(PAGE, java_script_enabled=False) as page:
        page.locator(f"{FIGURE} .vg-enlarge").click()
        expect(page).to_have_url(re.compile(r"/data/depth_decay\.svg$"))


def test_both_forms_of_a_citation_are_copied(page: Page) -> None:
    page.locator(f"{FIGURE} .vg-cite summary").click()
    blocks = page.locator(f"{FIGURE} .vg-cite pre")
    for place, begins in enumerate(("“Gradient by layer", "@misc{depth_decay,\n  title = {{Gradient")):
        blocks.nth(place).get_by_role("button").click()
        page.wait_for_function(
            "text => navigator.clipboard.readText().then((copied) => copied.startsWith(text))", arg=begins
        )


def test_every_picture_is_there_as_pixels_twice_as_sharp(site: Book) -> None:
    drawings = sorted((site.root / "data").glob("*.svg"))
    assert drawings
    for drawing in drawings:
        size = [float(found) for found in re.findall(r' (?:width|height)="([\d.]+)"', drawing.read_text()[:600])[:2]]
        with Image.open(drawing.with_suffix(".png")) as picture:
            assert [abs(got - 2 * (wanted + 32)) <= 2 for got, wanted in zip(picture.size, size, strict=True)] == [
                True,
                True,
            ]
            assert picture.convert("RGB").getpixel((0, 0)) == rgb(GROUND["paper"].light)
            assert len(picture.convert("RGB").getcolors(1 << 20) or ()) > 3, f"{drawing.stem} is empty"


def rgb(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour.removeprefix("#")))


@pytest.mark.parametrize(("window", "side"), [(PHONE, "Top: "), (DESKTOP, "Left: ")])
def test_a_caption_places_panels_as_they_stand(reader: Reader, window: int, side: str) -> None:
    with reader.page("fixes/relu/", width=window) as page:
        words = page.locator("#figure-relu_learns .vg-caption p").first.inner_text()
        assert words.startswith(side)


@pytest.mark.parametrize(("window", "side"), [(PHONE, "Top: "), (DESKTOP, "Left: ")])
def test_a_description_places_panels_as_they_stand(reader: Reader, window: int, side: str) -> None:
    with reader.page("fixes/relu/", width=window) as page:
        words = page.locator("#figure-relu_learns svg:visible desc").text_content()
        assert (words or "").strip().startswith(side)
