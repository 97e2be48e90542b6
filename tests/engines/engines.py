"""The four engines: what each needs in a project, the command that builds its site, and where a figure's page is."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import canonicalize

from tests.engines.clock import Measured, timed
from tests.engines.notebook import Notebook, notebook

JOBS = os.cpu_count() or 1
"""Processes that an engine may use at a time, where it can use more than one; the press takes as many by itself."""

MKDOCS = """\
site_name: Figures
site_url: http://localhost:8000/
theme: {name: material, font: false}
"""

PRESS = """\
strict: true
markdown_extensions: [attr_list, pymdownx.arithmatex: {generic: true}]
plugins: [search, press]
"""

MKDOCS_JUPYTER = """\
plugins:
  - search
  - mkdocs-jupyter: {execute: true, allow_errors: false, include: ["*.ipynb"], ignore: ["*.md"]}
"""

SPHINX_GALLERY = f"""\
project = "Figures"
extensions = ["sphinx_gallery.gen_gallery"]
exclude_patterns = ["examples"]
sphinx_gallery_conf = {{"examples_dirs": "examples", "gallery_dirs": "gallery", "parallel": {JOBS}}}
"""

MYST_NB = """\
project = "Figures"
extensions = ["myst_nb"]
nb_execution_mode = "cache"
nb_execution_raise_on_error = True
nb_execution_timeout = -1
"""

INDEX = "Figures\n=======\n\n"


@dataclass(frozen=True, kw_only=True)
class Engine:
    """`write` puts the pages of some figures into a project that has our code; `made` is what a build leaves behind.

    `page` is the file in which a figure is published: its page, or the picture that the press links from there.
    `first` is Python to run before a build, untimed.
    """

    name: str
    package: str
    looks_at: str
    command: tuple[str, ...]
    write: Callable[[Path, list[str]], None]
    page: str
    made: tuple[str, ...]
    first: str = ""

    def build(self, root: Path, figures: list[str]) -> Measured:
        """Bring the pages of a project up to date with its code, untimed, then build its site."""
        self.write(root, figures)
        subprocess.run([sys.executable, "-c", self.first], cwd=root, check=True)
        return timed(self.command, root)

    def picture(self, root: Path, figure: str) -> str:
        """A figure as the built site shows it."""
        found = re.findall(r'<svg[^>]* role="img".*?</svg>', (root / self.page.format(figure)).read_text(), re.DOTALL)
        if len(found) != 1:
            sys.exit(f"{self.name} shows {len(found)} pictures of {figure}, not one: is {root / self.page} right?")
        return canonicalize(found[0].lower())  # mkdocs-jupyter changes the order of attributes and their case

    def clear(self, root: Path) -> None:
        """Remove all that builds have made, so that the next one is cold."""
        for name in self.made:
            shutil.rmtree(root / name, ignore_errors=True)


def put(path: Path, text: str) -> None:
    """Write a file if that changes it, as an editor would: what is untouched keeps its time."""
    if not path.exists() or path.read_text() != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def _write_press(root: Path, figures: list[str]) -> None:
    put(root / "mkdocs.yml", MKDOCS + PRESS)
    put(root / "docs/evidence/claims.md", "# Claims\n\n{{ ledger }}\n")
    put(root / "docs/figures/index.md", "# Figures\n\n{{ gallery }}\n")
    links = [f"- [{name}]({name}.md)" for name in figures]
    put(root / "docs/index.md", "\n".join(["# Figures", "", *links, ""]))
    (root / "docs/labs").mkdir(exist_ok=True)
    for name in figures:
        title = notebook(root, name).title
        put(root / f"docs/{name}.md", f"# {title}\n\n{{{{ figure: {name} }}}}\n\n")


def _write_mkdocs_jupyter(root: Path, figures: list[str]) -> None:
    put(root / "mkdocs.yml", MKDOCS + MKDOCS_JUPYTER)
    links = [f"- [{name}]({name}.ipynb)" for name in figures]
    put(root / "docs/index.md", "\n".join(["# Figures", "", *links, ""]))
    _write_each(root, figures, "docs/{}.ipynb", Notebook.ipynb)


def _write_sphinx_gallery(root: Path, figures: list[str]) -> None:
    put(root / "docs/conf.py", SPHINX_GALLERY)
    put(root / "docs/index.rst", f"{INDEX}.. toctree::\n\n   gallery/index\n")
    put(root / "docs/examples/GALLERY_HEADER.rst", INDEX)
    _write_each(root, figures, "docs/examples/plot_{}.py", Notebook.example)


def _write_myst_nb(root: Path, figures: list[str]) -> None:
    put(root / "docs/conf.py", MYST_NB)
    put(root / "docs/index.rst", "\n   ".join([f"{INDEX}.. toctree::\n", *figures]) + "\n")
    _write_each(root, figures, "docs/{}.ipynb", Notebook.ipynb)


def _write_each(root: Path, figures: list[str], name: str, text: Callable[[Notebook], str]) -> None:
    for figure in figures:
        put(root / name.format(figure), text(notebook(root, figure)))


SPHINX = ("sphinx", "-q", "-j", str(JOBS), "-b", "html", "docs", "_build/html")

ENGINES = (
    Engine(
        name="the press",
        package="vgcore",
        looks_at="every function that a result reaches, its data, settings and library versions",
        command=("vgcore.press.site",),
        write=_write_press,
        page="site/data/{}.svg",
        made=(".cache", "site"),
    ),
    Engine(
        name="mkdocs-jupyter",
        package="mkdocs-jupyter",
        looks_at="the bytes of the notebook",
        command=("mkdocs", "build", "--quiet"),
        write=_write_mkdocs_jupyter,
        page="site/{}/index.html",
        made=(".cache", "site"),
    ),
    Engine(
        name="sphinx-gallery",
        package="sphinx-gallery",
        looks_at="the example's own file",
        command=SPHINX,
        write=_write_sphinx_gallery,
        page="_build/html/gallery/plot_{}.html",
        made=("_build", "docs/gallery"),
    ),
    Engine(
        name="MyST-NB",
        package="myst-nb",
        looks_at="the notebook's code cells, through jupyter-cache",
        command=SPHINX,
        write=_write_myst_nb,
        page="_build/html/{}.html",
        made=("_build",),
        # Sphinx's processes make the cache's database all at once otherwise, and now and then one of them fails.
        first="from jupyter_cache import get_cache; get_cache('_build/.jupyter_cache').list_cache_records()",
    ),
)
