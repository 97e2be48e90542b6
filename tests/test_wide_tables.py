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


def test_a_narrow_table_is_left_alone() -> None:
    narrow = WIDE.replace('class="vg-table"', 'class="vg-home"')
    assert wide_tables.labelled(narrow) == narrow


def test_a_table_of_a_figure_that_readers_sort_is_left_alone() -> None:
    sorting = WIDE.replace("<table>", '<table class="vg-sortable">')
    assert wide_tables.labelled(sorting) == sorting


LEDGER = (
    '<div class="vg-table vg-ledger" role="region" aria-label="Claims" tabindex="0"><table class="vg-sortable">'
    '<thead><tr><th scope="col">claim</th><th scope="col">median</th></tr></thead><tbody>'
    '<tr><th scope="row" id="coins.share"><a href="../">coins</a></th><td>1</td></tr>'
    '<tr><th scope="row" id="coins.sum">coins</th><td>2</td></tr></tbody></table></div>'
)


def test_a_row_of_the_ledger_is_headed_by_its_claim_and_its_cells_know_their_columns() -> None:
    cells = re.findall(r'<t[hd] role="(\w+)" data-label="(\w+)"', wide_tables.labelled(LEDGER))
    assert cells == [("rowheader", "claim"), ("cell", "median")] * 2


def test_the_ledger_keeps_what_sorts_it_and_what_leads_to_a_row() -> None:
    html = wide_tables.labelled(LEDGER)
    assert '<table role="table" class="vg-sortable">' in html
    assert html.count('role="columnheader" scope="col"') == 2
    assert 'scope="row" id="coins.sum"' in html
