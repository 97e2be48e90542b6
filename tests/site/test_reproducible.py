"""The same commit gives the same bytes, wherever and whenever it is built."""

import shutil
import subprocess
from pathlib import Path

from tests.checkout import ROOT
from tests.site.book import Book, build

URL = "http://localhost:8000/vanishing-gradients/"
STORE = ".cache/press"


def test_what_is_made_of_the_same_runs_is_identical(site: Book, tmp_path: Path) -> None:
    """Every picture, lab, formula and page is made again; that runs are the same again is a contract of their own."""
    assert site.pages, "by now the project's own store is full"
    earlier, now = tmp_path / "earlier", tmp_path / "elsewhere" / "now"
    for checkout in (earlier, now):
        copy_checkout(checkout)
    shutil.copytree(ROOT / STORE, earlier / STORE)
    shutil.copytree(ROOT / STORE / "runs", now / STORE / "runs")
    for checkout in (earlier, now):
        build(checkout, checkout / "site", URL)
    one, other = contents(earlier / "site"), contents(now / "site")
    assert [name for name in sorted({*one, *other}) if one.get(name) != other.get(name)] == []


def copy_checkout(place: Path) -> None:
    """What the next commit would hold, without results."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).exists():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place / name)


def contents(site: Path) -> dict[str, bytes]:
    """Every file of a site."""
    return {str(file.relative_to(site)): file.read_bytes() for file in sorted(site.rglob("*")) if file.is_file()}
