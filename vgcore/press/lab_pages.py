"""Labs among the pages of a site: what mkdocs-jupyter shows of them, and the notebooks that readers take away."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from vgcore.press import labs as notebooks
from vgcore.press import launch, offline


@dataclass(frozen=True, kw_only=True)
class LabPages:
    """Puts labs in the place of their sources among a build's files.

    `cache`: the press's own folder. `typeset`: sets the formulas of a text, given the file that it is from. `errors`:
    where links that lead nowhere are kept for the end of the build.
    """

    files: Files
    config: MkDocsConfig
    cache: Path
    commit: str
    typeset: Callable[[str, str], str]
    errors: list[str]

    def add(self, labs: Mapping[str, tuple[Path, str | None]]) -> None:
        """Add each lab, given its file and, once it has run, its outputs."""
        place = self.cache / "pages"
        (place / "labs").mkdir(parents=True, exist_ok=True)
        for name in labs:  # all of them first: labs link to each other
            source = self.files.get_file_from_path(f"labs/{name}.py")
            if source:
                self.files.remove(source)
            shown = File(f"labs/{name}.ipynb", str(place), self.config.site_dir, self.config.use_directory_urls)
            self.files.append(shown)
        for name, (path, outputs) in labs.items():
            self._write(place / f"labs/{name}.ipynb", path, outputs)

    def _write(self, place: Path, path: Path, outputs: str | None) -> None:
        """The lab as mkdocs-jupyter shows it, and as readers take it away."""
        cells = notebooks.cells(path.read_text(), self.cache / "cells")
        place.write_text(notebooks.notebook(cells, outputs, self._prose(path)))
        url = partial(self._target, path, self.config.site_url or "/", at=offline.place)
        whole = launch.installing(cells, outputs, self.config.repo_url or "", self.commit)
        taken_away = notebooks.notebook(*whole, partial(notebooks.linked, url=url))
        self.files.append(File.generated(self.config, f"data/{place.name}", content=taken_away))

    def _prose(self, path: Path) -> Callable[[str], str]:
        """What a lab's text goes through: its links lead to pages of the site, its formulas are set."""
        target = partial(self._target, path, "../../" if self.config.use_directory_urls else "../")
        typeset = partial(self.typeset, f"docs/labs/{path.name}")
        return lambda text: typeset(notebooks.linked(text, target))

    def _target(self, path: Path, base: str, link: str, at: Callable[[str], str] = str) -> str:
        """Where a link in a lab leads, seen from `base`; one that leads nowhere is kept for the end of the build."""
        file = self.files.get_file_from_path(posixpath.normpath(f"labs/{link}"))
        if file is None:
            line = next(number for number, text in enumerate(path.read_text().splitlines(), 1) if f"]({link}" in text)
            self.errors.append(f"docs/labs/{path.name}:{line}: there is no page {link!r} to link to")
            return link
        return base + at(_url(file))


def _url(file: File) -> str:
    """A page's path on the site; a lab is a page only later, when mkdocs-jupyter has taken it for one."""
    name = file.src_uri
    end = "/" if file.use_directory_urls else ".html"
    return name.removesuffix(".ipynb") + end if name.endswith(".ipynb") else file.url.removeprefix("./")
