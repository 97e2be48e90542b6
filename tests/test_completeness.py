"""No experiment opens a project file, or executes a project definition, that its fingerprint does not cover.

What is executed is seen by hooks of the interpreter, in Python's own threads: a function that TensorFlow calls back
from a thread of its own (`tf.py_function`) escapes them, and so does a file that C++ code opens.
"""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.checkout import Checkout, small_book
from tests.folders import CODE, MEASURING, ROOT
from vgcore.press.fingerprint import Sources, closure
from vgcore.press.source import Source
from vgcore.press.workers import QUIET, SETTINGS

Seen = dict[str, list[str]]
"""The files that an experiment "opened", and the definitions that it "executed"."""


class Reading(Sources):
    """Sources that remember which files were read."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.read: set[str] = set()

    def file(self, path: Path, name: str) -> Source:
        self.read |= {str(one.relative_to(self.root)) for one in (path, path.with_suffix(".pyi"))}
        return super().file(path, name)


def witnessed(root: Path, experiments: list[str], libraries: tuple[str, ...] = ()) -> dict[str, Seen]:
    """For each experiment the project's files that it opened at smoke size, and the definitions that it executed."""
    command = [sys.executable, str(ROOT / "tests/witness.py"), str(root), ",".join(libraries), *experiments]
    environment = {**os.environ, **SETTINGS, **QUIET}
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return {line["experiment"]: line for line in map(json.loads, run.stdout.splitlines())}


def missed(root: Path, experiment: str, seen: Seen) -> list[str]:
    """What an experiment opened or executed although its fingerprint does not cover it."""
    sources = Reading(root)
    covered = closure(sources, f"vgcore.experiments.{experiment}", ("measure", "smoke")).parts
    files = [f"opened {file}" for file in seen["opened"] if file not in sources.read]
    return files + [f"executed {name}" for name in seen["executed"] if name not in covered]


@cache
def seen_in_the_book() -> dict[str, Seen]:
    return witnessed(ROOT, CODE, MEASURING)


@pytest.mark.parametrize("experiment", CODE)
def test_the_fingerprint_covers_whatever_an_experiment_opens_and_executes(experiment: str) -> None:
    assert missed(ROOT, experiment, seen_in_the_book()[experiment]) == []


@pytest.mark.parametrize("experiment", CODE)
def test_the_witness_sees_the_experiment_itself(experiment: str) -> None:
    seen = seen_in_the_book()[experiment]
    assert f"vgcore/experiments/{experiment}.py" in seen["opened"]
    assert f"vgcore.experiments.{experiment}:measure" in seen["executed"]


COINS = "vgcore/experiments/coins.py"

ODDS = """
import threading
from dataclasses import dataclass

import tensorflow as tf

TABLE = {"loaded": lambda p: p}


def chance(p):
    return p


@dataclass
class Coin:
    p: float


class Dice:
    def throw(self, p):
        return p


def in_a_thread(p):
    thread = threading.Thread(target=globals()["chance"], args=(p,))
    thread.start()
    thread.join()
    return p


def traced(p):  # AutoGraph rewrites a function and runs the copy
    return float(tf.function(globals()["chance"])(tf.constant(p)))
"""

MODULE = 'importlib.import_module("vgcore.hidden_odds")'
OPENED = "opened vgcore/hidden_odds.py"
DISPATCHING = {
    "function": (f"{MODULE}.chance(0.9)", [OPENED, "executed vgcore.hidden_odds:chance"]),
    "dataclass": (f"{MODULE}.Coin(0.9).p", [OPENED, "executed vgcore.hidden_odds:Coin"]),
    "method": (f"{MODULE}.Dice().throw(0.9)", [OPENED, "executed vgcore.hidden_odds:Dice"]),
    "constant": (f'{MODULE}.TABLE["loaded"](0.9)', [OPENED, "executed vgcore.hidden_odds:TABLE"]),
    "thread": (
        f"{MODULE}.in_a_thread(0.9)",
        [OPENED, "executed vgcore.hidden_odds:chance", "executed vgcore.hidden_odds:in_a_thread"],
    ),
    "traced": (
        f"{MODULE}.traced(0.9)",
        [OPENED, "executed vgcore.hidden_odds:chance", "executed vgcore.hidden_odds:traced"],
    ),
    "own_globals": ('globals()["hid" + "den"](0.9)', ["executed vgcore.experiments.own_globals:hidden"]),
    "file": ('float(Path("docs/odds.txt").read_text())', ["opened docs/odds.txt"]),
}
"""Experiments that hide from a reader of their code what they use, and what the test must say of each."""


@pytest.fixture(scope="module")
def hiding(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Seen]]:
    book = small_book(tmp_path_factory.mktemp("hiding"))
    book.write("vgcore/hidden_odds.py", ODDS)
    book.write("docs/odds.txt", "0.9")
    honest = (book.root / COINS).read_text()
    imports = "import importlib\nfrom pathlib import Path"
    for name, (call, _) in DISPATCHING.items():
        text = honest.replace("from vgcore.odds import chance", imports).replace("chance(0.9)", call)
        book.write(f"vgcore/experiments/{name}.py", f"{text}\n\ndef hidden(p):\n    return p\n")
    return book.root, witnessed(book.root, list(DISPATCHING), ("pandas", "tensorflow"))


@pytest.mark.parametrize("name", DISPATCHING)
def test_what_a_fingerprint_misses_is_named(hiding: tuple[Path, dict[str, Seen]], name: str) -> None:
    root, seen = hiding
    assert missed(root, name, seen[name]) == DISPATCHING[name][1]


def test_an_honest_experiment_misses_nothing(checkout: Checkout) -> None:
    seen = witnessed(checkout.root, ["coins"])["coins"]
    assert "vgcore.odds:chance" in seen["executed"]
    assert missed(checkout.root, "coins", seen) == []
