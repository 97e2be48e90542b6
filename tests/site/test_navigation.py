"""Where a page stands in the book: its part is marked, and pages follow each other."""

import re

import pytest

from tests.site.book import Book


def test_every_page_has_its_part_marked(site: Book) -> None:
    marked = {name: len(page.with_class("md-tabs__item--active")) for name, page in site.pages.items()}
    assert {name: count for name, count in marked.items() if count != 1} == {"404.html": 0}


def test_pages_that_nobody_wrote_belong_to_the_part_that_leads_to_them(site: Book) -> None:
    assert [_part(site, name) for name in ("evidence/claims/problem/", "figures/depth_decay/")] == [
        "Evidence",
        "Reference",
    ]


@pytest.mark.parametrize("leading", ["evidence/claims/", "figures/"])
def test_a_reader_walks_through_all_of_them(site: Book, leading: str) -> None:
    own = [name for name in site.pages if name.startswith(leading) and name != leading]
    walked = [name for name in own if _step(site, name, "prev") == leading]
    while (after := _step(site, walked[-1], "next")) in own:
        walked.append(after)
    assert sorted(walked) == sorted(own)


def _part(site: Book, name: str) -> str:
    html = site.pages[name].file.read_text()
    found = re.search(r'md-tabs__item--active">\s*<a [^>]*>\s*(.*?)\s*</a>', html, re.DOTALL)
    return found[1] if found else ""


def _step(site: Book, name: str, way: str) -> str:
    for tag in site.pages[name].with_class(f"md-footer__link--{way}"):
        return site.target(name, tag.attributes["href"])[0].removeprefix(site.url)
    return ""
