"""Formulas are drawn in the book's own font: one that lacks a character would be patched up with the system's."""

import pytest
from playwright.sync_api import CDPSession, Page

from tests.site.book import Book
from tests.site.browser import DESKTOP, Reader

pytestmark = pytest.mark.browser


TOKENS = """(seen) => {
  const found = new Set(seen);
  for (const one of document.querySelectorAll("math :is(mi, mo, mn, mtext, msqrt, mroot)")) {
    const name = [one.localName, one.className, one.getAttribute("style"), one.textContent].join(" ");
    if (!found.has(name)) one.setAttribute("data-token", name);
    found.add(name);
  }
  return [...found];
}"""


def foreign_fonts(page: Page, seen: list[str]) -> set[str]:
    """The fonts that formulas are drawn in and that did not come with the page, with what they draw.

    What was `seen` on another page is not looked at again, and what is seen here is added.
    """
    seen[:] = page.evaluate(TOKENS, seen)
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    document = session.send("DOM.getDocument")["root"]["nodeId"]
    found = session.send("DOM.querySelectorAll", {"nodeId": document, "selector": "math [data-token]"})["nodeIds"]
    return {f"{font} in {_markup(session, node)}" for node in found for font in _foreign(session, node)}


def _foreign(session: CDPSession, node: int) -> list[str]:
    fonts = session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    return [font["familyName"] for font in fonts if not font["isCustomFont"]]


def _markup(session: CDPSession, node: int) -> str:
    return str(session.send("DOM.getOuterHTML", {"nodeId": node})["outerHTML"])


def test_every_character_of_a_formula_is_in_the_books_font(reader: Reader) -> None:
    seen: list[str] = []
    with reader.pages("light", DESKTOP, reader.book.seen(0, 8)) as pages:
        assert {name: fonts for name, page in pages if (fonts := foreign_fonts(page, seen))} == {}
    assert len(seen) > 100


@pytest.mark.parametrize("token", ["mi", "mo", "mn"])
def test_a_character_that_the_font_lacks_is_noticed(reader: Reader, token: str) -> None:
    with reader.page("problem/what-vanishes/") as page:
        page.evaluate("token => document.querySelector(`math ${token}`).textContent = 'Ж'", token)
        assert any("Ж" in one for one in foreign_fonts(page, []))


def test_roots_have_their_sign(site: Book) -> None:
    from fontTools.ttLib import TTFont

    assert ord("√") in TTFont(site.root / "assets/math.woff2").getBestCmap()


HANGS = """() => [...document.querySelectorAll("msqrt")].map((root) => {
  const below = root.getBoundingClientRect().bottom - root.firstElementChild.getBoundingClientRect().bottom;
  return below / parseFloat(getComputedStyle(root).fontSize);
})"""
"""How far the sign of each root reaches below what it is over, in letters' sizes."""


def test_the_sign_of_a_root_does_not_hang_below_the_line(reader: Reader) -> None:
    with reader.page("problem/the-whisper-line/") as page:
        roots = page.evaluate(HANGS)
    assert roots
    assert max(roots) < 0.2
