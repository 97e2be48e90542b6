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
        >>> rows = "<thead><tr><th>a</th></tr></thead><tr><td>1</td></tr>"
        >>> labelled(f'<div class="vg-table"><table>{rows}</table></div>').partition("<td")[2]
        ' role="cell" data-label="a">1</td></tr></table></div>'
    """
    return _WIDE.sub(lambda found: found[1] + _labelled(found[2]), html)


def _labelled(table: str) -> str:
    """Every row has as many cells as there are headings; the first may be a heading, too."""
    head, end, body = table.partition("</thead>")
    names = cycle(escape(unescape(re.sub(r"<[^>]*>", "", name))) for name in _HEADING.findall(head))

    def cell(found: re.Match[str]) -> str:
        name = next(names) if found[1] in {"th", "td"} else ""
        role = "rowheader" if found[1] == "th" else _ROLES[found[1]]
        return f'<{found[1]} role="{role}"' + (f' data-label="{name}"' if found[1] == "td" else "")

    return _TAG.sub(lambda found: f'<{found[1]} role="{_ROLES[found[1]]}"', head) + end + _TAG.sub(cell, body)
