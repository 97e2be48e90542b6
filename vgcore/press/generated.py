"""The files of a site that nobody writes: they are never put below docs/, where they would start the preview again."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation

from vgcore.press import feed, git, kit, llms, offline, pages, palette
from vgcore.press.citations import Citation
from vgcore.press.markdown import LEDGER, Pages
from vgcore.press.project import CACHE
from vgcore.press.texts import Texts, address


def files(config: MkDocsConfig, shown: Pages, root: Path) -> Iterator[File]:
    """The palette, the ledger of each part, and each figure's page, pictures and tables."""
    yield File.generated(config, "assets/palette.css", content=palette.css())
    for part in pages.parts(shown):
        yield _page(config, f"{LEDGER}/{part}.md", pages.ledger_page(part))
    for name in shown.shown:
        yield _page(config, f"figures/{name}.md", pages.figure_page(shown, root, name))
    for name, content in data(shown).items():
        yield File.generated(config, f"data/{name}", content=content)


def data(shown: Pages) -> dict[str, str | bytes]:
    """What readers take away, by the file's name: each figure's pictures, and the tables behind them."""
    found: dict[str, str | bytes] = {}
    for name, one in shown.shown.items():
        if one.entry:
            found[f"{name}.svg"] = shown.described(name, "download.svg")
            found |= {} if shown.draft else {f"{name}.png": one.entry.bytes("download.png")}
            found |= {file: one.entry.text(file) for file in one.entry.record["data"] if file not in found}
    return found


def for_others(config: MkDocsConfig, shown: Pages) -> Iterator[File]:
    """What a site has for those who link to it or follow it: a card for each figure, and the feed of changes."""
    if not shown.site or shown.draft:
        return
    for name, one in shown.shown.items():
        if one.entry:
            yield File.generated(config, f"cards/{name}.png", content=one.entry.bytes("card.png"))
    figures = {name: one.figure for name, one in shown.shown.items()}
    changed = feed.changes(git.history("vgcore/experiments", "figures"), figures)
    if changed:
        yield File.generated(config, feed.FILE, content=feed.atom(config.site_name, shown, changed))


def teaching_kit(
    files: Files, config: MkDocsConfig, root: Path, shown: Pages, cited: Sequence[Citation], texts: Texts
) -> File:
    """The archive of all that a build lets readers take away, once this is among its files."""
    url, base = address(files), config.site_url or "/"
    labs = {Path(lab).stem: texts.title(lab) for lab in texts.labs}
    readme = kit.readme(shown, cited, labs, lambda page: base + offline.place(url(page).removeprefix("./")))
    data = {
        file.src_uri.removeprefix("data/"): file.content_bytes for file in files if file.src_uri.startswith("data/")
    }
    members = kit.members(data, readme, (root / "LICENSE").read_bytes())
    return File.generated(config, f"data/{kit.NAME}", content=kit.kept(members, root / CACHE / "kit"))


def _page(config: MkDocsConfig, name: str, content: str) -> File:
    """A generated page, to which other pages lead."""
    file = File.generated(config, name, content=content)
    file.inclusion = InclusionLevel.NOT_IN_NAV
    return file


def settle(files: Files, shown: Pages) -> None:
    """Give the generated pages their places: in the part of the page that leads to them, one after the other."""
    _follow(files, f"{LEDGER}.md", {f"{LEDGER}/{part}.md": pages.ledger_title(part) for part in pages.parts(shown)})
    _follow(files, "figures/index.md", {f"figures/{name}.md": one.figure.title for name, one in shown.shown.items()})


def _follow(files: Files, leading: str, titles: Mapping[str, str]) -> None:
    first = files.src_uris[leading].page if leading in files.src_uris else None
    if first is None:  # a book without that page
        return
    before, last = first, first.next_page
    for uri, title in titles.items():
        page = files.src_uris[uri].page
        assert page is not None
        page.title, page.parent, page.previous_page, page.next_page = title, first.parent, before, last
        if before is not first:
            before.next_page = page
        before = page


def language_models(config: MkDocsConfig, nav: Navigation, shown: Pages) -> File:
    """The list of the book's pages for language models."""
    listed = llms.llms(config.site_name, config.site_description or "", config.site_url or "", nav, shown)
    return File.generated(config, llms.FILE, content=listed)
