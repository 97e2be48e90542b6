"""What a page gets for the directives that stand for a whole block: ledger, gallery, engines, kit, feed, references."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mkdocs.structure.files import Files

from vgcore.press import engines, feed, kit, pages, references
from vgcore.press.citations import Citation
from vgcore.press.markdown import Pages
from vgcore.press.texts import Texts, address


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """The blocks of one page; `link` leads from it to a place of the site, `place` is its file.

    Errors are added to `errors`, for the end of the build.
    """

    root: Path
    pages: Pages
    cited: Sequence[Citation]
    texts: Texts
    files: Files
    link: Callable[[str], str]
    typeset: Callable[[str], str]
    place: str
    errors: list[str]

    def by_kind(self) -> Mapping[str, Callable[[str], str]]:
        """The HTML of each kind of block, made of what stands behind the directive's colon."""
        return {
            "ledger": self._ledger,
            "gallery": lambda _: pages.gallery(self.pages, self.link),
            "engines": lambda _: self._engines(),
            "kit": lambda _: self._kit(),
            "feed": lambda _: feed.link(self.link(feed.FILE)) if self.files.get_file_from_path(feed.FILE) else "",
            "references": lambda _: self._references(),
        }

    def _ledger(self, part: str) -> str:
        if not part:
            return pages.ledgers(self.pages, self.link)
        return pages.ledger(part, self.pages, self.cited, self.link, address(self.files), self.typeset)

    def _engines(self) -> str:
        """The table of measured engines; a checkout without it is told at the end of the build."""
        file = self.root / engines.RESULTS
        if not file.exists():
            self.errors.append(f"{self.place}: there is no {engines.RESULTS}: `make bench-engines` writes it")
            return ""
        return engines.table(file.read_text())

    def _kit(self) -> str:
        made = self.files.get_file_from_path(f"data/{kit.NAME}")
        return kit.link(self.link(made.url), len(made.content_bytes)) if made else ""

    def _references(self) -> str:
        texts, url = self.texts, address(self.files)
        return references.listing(texts.bibliography, texts.uses, texts.title, lambda page: self.link(url(page)))
