"""What a preview builds again after an edit, and that its site is the one that a whole build makes."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import BasePlugin
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from vgcore.press.changes import STAGES, Changes, Origins
from vgcore.press.markdown import Pages, Shown
from vgcore.press.project import Figure
from vgcore.press.store import Entry

MKDOCS = """site_name: Site
site_url: http://localhost:8000/
strict: true
theme: {name: material, font: false}
plugins: [search]
validation: {links: {anchors: warn}}
"""
DOCS = {
    "index.md": "# Home\n\nSee [part](a.md#part).\n",
    "a.md": "# A\n\nText.\n\n## Part\n\nMore.\n",
    "b.md": "# B\n\nSee [A](a.md).\n",
}


class Planned(BasePlugin):  # type: ignore[type-arg, no-untyped-call]
    """The press's part in a preview, without figures; remembers which pages are built."""

    def __init__(self, changes: Changes) -> None:
        self.changes = changes
        self.made: list[str] = []

    def on_nav(self, _nav: Any, *, config: MkDocsConfig, files: Files) -> None:
        pages = Pages(shown={}, versions="", commit="")
        self.changes.plan(config, files, Origins(Path(config.docs_dir), pages, [], files).of)

    def on_post_page(self, _output: str, *, page: Page, **_: Any) -> None:
        self.made.append(page.file.src_uri)


class Site:
    """A site of three pages, built again and again into one folder."""

    def __init__(self, root: Path, stage: int = STAGES) -> None:
        self.root = root
        self.changes = Changes(stage)
        self.built = False
        (root / "mkdocs.yml").write_text(MKDOCS)
        for name, text in DOCS.items():
            self.write(name, text)

    def write(self, name: str, text: str) -> None:
        (self.root / "docs").mkdir(exist_ok=True)
        (self.root / "docs" / name).write_text(text)

    def build(self) -> list[str]:
        """Build as a preview does; the pages made."""
        config = load_config(str(self.root / "mkdocs.yml"), site_dir=str(self.root / "site"))
        config.plugins["planned"] = planned = Planned(self.changes)
        build(config, serve_url="http://localhost:8000/", dirty=self.built)
        self.built = True
        self.changes.done()
        return sorted(planned.made)

    def files(self) -> dict[str, object]:
        """All that is served; the entries of the search index in no order."""
        return dict(_served(self.root / "site"))

    def whole(self) -> dict[str, object]:
        """The same of a site that is built at once."""
        folder = self.root / "whole"
        build(load_config(str(self.root / "mkdocs.yml"), site_dir=str(folder)), serve_url="http://localhost:8000/")
        return dict(_served(folder))


def _served(folder: Path) -> Iterator[tuple[str, object]]:
    for path in folder.rglob("*.*"):
        content: object = path.read_bytes()
        if path.name == "search_index.json":
            content = sorted(path.read_text().split('{"location"'), key=lambda entry: entry.rstrip("]},"))
            content = [entry.rstrip("]},") for entry in content]
        if path.suffix != ".gz":
            yield str(path.relative_to(folder)), content


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = Site(tmp_path)
    assert site.build() == ["a.md", "b.md", "index.md"]
    return site


def test_nothing_edited_builds_nothing(site: Site) -> None:
    assert site.build() == []


def test_an_edit_builds_its_page(site: Site) -> None:
    site.write("b.md", DOCS["b.md"] + "Said anew.\n")
    assert site.build() == ["b.md"]


@pytest.mark.parametrize(
    "edits",
    [
        {"b.md": DOCS["b.md"] + "Said anew.\n"},
        {"a.md": DOCS["a.md"] + "## Another\n\nSection.\n"},
        {"b.md": DOCS["b.md"].replace("# B", "# Beta")},
        {"b.md": "---\ntitle: Beta\n---\n\n" + DOCS["b.md"]},
        {"c.md": "# C\n\nNew.\n"},
        {"b.css": "p {color: red}"},
    ],
    ids=["text", "section", "heading", "title", "page", "file"],
)  # fmt: skip
def test_an_edited_site_is_the_one_of_a_whole_build(site: Site, edits: dict[str, str]) -> None:
    for name, text in edits.items():
        site.write(name, text)
    site.build()
    assert site.files() == site.whole()


def test_a_page_taken_away_is_gone(site: Site) -> None:
    (site.root / "docs/b.md").unlink()
    site.build()
    assert site.files() == site.whole()


def test_a_setting_builds_everything(site: Site) -> None:
    (site.root / "mkdocs.yml").write_text(MKDOCS.replace("Site", "Book"))
    assert site.build() == ["a.md", "b.md", "index.md"]


def test_a_link_is_checked_though_its_page_is_not_built(site: Site) -> None:
    site.write("a.md", DOCS["a.md"].replace("## Part", "## Section"))
    with pytest.raises(Abort, match="1 warnings"):
        site.build()
    with pytest.raises(Abort, match="1 warnings"):
        site.build()
    site.write("a.md", DOCS["a.md"])
    assert site.build() == ["a.md"]


def test_a_page_that_was_built_in_vain_is_built_again_when_its_edit_is_taken_back(site: Site) -> None:
    site.write("a.md", DOCS["a.md"].replace("## Part", "## Section"))
    with pytest.raises(Abort):
        site.build()
    site.write("a.md", DOCS["a.md"])
    site.build()
    assert site.files() == site.whole()


def test_the_home_page_comes_first(tmp_path: Path) -> None:
    site = Site(tmp_path, stage=0)
    (tmp_path / "mkdocs.yml").write_text(MKDOCS + "nav: [Home: index.md, A: a.md, B: b.md, All: all.md]\n")
    site.write("all.md", "# All\n\n{{ ledger }}\n")
    assert [site.build() for _ in range(STAGES)] == [["index.md"], ["a.md", "b.md"], ["all.md"]]
    assert site.files() == site.whole()


# What a page is made from

FIGURE = Figure(
    name="coins", message="Heads.", caption="Share.", title="Coins", alt="Heads.", experiments=("coins",),
    claims=("share",), arm="coin",
)  # fmt: skip
SHOWN = Shown(figure=FIGURE, entry=Entry(Path("first"), {}))
CITES, LISTS, NEITHER = "{{ claim: coins.share }} {{ figure: coins }}", "{{ ledger }}", "Words."


def origin(text: str, shown: Shown, root: Path = Path()) -> object:
    file = File("page.md", None, "site", True)
    file.content_string = text
    return Origins(root, Pages(shown={"coins": shown}, versions="", commit=""), [], Files([file])).of(file)


@pytest.mark.parametrize("page", [CITES, LISTS])
def test_a_new_result_is_shown(page: str) -> None:
    assert origin(page, SHOWN) == origin(page, SHOWN)
    assert origin(page, SHOWN) != origin(page, replace(SHOWN, entry=Entry(Path("second"), {})))


def test_a_badge_is_shown_on_the_figure_and_not_in_a_list() -> None:
    stale = replace(SHOWN, status="stale", detail="1 of 5 runs done")
    assert origin(CITES, SHOWN) != origin(CITES, stale)
    assert origin(LISTS, SHOWN) == origin(LISTS, stale)


def test_a_page_without_figures_depends_on_none() -> None:
    assert origin(NEITHER, SHOWN) == origin(NEITHER, replace(SHOWN, entry=None))


def test_a_page_that_includes_a_file_is_always_built() -> None:
    assert origin('--8<-- "OTHER.md"', SHOWN) != origin('--8<-- "OTHER.md"', SHOWN)


def test_the_api_is_built_again_when_the_library_is_edited(tmp_path: Path) -> None:
    for name in ("theory", "experiments", "press"):
        (tmp_path / "vgcore" / name).mkdir(parents=True)
    page = "::: vgcore.theory.chi"
    first = origin(page, SHOWN, tmp_path)
    (tmp_path / "vgcore/experiments/one.py").touch()
    (tmp_path / "vgcore/press/one.py").touch()
    assert origin(page, SHOWN, tmp_path) == first
    (tmp_path / "vgcore/theory/one.py").touch()
    assert origin(page, SHOWN, tmp_path) != first
