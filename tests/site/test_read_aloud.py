"""Read aloud: what is spoken, in which order, what stands out meanwhile, and when there is nothing to press."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.site.browser import Reader, listen
from tests.site.test_accessibility import violations

pytestmark = pytest.mark.browser

PAGE = "problem/what-vanishes/"
HERE = "{ lang: 'en-GB', localService: true }"
VOICE = """
  window.spoken = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  let current = null;
  const speech = {
    getVoices: () => [%s],
    speak(one) { spoken.push(one.text); current = one; },
    cancel() { const one = current; current = null; one?.onerror?.({ error: "canceled" }); one?.onend?.(); },
  };
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.said = () => { const one = current; current = null; one?.onend(); return Boolean(current); };
"""
"""A voice that says nothing: `said()` ends what it is at, and tells whether it was given more."""
ALL = "() => { while (said()); return spoken; }"
MARKED = """() => {
  const where = CSS.highlights.get("vg-aloud");
  return where ? [...where][0].toString() : document.querySelector("[data-aloud]")?.tagName;
}"""


@contextmanager
def with_voices(reader: Reader, voices: str = HERE, path: str = PAGE) -> Iterator[Page]:
    """A page in a browser whose device has these voices."""
    with reader.context() as context:
        context.add_init_script(VOICE % voices)
        page = context.new_page()
        complaints = listen(page)
        page.goto(reader.book.url + path)
        yield page
        assert complaints == []


@pytest.fixture
def page(reader: Reader) -> Iterator[Page]:
    with with_voices(reader) as page:
        yield page


@pytest.fixture(scope="module")
def spoken(reader: Reader) -> list[str]:
    """All that is said on a page."""
    with with_voices(reader) as page:
        start(page)
        found: list[str] = page.evaluate(ALL)
    return found


def button(page: Page, name: str = "Read this page aloud") -> Locator:
    return page.get_by_role("button", name=name)


def start(page: Page) -> None:
    """Press the button, and wait for the first words."""
    button(page).click()
    page.wait_for_function("spoken.length > 0")


def test_there_is_no_button_without_a_voice(reader: Reader) -> None:
    with reader.page(PAGE) as page:
        page.wait_for_load_state("networkidle")
        expect(page.locator(".vg-aloud")).to_have_count(0)


@pytest.mark.parametrize(
    "voices", ["{ lang: 'en-US', localService: false }", "{ lang: 'de-DE', localService: true }", ""]
)
def test_there_is_no_button_for_voices_elsewhere_or_of_other_languages(reader: Reader, voices: str) -> None:
    with with_voices(reader, voices) as page:
        page.wait_for_load_state("networkidle")
        expect(page.locator(".vg-aloud")).to_have_count(0)


def test_a_voice_that_comes_late_brings_the_button(reader: Reader) -> None:
    with with_voices(reader, "...(window.late ?? [])") as page:
        expect(page.locator(".vg-aloud")).to_have_count(0)
        page.evaluate(f"window.late = [{HERE}]; speechSynthesis.onvoiceschanged()")
        expect(button(page)).to_be_visible()


def test_the_script_comes_when_the_button_is_pressed(page: Page) -> None:
    loaded = "performance.getEntriesByType('resource').some(({ name }) => name.endsWith('read-aloud.js'))"
    page.wait_for_load_state("networkidle")
    assert not page.evaluate(loaded)
    start(page)
    assert page.evaluate(loaded)


def test_it_begins_with_the_title_and_goes_on_sentence_by_sentence(spoken: list[str], reader: Reader) -> None:
    assert spoken[:2] == ["What vanishes", "What vanishes is the gradient that reaches the first layers."]
    with reader.page(PAGE) as page:
        factor = page.locator("[data-claim='depth_decay.factor']").first.inner_text()
    assert spoken[2].startswith(f"Each sigmoid layer passes back {factor} of what it receives")


def test_every_sentence_without_a_formula_is_spoken_in_order(spoken: list[str], reader: Reader) -> None:
    with reader.page(PAGE) as page:
        prose = page.locator("article > p").evaluate_all(
            "(all) => all.filter((p) => !p.querySelector('math')).map((p) => p.textContent)"
        )
    places = [" ".join(spoken).find(" ".join(text.replace("∂", "partial ").split())) for text in prose]
    assert len(places) > 5
    assert places == sorted(places)
    assert places[0] > 0


def test_headings_are_spoken_in_order(spoken: list[str], reader: Reader) -> None:
    with reader.page(PAGE) as page:
        headings = [text.removesuffix("#").strip() for text in page.locator("article h2").all_inner_texts()]
    assert [one for one in spoken if one in headings] == headings


def test_a_formula_is_spoken_in_words(spoken: list[str]) -> None:
    formula = next(one for one in spoken if "chi equals" in one)
    assert formula.startswith("chi equals sigma sub w squared")
    assert any("partial L over partial h sub l equals W sub l plus 1" in one for one in spoken)
    assert not any("\\" in one for one in spoken)


def test_a_figure_is_spoken_by_its_description(spoken: list[str], reader: Reader) -> None:
    with reader.page(PAGE) as page:
        figures = page.locator(".vg-column svg desc").all_text_contents()
    assert figures
    assert [one for one in spoken if one.startswith("Figure: ")] == [f"Figure: {words}" for words in figures]


def test_code_is_one_phrase(spoken: list[str]) -> None:
    assert spoken.count("A code listing.") == 1
    assert not any("import keras" in one for one in spoken)


def test_nothing_that_only_navigates_is_spoken(spoken: list[str]) -> None:
    together = " ".join(spoken)
    for words in (
        "Skip to content",
        "How to reproduce",
        "The numbers as a table",
        "SVG",
        "Next",
        "#",
        "How a gradient is",
    ):
        assert words not in together


def test_a_table_is_spoken_row_by_row_with_its_headings(reader: Reader) -> None:
    with with_voices(reader, path="causes/initialisation/") as page:
        start(page)
        rows = [one for one in page.evaluate(ALL) if one.startswith("Glorot, or Xavier; ")]
    assert len(rows) == 1
    assert "variance of a weight: 2 over" in rows[0]
    assert "made for: tanh" in rows[0]


def test_the_sentence_that_is_spoken_stands_out(page: Page) -> None:
    start(page)
    for _ in range(8):
        marked = " ".join(page.evaluate(MARKED).replace("∂", "partial ").split())
        assert marked == page.evaluate("spoken.at(-1)") or marked == "svg"
        page.evaluate("said()")


def test_what_is_spoken_is_in_view(page: Page) -> None:
    start(page)
    for _ in range(30):
        page.evaluate("said()")
    page.wait_for_timeout(100)
    top = page.evaluate("""() => {
      const [where] = CSS.highlights.get("vg-aloud") ?? [document.querySelector("[data-aloud]")];
      return where.getBoundingClientRect().top;
    }""")
    assert 0 <= top <= 800


def test_pausing_and_going_on_says_the_sentence_anew(page: Page) -> None:
    start(page)
    page.evaluate("said()")
    button(page, "Pause reading").click()
    assert page.evaluate("spoken.length") == 2
    button(page, "Go on reading").click()
    assert page.evaluate("spoken.length") == 3
    assert page.evaluate("spoken[2] === spoken[1]")


def test_the_stop_button_ends_it(page: Page) -> None:
    start(page)
    button(page, "Stop reading").focus()
    page.keyboard.press("Enter")
    expect(button(page)).to_be_focused()
    expect(button(page, "Stop reading")).to_have_count(0)
    assert page.evaluate("spoken.length") == 1
    assert page.evaluate("CSS.highlights.size") == 0


def test_escape_ends_it(page: Page) -> None:
    start(page)
    page.keyboard.press("Escape")
    expect(button(page)).to_be_visible()
    assert page.evaluate("[spoken.length, CSS.highlights.size]") == [1, 0]


def test_the_keyboard_starts_it(page: Page) -> None:
    button(page).focus()
    page.keyboard.press("Enter")
    page.wait_for_function("spoken.length > 0")
    expect(page.locator(".vg-aloud")).to_be_focused()


def test_at_the_end_it_can_begin_again(page: Page) -> None:
    start(page)
    said = len(page.evaluate(ALL))
    button(page).click()
    assert page.evaluate("spoken.length") == said + 1
    assert page.evaluate("spoken.at(-1)") == "What vanishes"


def test_it_stops_when_the_reader_goes_to_another_page(page: Page) -> None:
    start(page)
    page.locator(".md-footer__link--next").click()
    page.wait_for_url(re.compile("/what-explodes/"))
    expect(page.locator("h1")).to_have_text(re.compile("What explodes"))
    expect(button(page)).to_be_visible()
    assert page.evaluate("spoken.length") == 1
    button(page).click()
    page.wait_for_function("spoken.at(-1) === 'What explodes'")


def test_axe_finds_nothing_while_it_reads(page: Page) -> None:
    start(page)
    for _ in range(3):
        page.evaluate("said()")
    assert violations(page) == []
