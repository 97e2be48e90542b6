"""`python -m vgcore.press.site` writes the book to site/, unless what is there is what MkDocs would write.

MkDocs writes every page anew, which takes seconds. What decides its bytes is known: the files of the checkout, the
commit, the libraries and the environment. If all of them are as they were, and nobody has touched the site, it stays.
Not a command of `vgcore`: to load its command line takes longer than to find out that there is nothing to do.
"""

import hashlib
import json
import os
import re
import sys
import sysconfig
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from vgcore.press import git

RECORD = Path(".cache/press/site.json")
SITE = "site"
MADE = {SITE, "draft", "dist", "vanishing-gradients.zip"}
"""What commands make at the top of a checkout, beside what is hidden: no build is made of it."""


def main() -> None:
    """Build strictly, if there is anything to build."""
    root = Path.cwd()
    if is_current(root):
        print(f"{SITE}/ is as a build would write it: nothing has changed since the last one", file=sys.stderr)
        return
    from mkdocs.__main__ import cli as mkdocs

    with written(root):
        try:
            mkdocs(["build", "--strict", "--site-dir", SITE], prog_name="mkdocs")
        except SystemExit as ended:
            if ended.code:
                raise


def is_current(root: Path) -> bool:
    """Whether all is as it was after the last build."""
    try:
        recorded = json.loads((root / RECORD).read_text())
    except (OSError, ValueError):
        return False
    return bool(recorded == _state(root, os.environ))


@contextmanager
def written(root: Path) -> Iterator[None]:
    """While a site is written: if that ends well, and no source is edited meanwhile, it is current."""
    with suppress(OSError):
        (root / RECORD).unlink()
    environment = {**os.environ}  # a build adds to it
    sources = _state(root, environment)["sources"]
    yield
    state = _state(root, environment)
    if state["sources"] == sources:
        with suppress(OSError):  # without it the next build builds
            (root / RECORD).write_text(json.dumps(state))


def files(root: Path) -> Iterator[Path]:
    """All files of a checkout that are neither hidden nor made by a command, in one order."""
    for folder, folders, names in os.walk(root):
        made = {"__pycache__", *(MADE if Path(folder) == root else ())}
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in made)
        yield from (Path(folder, name) for name in sorted(names) if name not in made)


def _state(root: Path, environment: Mapping[str, str]) -> dict[str, str]:
    """What a site is made of, and the files that a build left, each as one digest."""
    return {"sources": _digest(_sources(root, environment)), "site": _digest(_left(root / SITE))}


def _sources(root: Path, environment: Mapping[str, str]) -> Iterator[str]:
    for path in filter(Path.is_file, files(root)):
        with suppress(OSError):  # an editor puts another in its place
            yield f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}"
    config = (root / "mkdocs.yml").read_text() if (root / "mkdocs.yml").exists() else ""
    for variable in ("SOURCE_DATE_EPOCH", *re.findall(r"!ENV \[?(\w+)", config)):
        yield f"{variable}={environment.get(variable)}"
    yield from sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
    yield sys.version
    yield git.commit()


def _left(site: Path) -> Iterator[str]:
    """Its files by what the file system notes of every change, even of one whose time is set back."""
    for path in files(site):
        found = path.stat()
        yield f"{path.relative_to(site)} {found.st_ino} {found.st_size} {found.st_ctime_ns}"


def _digest(lines: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


if __name__ == "__main__":
    main()
