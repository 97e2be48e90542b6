"""What a page says in its head to those who show a link to it: a title, an answer and a card with a figure."""

import re
from collections.abc import Mapping, Sequence
from html import escape

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from vgcore.press import llms
from vgcore.press.citations import Citation
from vgcore.press.markdown import Pages

HOME = "docs/index.md"

_FIGURE = re.compile(r"<!--figure (\w+)-->")


def tags(output: str, page: Page, config: MkDocsConfig, shown: Pages, cited: Sequence[Citation]) -> str:
    """The tags of a page of a site, given the page before its pictures are in; none where it has no address."""
    figure = card(output, shown, cited)
    if not (figure and shown.site and page.file.use_directory_urls):
        return ""
    place = page.url.removeprefix("./")
    return _tags(
        "property",
        {
            "og:type": "article" if place else "website",
            "og:site_name": config.site_name,
            "og:title": str(page.title) if place else config.site_name,
            "og:description": _answer(page, shown, figure) or config.site_description or "",
            "og:url": shown.site + place,
            "og:image": f"{shown.site}cards/{figure}.png",
            "og:image:width": "1200",
            "og:image:height": "630",
            "og:image:alt": shown.plain(figure, shown.shown[figure].figure.alt),
        },
    ) + _tags("name", {"twitter:card": "summary_large_image"})


def _answer(page: Page, shown: Pages, figure: str) -> str:
    """What a page says in short: a figure's own page its message, a chapter its first paragraph."""
    if page.file.src_uri == f"figures/{figure}.md":
        return shown.plain(figure, shown.shown[figure].figure.message)
    return llms.answer(page.file.content_string, shown) if page.file.src_uri.endswith(".md") else ""


def card(output: str, shown: Pages, cited: Sequence[Citation]) -> str:
    """The figure on a page's card: its first one, or else the home page's."""
    home = (one.figure for one in cited if one.kind == "figure" and one.page == HOME)
    found = _FIGURE.search(output)
    name = found[1] if found else next(home, "")
    return name if name in shown.shown and shown.shown[name].entry and not shown.draft else ""


def _tags(kind: str, contents: Mapping[str, str]) -> str:
    return "".join(f'<meta {kind}="{name}" content="{escape(content)}">' for name, content in contents.items())


def feed(href: str) -> str:
    """The link by which a reader of feeds finds one.

    The space is meant: the theme takes what is `alternate` and nothing else for the book in another language.
    """
    return f'<link rel="alternate " type="application/atom+xml" title="Changed evidence" href="{escape(href)}">'


def put(output: str, tags: str) -> str:
    """A page with more in its head.

    Examples:
        >>> put("<head></head><body></body>", '<meta name="a" content="b">')
        '<head><meta name="a" content="b"></head><body></body>'
    """
    return output.replace("</head>", f"{tags}</head>", 1)
