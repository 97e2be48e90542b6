"""The press inside MkDocs: it makes the results before the pages, and puts them in as the pages are made."""

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment
from mkdocs.config.base import Config
from mkdocs.config.config_options import Type
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import BasePlugin, event_priority, get_plugin_logger
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from vgcore.press import (
    citations,
    feed,
    fingerprint,
    font,
    generated,
    git,
    glossary,
    head,
    launch,
    offline,
    other_words,
    references,
    report,
    results,
    spare,
    wide_tables,
    workers,
)
from vgcore.press import labs as notebooks
from vgcore.press.blocks import Blocks
from vgcore.press.build import Edition, Press
from vgcore.press.built import Built
from vgcore.press.changes import STAGES, Changes, Origins, build_again
from vgcore.press.citations import Citation
from vgcore.press.formulas import FormulaError, Formulas
from vgcore.press.glossary import Glossary
from vgcore.press.lab_pages import LabPages
from vgcore.press.markdown import DRAFT, Pages
from vgcore.press.preview import Preview
from vgcore.press.project import CACHE, Project, ProjectError
from vgcore.press.references import Bibliography
from vgcore.press.store import Store
from vgcore.press.texts import Texts

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
    texts = Texts(pages={}, labs={}, bibliography=Bibliography())
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
    def on_config(self, config: MkDocsConfig) -> None:
        """Make ready for a book that is read without a server: before Material does."""
        offline.prepare(config)

    @event_priority(100)
    def on_files(self, files: Files, *, config: MkDocsConfig) -> Files:
        """Bring the results up to date, and add what is generated: before mkdocs-jupyter looks for notebooks."""
        self.root = Path(config.config_file_path).parent
        self.formulas = Formulas(self.root / CACHE / "formulas.json")
        self.errors: list[str] = []
        self.also: dict[str, str] = {}
        self.characters: set[str] = set()
        words = files.get_file_from_path(f"{glossary.PAGE}.md")
        self.glossary = Glossary.read(words.content_string if words else "")
        if not self.config.enabled:
            return files
        try:
            self._make(files, config.site_url or "")
        except (ProjectError, SyntaxError) as error:
            self._fail([report.sentence(error)])
            self.pages = self.pages.broken(report.sentence(error))
        self._add(files, config)
        return files

    def _make(self, files: Files, site: str) -> None:
        project = Project(self.root)
        texts = Texts.of(files, self.root)
        cited = list(texts.citations())
        self._fail(
            [
                *citations.problems(cited, project.figures),
                *citations.words_problems(project.figures),
                *references.problems(texts.uses, texts.bibliography),
            ]
        )
        built, statuses = self._results(project)
        shown = results.shown(project, built, statuses, cited)
        self.cited, self.texts = cited, texts
        versions = f"Keras {fingerprint.version('keras')} on TensorFlow {fingerprint.version('tensorflow')}"
        self.pages = Pages(shown=shown, versions=versions, commit=self.commit, site=site, draft=self.config.draft)
        self.labs = results.labs(project, built)
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
        edition = Edition(variant="smoke", seed_count=1) if self.config.draft else Edition()
        press = Press(project, store, edition, say=log.info)
        if self.command != "serve":
            return press.build(), {}
        self.preview = self.preview or Preview(self.root)
        return self.preview.results(press)

    def _add(self, files: Files, config: MkDocsConfig) -> None:
        """Add what is generated, and the labs."""
        for file in generated.files(config, self.pages, self.root):
            files.append(file)
        typeset = partial(self._set, self.formulas.replace_in_markdown)
        place = self.root / CACHE
        shown = LabPages(
            files=files, config=config, cache=place, commit=self.commit, typeset=typeset, errors=self.errors
        )
        shown.add(self.labs)
        if any(one.kind == "kit" for one in self.cited):
            files.append(generated.teaching_kit(files, config, self.root, self.pages, self.cited, self.texts))
        if self.command != "serve" and config.use_directory_urls:  # on a site, which others see
            for file in generated.for_others(config, self.pages):
                files.append(file)
        self.fed = files.get_file_from_path(feed.FILE) is not None

    def on_nav(self, nav: Navigation, *, config: MkDocsConfig, files: Files) -> None:
        """Settle generated pages, list the book for language models; in a preview: decide which pages are built."""
        if self.config.enabled:
            generated.settle(files, self.pages)
        if self.command != "serve" and self.config.enabled:
            files.append(generated.language_models(config, nav, self.pages))
        if self.command == "serve" and self.config.enabled:
            literature = self.texts.bibliography, self.texts.uses
            origins = Origins(self.root, self.pages, self.cited, files, *literature)
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
        workers.warm()  # an author's first edit comes next

    def _built(self) -> None:
        """In a preview: a build has ended well, but for the formulas that could not be set."""
        self.changes.done({error.partition(":")[0].removeprefix("docs/") for error in self.errors})

    def on_page_markdown(self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Replace the directives of a page."""
        self._go_on()
        if not self.config.enabled:
            return markdown
        self.also[page.url] = page.meta.get("also", "")
        place = f"docs/{page.file.src_uri}"
        blocks = Blocks(
            root=self.root, pages=self.pages, cited=self.cited, texts=self.texts, files=files, link=self._link(page),
            typeset=partial(self._set, self.formulas.replace_in_markdown, place), place=place, errors=self.errors,
        )  # fmt: skip
        markdown = offline.scripts(self.texts.bibliography.linked(markdown), self._link(page))
        return self.pages.text(markdown, self._link(page), blocks.by_kind())

    @event_priority(-50)
    def on_page_content(self, html: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
        """Set the formulas of a page and link the words of the glossary; take off a lab what mkdocs-jupyter adds."""
        if page.file.src_uri.endswith(".ipynb"):
            name = Path(page.file.src_uri).stem
            opened = launch.links(config.repo_url or "", name)
            html = notebooks.clean(html) + notebooks.download(self._link(page)(f"data/{name}.ipynb"), opened)
        else:
            html = wide_tables.labelled(self._set(self.formulas.replace, f"docs/{page.file.src_uri}", html))
        self.characters |= font.characters(html)
        if not page.file.src_uri.startswith((glossary.PAGE, "reference/")):  # its own words; others' words
            html = self.glossary.link(html, page.file.src_uri, self._link(page)(f"{glossary.PAGE}/"))
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

    @event_priority(-100)
    def on_page_context(self, context: Any, *, page: Page, config: MkDocsConfig, nav: Navigation) -> Any:
        """Hide a page's headings if it asks for that, once they are indexed: in the navigation the theme shows them."""
        page.canonical_url = offline.place(page.canonical_url or "")
        if "toc" in page.meta.get("hide", ()):
            page.toc.items.clear()
        return context

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        """Put the pictures in."""
        self._go_on()
        if not self.config.enabled:
            return output
        tags = head.tags(output, page, config, self.pages, self.cited)
        tags += head.feed(self._link(page)(feed.FILE)) if self.fed else ""
        output = head.put(self.pages.fill(output), tags)
        if page.file.use_directory_urls:  # from a disk no browser fetches a font early
            output = font.preload(output, self._link(page)("assets/math.woff2"))
        return spare.page(launch.quiet(output))

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        """Cut fonts, style sheets and scripts to what is used; fail a build in which a formula could not be set."""
        if self.command != "serve":  # a preview makes only some pages, and again and again
            docs, site = Path(config.docs_dir), Path(config.site_dir)
            if not self.config.draft:  # nobody waits for its bytes
                font.shrink(docs, site, self.characters, self.root / CACHE / "fonts")
                scripts = [f"assets/{script.name}" for script in docs.glob("assets/*.js")]
                spare.lighten(site, [str(sheet) for sheet in config.extra_css], scripts)
            spare.begin_with(docs, site, "late-search.js")
            index = site / "search/search_index.json"
            if index.exists():
                index.write_text(other_words.findable(index.read_text(), self.also))
        self._fail(self.errors)

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
        where = str if page.file.use_directory_urls else offline.file
        return lambda target: get_relative_url(where(target), page.url)
