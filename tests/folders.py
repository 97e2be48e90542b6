"""What the contracts are held over: every experiment at smoke size, every figure with its published runs, every page.

The folders are the registry: a new file is covered by being there.
"""

import importlib
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from vgcore.evidence import SINGLE, Run, stack
from vgcore.press import tasks
from vgcore.press.build import Edition, Press
from vgcore.press.project import CACHE, Project
from vgcore.press.store import Store
from vgcore.press.workers import Workers, loaded

MEASURING = loaded(("keras", "scipy", "sklearn"))
ROOT = Path(__file__).parents[1]
CODE, DRAWN, LABS = (
    sorted(path.stem for path in (ROOT / folder).glob("*.py") if not path.stem.startswith("_"))
    for folder in ("vgcore/experiments", "figures", "docs/labs")
)
PAGES = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))


@dataclass(frozen=True, kw_only=True)
class Smoke:
    """What one fresh process measured of an experiment, seed after seed."""

    outcomes: dict[int, tasks.Outcome]
    cpu_seconds: list[float]
    config_troubles: list[str]


@cache
def smoke() -> dict[str, tuple[Smoke, Smoke]]:
    """Every experiment at smoke size in two fresh processes: seed 0, and seed 0 after seed 1."""
    return _measured()[0]


def one_training_step() -> float:
    """CPU seconds that Keras alone needs here for its first training step of a plain network: this machine's unit."""
    return median(_measured()[1])


@cache
def _measured() -> tuple[dict[str, tuple[Smoke, Smoke]], list[float]]:
    """The experiments and, spread among them so that the machine is as busy, training steps of Keras alone."""
    project = Project(ROOT)
    work, steps = {}, []
    with Workers(2, preload=MEASURING) as pool:
        for number, name in enumerate(CODE):
            if number % 8 == 0:
                steps.append(pool.submit(_one_training_step))
            work[name] = [pool.submit(_smoke, name, project.seeds_of(name, seeds)) for seeds in ((0,), (1, 0))]
        outcomes = {name: (first.result(), second.result()) for name, (first, second) in work.items()}
        return outcomes, [step.result() for step in steps]


def _smoke(experiment: str, seeds: tuple[int, ...]) -> Smoke:
    for library in MEASURING:  # there already, unless another test started the server without them
        importlib.import_module(library)
    outcomes, seconds = {}, []
    for seed in seeds:
        start = time.process_time()
        (outcomes[seed],) = tasks.measure(experiment, "smoke", [seed])
        seconds.append(time.process_time() - start)
    troubles = list(config_troubles(importlib.import_module(f"vgcore.experiments.{experiment}")))
    return Smoke(outcomes=outcomes, cpu_seconds=seconds, config_troubles=troubles)


def _one_training_step() -> float:
    import keras  # its import is not measured

    start = time.process_time()
    model = keras.Sequential([keras.Input((4,)), *(keras.layers.Dense(4) for _ in range(10))])
    model.compile("sgd", "mse", jit_compile=False)
    model.optimizer.build(model.trainable_variables)
    model.fit(np.zeros((4, 4)), np.zeros((4, 4)), shuffle=False, verbose=0)
    return time.process_time() - start


def config_troubles(module: Any) -> Iterator[str]:
    """What an experiment's configuration lacks, in words."""
    config = getattr(module, "Config", None)
    if not isinstance(config, type) or not is_dataclass(config):
        yield "there is no dataclass Config"
        return
    if not config.__dataclass_params__.frozen:  # type: ignore[attr-defined]
        yield "Config is not frozen"
    yield from (f"{field.name} can be given by position" for field in fields(config) if not field.kw_only)
    if module.published != config():
        yield "published is not Config()"
    if not isinstance(module.smoke, config):
        yield "smoke is no Config"


def smoke_run(experiment: str) -> Run:
    """The run made of an experiment's smoke seeds."""
    outcomes = smoke()[experiment][1].outcomes
    measured = {seed: tables(outcome) for seed, outcome in outcomes.items()}
    config = next(iter(outcomes.values())).record["config"]
    return stack(experiment, config, {seed: t[SINGLE] if set(t) == {SINGLE} else t for seed, t in measured.items()})


def tables(outcome: tasks.Outcome) -> dict[str, Any]:
    """The tables of one seed, read back as a figure reads them."""
    assert outcome.failure is None, str(outcome.failure)
    return {
        name: tasks.read_csv(outcome.files[f"{name}.csv"].decode(), kinds)
        for name, kinds in outcome.record["tables"].items()
    }


@cache
def published() -> Press:
    """The book's own press, its store up to date: at once where the book was built, a cold build elsewhere."""
    command = [sys.executable, "-m", "vgcore.cli", "build"]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    press = Press(Project(ROOT), Store(ROOT / CACHE), Edition(), say=print)
    lacking = {*DRAWN, *LABS} - {*press.fresh().figures, *press.fresh().labs}
    assert not lacking, f"{', '.join(sorted(lacking))} could not be made: {built.stderr}"
    return press


@cache
def published_runs(figure: str) -> list[Run]:
    """The runs that a figure of the book is drawn from."""
    folders = published().folders(figure)
    assert folders is not None
    return [tasks.load_run(experiment, by_seed) for experiment, by_seed in folders.items()]
