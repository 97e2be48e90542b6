"""What axe finds against WCAG 2.0 to 2.2, levels A and AA, on every page."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.site.browser import DESKTOP, PHONE, Reader, Scheme

pytestmark = pytest.mark.browser

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
RUN = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"];
  const { violations } = await axe.run({ runOnly: tags, resultTypes: ["violations"] });
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).slice(0, 3).join(" | ")}`);
}"""


LOOKS: list[tuple[Scheme, int]] = [("light", PHONE), ("light", DESKTOP), ("dark", PHONE), ("dark", DESKTOP)]


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing(reader: Reader, look: tuple[Scheme, int]) -> None:
    names = reader.book.seen(LOOKS.index(look), len(LOOKS))
    with reader.pages(*look, names) as pages:
        assert {name: found for name, page in pages if (found := violations(page))} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_an_open_card(reader: Reader, scheme: Scheme) -> None:
    with reader.page("problem/what-vanishes/", scheme) as page:
        page.locator("[data-claim]").first.hover()
        page.locator(".vg-card:popover-open").wait_for()
        assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_unfolds(reader: Reader, scheme: Scheme) -> None:
    with reader.page("problem/what-vanishes/", scheme) as page:
        page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
        assert violations(page) == []


def violations(page: Page) -> list[str]:
    """The rules that a page breaks, and where."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(RUN)
    return found
