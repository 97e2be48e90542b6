"""Write the book as if its pictures and numbers had been pasted by hand: `python -m tests.static_site FOLDER`.

FOLDER becomes a book of the same pages, generated ones included, that needs no press: what the bench compares with.
"""

import re
import shutil
import sys
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build
from mkdocs.config import load_config
from mkdocs.config.base import Config
from mkdocs.plugins import BasePlugin, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from vgcore.press.project import CACHE

PICTURE = re.compile(r"<!--figure (\w+)-->|<svg\b.*?</svg>", re.DOTALL)


class NoOptions(Config):  # type: ignore[no-untyped-call]
    """There are none."""


class Freeze(BasePlugin[NoOptions]):  # type: ignore[no-untyped-call]
    """Keeps what the press hands to MkDocs: the generated files, and every page's Markdown."""

    def __init__(self, docs: Path) -> None:
        self.docs = docs

    @event_priority(-100)
    def on_files(self, files: Files, **_: Any) -> Files:
        for file in files:
            if file.generated_by == "press" or str(file.src_dir or "").endswith(str(CACHE / "pages")):
                self._write(file.src_uri, file.content_bytes)
        return files

    @event_priority(-100)
    def on_nav(self, nav: Navigation, *, files: Files, **_: Any) -> Navigation:
        """What the press makes of the table of contents comes after the other files."""
        self.on_files(files)
        return nav

    @event_priority(-100)
    def on_page_markdown(self, markdown: str, *, page: Page, **_: Any) -> str:
        if page.file.src_uri.endswith(".md"):
            head = re.match(r"---\n.*?\n---\n", page.file.content_string, re.DOTALL)
            picture = f'<img src="{get_relative_url("data/depth_decay.svg", page.url)}" alt="">'
            self._write(page.file.src_uri, ((head[0] if head else "") + PICTURE.sub(picture, markdown)).encode())
        return markdown

    def _write(self, name: str, content: bytes) -> None:
        path = self.docs / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main(folder: Path) -> None:
    """Build the book once, and keep what was built from."""
    docs = folder / "docs"
    shutil.copytree("docs", docs, ignore=shutil.ignore_patterns("*.py"), dirs_exist_ok=True)
    config = load_config("mkdocs.yml", site_dir=str(folder / "site"))
    config.plugins["freeze"] = Freeze(docs)
    config.plugins.on_startup(command="build", dirty=False)
    build(config)
    shutil.copy("mkdocs.yml", folder / "book.yml")
    (folder / "mkdocs.yml").write_text("INHERIT: book.yml\nnot_in_nav: |\n  /figures/*.md\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
