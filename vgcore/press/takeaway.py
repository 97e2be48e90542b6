"""What readers take away from a figure: the picture, the numbers, the code, and how to cite it."""

import re
from collections.abc import Callable, Sequence
from html import escape

from vgcore.press.project import Figure

Link = Callable[[str], str]

BOOK = "Vanishing Gradients, Measured"
MOST_TABLES = 8
"""How many tables a figure links one by one in its margin."""


def links(figure: Figure, tables: Sequence[str], link: Link, pictures: Sequence[str] = ("SVG", "PNG")) -> str:
    """The links beside a figure, given the files of its tables; very many of these are left to `folded`."""
    name, own = figure.name, [] if len(tables) > MOST_TABLES else _tables(figure, tables)
    data = [("data" if len(own) == 1 else f"data: {table}", href) for table, href in own]
    drawn = [(kind, f"data/{name}.{kind.lower()}") for kind in pictures]
    anchors = [_anchor(label, link(href)) for label, href in (*data, *drawn, ("code", f"figures/{name}/#code"))]
    enlarged = f'<a class="vg-enlarge" href="{escape(link(f"data/{name}.svg"))}">enlarge</a>'
    return " ".join([enlarged, *anchors, _anchor("link", f"#figure-{name}")])


def folded(figure: Figure, tables: Sequence[str], link: Link) -> str:
    """The links to very many tables, behind their number."""
    if len(tables) <= MOST_TABLES:
        return ""
    anchors = " ".join(_anchor(table, link(href)) for table, href in _tables(figure, tables))
    return (
        f'<details class="vg-reproduce" data-search-exclude><summary>{len(tables)} tables of data</summary>'
        f'<p class="vg-provenance">{anchors}</p></details>'
    )


def _anchor(label: str, href: str) -> str:
    return f'<a href="{escape(href)}">{label}</a>'


def _tables(figure: Figure, tables: Sequence[str]) -> list[tuple[str, str]]:
    """What each table is called, with its experiment's name where there are several, and where it is."""
    stems = [file.removesuffix(".csv") for file in tables]
    names = stems if len(figure.experiments) > 1 else [stem.rpartition(".")[2] for stem in stems]
    shown = [name.replace(".", " ").replace("_", " ") for name in names]
    return [(name, f"data/{file}") for name, file in zip(shown, tables, strict=True)]


def citation(figure: Figure, commit: str, versions: str, site: str) -> str:
    """How to cite a figure, as text and for BibTeX, to be copied; its own page is the address that lasts.

    A diagram was drawn, not measured: no library's version matters to it.
    """
    address = f"{site}figures/{figure.name}/"
    made = f"commit {commit}, {versions}" if figure.experiments else f"commit {commit}"
    texts = (f"“{figure.title}”, figure in {BOOK}, {made}. {address}", bibtex(figure, made, address))
    blocks = "".join(f"<pre><code>{escape(text, quote=False)}</code></pre>" for text in texts).replace("\n", "&#10;")
    return f'<details class="vg-cite" data-search-exclude><summary>How to cite</summary>{blocks}</details>'


def bibtex(figure: Figure, made: str, address: str) -> str:
    """A figure as an entry of BibTeX."""
    fields = {
        "title": f"{{{_tex(figure.title)}}}",
        "author": f"{{The {BOOK} authors}}",
        "howpublished": BOOK,
        "note": _tex(made[0].upper() + made[1:]),
        "url": address,
    }
    return f"@misc{{{figure.name},\n" + "".join(f"  {name} = {{{text}}},\n" for name, text in fields.items()) + "}"


def _tex(text: str) -> str:
    return re.sub(r"([%&#$_])", r"\\\1", text)
