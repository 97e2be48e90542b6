"""The words of a book as their authors wrote them: every page and lab, by its file."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from mkdocs.structure.files import Files

from vgcore.press import citations
from vgcore.press.citations import Citation
from vgcore.press.references import Bibliography, Use

_TITLE = re.compile(r"\A---\n(?:.*\n)*?title: *(.+)\n|^(?:# )?# (?!%)(.+)$", re.MULTILINE)
"""A page's title: of its front matter, or else its first heading; a lab's heading stands in a comment."""


@dataclass(frozen=True, kw_only=True)
class Texts:
    """What each file of a book says, `docs/…` its name, and the literature that it cites."""

    pages: Mapping[str, str]
    labs: Mapping[str, str]
    bibliography: Bibliography

    @classmethod
    def of(cls, files: Files, root: Path) -> "Texts":
        """Those of a build's own pages, before anything is generated, and of the labs of its checkout."""
        pages = [file for file in files.documentation_pages() if file.src_uri.endswith(".md")]
        # the ledger links a claim's first sentence: that of the page that explains it, not of a list or a landing page
        pages.sort(key=lambda file: file.src_uri.startswith(("evidence/", "learn/")) or file.name == "index")
        labs = [path for path in sorted((root / "docs/labs").glob("*.py")) if not path.stem.startswith("_")]
        return cls(
            pages={f"docs/{file.src_uri}": file.content_string for file in pages},
            labs={f"docs/labs/{path.name}": path.read_text() for path in labs},
            bibliography=Bibliography.of(root),
        )

    def citations(self) -> Iterator[Citation]:
        """All that the pages ask for, in sentences that already name the literature."""
        for page, text in self.pages.items():
            yield from citations.citations_in(page, self.bibliography.linked(text))

    @cached_property
    def uses(self) -> list[Use]:
        """Each citation of the literature."""
        texts = {**self.pages, **self.labs}
        return [use for page, text in texts.items() for use in self.bibliography.uses(page, text)]

    def title(self, page: str) -> str:
        """A page's title, given its file."""
        found = _TITLE.search({**self.pages, **self.labs}[page])
        return (found[1] or found[2]).strip() if found else page


def address(files: Files) -> Callable[[str], str]:
    """From a page's or a lab's file, as citations name it, to its path on the site."""

    def url(path: str) -> str:
        name = path.removeprefix("docs/")
        if name.endswith(".py"):  # a lab, which is a page only once mkdocs-jupyter has taken it for one
            return name.removesuffix(".py") + "/"
        return str(getattr(files.get_file_from_path(name), "url", path))

    return url
