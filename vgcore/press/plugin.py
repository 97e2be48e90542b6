"""The press inside MkDocs: it makes the results before the pages, and puts them in as the pages are made."""

import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from vgcore.press import citations, engines, fingerprint, font, git, pages, palette, report, spare
from vgcore.press import labs as notebooks
from vgcore.press.build import Edition, Press
from vgcore.press.built import Built
from vgcore.press.changes import STAGES, Changes, Origins, build_again
from vgcore.press.citations import Citation
from vgcore.press.formulas import FormulaError, Formulas
from vgcore.press.lab_pages import LabPages
from vgcore.press.markdown import DRAFT, LEDGER, Pages, Shown
from vgcore.press.preview import Preview
from vgcore.press.project import CACHE, Project, ProjectError
from vgcore.press.store import Store

log = get_plugin_logger("press")


class PressConfig(Config):  # type: ignore[no-untyped-call]
    """Options in `mkdocs.yml`."""

    enabled = Type(bool, default=True)
    draft = Type(bool, default=False)


class PressPlugin(BasePlugin[PressConfig]):  # type: ignore[no-untyped-call]
    """Runs, draws and checks what the pages show; fails the build where a claim does not hold."""

    command: str = "build"
    preview: Preview | None = None
    # What was last made: a preview falls back on it while a file is half edited.
    pages = Pages(shown={}, versions="", commit="")
    cited: Sequence[Citation] = ()
    labs: Mapping[str, tuple[Path, str | None]] = {}

    def on_startup(self, *, command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
        """Remember whether this is a build or a preview; having this method keeps one plugin over rebuilds.

        The last commit's date stands for today's, so that two builds of one commit give the same bytes.
        """
        self.command = command
        os.environ.setdefault("SOURCE_DATE_EPOCH", git.committed())
        self.commit = git.commit()  # a preview's first edit must not change what every page says of it
        self.building, self.ended = threading.Lock(), False
        self.changes = Changes(STAGES if "--no-livereload" in sys.argv else 0)  # which builds only once

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Bring the results up to date, and add what is generated: before mkdocs-jupyter looks for notebooks."""
        self.root = Path(config.config_file_path).parent
        self.formulas = Formulas(self.root / CACHE / "formulas.json")
        self.errors: list[str] = []
        self.characters: set[str] = set()
        if not self.config.enabled:
            return files
        try:
            self._make(files)
        except (ProjectError, SyntaxError) as error:
            self._fail([report.sentence(error)])
            self.pages = self.pages.broken(report.sentence(error))
        self._add(files, config)
        return files

    def _make(self, files: Files) -> None:
        project = Project(self.root)
        cited = list(_citations(files))
        self._fail([*citations.problems(cited, project.figures), *citations.words_problems(project.figures)])
        built, statuses = self._results(project)
        shown = _shown(project, built, statuses, cited)
        self.cited = cited
        versions = f"Keras {fingerprint.version('keras')} on TensorFlow {fingerprint.version('tensorflow')}"
        self.pages = Pages(shown=shown, versions=versions, commit=self.commit, draft=self.config.draft)
        self.labs = {name: _lab(project, built, name) for name in project.labs}
        # At smoke size a claim need not hold: the runs are too short to say anything.
        broken = [] if self.config.draft else report.broken_claims(self.pages, cited)
        self._fail([*report.failures(built.failures), *broken])

    def _fail(self, errors: list[str]) -> None:
        """End a build with all that is to be mended; a preview says it and goes on with what it had."""
        if errors and self.command != "serve":
            raise PluginError(report.together(errors))
        for error in errors:
            print(f"press: {error}", file=sys.stderr)  # a log entry would end a strict build

    def _results(self, project: Project) -> tuple[Built, dict[str, tuple[str, str]]]:
        store = Store(self.root / CACHE, say=log.info)
        edition = Edition(variant="smoke", seed_count=2) if self.config.draft else Edition()
        press = Press(project, store, edition, say=log.info)
        if self.command != "serve":
            return press.build(), {}
        self.preview = self.preview or Preview(self.root)
        return self.preview.results(press)

    def _add(self, files: Files, config: MkDocsConfig) -> None:
        """Generated files: they are never written below docs/, where they would start the preview again."""
        files.append(File.generated(config, "assets/palette.css", content=palette.css()))
        for part in pages.parts(self.pages):
            files.append(_page(config, f"{LEDGER}/{part}.md", pages.ledger_page(part)))
        for name, shown in self.pages.shown.items():
            files.append(_page(config, f"figures/{name}.md", pages.figure_page(self.pages, self.root, name)))
            if shown.entry:
                files.append(_data(config, f"{name}.svg", self.pages.described(name, "download.svg")))
                for file in shown.entry.record["data"]:
                    if f"data/{file}" not in files.src_uris:
                        files.append(_data(config, file, shown.entry.text(file)))
        typeset = partial(self._set, self.formulas.replace_in_markdown)
        LabPages(files=files, config=config, cache=self.root / CACHE, typeset=typeset, errors=self.errors).add(
            self.labs
        )

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """In a preview: decide which pages are built."""
        if self.command == "serve" and self.config.enabled:
            origins = Origins(self.root, self.pages, self.cited, files)
            self.changes.plan(config, files, origins.of)

    def _build_again(self, config: MkDocsConfig) -> None:
        with self.building:
            build_again(config)
            self._built()

    def _build_rest(self, config: MkDocsConfig, preview: Preview) -> None:
        """Build what was put off, beside the server, which holds back every page while it builds itself."""
        while self.changes.stage < STAGES:
            self._build_again(config)
        preview.stamp.touch()

    def _built(self) -> None:
        """In a preview: a build has ended well, but for the formulas that could not be set."""
        self.changes.done({error.partition(":")[0].removeprefix("docs/") for error in self.errors})

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Replace the directives of a page."""
        self._go_on()
        if not self.config.enabled:
            return markdown
        typeset = partial(self._set, self.formulas.replace_in_markdown, f"docs/{page.file.src_uri}")
        blocks: Mapping[str, Callable[[str], str]] = {
            "ledger": partial(self._ledger, link=self._link(page), url=_url(files), typeset=typeset),
            "gallery": lambda _: pages.gallery(self.pages, self._link(page)),
            "engines": lambda _: self._engines(f"docs/{page.file.src_uri}"),
        }
        return self.pages.text(markdown, self._link(page), blocks)

    def _ledger(self, part: str, link: Any, url: Any, typeset: Any) -> str:
        if not part:
            return pages.ledgers(self.pages, link)
        return pages.ledger(part, self.pages, self.cited, link, url, typeset)

    def _engines(self, place: str) -> str:
        """The table of measured engines; a checkout without it is told at the end of the build."""
        file = self.root / engines.RESULTS
        if not file.exists():
            self.errors.append(f"{place}: there is no {engines.RESULTS}: `make bench-engines` writes it")
            return ""
        return engines.table(file.read_text())

    @event_priority(-50)
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Set the formulas of a page, and take off a lab what mkdocs-jupyter adds."""
        if page.file.src_uri.endswith(".ipynb"):
            name = Path(page.file.src_uri).stem
            html = notebooks.clean(html) + notebooks.download(self._link(page)(f"data/{name}.ipynb"))
        else:
            html = self._set(self.formulas.replace, f"docs/{page.file.src_uri}", html)
        self.characters |= font.characters(html)
        return DRAFT + html if self.config.draft else html

    def _set(self, typeset: Callable[[str], str], place: str, text: str) -> str:
        """Set the formulas of a text; those that cannot be set are kept for the end of the build."""
        try:
            return typeset(text)
        except FormulaError as error:
            self.errors += [f"{place}: {sentence}" for sentence in error.sentences]
            return text

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> Environment:
        """In a preview: use the templates of the last build."""
        return self.changes.templates(env) if self.command == "serve" else env

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put the pictures in."""
        self._go_on()
        if not self.config.enabled:
            return output
        return spare.page(font.preload(self.pages.fill(output), self._link(page)("assets/math.woff2")))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Cut fonts and style sheets to what is used; fail a build in which a formula could not be set."""
        if self.command != "serve":  # a preview makes only some pages, and again and again
            self._lighten(Path(config.docs_dir), Path(config.site_dir), config.extra_css)
        self._fail(self.errors)

    def _lighten(self, docs: Path, site: Path, sheets: Sequence[Any]) -> None:
        file = docs / "assets/math.woff2"
        if file.exists():
            cut = font.cut(file, self.characters, self.root / CACHE / "fonts")
            (site / "assets/math.woff2").write_bytes(cut)
        for sheet in (site / str(name) for name in sheets):
            if sheet.exists():
                sheet.write_text(spare.style(sheet.read_text()))

    def on_serve(self, server: Any, *, config: MkDocsConfig, builder: Any) -> Any:
        """Rebuild the pages when code is edited, and when the work in the background is done."""
        for folder in ("figures", "vgcore"):
            server.watch(str(self.root / folder))
        if self.preview:
            server.watch(str(self.preview.stamp))
            self._built()
            server.builder = partial(self._build_again, config)
            self.preview.first_page_is_up = True
            threading.Thread(target=self._build_rest, args=(config, self.preview), daemon=True).start()
        return server

    def _go_on(self) -> None:
        """End the build of a preview that is ended: Ctrl-C does not wait for all pages."""
        if self.ended:
            raise SystemExit

    def on_shutdown(self) -> None:
        """Leave nothing running."""
        self.ended = True
        with self.building:  # it ends with the page that is built now
            if self.preview:
                self.preview.stop()

    def _link(self, page: Page) -> Any:
        return lambda target: get_relative_url(target, page.url)


def _citations(files: Files) -> Iterator[Citation]:
    for file in files.documentation_pages():
        if file.src_uri.endswith(".md"):
            yield from citations.citations_in(f"docs/{file.src_uri}", file.content_string)


def _shown(
    project: Project, built: Built, statuses: Mapping[str, tuple[str, str]], cited: Sequence[Citation]
) -> dict[str, Shown]:
    return {
        name: Shown(
            figure=figure,
            entry=built.figures.get(name),
            part=pages.part(name, cited),
            status=statuses.get(name, ("", ""))[0],
            detail=statuses.get(name, ("", ""))[1],
        )
        for name, figure in project.figures.items()
    }


def _lab(project: Project, built: Built, name: str) -> tuple[Path, str | None]:
    """A lab's file, and its outputs if it has run."""
    entry = built.labs.get(name)
    return project.lab_path(name), entry.text("outputs.json") if entry else None


def _url(files: Files) -> Any:
    """From a page's file, as citations name it, to its path on the site."""
    return lambda path: getattr(files.get_file_from_path(path.removeprefix("docs/")), "url", path)


def _page(config: MkDocsConfig, name: str, content: str) -> File:
    """A generated page, to which other pages lead."""
    file = File.generated(config, name, content=content)
    file.inclusion = InclusionLevel.NOT_IN_NAV
    return file


def _data(config: MkDocsConfig, name: str, content: str) -> File:
    return File.generated(config, f"data/{name}", content=content)
