"""Plan, run, draw, check: from the checkout to stored figures and labs, doing only what is not done yet."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vgcore.press import labs
from vgcore.press.fingerprint import Fingerprint
from vgcore.press.progress import progress
from vgcore.press.project import CACHE, Project
from vgcore.press.schedule import Batch, Times, balanced
from vgcore.press.store import Entry, Store, StoreError
from vgcore.press.workers import TaskFailed, Workers, loaded

if TYPE_CHECKING:  # what runs in a worker imports pandas and matplotlib; a build that only looks does not
    from vgcore.press.cluster import Cluster
    from vgcore.press.tasks import Drawing, Outcome


@dataclass(frozen=True, kw_only=True)
class Edition:
    """Which form of the book is made: its experiments' configuration and its seeds."""

    variant: str = "published"
    seed_offset: int = 0
    seed_count: int = 5

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
    """What a build found or made: an entry for each figure and lab, what is new among them, and what failed."""

    figures: dict[str, Entry] = field(default_factory=dict)
    labs: dict[str, Entry] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    seconds: dict[str, float] = field(default_factory=dict)


class Press:
    """Brings the store up to date with a checkout, for one edition of the book, or for one figure or lab of it."""

    def __init__(
        self, project: Project, store: Store, edition: Edition, *, say: Callable[[str], None], only: str | None = None
    ) -> None:
        self.project = project
        self.store = store
        self.edition = edition
        self.say = say
        self.ended: Callable[[], None] = lambda: None  # called after each task
        self.figures = [name for name in project.figures if only in (None, name)]
        # A lab is the code that readers run: it has no small form.
        self.labs = [name for name in project.labs if only in (None, name) and edition.variant == "published"]
        self.stopped = False
        self._times = Times(project.root / CACHE / "times.json")
        self._pool: Workers | None = None

    def needs(self, figure: str) -> Iterator[tuple[str, int]]:
        """The runs a figure is drawn from: experiment and seed."""
        for experiment in self.project.figures[figure].experiments:
            for seed in self.project.seeds_of(experiment, self.edition.seeds):
                yield experiment, seed

    def run_fingerprint(self, experiment: str, seed: int) -> Fingerprint:
        """What one seed of an experiment depends on."""
        return self.project.run_fingerprint(experiment, self.edition.variant, seed)

    def figure_fingerprint(self, figure: str) -> Fingerprint:
        """What a figure depends on."""
        runs = [self.run_fingerprint(experiment, seed).key for experiment, seed in self.needs(figure)]
        return self.project.figure_fingerprint(figure, runs)

    def run(self, experiment: str, seed: int) -> Entry | None:
        """The stored result of one seed, if it is up to date."""
        return self.store.get("runs", experiment, self.run_fingerprint(experiment, seed).key)

    def fresh(self) -> Built:
        """What the store already holds; nothing is run."""
        figures = {name: self.store.get("figures", name, self.figure_fingerprint(name).key) for name in self.figures}
        outputs = {name: self.store.get("labs", name, self.project.lab_fingerprint(name).key) for name in self.labs}
        self.project.sources.save()
        return Built(
            figures={name: entry for name, entry in figures.items() if entry},
            labs={name: entry for name, entry in outputs.items() if entry},
        )

    def stale(self, built: Built) -> list[str]:
        """The figures and labs that are still to be made."""
        return [*sorted({*self.figures} - {*built.figures}), *sorted({*self.labs} - {*built.labs})]

    def done(self, figure: str) -> tuple[int, int]:
        """How many of a figure's runs are there, and how many it needs."""
        needs = list(self.needs(figure))
        return sum(self.run(experiment, seed) is not None for experiment, seed in needs), len(needs)

    def wanted(self) -> set[Path]:
        """The folders of the store that this checkout's book is made from."""
        built = self.fresh()
        runs = [self.run(experiment, seed) for figure in self.figures for experiment, seed in self.needs(figure)]
        return {entry.folder for entry in (*built.figures.values(), *built.labs.values(), *runs) if entry}

    def build(self, count: int | None = None, cluster: "Cluster | None" = None) -> Built:
        """Run and draw what is missing, on `count` worker processes; with a cluster, what is run is run there."""
        built = self.fresh()
        if self.stale(built):
            start = time.perf_counter()
            _Round(self, built).work(count or os.cpu_count() or 1, cluster)
            self._times.save(built.seconds, built.made, time.perf_counter() - start)
        return built

    def batches(self, figures: list[str], count: int) -> list[Batch]:
        """The runs that figures lack, as tasks for `count` workers."""
        missing: dict[str, set[int]] = {}
        for figure in figures:
            for experiment, seed in self.needs(figure):
                if not self.run(experiment, seed):
                    missing.setdefault(experiment, set()).add(seed)
        batches = [
            Batch(experiment=name, seeds=tuple(sorted(seeds)), seconds_per_seed=self._times.of(name))
            for name, seeds in missing.items()
        ]
        return balanced(batches, count, 1.25 if self._times.knows(missing) else 0.6)

    def folders(self, figure: str) -> dict[str, dict[int, str]] | None:
        """Where a figure's runs are in the store, by experiment and seed; None while one is missing."""
        folders: dict[str, dict[int, str]] = {}
        for experiment, seed in self.needs(figure):
            entry = self.run(experiment, seed)
            if entry is None:
                return None
            folders.setdefault(experiment, {})[seed] = str(entry.folder)
        return folders

    def workers(self, count: int, preload: tuple[str, ...]) -> Workers:
        """The workers of a round of work, so that it can be stopped."""
        self._pool = Workers(count, preload=preload)
        return self._pool

    def stop(self) -> None:
        """End the work that is going on; what is finished stays in the store."""
        self.stopped = True
        if self._pool:
            self._pool.stop()

    def edited(self, found: Fingerprint, now: Callable[["Press"], Fingerprint]) -> bool:
        """Whether the code was edited since a result was planned from it."""
        try:
            again = Press(Project(self.project.root), self.store, self.edition, say=self.say)
            return now(again).key != found.key
        except (ValueError, SyntaxError):
            return True


class _Round:
    """One round of work: everything that is missing, at once, on a few workers."""

    def __init__(self, press: Press, built: Built) -> None:
        self.press = press
        self.built = built
        self.undrawn = [name for name in press.figures if name not in built.figures]
        self.pending: dict[Future[Any], tuple[str, Callable[[Any], None]]] = {}
        self.progress = progress(press.say)

    def work(self, count: int, cluster: "Cluster | None") -> None:
        batches = self.press.batches(self.undrawn, cluster.threads if cluster else count)
        libraries = {name for batch in batches for name in self._libraries(batch) if not cluster}
        with self.progress, self.press.workers(count, loaded(libraries)) as pool:
            for lab in self.press.labs:
                if lab not in self.built.labs:
                    self._wait_for(pool.submit_fresh(labs.execute, lab), f"lab {lab}", partial(self._keep_lab, lab))
            for batch in batches:
                self._measure(cluster or pool, batch)
            self._draw_ready(pool)
            while self.pending:
                done, _ = wait(self.pending, return_when=FIRST_COMPLETED)
                for future in done:
                    self._finish(future)
                self._draw_ready(pool)
                self.press.ended()

    def _libraries(self, batch: Batch) -> frozenset[str]:
        return self.press.run_fingerprint(batch.experiment, batch.seeds[0]).libraries

    def _wait_for(self, future: Future[Any], what: str, keep: Callable[[Any], None]) -> None:
        self.progress.begin(what)
        self.pending[future] = what, keep

    def _finish(self, future: Future[Any]) -> None:
        what, keep = self.pending.pop(future)
        self.progress.end(what)
        if future.cancelled() or self.press.stopped:
            return
        error = future.exception()
        if error is None:
            keep(future.result())
        elif isinstance(error, TaskFailed):
            self._fail(what, error)
        else:
            raise error

    def _fail(self, what: str, error: TaskFailed, seed: int | None = None) -> None:
        self.built.failures.append(Failure(what=what, message=error.message, place=error.place, seed=seed))

    def _measure(self, pool: Executor, batch: Batch) -> None:
        from vgcore.press import tasks

        what = f"experiment {batch.experiment}, seeds {', '.join(map(str, batch.seeds))}"
        keep = partial(self._keep_runs, batch.experiment)
        future = pool.submit(tasks.measure, batch.experiment, self.press.edition.variant, batch.seeds)
        self._wait_for(future, what, keep)

    def _draw_ready(self, pool: Workers) -> None:
        """Draw every figure whose runs are complete; one whose runs failed is never drawn."""
        for figure in [] if self.press.stopped else list(self.undrawn):
            folders = self.press.folders(figure)
            if folders is not None:
                from vgcore.press import tasks

                self.undrawn.remove(figure)
                keep = partial(self._keep_drawing, figure)
                self._wait_for(pool.submit(tasks.draw, figure, folders), f"figure {figure}", keep)

    def _keep_runs(self, experiment: str, outcomes: list["Outcome"]) -> None:
        for one in outcomes:
            what = f"experiment {experiment}"
            if one.failure:
                self._fail(what, one.failure, one.seed)
                continue
            label = f"{self.press.edition.variant}-seed-{one.seed}"
            record = {**one.record, "label": label}
            find = partial(Press.run_fingerprint, experiment=experiment, seed=one.seed)
            if self._keep("runs", experiment, what, find, record, dict(one.files), one.seed):
                self.built.seconds[experiment] = one.seconds

    def _keep_drawing(self, figure: str, drawing: "Drawing") -> None:
        record = {**drawing.record, "label": self.press.edition.label}
        find = partial(Press.figure_fingerprint, figure=figure)
        entry = self._keep("figures", figure, f"figure {figure}", find, record, dict(drawing.files))
        if entry:
            self.built.figures[figure] = entry

    def _keep_lab(self, lab: str, outputs: str) -> None:
        files = {"outputs.json": outputs.encode()}
        entry = self._keep("labs", lab, f"lab {lab}", partial(_lab, lab=lab), {"label": "published"}, files)
        if entry:
            self.built.labs[lab] = entry

    def _keep(
        self,
        kind: str,
        name: str,
        what: str,
        find: Callable[[Press], Fingerprint],
        record: dict[str, Any],
        files: dict[str, bytes],
        seed: int | None = None,
    ) -> Entry | None:
        """Store a result, unless its code was edited while it was made."""
        found = find(self.press)
        if self.press.edited(found, find):
            self._fail(what, TaskFailed("its code was edited while it ran, so the result is not kept"), seed)
            return None
        try:
            full = {**record, "fingerprint": dict(found.parts)}
            entry = self.press.store.put(kind, name, found.key, full, files)
        except StoreError as error:
            self._fail(what, TaskFailed(str(error)), seed)
            return None
        self.built.made.append(what if seed is None else f"{name} seed {seed}")
        return entry


def _lab(press: Press, lab: str) -> Fingerprint:
    return press.project.lab_fingerprint(lab)
