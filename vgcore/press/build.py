"""Plan, run, draw, check: from the checkout to stored figures and labs, doing only what is not done yet."""

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vgcore.press import labs, workers
from vgcore.press.fingerprint import Fingerprint
from vgcore.press.project import CACHE, Project
from vgcore.press.store import Entry, Store
from vgcore.press.workers import TaskFailed, Workers

PUBLISHED_SEEDS = 5


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Which form of the book is made: its experiments' configuration and its seeds."""

    variant: str = "published"
    seed_offset: int = 0
    seed_count: int = PUBLISHED_SEEDS

    @property
    def seeds(self) -> tuple[int, ...]:
        """The seeds every experiment is run with."""
        return tuple(range(self.seed_offset, self.seed_offset + self.seed_count))

    @property
    def label(self) -> str:
        """What tells its results from another edition's, in the store."""
        return f"{self.variant}-{self.seed_offset}-{self.seed_count}"


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Something that has no result, and why."""

    what: str
    message: str
    place: str = ""
    seed: int | None = None


@dataclass(kw_only=True)
class Built:
    """What a build found or made: an entry for each figure and lab, and what failed."""

    figures: dict[str, Entry] = field(default_factory=dict)
    labs: dict[str, Entry] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    ran: dict[str, float] = field(default_factory=dict)
    """What was made anew, with its seconds."""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """One task: some seeds of one experiment."""

    experiment: str
    seeds: tuple[int, ...]
    expected_seconds: float

    def halves(self) -> tuple["Batch", "Batch"]:
        """The same work as two tasks."""
        middle = len(self.seeds) // 2
        first, second = self.seeds[:middle], self.seeds[middle:]
        each = self.expected_seconds / len(self.seeds)
        return (
            Batch(experiment=self.experiment, seeds=first, expected_seconds=each * len(first)),
            Batch(experiment=self.experiment, seeds=second, expected_seconds=each * len(second)),
        )


class Press:
    """Brings the store up to date with a checkout, for one edition of the book."""

    def __init__(
        self, project: Project, store: Store, edition: Edition, *, say: Callable[[str], None], only: str | None = None
    ) -> None:
        self.project = project
        self.store = store
        self.edition = edition
        self._say = say
        self._only = only
        self._pool: Workers | None = None
        self.stopped = False
        self._times = _Times(project.root / CACHE / "times.json")

    def figure_key(self, name: str) -> str:
        """The key under which the store keeps a figure, if it is up to date."""
        runs = [self.run_key(experiment, seed) for experiment, seed in self.needs(name)]
        return self.project.figure_fingerprint(name, runs).key

    def run_fingerprint(self, experiment: str, seed: int) -> Fingerprint:
        """What one seed of an experiment depends on."""
        return self.project.run_fingerprint(experiment, self.edition.variant, seed)

    def run_key(self, experiment: str, seed: int) -> str:
        """The key under which the store keeps one seed of an experiment, if it is up to date."""
        return self.run_fingerprint(experiment, seed).key

    def fresh(self) -> Built:
        """What the store already holds; nothing is run."""
        built = Built()
        for name in self._figures():
            entry = self.store.get("figures", name, self.figure_key(name))
            if entry:
                built.figures[name] = entry
        for name in self._labs():
            entry = self.store.get("labs", name, self.project.lab_fingerprint(name).key)
            if entry:
                built.labs[name] = entry
        self.project.sources.save()
        return built

    def build(self, count: int | None = None) -> Built:
        """Run and draw what is missing, on `count` worker processes."""
        built = self.fresh()
        figures = [name for name in self._figures() if name not in built.figures]
        missing_labs = [name for name in self._labs() if name not in built.labs]
        if figures or missing_labs:
            start = time.perf_counter()
            _Round(self, built, figures, missing_labs, count or os.cpu_count() or 1).work()
            self._times.save(built.ran, time.perf_counter() - start)
        return built

    def batches(self, figures: list[str], count: int) -> list[Batch]:
        """The runs that figures lack, longest first, split so that no worker idles."""
        missing: dict[str, list[int]] = {}
        for figure in figures:
            for experiment, seed in self.needs(figure):
                if seed not in missing.setdefault(experiment, []) and not self._run(experiment, seed):
                    missing[experiment].append(seed)
        batches = [
            Batch(experiment=name, seeds=tuple(seeds), expected_seconds=self._times.of(name) * len(seeds))
            for name, seeds in missing.items()
            if seeds
        ]
        return _balanced(batches, count)

    def folders(self, figure: str) -> dict[str, dict[int, str]] | None:
        """Where a figure's runs are in the store, by experiment and seed; None while one is missing."""
        folders: dict[str, dict[int, str]] = {}
        for experiment, seed in self.needs(figure):
            entry = self._run(experiment, seed)
            if entry is None:
                return None
            folders.setdefault(experiment, {})[seed] = str(entry.folder)
        return folders

    def _run(self, experiment: str, seed: int) -> Entry | None:
        return self.store.get("runs", experiment, self.run_key(experiment, seed))

    def needs(self, figure: str) -> Iterator[tuple[str, int]]:
        """The runs a figure is drawn from: experiment and seed."""
        for experiment in self.project.figures[figure].experiments:
            for seed in self.project.seeds_of(experiment, self.edition.seeds):
                yield experiment, seed

    def _figures(self) -> list[str]:
        return [name for name in self.project.figures if self._only in (None, name)]

    def _labs(self) -> list[str]:
        return [name for name in self.project.labs if self._only in (None, name)]

    def say(self, sentence: str) -> None:
        """Tell the person who builds."""
        self._say(sentence)

    def pool(self, count: int, preload: tuple[str, ...]) -> Workers:
        """The workers of a round of work, so that it can be stopped."""
        self._pool = Workers(count, preload=preload)
        return self._pool

    def stop(self) -> None:
        """End the work that is going on; what is finished stays in the store."""
        self.stopped = True
        if self._pool:
            self._pool.stop()

    def still(self, found: Fingerprint, again: Callable[[Project], Fingerprint]) -> bool:
        """Whether the files are still those that a result was planned from: an edit may come while it runs."""
        try:
            return again(Project(self.project.root)).key == found.key
        except (ValueError, SyntaxError):
            return False


class _Round:
    """One round of work: everything that is missing, at once, on a few workers."""

    def __init__(self, press: Press, built: Built, figures: list[str], lab_names: list[str], count: int) -> None:
        self.press = press
        self.built = built
        self.undrawn = figures
        self.lab_names = lab_names
        self.count = count
        self.pending: dict[Future[Any], Callable[[Any], None]] = {}
        self.names: dict[Future[Any], str] = {}

    def work(self) -> None:
        batches = self.press.batches(self.undrawn, self.count)
        preload = workers.MEASURING + workers.DRAWING if batches else workers.DRAWING
        with self.press.pool(self.count, preload) as pool:
            for lab in self.lab_names:
                self._submit(pool, f"lab {lab}", lambda result, lab=lab: self._keep_lab(lab, result), labs.execute, lab)
            for batch in batches:
                self._measure(pool, batch)
            self._draw_ready(pool)
            while self.pending:
                done, _ = wait(self.pending, return_when=FIRST_COMPLETED)
                for future in done:
                    self._finish(future)
                self._draw_ready(pool)

    def _submit(
        self, pool: Workers, what: str, keep: Callable[[Any], None], task: Callable[..., Any], *arguments: Any
    ) -> None:
        self.press.say(f"{what} …")
        future = pool.submit(task, *arguments)
        self.pending[future] = keep
        self.names[future] = what

    def _finish(self, future: Future[Any]) -> None:
        keep, what = self.pending.pop(future), self.names.pop(future)
        if future.cancelled() or self.press.stopped:
            return
        error = future.exception()
        if error is None:
            keep(future.result())
        elif isinstance(error, TaskFailed):
            self.built.failures.append(Failure(what=what, message=error.message, place=error.place))
        else:
            raise error

    def _measure(self, pool: Workers, batch: Batch) -> None:
        from vgcore.press import tasks

        what = f"experiment {batch.experiment}, seeds {', '.join(map(str, batch.seeds))}"
        arguments = (batch.experiment, self.press.edition.variant, batch.seeds)
        self._submit(pool, what, lambda outcomes: self._keep_runs(batch.experiment, outcomes), tasks.measure, *arguments)

    def _keep_runs(self, experiment: str, outcomes: list[Any]) -> None:
        for outcome in outcomes:
            if outcome.failure:
                self._fail_seed(experiment, outcome)
                continue
            seed = outcome.seed
            found = self.press.run_fingerprint(experiment, seed)
            again = lambda project, seed=seed: project.run_fingerprint(experiment, self.press.edition.variant, seed)
            if not self.press.still(found, again):
                self._fail_edited(f"experiment {experiment}", seed)
                continue
            label = f"{self.press.edition.variant}-seed-{outcome.seed}"
            record = {**outcome.record, "label": label, "fingerprint": dict(found.parts)}
            self.press.store.put("runs", experiment, found.key, record, outcome.files)
            self.built.ran[f"{experiment} seed {outcome.seed}"] = outcome.seconds

    def _fail_edited(self, what: str, seed: int | None = None) -> None:
        message = "its code was edited while it ran, so its result is not kept: build again"
        self.built.failures.append(Failure(what=what, message=message, seed=seed))

    def _fail_seed(self, experiment: str, outcome: Any) -> None:
        error: TaskFailed = outcome.failure
        self.built.failures.append(
            Failure(what=f"experiment {experiment}", message=error.message, place=error.place, seed=outcome.seed)
        )

    def _draw_ready(self, pool: Workers) -> None:
        """Draw every figure whose runs are complete; one whose runs failed is never drawn."""
        from vgcore.press import tasks

        for figure in [] if self.press.stopped else list(self.undrawn):
            folders = self.press.folders(figure)
            if folders is not None:
                self.undrawn.remove(figure)
                keep: Callable[[Any], None] = lambda drawing, figure=figure: self._keep_drawing(figure, drawing)
                self._submit(pool, f"figure {figure}", keep, tasks.draw, figure, folders)

    def _keep_drawing(self, figure: str, drawing: Any) -> None:
        runs = [self.press.run_key(experiment, seed) for experiment, seed in self.press.needs(figure)]
        found = self.press.project.figure_fingerprint(figure, runs)
        record = {**drawing.record, "label": self.press.edition.label, "fingerprint": dict(found.parts)}
        self.built.figures[figure] = self.press.store.put("figures", figure, found.key, record, drawing.files)
        self.built.ran[f"figure {figure}"] = 0.0

    def _keep_lab(self, lab: str, outputs: str) -> None:
        found = self.press.project.lab_fingerprint(lab)
        record = {"label": "published", "fingerprint": dict(found.parts)}
        files = {"outputs.json": outputs.encode()}
        self.built.labs[lab] = self.press.store.put("labs", lab, found.key, record, files)
        self.built.ran[f"lab {lab}"] = 0.0


def _balanced(batches: list[Batch], count: int) -> list[Batch]:
    """Split the longest task while it would keep one worker busy after the others are idle."""
    total = sum(batch.expected_seconds for batch in batches)
    while True:
        batches = sorted(batches, key=lambda batch: (-batch.expected_seconds, batch.experiment, batch.seeds))
        long = next((batch for batch in batches if len(batch.seeds) > 1), None)
        if long is None or long.expected_seconds <= total / count * 1.25:
            return batches
        batches.remove(long)
        batches.extend(long.halves())


class _Times:
    """How long experiments took, so that the longest can go first; and the last build's report."""

    UNKNOWN_SECONDS = 30.0

    def __init__(self, file: Path) -> None:
        self._file = file
        try:
            self._seconds: dict[str, float] = json.loads(file.read_text())["seconds a seed"]
        except (OSError, ValueError, KeyError):
            self._seconds = {}

    def of(self, experiment: str) -> float:
        return self._seconds.get(experiment, self.UNKNOWN_SECONDS)

    def save(self, ran: Mapping[str, float], wall: float) -> None:
        """Wall times live here, outside the site, so that the site's bytes do not depend on them."""
        for what, seconds in ran.items():
            experiment, seed, _ = what.partition(" seed ")
            if seed:
                self._seconds[experiment] = round(seconds, 2)
        report = {
            "seconds a seed": self._seconds,
            "last build": {"seconds": round(wall, 1), "made": {what: round(value, 2) for what, value in ran.items()}},
        }
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps(report, indent=1, sort_keys=True))
