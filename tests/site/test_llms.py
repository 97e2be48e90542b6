"""`llms.txt`: every page of the book, with an address that exists and an answer that is whole."""

import re

import pytest

from tests.checkout import ROOT
from tests.site.book import Book

LINK = re.compile(r"^- \[(?P<title>.+?)\]\((?P<url>\S+?)\)(?:: (?P<answer>.+))?$", re.MULTILINE)


@pytest.fixture(scope="module")
def listed(site: Book) -> list[re.Match[str]]:
    return list(LINK.finditer((site.root / "llms.txt").read_text()))


def test_it_begins_with_what_the_book_is(site: Book) -> None:
    assert re.match(
        r"# Vanishing Gradients, Measured\n\n> \S.+\n\n## Problem\n\n- \[", (site.root / "llms.txt").read_text()
    )


def test_every_page_of_the_menu_is_listed_once(listed: list[re.Match[str]]) -> None:
    menu = re.findall(r"^ {6,}- .+: (\S+\.(?:md|ipynb))$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert len(menu) > 40
    assert len(listed) == len(menu)
    assert len({one["url"] for one in listed}) == len(menu)


def test_every_address_is_one_of_the_book(listed: list[re.Match[str]], site: Book) -> None:
    assert [one["url"] for one in listed if not one["url"].startswith(site.url)] == []
    assert [one["url"] for one in listed if not site.file(one["url"]).is_file()] == []


def test_every_page_that_measures_says_its_answer_with_its_numbers(listed: list[re.Match[str]]) -> None:
    answers = {one["url"]: one["answer"] or "" for one in listed}
    assert sum(bool(re.search(r"\d", answer)) for answer in answers.values()) > 20
    assert [url for url, answer in answers.items() if "{{" in answer or "](" in answer] == []
