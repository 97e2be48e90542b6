"""What readers explore: by keyboard, by address, quickly, and not at all where there is no script."""

import gzip
import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.site.book import Book
from tests.site.browser import DESKTOP, PHONE, Reader, listen
from tests.site.test_accessibility import violations

pytestmark = pytest.mark.browser

GRADIENT, MEMORY, PHASES = "explore/gradient/", "explore/memory/", "explore/phases/"
EXPLORED = (GRADIENT, MEMORY, PHASES)
SCRIPT_BYTES = 350 * 1024
MILLISECONDS = 100
ANSWER = """() => new Promise((answered) => {
  const input = document.querySelector(".vg-choices input:not(:checked, :disabled)");
  const start = performance.now();
  if (input.type === "range") input.stepDown();
  else input.checked = true;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
  requestAnimationFrame(() => setTimeout(() => answered(performance.now() - start)));
})"""

explored = pytest.mark.parametrize("name", EXPLORED)


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    with reader.page(GRADIENT) as page:
        complaints = listen(page)
        yield page
        assert complaints == []


def said(page: Page) -> str:
    """The sentence of the view that is shown."""
    return page.locator(".vg-said").inner_text()


def data(site: Book, name: str) -> Any:
    """What a page holds to be explored."""
    (found,) = re.findall(r"<template>(.*?)</template>", (site.root / name / "index.html").read_text(), re.DOTALL)
    return json.loads(unescape(found))


@explored
def test_a_page_shows_one_of_the_sentences_it_holds(reader: Reader, site: Book, name: str) -> None:
    with reader.page(name) as page:
        assert said(page) in {sentence for _, _, sentence in data(site, name)["views"]}


def test_the_arrow_keys_change_a_choice(page: Page) -> None:
    page.get_by_role("radio", name="sigmoid").focus()
    before = said(page)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("radio", name="tanh")).to_be_checked()
    assert said(page) != before


def test_tab_goes_from_choice_to_choice(page: Page) -> None:
    page.get_by_role("radio", name="sigmoid").focus()
    page.keyboard.press("Tab")
    expect(page.get_by_role("radio", name="Glorot")).to_be_focused()


def test_the_arrow_keys_move_a_slider(reader: Reader) -> None:
    with reader.page(PHASES) as page:
        page.get_by_role("slider", name="Weights").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("slider", name="Weights")).to_have_attribute("aria-valuetext", "1.414")
        assert said(page).startswith("With σ = 1.414 ")


def test_a_view_says_of_what_its_dashed_line_is_the_theory(reader: Reader) -> None:
    with reader.page("explore/memory/") as page:
        assert "Dashed: theory of weak inputs" in page.locator(".vg-how").inner_text()


def test_a_place_on_the_map_is_chosen_by_pointing_at_it(reader: Reader) -> None:
    with reader.page(PHASES) as page:
        page.locator("[data-cell='0 0']").click()
        assert said(page).startswith("With σ = 0.4 the first of 2 layers ")
        expect(page.get_by_role("slider", name="Depth")).to_have_attribute("aria-valuetext", "2")
        assert page.url.endswith("#weights=0.4&depth=2")


def test_a_choice_that_means_nothing_cannot_be_made(reader: Reader) -> None:
    with reader.page(MEMORY) as page:
        expect(page.get_by_role("radiogroup", name="Forget bias").get_by_role("radio").first).to_be_enabled()
        page.get_by_role("radio", name="GRU").check()
        expect(page.get_by_role("radiogroup", name="Forget bias").get_by_role("radio").first).to_be_disabled()


def test_the_address_holds_the_view(reader: Reader, page: Page) -> None:
    page.get_by_role("radio", name="ReLU").check()
    page.get_by_role("radio", name="before 2010").check()
    page.get_by_role("radio", name="layer").check()
    address = page.url.removeprefix(reader.book.url)
    assert address == GRADIENT + "#activation=relu&weights=before-2010&normalisation=layer&skips=no&depth=16"
    with reader.page(address) as shared:
        expect(shared.get_by_role("radio", name="before 2010")).to_be_checked()
        assert said(shared) == said(page)


def test_an_address_that_means_nothing_shows_the_first_view(reader: Reader, page: Page) -> None:
    with reader.page(GRADIENT + "#activation=nothing&depth=") as other:
        assert said(other) == said(page)


def test_back_and_forward_go_through_the_views(page: Page) -> None:
    first = said(page)
    page.get_by_role("radio", name="tanh").check()
    second = said(page)
    page.get_by_role("radio", name="ReLU").check()
    page.go_back()
    expect(page.locator(".vg-said")).to_have_text(second)
    expect(page.get_by_role("radio", name="tanh")).to_be_checked()
    page.go_back()
    expect(page.locator(".vg-said")).to_have_text(first)
    page.go_forward()
    expect(page.locator(".vg-said")).to_have_text(second)


def test_the_table_holds_the_line(page: Page, site: Book) -> None:
    shown = data(site, GRADIENT)
    line = shown["lines"][next(view[0] for view in shown["views"] if view[2] == said(page))]
    page.get_by_text("The numbers of this view as a table").click()
    rows = page.locator(".vg-explore tbody tr").all_inner_texts()
    cells = [[float(cell.replace("−", "-")) for cell in row.split("\t")] for row in rows]
    columns = (line[name] for name in ("x", "middle", "low", "high", "theory"))
    assert cells == [pytest.approx(list(row)) for row in zip(*columns, strict=True)]


def test_marks_stand_where_their_numbers_are(page: Page, site: Book) -> None:
    """The lowest mark is as far below the highest as the ticks say that it is."""
    shown = data(site, GRADIENT)
    middle = shown["lines"][shown["views"][_start(shown)][0]]["middle"]
    found = page.evaluate("""() => {
      const svg = document.querySelector(".vg-views svg");
      const words = [...svg.querySelectorAll("text[text-anchor=end]")];
      const ticks = words.map((one) => [one.textContent, one.getAttribute("y")]);
      const marks = [...svg.querySelectorAll("path")].at(-1).getAttribute("d");
      return { ticks, heights: [...marks.matchAll(/M[\\d.]+ ([\\d.]+)/g)].map(([, height]) => Number(height)) };
    }""")
    (high, top), *_, (low, bottom) = (
        (float(text.replace("−", "-")), float(y)) for text, y in found["ticks"] if re.fullmatch(r"[−\d]+", text)
    )
    decade = (bottom - top) / (high - low)
    heights = found["heights"]
    assert len(heights) == len(middle)
    assert (heights[0] - heights[-1]) / decade == pytest.approx(middle[-1] - middle[0], abs=0.05)


@explored
def test_an_answer_comes_within_a_tenth_of_a_second(reader: Reader, name: str) -> None:
    with reader.page(name) as page:
        before = said(page)
        times = [float(page.evaluate(ANSWER)) for _ in range(5)]
        assert said(page) != before
        assert sorted(times)[2] < MILLISECONDS, times


def test_only_pages_that_are_explored_load_the_script(site: Book) -> None:
    loading = [name for name, page in site.pages.items() if any("explore.js" in link for _, link in page.links)]
    assert sorted(loading) == sorted(EXPLORED)


@explored
def test_the_scripts_of_a_page_are_light(site: Book, name: str) -> None:
    page = site.pages[name]
    scripts = {site.target(name, link)[0] for tag, link in page.links if tag.name == "script"}
    assert any(script.endswith("explore.js") for script in scripts)
    assert sum(len(gzip.compress(site.file(script).read_bytes())) for script in scripts) < SCRIPT_BYTES


def test_the_script_evaluates_nothing_and_asks_for_nothing(site: Book) -> None:
    text = (site.root / "assets/explore.js").read_text()
    assert re.findall(r"\beval\b|\bFunction\(|innerHTML|fetch\(|XMLHttpRequest|import\(|\.on[a-z]+ ?=", text) == []


@explored
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_views(reader: Reader, name: str, scheme: Any) -> None:
    with reader.page(name, scheme) as page:
        page.evaluate("for (const fold of document.querySelectorAll('.vg-explore details')) fold.open = true")
        page.locator(".vg-choices input:not(:checked)").first.press("ArrowRight")
        assert violations(page) == []


@explored
@pytest.mark.parametrize("width", [320, PHONE, 640, DESKTOP])
def test_pictures_fit_and_can_be_read(reader: Reader, name: str, width: int) -> None:
    with reader.page(name, width=width) as page:
        assert page.evaluate("measure.wider()") <= 0
        sizes = page.evaluate("""() => [...document.querySelectorAll(".vg-views svg")].flatMap((svg) => {
          const frame = svg.getBoundingClientRect();
          return [...svg.querySelectorAll("text")].map((text) => {
            const { left, right } = text.getBoundingClientRect();
            const size = parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a;
            return [text.textContent, size, left >= frame.left - 1 && right <= frame.right + 1];
          });
        })""")
        assert sizes
        assert [word for word, size, inside in sizes if size < 12.9 or not inside] == []


@explored
def test_without_javascript_the_figure_is_there_and_no_gap(reader: Reader, name: str) -> None:
    with reader.page(name, java_script_enabled=False) as page:
        expect(page.locator(".vg-plot svg:visible")).to_be_visible()
        room = page.locator(".vg-explore").bounding_box()
        assert room is None or room["height"] < 1


@explored
def test_on_paper_there_is_the_figure_alone(reader: Reader, name: str) -> None:
    with reader.page(name) as page:
        page.emulate_media(media="print")
        expect(page.locator(".vg-explore")).to_be_hidden()
        expect(page.locator(".vg-plot svg:visible")).to_be_visible()


def test_a_page_explores_from_a_folder_too(reader: Reader, site: Book) -> None:
    with reader.context() as context:
        page = context.new_page()
        page.goto((site.root / GRADIENT / "index.html").as_uri())
        page.get_by_role("radio", name="ReLU").check()
        assert page.url.endswith("#activation=relu&weights=glorot&normalisation=none&skips=no&depth=16")
        assert said(page)


def test_it_is_there_after_going_to_the_page_in_place(reader: Reader) -> None:
    with reader.page("explore/") as page:
        page.wait_for_load_state("networkidle")  # the theme must know its pages before it can load one in place
        page.evaluate("window.stays = true")
        complaints = listen(page)
        page.locator(".md-content").get_by_role("link", name="Memory").click()
        page.wait_for_url(f"**/{MEMORY}")
        page.get_by_role("radio", name="GRU").check()
        expect(page.locator(".vg-said")).to_contain_text("A GRU")
        assert page.evaluate("window.stays")
        assert complaints == []


def _start(shown: Any) -> int:
    """The place of the view that is shown first."""
    place = 0
    for control in shown["controls"]:
        place = place * len(control["options"]) + control["start"]
    return place
