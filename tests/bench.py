"""`make bench`: the budgets of a build as ratios within this run, those of a preview and a draft in seconds.

It works on copies of the checkout. Seconds mean little while other work is going on.
"""

import ast
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from statistics import median

from tests.book_copy import Book, checkout
from tests.checkout import Checkout
from tests.engines.figures import chosen
from tests.test_preview import Preview
from vgcore.press.project import CACHE
from vgcore.press.store import RECORDS

HEAVY = {"tensorflow", "keras", "matplotlib", "pandas"}
PAIRS = 9


@dataclass(frozen=True, kw_only=True)
class Budget:
    """One line of the table."""

    what: str
    measured: str
    allowed: str
    met: bool

    def __str__(self) -> str:
        return f"{'PASS' if self.met else 'FAIL'}  {self.measured:>8}  {self.allowed:>8}  {self.what}"


# Nothing changed


def unchanged(book: Book) -> Iterator[Budget]:
    """The site built again, against the same pages with static pictures and no press."""
    static = Book(book.root.with_name("static"))
    book.python("-m", "tests.static_site", str(static.root))
    for part in ("vgcore", "figures", str(CACHE)):
        shutil.copytree(book.root / part, static.root / part)
    for name in ("CONTRIBUTING.md", ".git"):
        (static.root / name).symlink_to(book.root / name)
    _pair(book, static, 0)  # compiles what is imported
    _same_pages(book, static)
    ratio = median(_pair(book, static, number) for number in range(1, PAIRS + 1))
    yield Budget(
        what=f"site, nothing changed ÷ static pictures, press off (CPU, median of {PAIRS} pairs)",
        measured=f"{ratio:.3f}", allowed="≤ 1.15", met=ratio <= 1.15,
    )  # fmt: skip
    heavy = sorted(HEAVY & _imported(book))
    yield Budget(
        what=f"heavy libraries imported, nothing changed {heavy or ''}",
        measured=f"{len(heavy)}/{len(HEAVY)}", allowed="0", met=not heavy,
    )  # fmt: skip


def _pair(book: Book, static: Book, number: int) -> float:
    """One with the press and one without, in turns who is first."""
    if number % 2:
        with_press, without = book.site(), static.site(PRESS="false")
    else:
        without, with_press = static.site(PRESS="false"), book.site()
    _say(f"pair {number}: {with_press:.2f} s with the press, {without:.2f} s without")
    return with_press / without


def _same_pages(book: Book, static: Book) -> None:
    sites = [
        {str(page.relative_to(one.root)) for page in (one.root / "site").rglob("*") if page.is_file()}
        for one in (book, static)
    ]
    if sites[0] != sites[1]:
        sys.exit(f"the two sites differ in {', '.join(sorted(sites[0] ^ sites[1]))}: the comparison is not honest")


def _imported(book: Book) -> set[str]:
    said = book.python("-X", "importtime", "-m", "mkdocs", "build", "--strict", "--quiet").stderr
    return {name.split(".")[0] for name in re.findall(r"^import time:.*\|\s*([\w.]+)$", said, re.MULTILINE)}


# Edits


class _Reworded(ast.NodeTransformer):
    """Changes every docstring."""

    def visit(self, node: ast.AST) -> ast.AST:
        first = node.body[0] if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and node.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            first.value.value += " Said otherwise."
        return self.generic_visit(node)


def reworded(book: Book) -> Budget:
    """Every comment, docstring and line break of vgcore changed at once: what is made again?"""
    modules = [path for path in (book.root / "vgcore").rglob("*.py") if path.stat().st_size]
    for path in modules:
        tree = _Reworded().visit(ast.parse(path.read_text()))
        path.write_text(f"# Written anew.\n\n\n{ast.unparse(tree)}\n")
    made = book.press()
    again = [] if made.startswith("nothing") else made.split(", ")
    return Budget(
        what=f"made again after new comments, docstrings and layout in {len(modules)} modules {again or ''}",
        measured=f"{len(again)}", allowed="0", met=not again,
    )  # fmt: skip


STUB = """import os
with open(os.environ["BENCH_LOG"], "a") as log:
    log.write(__name__ + "\\n")
raise ImportError(__name__ + " was imported to draw a figure")
"""


def redrawn(book: Book, folder: Path) -> Iterator[Budget]:
    """One figure edited, with libraries in the way that write down who imports them."""
    for library in ("tensorflow", "keras"):
        (folder / "stubs" / library).mkdir(parents=True)
        (folder / "stubs" / library / "__init__.py").write_text(STUB)
    log = folder / "imported"
    log.touch()
    figures = sorted(path for path in (book.root / "figures").glob("*.py") if not path.stem.startswith("_"))
    text = figures[0].read_text()
    figures[0].write_text(re.sub(r"(?m)^(def draw\(.*:\n)", r"\1    edited = True\n", text))
    made = book.press(PYTHONPATH=str(folder / "stubs"), BENCH_LOG=str(log)).split(", ")
    imports = log.read_text().split()
    yield Budget(
        what="drawn again ÷ figures, one figure edited",
        measured=f"{len(made)}/{len(figures)}", allowed=f"1/{len(figures)}", met=made == [f"figure {figures[0].stem}"],
    )  # fmt: skip
    yield Budget(
        what="imports of TensorFlow and Keras, one figure edited",
        measured=f"{len(imports)}", allowed="0", met=not imports,
    )  # fmt: skip


# Preview


PAGE, FIGURE = "problem/what-vanishes", "depth_decay"


def previewed(book: Book, log: Path) -> Iterator[Budget]:
    """How long an author waits: from the saved file, or from the command, to what the browser gets."""
    with _preview(book, log) as preview:
        if not preview.until(lambda html: "</table>" in html, "evidence/claims/causes/"):  # of the last that are built
            sys.exit("the preview did not come up")
        pages = [_until_seen(book, preview, f"docs/{PAGE}.md", r"\Z", f"\nEdit {number}.\n") for number in range(5)]
        figures = [
            _until_seen(book, preview, f"figures/{FIGURE}.py", ' y="', f' y="edited{number} ') for number in range(3)
        ]
    yield _seconds("preview: page edit (wall, median of 5)", median(pages), 2)
    yield _seconds("preview: drawing edit (wall, median of 3)", median(figures), 3)
    shutil.rmtree(book.root / CACHE)
    start = time.perf_counter()
    with _preview(book, log) as preview:
        preview.until(lambda html: "<h1" in html)
        yield _seconds("preview: first page, empty store (wall)", time.perf_counter() - start, 5)


@contextmanager
def _preview(book: Book, log: Path) -> Iterator[Preview]:
    preview = Preview(Checkout(book.root), log, "vanishing-gradients/")
    try:
        yield preview
    finally:
        preview.process.terminate()  # one that was begun in the background may ignore Ctrl-C
        preview.process.wait()


def _until_seen(book: Book, preview: Preview, file: str, place: str, words: str) -> float:
    path = book.root / file
    path.write_text(re.sub(place, words, path.read_text(), count=1))
    start = time.perf_counter()
    preview.until(lambda html: words.strip().removeprefix('y="') in html, f"{PAGE}/")
    seconds = time.perf_counter() - start
    _say(f"{file}: seen after {seconds:.2f} s")
    time.sleep(2)  # the next edit finds the server at rest
    return seconds


def _seconds(what: str, measured: float, allowed: float) -> Budget:
    return Budget(what=what, measured=f"{measured:.2f} s", allowed=f"≤ {allowed:g} s", met=measured <= allowed)


# Cold


def drafted(book: Book) -> Budget:
    """The whole book from small runs, from nothing."""
    shutil.rmtree(book.root / CACHE)
    start = time.perf_counter()
    book.site(DRAFT="true")
    return _seconds("draft of the whole book, empty store (wall)", time.perf_counter() - start, 60)


def cold(book: Book) -> Iterator[Budget]:
    """Ten figures made from nothing, on one seed, by two workers and by one, the quicker of two builds each."""
    _say(
        f"load before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; other work at the same time spoils this one"
    )
    seconds: dict[int, list[float]] = {1: [], 2: []}
    results = []
    for count in (2, 1, 1, 2):
        shutil.rmtree(book.root / CACHE)
        start = time.perf_counter()
        book.press(*chosen(book.root), "--seeds", "1", "--workers", str(count))
        seconds[count].append(time.perf_counter() - start)
        results.append(_results(book))
        _say(f"cold, {count} {'worker' if count == 1 else 'workers'}: {seconds[count][-1]:.1f} s")
    ratio = min(seconds[2]) / min(seconds[1])
    yield Budget(
        what="cold build, two workers ÷ one (wall)", measured=f"{ratio:.3f}", allowed="≤ 0.65", met=ratio <= 0.65
    )
    first, *others = results
    differing = sorted({name for one in others for name in {*first, *one} if first.get(name) != one.get(name)})
    yield Budget(
        what=f"results that differ between four cold builds, of {len(first)} {differing or ''}",
        measured=f"{len(differing)}", allowed="0", met=bool(first) and not differing,
    )  # fmt: skip


def recorded(book: Book) -> Budget:
    """A training with a `GradientRecorder` that records every epoch, against one without."""
    ratio = float(book.python("-m", "tests.recorder_cost").stdout)
    return Budget(
        what="epoch of a thousand steps, recorded once ÷ not recorded (CPU, median of 7 pairs)",
        measured=f"{ratio:.3f}", allowed="≤ 1.10", met=ratio <= 1.1,
    )  # fmt: skip


def diagnosed(book: Book) -> Iterator[Budget]:
    """A diagnosis of two networks, each in a process in which TensorFlow is imported and the model built."""
    for name, what, allowed in (
        ("perceptron", "a perceptron of 20 layers of 128", 3),
        ("resnet", "a residual network of 56 layers, 8 by 8 images", 10),
    ):
        seconds = min(float(book.python("-m", "tests.diagnosis_cost", name).stdout) for _ in range(3))
        yield _seconds(f"diagnosis of {what} (CPU, least of 3)", seconds, allowed)


def _results(book: Book) -> dict[str, bytes]:
    """The digest of every run, figure and lab."""
    store = book.root / CACHE
    files = (file for kind in RECORDS for file in (store / kind).rglob("*") if file.is_file())
    return {str(file.relative_to(store)): sha256(file.read_bytes()).digest() for file in files}


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main() -> None:
    """Measure every budget, print the table, and fail if one is not met."""
    with tempfile.TemporaryDirectory(prefix="bench-") as temporary:
        folder = Path(temporary).resolve()
        _say("copying the book and bringing its store up to date")
        book = checkout(folder / "book")
        budgets = [
            *unchanged(book.copy("unchanged")),
            reworded(book.copy("reworded")),
            *redrawn(book.copy("redrawn"), folder),
            *previewed(book.copy("previewed"), folder / "serve.log"),
            drafted(book.copy("drafted")),
            *cold(book.copy("cold")),
            recorded(book),
            *diagnosed(book),
        ]
    print(f"      {'measured':>8}  {'budget':>8}")
    for budget in budgets:
        print(budget)
    sys.exit(not all(budget.met for budget in budgets))


if __name__ == "__main__":
    main()
