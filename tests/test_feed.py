"""The feed of changed evidence: read from the history, and as RFC 4287 wants it."""

import os
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.checkout import Checkout, small_book
from tests.test_markdown import COINS
from vgcore.press import feed
from vgcore.press.git import Commit
from vgcore.press.markdown import Pages, Shown

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "https://example.org/book/"


def commit(name: str, *files: str, date: str = "2026-01-02T03:04:05+00:00") -> Commit:
    return Commit(name=name, date=date, subject=f"Commit {name} & more", files=frozenset(files))


DICE = replace(COINS, name="dice", title="Dice", experiments=("dice", "coins"))
FIGURES = {"dice": DICE, "coins": COINS}


def changed(*history: Commit) -> list[tuple[str, str]]:
    return [(one.figure, one.commit) for one in feed.changes(history, FIGURES)]


def test_a_figure_has_changed_with_its_drawing_or_an_experiment_of_it() -> None:
    assert changed(commit("b", "figures/coins.py"), commit("a", "vgcore/experiments/dice.py")) == [
        ("coins", "b"),
        ("dice", "a"),
    ]


def test_only_the_last_change_of_a_figure_counts() -> None:
    assert changed(commit("b", "figures/coins.py"), commit("a", "figures/coins.py")) == [("coins", "b")]


def test_one_commit_changes_all_figures_of_an_experiment() -> None:
    assert changed(commit("a", "vgcore/experiments/coins.py")) == [("coins", "a"), ("dice", "a")]


def test_what_changed_nothing_measured_is_not_in_it() -> None:
    assert changed(commit("a", "docs/index.md", "vgcore/experiments/__init__.py")) == []


def written(count: int = 1) -> ElementTree.Element:
    """The feed of a book with so many figures, each changed once."""
    figures = {f"coins_{number}": replace(COINS, name=f"coins_{number}") for number in range(count)}
    shown = {name: Shown(figure=figure, entry=None) for name, figure in figures.items()}
    pages = Pages(shown=shown, versions="", commit="", site=SITE)
    history = [commit(f"c{name}", f"figures/{name}.py") for name in figures]
    return ElementTree.fromstring(feed.atom("Coins", pages, feed.changes(history, figures)))


def texts(element: ElementTree.Element, name: str) -> list[str]:
    return [one.text or "" for one in element.findall(ATOM + name)]


def complaints(root: ElementTree.Element) -> list[str]:
    """What RFC 4287 (sections 4.1.1 and 4.1.2) would say of a feed."""
    said = [] if root.tag == f"{ATOM}feed" and root.find(f"{ATOM}author/{ATOM}name") is not None else ["no author"]
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        said += [f"{element.tag}: one {name}" for name in ("id", "title", "updated") if len(texts(element, name)) != 1]
        said += [f"{one} is no address" for one in texts(element, "id") if not one.startswith("https://")]
        said += [f"{one} has no zone" for one in texts(element, "updated") if not datetime.fromisoformat(one).tzinfo]
        rels = [link.get("rel", "alternate") for link in element.findall(f"{ATOM}link")]
        said += [] if rels.count("alternate") == 1 else [f"{element.tag}: not one alternate link"]
    names = [name for entry in entries for name in texts(entry, "id")]
    return said + ([] if len(names) == len(set(names)) else ["an id twice"])


def test_a_feed_is_as_its_standard_wants_it() -> None:
    assert complaints(written(3)) == []


@pytest.mark.parametrize("missing", ["id", "title", "updated", "link", "author"])
def test_a_feed_that_lacks_something_is_noticed(missing: str) -> None:
    root = written()
    for one in root.findall(ATOM + missing):
        root.remove(one)
    assert complaints(root) != []


def test_a_feed_names_where_it_is() -> None:
    links = {link.get("rel"): link.get("href") for link in written().findall(f"{ATOM}link")}
    assert links["self"] == f"{SITE}evidence/feed.xml"


def test_a_feed_holds_the_newest_thirty() -> None:
    assert len(written(31).findall(f"{ATOM}entry")) == 30


def test_an_entry_says_what_was_committed() -> None:
    (entry,) = written().findall(f"{ATOM}entry")
    assert texts(entry, "summary")[0].endswith("Its code changed in commit ccoins_: Commit ccoins_0 & more")


# In a checkout


@pytest.fixture
def book(tmp_path: Path) -> Checkout:
    """A small book with a history of its own."""
    book = small_book(tmp_path / "book")
    book.write(".gitignore", ".cache\nsite\n__pycache__\n")
    git(book.root, "init", "--quiet", "--initial-branch=main")
    committed(book, "The first coins")
    return book


def git(folder: Path, *arguments: str) -> None:
    names = {f"GIT_{role}_{what}": "a@b.c" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-01-02T03:04:05Z")
    subprocess.run(["git", *arguments], cwd=folder, env={**os.environ, **names, **dates}, check=True)


def committed(book: Checkout, subject: str) -> None:
    git(book.root, "add", "--all")
    git(book.root, "commit", "--quiet", "--message", subject)


def built(book: Checkout) -> Sequence[str]:
    """The book's home page and its feed, if there is one."""
    result = book.mkdocs("build")
    assert result.returncode == 0, result.stderr
    made = book.root / "site" / feed.FILE
    return (book.root / "site/index.html").read_text(), made.read_text() if made.exists() else ""


def test_a_build_tells_what_changed_and_pages_lead_there(book: Checkout) -> None:
    book.replace("vgcore/experiments/coins.py", "chance(0.9)", "chance(0.91)")
    committed(book, "A heavier coin")
    page, made = built(book)
    assert "A heavier coin" in made
    assert "The first coins" not in made
    assert '<link rel="alternate " type="application/atom+xml"' in page


@pytest.mark.parametrize("how", ["no git", "shallow"])
def test_without_a_history_there_is_neither_a_feed_nor_a_link_to_it(book: Checkout, tmp_path: Path, how: str) -> None:
    if how == "shallow":
        git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{book.root}", "clone")
        (book.root / ".git").rename(tmp_path / "whole")
        (tmp_path / "clone/.git").rename(book.root / ".git")
    else:
        (book.root / ".git").rename(tmp_path / "away")
    page, made = built(book)
    assert made == ""
    assert "atom+xml" not in page
