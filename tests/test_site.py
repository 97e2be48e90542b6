"""`make site` builds nothing where nothing has changed, and only there."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.checkout import Checkout
from vgcore.press import site

UNCHANGED = "nothing has changed"

WATCHED = """
import os, sys
from pathlib import Path

opened = set()
sys.addaudithook(lambda event, said: event == "open" and opened.add(str(said[0])))
from vgcore.press.site import main
try:
    main()
finally:
    root = Path.cwd()
    paths = {Path(os.path.abspath(path)) for path in opened}
    print(*sorted(str(path.relative_to(root)) for path in paths if path.is_relative_to(root)), sep="\\n")
"""


def built(checkout: Checkout) -> subprocess.CompletedProcess[str]:
    return checkout.python("-m", "vgcore.press.site")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A checkout, as far as what is looked at goes, whose site was written."""
    for name in ("mkdocs.yml", "docs/index.md", "vgcore/code.py", "site/index.html", ".cache/press/sources.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x: !ENV [ADDRESS, there]")
    with site.written(tmp_path):
        pass
    assert site.is_current(tmp_path)
    return tmp_path


def test_the_second_build_leaves_the_site_alone(checkout: Checkout) -> None:
    first, written = built(checkout), (checkout.root / "site/index.html").stat()
    assert (first.returncode, UNCHANGED in first.stderr) == (0, False), first.stderr
    second = built(checkout)
    assert (second.returncode, UNCHANGED in second.stderr) == (0, True)
    assert (checkout.root / "site/index.html").stat() == written


def test_a_build_after_an_edit_shows_it(checkout: Checkout) -> None:
    built(checkout)
    checkout.replace("figures/coins.py", "Heads of two coins", "Two coins")
    assert UNCHANGED not in built(checkout).stderr
    assert "Two coins" in (checkout.root / "site/figures/coins/index.html").read_text()


def test_a_build_that_failed_is_tried_again(checkout: Checkout) -> None:
    built(checkout)
    checkout.replace("docs/index.md", "claim: coins.gap", "claim: coins.gip")
    for _ in range(2):
        failed = built(checkout)
        assert (failed.returncode, "gip" in failed.stderr + failed.stdout) == (1, True)


def test_every_file_that_a_build_opens_counts(checkout: Checkout) -> None:
    opened = {Path(name) for name in checkout.python("-c", WATCHED).stdout.splitlines()}
    counted = {path.relative_to(checkout.root) for path in site.files(checkout.root)}
    made = {path for path in opened if path.parts[0] in (".cache", site.SITE) or "__pycache__" in path.parts}
    assert Path("docs/index.md") in opened
    assert {path for path in opened - made - counted if (checkout.root / path).is_file()} == set()


def _commit(root: Path) -> None:
    names = ("-c", "user.name=a", "-c", "user.email=a@b")
    subprocess.run(["git", "init", "--quiet"], cwd=root, check=True)
    subprocess.run(["git", *names, "commit", "--quiet", "--allow-empty", "--message", "a"], cwd=root, check=True)


def _same_again(file: Path) -> None:
    """Another file with the same bytes and times in its place."""
    found = file.stat()
    text = file.read_text()
    file.unlink()
    file.write_text(text)
    os.utime(file, ns=(found.st_atime_ns, found.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited page": lambda root: (root / "docs/index.md").write_text("y: !ENV [ADDRESS, there]"),
    "renamed page": lambda root: (root / "docs/index.md").rename(root / "docs/home.md"),
    "new page": lambda root: (root / "docs/new.md").touch(),
    "code removed": lambda root: (root / "vgcore/code.py").unlink(),
    "site's page removed": lambda root: (root / "site/index.html").unlink(),
    "site's page added": lambda root: (root / "site/new.html").touch(),
    "site's page replaced": lambda root: _same_again(root / "site/index.html"),
    "another record": lambda root: (root / site.RECORD).write_text("{}"),
    "half a record": lambda root: (root / site.RECORD).write_text('{"site": '),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen(project: Path, change: Callable[[Path], object]) -> None:
    change(project)
    assert not site.is_current(project)


def test_a_variable_of_the_configuration_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADDRESS", "here")
    assert not site.is_current(project)


def test_the_commit_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(project)
    _commit(project)
    assert not site.is_current(project)


def test_a_library_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".venv/keras-4.dist-info").mkdir(parents=True)
    monkeypatch.setattr("sysconfig.get_path", lambda _: str(project / ".venv"))
    assert not site.is_current(project)


def test_the_python_counts(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.version", "4")
    assert not site.is_current(project)


def test_what_commands_make_counts_nothing(project: Path) -> None:
    for made in ("draft/index.html", "vgcore/__pycache__/code.pyc", ".cache/press/formulas.json"):
        (project / made).parent.mkdir(parents=True, exist_ok=True)
        (project / made).touch()
    assert site.is_current(project)


def test_an_edit_during_a_build_is_built_next_time(project: Path) -> None:
    with site.written(project):
        (project / "docs/index.md").write_text("edited")
    assert not site.is_current(project)


def test_a_variable_that_a_build_sets_is_its_own(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ADDRESS", raising=False)
    with site.written(project):
        os.environ["ADDRESS"] = "here"
    monkeypatch.delenv("ADDRESS")
    assert site.is_current(project)


def test_a_build_that_is_interrupted_leaves_no_record(project: Path) -> None:
    with pytest.raises(KeyboardInterrupt), site.written(project):
        raise KeyboardInterrupt
    assert not site.is_current(project)
