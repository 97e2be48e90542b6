"""A copy of the book in a folder of its own, whole and committed, to be built and edited while it is measured."""

import os
import resource
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from vgcore.press.project import CACHE

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Book:
    """A copy of the checkout; every command is one that a contributor types."""

    root: Path

    def python(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run Python in the copy; a command that fails ends the bench."""
        variables = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "0", **environment}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as on anybody's machine
        run = subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=variables, capture_output=True, text=True, check=False
        )
        if run.returncode:
            sys.exit(f"`python {' '.join(arguments)}` failed:\n{run.stderr[-4000:]}")
        return run

    def press(self, *arguments: str, **environment: str) -> str:
        """What `vgcore build` says that it made."""
        return self.python("-m", "vgcore.cli", "build", *arguments, **environment).stdout.removeprefix("made: ").strip()

    def site(self, **environment: str) -> float:
        """Build the site; CPU seconds of MkDocs and of all that it started."""
        before = _cpu_of_children()
        self.python("-m", "mkdocs", "build", "--strict", "--quiet", **environment)
        return _cpu_of_children() - before

    def copy(self, name: str) -> "Book":
        """The same book in a folder beside it."""
        return Book(Path(shutil.copytree(self.root, self.root.with_name(name))))


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def checkout(root: Path) -> Book:
    """A copy of the tree as it is now, committed, with its store; runs that the store lacks are made."""
    listed = subprocess.check_output(["git", "ls-files", "-z", "-co", "--exclude-standard"], cwd=ROOT, text=True)
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    if (ROOT / CACHE).exists():
        shutil.copytree(ROOT / CACHE, root / CACHE)
    git = ["git", "-c", "user.name=bench", "-c", "user.email=bench@localhost"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "bench"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    book = Book(root)
    book.press()
    return book
