"""`python -m tests.engines`: measure every engine, print the table and the targets, write results.json."""

import argparse
import json
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from tests.engines.engines import ENGINES, Engine
from tests.engines.figures import DRAWING, HELPER, Edit, chosen
from tests.engines.results import results, table, targets, write
from vgcore.press.project import CACHE

ROOT = Path(__file__).parents[2]
REPEATS = 3
"""Builds with nothing changed; their median counts."""


class Bench:
    """One project an engine, all with the same code; a stage is measured for every engine before the next begins."""

    def __init__(self, folder: Path, figures: list[str]) -> None:
        self.figures = figures
        self.projects = {engine: folder / engine.package for engine in ENGINES}
        self.found: dict[str, dict[str, Any]] = {engine.name: {} for engine in ENGINES}
        self.runs = 0.0
        for root in self.projects.values():
            _copy(root, figures)

    def measure(self) -> dict[str, dict[str, Any]]:
        """All stages, in order."""
        self._warm_up()
        self._cold("first")
        self._unchanged()
        self._edited("drawing", DRAWING)
        before = self._pictures()
        self._edited("helper", HELPER)
        published = self._pictures()
        self._cold("second")
        self._judge(before, published, self._pictures())
        return self.found

    def _warm_up(self) -> None:
        """One figure each, so that no engine is the first to read the libraries from the disk."""
        for engine, root in self.projects.items():
            engine.build(root, self.figures[:1])
            engine.clear(root)
            _say(f"{engine.name}: warm")

    def _cold(self, which: str) -> None:
        """From nothing; it is done twice, before and after the edits, and the quicker one counts."""
        for engine, root in self.projects.items():
            engine.clear(root)
            measured = engine.build(root, self.figures)
            kept = self.found[engine.name]
            kept["cold"] = round(min(measured.seconds, kept.get("cold", measured.seconds)), 2)
            kept["megabytes"] = round(max(measured.megabytes, kept.get("megabytes", 0)))
            _say(f"{engine.name}: {which} cold build {measured.seconds:.1f} s, {measured.megabytes:.0f} MB")
        self.runs = _of_the_runs(self.projects[ENGINES[0]])

    def _unchanged(self) -> None:
        for engine, root in self.projects.items():
            seconds = [engine.build(root, self.figures).seconds for _ in range(REPEATS)]
            self._keep(engine, "unchanged", median(seconds))

    def _edited(self, stage: str, edit: Edit) -> None:
        for engine, root in self.projects.items():
            edit.make(root)
            self._keep(engine, stage, engine.build(root, self.figures).seconds)

    def _keep(self, engine: Engine, stage: str, seconds: float) -> None:
        self.found[engine.name][stage] = round(seconds, 2)
        _say(f"{engine.name}: {stage} {seconds:.1f} s")

    def _pictures(self) -> dict[Engine, dict[str, str]]:
        return {
            engine: {figure: engine.picture(root, figure) for figure in self.figures}
            for engine, root in self.projects.items()
        }

    def _judge(
        self,
        before: dict[Engine, dict[str, str]],
        published: dict[Engine, dict[str, str]],
        fresh: dict[Engine, dict[str, str]],
    ) -> None:
        """A figure is right if it is what the same engine makes of the edited code from nothing."""
        first, *others = ENGINES
        for engine in others:
            other = [figure for figure in self.figures if fresh[engine][figure] != fresh[first][figure]]
            if other:
                sys.exit(f"{engine.name} makes other pictures of {', '.join(other)} than {first.name}: not comparable")
        changed = [figure for figure in self.figures if before[first][figure] != fresh[first][figure]]
        if not changed:
            sys.exit(f"the edit of {HELPER.file} changes no figure: nothing is proved")
        _say(f"the edit of {HELPER.file} changes {', '.join(changed)}")
        for engine in ENGINES:
            right = sum(published[engine][figure] == fresh[engine][figure] for figure in self.figures)
            self.found[engine.name]["right"] = right


def _of_the_runs(root: Path) -> float:
    """Processor seconds that the runs of the press's last build took, without starting, drawing and writing pages."""
    report = json.loads((root / CACHE / "times.json").read_text())
    return float(report["last build"]["processor seconds of its runs"])


def _copy(root: Path, figures: list[str]) -> None:
    """Our code, with these figures only."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "vgcore", root / "vgcore", ignore=skip)
    for name in ("__init__", *figures):
        (root / "figures").mkdir(exist_ok=True)
        shutil.copy(ROOT / f"figures/{name}.py", root / "figures")


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print, keep; fail if a target is not met."""
    parser = argparse.ArgumentParser(prog="python -m tests.engines")
    parser.add_argument("--note", default="", help="kept beside the results, and shown under the table")
    parser.add_argument("--figures", nargs="+", default=chosen(ROOT), help="fewer figures, to try the bench itself")
    arguments = parser.parse_args()
    figures = arguments.figures
    with tempfile.TemporaryDirectory(prefix="engines-") as folder:
        _say(f"{len(figures)} figures: {', '.join(figures)}")
        bench = Bench(Path(folder).resolve(), figures)
        measured = results(figures, bench.measure(), bench.runs, arguments.note)
    write(measured)
    print(*table(measured), sep="\n")
    outcomes = list(targets(measured))
    for met, line in outcomes:
        print(f"{'PASS' if met else 'FAIL'}  {line}")
    sys.exit(not all(met for met, _ in outcomes))


if __name__ == "__main__":
    main()
