"""Wide tables that a phone shows row by row: every cell knows the name of its column."""

import re
from html import escape, unescape
from itertools import cycle

_WIDE = re.compile(
    r'(<div\b[^>]* class="vg-table"[^>]*>\s*(?=<table>)|<div\b[^>]* class="vg-table vg-ledger"[^>]*>)'
    r"(<table\b.*?</table>)",
    re.DOTALL,
)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROLES = {
    "table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell",
}  # fmt: skip
_TAG = re.compile(rf"<({'|'.join(_ROLES)})\b( scope=\"row\")?")


def labelled(html: str) -> str:
    """A page whose wide tables may be laid out as anything and stay tables: those nobody sorts, and the ledger.

    Examples:
        >>> wide = labelled('<div class="vg-table"><table><tr><th>a</th></tr><tr><td>1</td></tr></table></div>')
        >>> wide.partition("<td")[2]
        ' role="cell" data-label="a">1</td></tr></table></div>'
    """
    return _WIDE.sub(lambda found: found[1] + _labelled(found[2]), html)


def _labelled(table: str) -> str:
    """Every row has as many cells as there are headings; the first may be the row's own heading."""
    names = cycle(escape(unescape(re.sub(r"<[^>]*>", "", name))) for name in _headings(table))

    def tag(found: re.Match[str]) -> str:
        cell = bool(found[2]) or found[1] == "td"
        label = f' data-label="{next(names)}"' if cell else ""
        return f'<{found[1]} role="{"rowheader" if found[2] else _ROLES[found[1]]}"{label}{found[2] or ""}'

    return _TAG.sub(tag, table)


def _headings(table: str) -> list[str]:
    """The names of the columns."""
    return _HEADING.findall(table.partition("</thead>")[0])
