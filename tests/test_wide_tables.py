"""Wide tables that a phone shows row by row."""

import re

from vgcore.press import wide_tables

WIDE = (
    '<div aria-label="Wide" class="vg-table" role="region"><table>\n<thead>\n<tr>\n'
    '<th>where</th>\n<th>a <em>&amp;</em> "b"</th>\n</tr>\n</thead>\n<tbody>\n'
    "<tr>\n<td>here</td>\n<td style='text-align: right'>1</td>\n</tr>\n"
    "<tr>\n<td>there</td>\n<td>2</td>\n</tr>\n</tbody>\n</table></div>"
)


def test_a_cell_of_a_wide_table_knows_its_column() -> None:
    labels = re.findall(r'<td role="cell" data-label="([^"]*)"', wide_tables.labelled(WIDE))
    assert labels == ["where", "a &amp; &quot;b&quot;"] * 2


def test_a_wide_table_stays_one_however_it_is_laid_out() -> None:
    roles = re.findall(r'<(t\w+) role="(\w+)"', wide_tables.labelled(WIDE))
    heading, row = [("tr", "row"), *[("th", "columnheader")] * 2], [("tr", "row"), *[("td", "cell")] * 2]
    assert roles == [("table", "table"), ("thead", "rowgroup"), *heading, ("tbody", "rowgroup"), *row, *row]


def test_a_row_may_begin_with_a_heading_of_its_own() -> None:
    found = wide_tables.labelled(WIDE.replace("<td>here</td>", '<th scope="row">here</th>'))
    assert '<th role="rowheader" scope="row">here</th>\n<td role="cell" data-label="a &amp;' in found


def test_a_narrow_table_is_left_alone() -> None:
    narrow = WIDE.replace('class="vg-table"', 'class="vg-home"')
    assert wide_tables.labelled(narrow) == narrow


def test_a_table_that_readers_sort_is_left_alone() -> None:
    sorting = WIDE.replace("<table>", '<table class="vg-sortable">')
    assert wide_tables.labelled(sorting) == sorting
