"""Wide tables that a phone shows row by row: every cell knows the name of its column."""

import re
from html import escape, unescape
from itertools import cycle

_WIDE = re.compile(r'(<div\b[^>]* class="vg-table"[^>]*>\s*)(<table>.*?</table>)', re.DOTALL)
_HEADING = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_ROLES = {
    "table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "th": "columnheader", "td": "cell",
}  # fmt: skip
_TAG = re.compile(rf"<({'|'.join(_ROLES)})\b")


def labelled(html: str) -> str:
    """A page whose wide tables may be laid out as anything and stay tables; those that readers sort are left alone.

    Examples:
        >>> wide = labelled('<div class="vg-table"><table><tr><th>a</th></tr><tr><td>1</td></tr></table></div>')
        >>> wide.partition("<td")[2]
        ' role="cell" data-label="a">1</td></tr></table></div>'
    """
    return _WIDE.sub(lambda found: found[1] + _labelled(found[2]), html)


def _labelled(table: str) -> str:
    """Markdown gives every row as many cells as there are headings."""
    names = cycle(escape(unescape(re.sub(r"<[^>]*>", "", name))) for name in _HEADING.findall(table))

    def tag(found: re.Match[str]) -> str:
        label = f' data-label="{next(names)}"' if found[1] == "td" else ""
        return f'<{found[1]} role="{_ROLES[found[1]]}"{label}'

    return _TAG.sub(tag, table)
