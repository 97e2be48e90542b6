"""A figure's table on a page, which any column sorts."""

import json
import re
from collections.abc import Callable
from html import escape

FILE = "table.json"
"""The file of a figure's table, beside its pictures."""
_LED = re.compile(r"\[(.+)\]\((.+)\)")


def table(made: str, title: str, link: Callable[[str], str]) -> str:
    """The table as HTML; its first column names the rows, and `[name](page)` leads to a page of the site.

    One line, for Markdown's sake.
    """
    content = json.loads(made)
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in content["columns"])
    rows = "".join(_row(first, cells, link) for first, *cells in content["rows"])
    return (
        f'<div class="vg-table" role="region" aria-label="{escape(title)}" tabindex="0">'
        f'<table class="vg-sortable"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def _row(first: str, cells: list[str], link: Callable[[str], str]) -> str:
    led = _LED.fullmatch(first)
    name = f'<a href="{escape(link(f"{led[2]}/"))}">{escape(led[1])}</a>' if led else escape(first)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in cells)}</tr>'
