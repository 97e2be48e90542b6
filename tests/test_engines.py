"""The bench beside other engines: what it measured is whole, and what it would measure fits the checkout."""

import json
import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest

from tests.checkout import Checkout
from tests.engines.clock import timed
from tests.engines.engines import ENGINES
from tests.engines.figures import DRAWING, HELPER, WANTED, Edit, chosen
from tests.engines.notebook import notebook
from tests.engines.results import FILE, STAGES, table, targets
from tests.folders import ROOT
from vgcore.press import engines

MEASURED: dict[str, Any] = json.loads(FILE.read_text())
LOCK = "tests/engines/requirements.lock"

figures = pytest.mark.parametrize("figure", chosen(ROOT))


# What was measured


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_every_engine_has_every_measure(engine: Any) -> None:
    one = MEASURED["engines"][engine.name]
    assert set(one) == {*STAGES, "right", "megabytes"}
    assert all(one[measure] > 0 for measure in (*STAGES, "megabytes"))
    assert 0 <= one["right"] <= len(MEASURED["figures"])


def test_results_say_where_and_when_they_were_measured() -> None:
    assert date.fromisoformat(MEASURED["date"]).year >= 2024
    assert set(MEASURED["machine"]) == {"cores", "memory_gb", "processor", "system"}
    assert all(MEASURED["machine"].values())
    assert {engine.package for engine in ENGINES} < set(MEASURED["versions"])


def test_results_are_of_figures_of_the_list() -> None:
    assert MEASURED["figures"]
    assert set(MEASURED["figures"]) <= set(WANTED)


# What is shown


def rows(html: str) -> dict[str, list[str]]:
    """The cells of each row of a table, by the row's heading."""
    found = re.findall(r'<tr><th scope="row">(.*?)</th>(.*?)</tr>', html)
    return {name: re.findall(r"<td[^>]*>(.*?)</td>", cells) for name, cells in found}


def test_table_on_the_page_shows_every_number() -> None:
    count = len(MEASURED["figures"])
    expected = {
        name: [
            *(engines.seconds(one[stage]) for stage in STAGES),
            f"{one['right']} of {count}",
            f"{one['megabytes']} MB",
        ]
        for name, one in MEASURED["engines"].items()
    }
    assert rows(engines.table(FILE.read_text())) == expected


def test_every_column_of_the_table_has_a_heading() -> None:
    html = engines.table(FILE.read_text())
    headings = len(re.findall(r'<th scope="col">', html))
    assert {len(cells) + 1 for cells in rows(html).values()} == {headings}


def test_caption_tells_machine_date_and_note() -> None:
    caption = engines.table(json.dumps({**MEASURED, "note": "A <note>."})).partition("<figcaption")[2]
    for words in (MEASURED["date"], MEASURED["machine"]["processor"].replace("&", "&amp;"), "A &lt;note&gt;."):
        assert words in caption


def test_the_page_asks_for_the_table() -> None:
    assert "\n{{ engines }}\n" in (ROOT / "docs/reference/engine.md").read_text()


def test_a_book_without_results_says_who_makes_them(checkout: Checkout) -> None:
    checkout.write("docs/engine.md", "# Engine\n\n{{ engines }}\n")
    built = checkout.mkdocs("build")
    assert built.returncode == 1
    wanted = "docs/engine.md: there is no tests/engines/results.json: `make bench-engines` writes it"
    assert wanted in built.stderr + built.stdout


# The targets


def test_targets_are_met_by_a_quick_press_and_missed_by_a_slow_one() -> None:
    slow = {"cold": 90.0, "unchanged": 30.0, "right": 1}
    others = {"mkdocs-jupyter": slow, "sphinx-gallery": slow | {"cold": 45.0}}
    quick = {"cold": 30.0, "unchanged": 3.0, "right": 2}
    for press, met in ((quick, True), ({"cold": 31.0, "unchanged": 3.1, "right": 1}, False)):
        measured = {"figures": ["a", "b"], "engines": {"the press": press, **others}}
        assert [one for one, _ in targets(measured)] == [met] * 4


def test_printed_table_has_a_line_for_every_engine() -> None:
    assert [line[:16].strip() for line in table(MEASURED)] == ["", *MEASURED["engines"]]


# What is measured


@figures
def test_notebook_is_valid(figure: str) -> None:
    read = json.loads(notebook(ROOT, figure).ipynb())
    nbformat.validate(read)
    assert [cell["cell_type"] for cell in read["cells"]] == ["markdown", *["code"] * 5]


@figures
def test_notebook_holds_the_code_of_the_figure(figure: str) -> None:
    code = notebook(ROOT, figure).cells[2]
    docstring, rest = (ROOT / f"figures/{figure}.py").read_text().split('"""\n', 1)
    assert docstring.startswith('"""')
    assert code == rest.strip()


@figures
def test_notebook_and_example_have_the_same_code(figure: str) -> None:
    made = notebook(ROOT, figure)
    example = made.example()
    compile(example, figure, "exec")
    assert re.split(r"\n\n# %%\n", example)[1:] == [*made.cells[:-1], f"{made.cells[-1]}\n"]


@pytest.mark.parametrize("edit", [DRAWING, HELPER], ids=["drawing", "helper"])
def test_edits_fit_the_code(edit: Edit, tmp_path: Path) -> None:
    path = tmp_path / edit.file
    path.parent.mkdir(parents=True)
    path.write_text((ROOT / edit.file).read_text())
    edit.make(tmp_path)
    compile(path.read_text(), edit.file, "exec")
    with pytest.raises(ValueError, match=rf"{edit.file} has 0 times"):
        edit.make(tmp_path)


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_writing_a_project_again_touches_nothing(engine: Any, checkout: Checkout) -> None:
    engine.write(checkout.root, ["coins"])
    before = {path: path.stat().st_mtime_ns for path in checkout.root.rglob("*") if path.is_file()}
    engine.write(checkout.root, ["coins"])
    assert {path: path.stat().st_mtime_ns for path in checkout.root.rglob("*") if path.is_file()} == before


# The clock


def test_clock_counts_the_memory_of_children(tmp_path: Path) -> None:
    hold = "import time; held = bytearray(300_000_000); time.sleep(1)"
    (tmp_path / "parent.py").write_text(f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {hold!r}])\n")
    measured = timed(["parent"], tmp_path)
    assert measured.megabytes > 300
    assert 1 < measured.seconds < 60


def test_clock_ends_the_bench_where_a_command_fails(tmp_path: Path) -> None:
    (tmp_path / "broken.py").write_text("raise SystemExit('it broke')\n")
    with pytest.raises(SystemExit, match="it broke"):
        timed(["broken"], tmp_path)


# Its environment


def pins(lock: str) -> dict[str, set[str]]:
    """The versions that a lock names for each package."""
    found: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", (ROOT / lock).read_text(), re.MULTILINE):
        found.setdefault(name, set()).add(version)
    return found


def test_engines_share_the_versions_of_the_book() -> None:
    book, other = pins("requirements.lock"), pins(LOCK)
    shared = set(book) & set(other)
    assert {"keras", "matplotlib", "mkdocs-jupyter", "numpy", "tensorflow-cpu"} <= shared
    assert {name: other[name] for name in shared if other[name] != book[name]} == {}


def test_lock_of_the_engines_has_hashes_and_no_address() -> None:
    text = (ROOT / LOCK).read_text()
    entries = re.split(r"\n(?=[\w.-]+==)", text)[1:]
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


def test_lock_of_the_engines_is_made_by_the_command_of_the_makefile() -> None:
    recipe = subprocess.run(["make", "--dry-run", "lock"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    command = re.search(rf"uv pip compile [^>]*-o {LOCK}", recipe.replace("\\\n", " "))
    assert command is not None
    assert " ".join(command[0].split()) in (ROOT / LOCK).read_text()


def test_the_bench_needs_no_other_engine_to_be_imported() -> None:
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['sphinx', 'sphinx_gallery', 'myst_nb', 'jupyter_cache']))\n"
        "import tests.engines.__main__"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
