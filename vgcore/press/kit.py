"""The teaching kit: every figure and every lab of the book in one archive, the same bytes for the same book."""

import hashlib
import io
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from vgcore.press.citations import Citation
from vgcore.press.markdown import Pages

NAME = "teaching-kit.zip"
FOLDERS = {".svg": "figures", ".csv": "tables", ".ipynb": "labs"}
"""Where a file of the site's `data/` lies in the kit, by its ending."""

_DATE = (1980, 1, 1, 0, 0, 0)  # the earliest that an archive can hold

_HEAD = """# Vanishing Gradients, Measured: the teaching kit

All figures of the book with the numbers behind them, and its labs as notebooks with their outputs. Figures and text
are under CC BY 4.0, code is under the MIT licence: see LICENSE. Show or change what you like; name "Vanishing
Gradients, Measured", commit {commit}, and link to the page.
"""


def archive(members: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of files by their names, in the order of these, with neither a date nor an owner.

    Examples:
        >>> archive({"a": b"1", "b": b"2"}) == archive({"b": b"2", "a": b"1"})
        True
    """
    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=9) as made:
        for name, content in sorted(members.items()):
            info = ZipInfo(name, _DATE)
            info.compress_type, info.create_system, info.external_attr = ZIP_DEFLATED, 3, 0o644 << 16
            made.writestr(info, content)
    return file.getvalue()


def kept(members: Mapping[str, bytes], folder: Path) -> bytes:
    """The archive of these files, kept in `folder` for the next build."""
    digest = hashlib.sha256()
    for name, content in sorted(members.items()):
        digest.update(f"{name} {len(content)} ".encode() + content)
    file = folder / f"{digest.hexdigest()[:20]}.zip"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_bytes(archive(members))
        temporary.replace(file)
    return file.read_bytes()


def members(data: Mapping[str, bytes], readme: str, licence: bytes) -> dict[str, bytes]:
    """The kit's files by name, given those of the site's `data/`."""
    placed = {
        f"{FOLDERS[PurePosixPath(name).suffix]}/{name}": content
        for name, content in data.items()
        if PurePosixPath(name).suffix in FOLDERS
    }
    return {**placed, "README.md": readme.encode(), "LICENSE": licence}


def readme(shown: Pages, cited: Sequence[Citation], labs: Mapping[str, str], address: Callable[[str], str]) -> str:
    """What the kit holds: for each figure its message and its page, for each lab its title and its page.

    `labs` are the titles by name; `address` turns the file of a page into its address.
    """
    homes: dict[str, str] = {}
    for one in cited:
        if one.kind == "figure":
            homes.setdefault(one.figure, one.page)
    lines = [
        f"- `figures/{name}.svg`: {shown.plain(name, one.figure.message)}"
        f" <{address(homes.get(name, f'figures/{name}.md'))}>"
        for name, one in shown.shown.items()
        if one.entry
    ]
    notebooks = [f"- `labs/{name}.ipynb`: {title} <{address(f'docs/labs/{name}.py')}>" for name, title in labs.items()]
    parts = [_HEAD.format(commit=shown.commit), "## Figures\n", *lines, "\n## Labs\n", *notebooks]
    return "\n".join(parts) + "\n"


def link(href: str, size: int) -> str:
    """The line of a page with which a reader takes the kit away."""
    return f'<p><a href="{href}" download>Download the teaching kit</a> (ZIP, {size / 1e6:.1f} MB)</p>'
