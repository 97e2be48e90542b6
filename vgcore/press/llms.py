"""`llms.txt`: the book as a list for language models, each page with its address and its answer."""

import re
from collections.abc import Iterator

from mkdocs.structure.nav import Navigation, Section
from mkdocs.structure.pages import Page

from vgcore.press import offline
from vgcore.press.markdown import Pages
from vgcore.press.pages import values_in

FILE = "llms.txt"

_MARKUP = re.compile(r"\[([^]]+)\]\([^)]*\)|[*_`]+(?!\w)|(?<!\w)[*_`]+")
_ANSWER = re.compile(r"^# .+\n+(?P<answer>[^\n<{#|][^\n]*(?:\n[^\n]+)*)", re.MULTILINE)


def llms(name: str, description: str, site_url: str, nav: Navigation, pages: Pages) -> str:
    """The whole file, as https://llmstxt.org describes it: a title, a summary, a list of links for each part."""
    parts = [f"# {name}\n\n> {description}\n"]
    for item in nav.items:
        if isinstance(item, Section):
            links = "\n".join(_link(page, site_url, pages) for page in _pages(item))
            parts.append(f"## {item.title}\n\n{links}\n")
    return "\n".join(parts)


def _pages(section: Section) -> Iterator[Page]:
    for child in section.children:
        if isinstance(child, Page):
            yield child
        elif isinstance(child, Section):
            yield from _pages(child)


def _link(page: Page, site_url: str, pages: Pages) -> str:
    said = answer(page.file.content_string, pages) if page.file.src_uri.endswith(".md") else ""
    return f"- [{page.title}]({site_url}{offline.place(page.url)})" + (f": {said}" if said else "")


def answer(markdown: str, pages: Pages) -> str:
    r"""The paragraph behind a page's heading, with the measured values in it and without markup.

    Examples:
        >>> answer("# Depth\n\nIt *depends*, see\n[Time](time.md).\n", Pages(shown={}, versions="", commit=""))
        'It depends, see Time.'
    """
    found = _ANSWER.search(markdown)
    if not found:
        return ""
    words = " ".join(found["answer"].split())
    return _MARKUP.sub(lambda one: one[1] or "", values_in(pages, words))
