"""What others show of a page that is linked: a card with a figure of the book."""

import json
from collections.abc import Mapping

import pytest
from PIL import Image

from tests.checkout import ROOT
from tests.site.book import KINDS, Book
from tests.site.markup import Markup
from vgcore.press.project import Project


def properties(page: Markup) -> Mapping[str, str]:
    """What a page says in its head by `property` or by `name`."""
    tags = [tag.attributes for tag in page.tags if tag.name == "meta"]
    return {one.get("property", one.get("name", "")): one.get("content", "") for one in tags}


@pytest.fixture(scope="module")
def heads(site: Book) -> dict[str, Mapping[str, str]]:
    return {name: properties(page) for name, page in site.pages.items() if name != "404.html"}


@pytest.mark.parametrize("what", ["title", "description", "url", "image", "image:alt", "site_name", "type"])
def test_every_page_says_what_its_card_needs(heads: dict[str, Mapping[str, str]], what: str) -> None:
    assert [name for name, said in heads.items() if not said.get(f"og:{what}")] == []


def test_every_page_asks_for_a_large_card(heads: dict[str, Mapping[str, str]]) -> None:
    assert {said.get("twitter:card") for said in heads.values()} == {"summary_large_image"}


def test_every_card_is_a_picture_of_the_book_of_the_size_that_is_said(
    heads: dict[str, Mapping[str, str]], site: Book
) -> None:
    for address in {said["og:image"] for said in heads.values()}:
        with Image.open(site.file(address)) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert {(said["og:image:width"], said["og:image:height"]) for said in heads.values()} == {("1200", "630")}


def test_every_figure_is_on_the_card_of_its_own_page(heads: dict[str, Mapping[str, str]]) -> None:
    figures = Project(ROOT).figures
    shown = {name: heads[f"figures/{name}/"]["og:image"].rpartition("/")[2] for name in figures}
    assert shown == {name: f"{name}.png" for name in figures}


def test_a_page_is_named_by_its_own_address_and_title(heads: dict[str, Mapping[str, str]], site: Book) -> None:
    assert [name for name, said in heads.items() if said["og:url"] != site.url + name] == []
    titles = {entry["location"]: entry["title"] for entry in search(site)}
    chapter = KINDS["chapter"]
    assert heads[chapter]["og:title"] == titles[chapter]


def test_a_chapters_card_says_its_answer_in_measured_words(heads: dict[str, Mapping[str, str]]) -> None:
    said = heads[KINDS["chapter"]]
    assert said["og:description"].startswith("What vanishes is the gradient")
    assert said["og:image"].endswith("/cards/depth_decay.png")


def test_a_figures_card_says_its_message(heads: dict[str, Mapping[str, str]]) -> None:
    said = heads["figures/depth_decay/"]["og:description"]
    assert said.startswith("A sigmoid layer passes back a quarter of the gradient. Twenty in a row lose 1")


def test_no_words_of_a_card_have_a_gap_for_a_number(heads: dict[str, Mapping[str, str]]) -> None:
    assert [name for name, said in heads.items() if "{" in said["og:description"] + said["og:image:alt"]] == []


def search(site: Book) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads((site.root / "search/search_index.json").read_text())["docs"]
    return found
