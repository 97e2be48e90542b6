"""Where the words of a figure say that its panels stand."""

import re

import pytest

from tests.folders import PAGES, ROOT
from vgcore.press import sides
from vgcore.press.project import Project

FIGURES = Project(ROOT).figures
SIDE = re.compile(
    r"\b[Oo]n the (?:left|right)\b|\b(?:left|right) panel\b|\((?:left|right)\b|(?:^|[.:;] )(?:Left|Right)\b"
)


@pytest.mark.parametrize(
    "words",
    [
        "Digits right by epoch, of what is left.",
        "Left alone, it stays.",
        "From small weights on the left to large ones on the right.",
        "The error at its right end: there.",
    ],
)
def test_only_the_beginning_of_a_sentence_names_a_panel(words: str) -> None:
    assert sides.both(words) == sides.stacked(words) == words


def test_a_panel_may_be_named_in_a_sentence() -> None:
    assert (
        sides.stacked("On the left, four curves. On the right, one.") == "At the top, four curves. At the bottom, one."
    )


@pytest.mark.parametrize("figure", sorted(FIGURES))
def test_no_caption_places_a_panel_where_a_phone_does_not(figure: str) -> None:
    assert SIDE.findall(sides.stacked(FIGURES[figure].caption)) == []


@pytest.mark.parametrize("figure", [name for name, one in FIGURES.items() if sides.stacked(one.caption) != one.caption])
def test_a_caption_with_sides_is_of_two_panels(figure: str) -> None:
    assert re.search(r"panels\(\s*2\b", (ROOT / FIGURES[figure].file).read_text())


@pytest.mark.parametrize("page", PAGES)
def test_no_page_places_a_panel(page: str) -> None:
    text = (ROOT / page).read_text()
    assert re.findall(r"\bOn the (?:left|right)\b|\b(?:left|right) panel\b", text) == []
