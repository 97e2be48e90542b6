"""Under `mkdocs serve`: only what an edit changes is built again, so that a preview stays quick as the book grows.

The first build makes the home page alone, so that there is soon something to look at; the next two make what is
written, then what is generated. They and every later one are MkDocs' own `dirty` builds, which leave out what
`is_modified` denies. By itself that looks at the time of a page's file alone, and forgets the titles, anchors and
search entries of the pages it leaves out; both are mended here.
"""

import logging
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment
from mkdocs import livereload
from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.pages import Page

from vgcore.press.citations import BLOCKS, DIRECTIVE, Citation
from vgcore.press.markdown import Pages
from vgcore.press.references import Bibliography, Use

_READ = ("markdown", "meta", "toc", "_title_from_render", "present_anchor_ids")
"""What MkDocs knows of a page once it has read it."""

_HEAD = re.compile(r"\A.*?^# [^\n]*$", re.DOTALL | re.MULTILINE)
"""A page's front matter and first heading: what the other pages show of it."""

STAGES = 3
"""In how many builds a preview is complete."""

_API = re.compile(r"^::: |\]\[vgcore", re.MULTILINE)
"""What only mkdocstrings can make: an entry of the API, a reference to one."""


class Changes:
    """Remembers what the site of a preview was built from, and tells MkDocs what is to be built again.

    A build asks with `plan` once it knows its files, and ends with `done`. One that ends without has built nothing that
    can be relied on: the next builds the same pages again.
    """

    def __init__(self, stage: int = 0) -> None:
        self.stage = stage
        self._frame: object = None
        self._states: dict[str, object] = {}  # what is built, from what
        self._next: dict[str, object] = {}
        self._files: dict[str, File] = {}
        self._search: Any = None
        self._entries: list[dict[str, str]] = []
        self._templates: Environment | None = None
        for module in (build.__module__, Page.__module__, livereload.__name__):
            logging.getLogger(module).addFilter(_of_interest)

    def plan(self, config: MkDocsConfig, files: Files, state: Callable[[File], object]) -> None:
        """Mark each file as modified or not, and give the pages that are not what the last build knew of them.

        `state` is what a file's output is made from: equal states give equal output.
        """
        frame = _frame(config, files)
        later = {file.src_uri for file in files if self.stage < STAGES and _stage(file) > self.stage}
        if frame != self._frame:
            self._states, self._frame, self._templates = {}, frame, None
        self._next = {file.src_uri: state(file) for file in files if file.src_uri not in later}
        self._states = {uri: last for uri, last in self._states.items() if self._next.get(uri) == last}
        for gone in self._files.keys() - files.src_uris.keys():
            Path(self._files.pop(gone).abs_dest_path).unlink(missing_ok=True)
        for file in files:
            self._mark(file, config, files)
            if file.src_uri in later:
                file.inclusion = InclusionLevel.EXCLUDED
        _switch_off(config, files, self._next.keys() - self._states.keys())
        self._keep_entries(config, files)

    def _mark(self, file: File, config: MkDocsConfig, files: Files) -> None:
        kept = file.src_uri in self._states
        file.is_modified = partial(bool, not kept)  # type: ignore[method-assign]
        last = self._files.get(file.src_uri)
        if kept and last and last.page:
            _give(last.page, file.page or Page(None, file, config), files)
        self._files[file.src_uri] = file

    def _keep_entries(self, config: MkDocsConfig, files: Files) -> None:
        """Begin the search index with what it says of the pages that are not built again."""
        self._search = config.plugins.get("material/search")
        kept = {file.url for file in files if file.src_uri in self._states}
        if self._search:
            entries = [entry for entry in self._entries if (entry["location"].partition("#")[0] or "./") in kept]
            self._search.search_index.entries = entries

    def templates(self, env: Environment) -> Environment:
        """The theme's templates, compiled once: that takes longer than a page."""
        self._templates = self._templates or env
        return self._templates

    def done(self, troubled: Collection[str] = ()) -> None:
        """Rely on what was built, but for pages that had trouble."""
        self._states = {uri: state for uri, state in self._next.items() if uri not in troubled}
        if self._search:
            self._entries = list(self._search.search_index.entries)
        self.stage += 1


@dataclass(frozen=True)
class Origins:
    """What the output of each file is made from, as values that can be compared."""

    root: Path
    pages: Pages
    cited: Sequence[Citation]
    files: Files
    bibliography: Bibliography = field(default_factory=Bibliography)
    uses: Sequence[Use] = ()

    def of(self, file: File) -> object:
        """Equal for two builds only if they make the same of it."""
        if file.is_documentation_page():
            return self._page(file.content_string)
        if file.abs_src_path is None:
            return file.content_bytes
        found = Path(file.abs_src_path).stat()
        return file.abs_src_path, found.st_mtime_ns, found.st_size

    def _page(self, text: str) -> object:
        asked = {(found["kind"], (found["what"] or "").partition(".")[0]) for found in DIRECTIVE.finditer(text)}
        kinds = {kind for kind, _ in asked}
        if "--8<--" in text or "engines" in kinds:
            return object()  # other files are put in: equal to nothing, so built always
        figures = [self._figure(name) for name in sorted({figure for kind, figure in asked if kind != "cite"})]
        linked = self.bibliography.linked(text)
        return linked, figures, kinds & {*BLOCKS} and self._book, _API.search(text) and self._library

    def _figure(self, name: str) -> object:
        shown = self.pages.shown.get(name)
        return (shown.figure, shown.folder, shown.part, shown.status, shown.detail) if shown else self.pages.trouble

    @cached_property
    def _book(self) -> object:
        """What generated blocks are made from: results, sentences, literature, but not how fresh the results are."""
        sentences = [(one.kind, one.figure, one.claim, one.page, one.sentence) for one in self.cited]
        results = [(shown.figure, shown.folder) for shown in self.pages.shown.values()]
        return results, sentences, self.bibliography, self.uses

    @cached_property
    def _library(self) -> object:
        """The code that the API shows; and its pages, which refer to each other, so that all are built or none."""
        apart = {self.root / "vgcore/experiments", self.root / "vgcore/press"}
        code = [path for path in self.root.glob("vgcore/**/*.py*") if not apart & {*path.parents}]
        times = {path: path.stat().st_mtime_ns for path in code if path.suffix != ".pyc"}
        return times, {file.src_uri: file.content_string for file in self.files if shows_api(file)}


def build_again(config: MkDocsConfig) -> None:
    """What MkDocs' server does after an edit, but for the pages that did not change; `config` is the first build's."""
    again = load_config(
        config.config_file_path, site_dir=config.site_dir, strict=config.strict,
        use_directory_urls=config.use_directory_urls,
    )  # fmt: skip
    again.site_url = config.site_url  # the server's address
    build(again, serve_url=config.site_url, dirty=True)


def _of_interest(record: logging.LogRecord) -> bool:
    """Whether to log it, and how: in strict mode a build ends with every warning that is logged meanwhile.

    MkDocs warns of each dirty build, and of each reader of a page that is not there yet; it names each link to one.
    """
    if record.name == livereload.__name__ and record.levelno == logging.WARNING:
        record.levelno, record.levelname = logging.INFO, "INFO"
    message = str(record.msg)
    return not (message.startswith("A 'dirty' build") or message.endswith("excluded from the built site."))


def shows_api(file: File) -> bool:
    """Whether a page is made by mkdocstrings, or refers to what is."""
    return file.src_uri.endswith(".md") and bool(_API.search(file.content_string))


def _frame(config: MkDocsConfig, files: Files) -> object:
    """What every page depends on: the configuration, which pages and files there are, and how pages are called."""
    there = {file.src_uri for file in files if file.is_documentation_page() or file.generated_by is None}
    listed = [file for file in files.documentation_pages() if _listed(file) and file.src_uri.endswith(".md")]
    heads = [(file.src_uri, _HEAD.match(file.content_string)) for file in listed]
    return Path(config.config_file_path).read_text(), there, {uri: head and head[0] for uri, head in heads}


def _listed(file: File) -> bool:
    return file.inclusion not in (InclusionLevel.NOT_IN_NAV, InclusionLevel.EXCLUDED, InclusionLevel.DRAFT)


def _stage(file: File) -> int:
    """In which build a file is first made; at once where the navigation must read a page to know its name."""
    if not file.is_documentation_page() or file.url == "./" or (_listed(file) and not (file.page and file.page.title)):
        return 0
    generated = file.generated_by is not None or file.src_uri.endswith(".ipynb") or shows_api(file)
    return 2 if generated or any(one["kind"] in BLOCKS for one in DIRECTIVE.finditer(file.content_string)) else 1


def _give(last: Page, page: Page, files: Files) -> None:
    for name in _READ:
        setattr(page, name, getattr(last, name))
    links = {files.get_file_from_path(file.src_uri): found for file, found in (last.links_to_anchors or {}).items()}
    page.links_to_anchors = {file: found for file, found in links.items() if file}


def _switch_off(config: MkDocsConfig, files: Files, built: Collection[str]) -> None:
    """Plugins that take a page which is not built for one that is gone.

    mkdocstrings would empty its style sheet, and load all code for it; mkdocs-jupyter would empty its cache.
    """
    if "mkdocstrings" in config.plugins and not any(shows_api(file) for file in files if file.src_uri in built):
        config.plugins["mkdocstrings"].config.enabled = False
    labs = {file.src_uri for file in files if file.is_documentation_page() and file.src_uri.endswith(".ipynb")}
    if "mkdocs-jupyter" in config.plugins and not labs <= set(built):
        config.plugins["mkdocs-jupyter"].config["cache"] = False
