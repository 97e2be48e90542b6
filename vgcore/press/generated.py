"""The files of a site that nobody writes: they are never put below docs/, where they would start the preview again."""

from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, InclusionLevel

from vgcore.press import pages, palette
from vgcore.press.markdown import LEDGER, Pages


def files(config: MkDocsConfig, shown: Pages, root: Path) -> Iterator[File]:
    """The palette, the ledger of each part, and each figure's page, picture and tables."""
    yield File.generated(config, "assets/palette.css", content=palette.css())
    for part in pages.parts(shown):
        yield _page(config, f"{LEDGER}/{part}.md", pages.ledger_page(part))
    for name in shown.shown:
        yield _page(config, f"figures/{name}.md", pages.figure_page(shown, root, name))
    for name, content in data(shown).items():
        yield File.generated(config, f"data/{name}", content=content)


def data(shown: Pages) -> dict[str, str]:
    """What readers take away, by the file's name: each figure's picture, and the tables behind it."""
    found: dict[str, str] = {}
    for name, one in shown.shown.items():
        if one.entry:
            found[f"{name}.svg"] = shown.described(name, "download.svg")
            found |= {file: one.entry.text(file) for file in one.entry.record["data"] if file not in found}
    return found


def _page(config: MkDocsConfig, name: str, content: str) -> File:
    """A generated page, to which other pages lead."""
    file = File.generated(config, name, content=content)
    file.inclusion = InclusionLevel.NOT_IN_NAV
    return file
