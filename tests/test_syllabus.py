"""The book covers its syllabus: each row is found on its page, with a figure, a claim and the words it is about."""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any

import pytest

from tests.configuration import configuration
from tests.folders import ROOT
from tests.syllabus import FIXES, PARTS, ROWS, TEMPLATE, Row
from vgcore.press.citations import Citation, citations_in
from vgcore.press.project import Figure, Project

rows = pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.part}: {row.name}")
measured = pytest.mark.parametrize("row", [row for row in ROWS if row.measured], ids=lambda row: row.name)

told = [row for row in FIXES if row.name not in ("The fix matrix", "Choosing")]
fixes = pytest.mark.parametrize("row", told, ids=lambda row: row.name)


def text(row: Row) -> str:
    """What covers a row: its page, or the section of its page with all below it."""
    page = (ROOT / "docs" / row.page).read_text()
    if not row.under:
        return page
    found = re.search(rf"^## {re.escape(row.under)}$(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE)
    assert found, f"docs/{row.page} has no section {row.under!r}"
    return found[0]


def asked(row: Row, kind: str) -> list[Citation]:
    return [one for one in citations_in(row.page, text(row)) if one.kind == kind]


@cache
def drawn() -> dict[str, Figure]:
    """The figures of the book by name."""
    return Project(ROOT).figures


def said(row: Row) -> str:
    """A row's words and those of its figures, without what only typesets."""
    figures = [drawn()[one.figure] for one in asked(row, "figure")]
    words = [f"{one.title} {one.message} {one.caption} {one.alt}" for one in figures]
    plain = re.sub(r"\\partial", "∂", " ".join([text(row), *words]))
    return re.sub(r"[\s\\{}$*`-]+", " ", plain.replace(r"\varepsilon", "ε")).casefold()


@rows
def test_a_row_is_covered_in_its_own_words(row: Row) -> None:
    words = said(row)
    assert [word for word in row.words if word.replace("-", " ").casefold() not in words] == []


@measured
def test_a_row_has_a_figure(row: Row) -> None:
    figure = re.search(r"plt\.figure\(|\.plot\(", text(row)) if row.page.endswith(".py") else asked(row, "figure")
    assert figure


@measured
def test_a_row_has_a_claim(row: Row) -> None:
    claims = "print(" in text(row) if row.page.endswith(".py") else asked(row, "claim")
    assert claims


@rows
def test_a_row_is_listed_in_its_part(row: Row) -> None:
    assert (row.part, re.sub(r"\.py$", ".ipynb", row.page)) in set(listed())


@fixes
def test_every_fix_is_told_on_the_same_template(row: Row) -> None:
    assert re.findall(r"^## (.+)$", text(row), re.MULTILINE) == list(TEMPLATE)


@fixes
def test_the_verdict_on_a_fix_is_measured_in_the_matrix(row: Row) -> None:
    cited = {one.figure for one in asked(replace(row, under="Verdict"), "claim")}
    assert cited >= {"hundredfold_training" if row.page == "fixes/faster-hardware.md" else "fix_matrix"}


def test_the_parts_stand_in_reading_order() -> None:
    assert list(dict.fromkeys(part for part, _ in listed())) == list(PARTS)


def test_every_part_begins_with_a_page_that_names_the_others() -> None:
    first: dict[str, list[str]] = {}
    for part, page in listed():
        first.setdefault(part, []).append(page)
    for part in ("Problem", "Causes", "Signs", "Impacts", "Exploding gradients", "Explore", "Evidence", "Learn"):
        landing, *others = first[part]
        assert landing.endswith("/index.md"), part
        links = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "docs" / landing).read_text())
        linked = [posixpath.normpath(f"{posixpath.dirname(landing)}/{link}") for link in links]
        assert [page for page in dict.fromkeys(linked) if page in others] == others, part


def listed() -> Iterator[tuple[str, str]]:
    """Each page of the table of contents with its part."""
    for entry in configuration()["nav"]:
        for part, pages in entry.items():
            yield from ((part, page) for page in leaves(pages))


def leaves(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for one in entry:
            yield from leaves(next(iter(one.values())))
