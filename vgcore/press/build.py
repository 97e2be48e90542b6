"""Plan, run, draw, check: from the checkout to stored figures and labs, doing only what is not done yet."""

import os
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from vgcore.press.built import Built
from vgcore.press.fingerprint import Fingerprint
from vgcore.press.project import CACHE, Project
from vgcore.press.round import Round
from vgcore.press.schedule import COMMITTED, Batch, Times, balanced
from vgcore.press.store import Entry, Store
from vgcore.press.workers import Workers

if TYPE_CHECKING:  # what runs in a worker imports pandas and matplotlib; a build that only looks does not
    from vgcore.press.cluster import Cluster


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
    def draft(self) -> bool:
        """Whether its runs are small: they may lack what a claim asks for."""
        return self.variant == "smoke"

    @property
    def label(self) -> str:
        """What tells its results from another edition's, in the store."""
        return f"{self.variant}-{self.seed_offset}-{self.seed_count}"


class Press:
    """Brings the store up to date with a checkout, for one edition of the book, or for some figures and labs of it."""

    def __init__(
        self,
        project: Project,
        store: Store,
        edition: Edition,
        *,
        say: Callable[[str], None],
        only: Collection[str] | None = None,
    ) -> None:
        self.project = project
        self.store = store
        self.edition = edition
        self.say = say
        self.ended: Callable[[], None] = lambda: None  # called after each task
        self.figures = [name for name in project.figures if only is None or name in only]
        # A lab is the code that readers run: it has no small form.
        labs = project.labs if edition.variant == "published" else ()
        self.labs = [name for name in labs if only is None or name in only]
        self.stopped = False
        self.times = _times(project.root, edition)
        self._pool: Workers | None = None
        # what every figure asks for again
        self._fingerprints: dict[tuple[str, int], Fingerprint] = {}
        self._found: dict[tuple[str, int], Entry] = {}

    def needs(self, figure: str) -> Iterator[tuple[str, int]]:
        """The runs a figure is drawn from: experiment and seed."""
        for experiment in self.project.figures[figure].experiments:
            for seed in self.project.seeds_of(experiment, self.edition.seeds):
                yield experiment, seed

    def run_fingerprint(self, experiment: str, seed: int) -> Fingerprint:
        """What one seed of an experiment depends on."""
        if (experiment, seed) not in self._fingerprints:
            found = self.project.run_fingerprint(experiment, self.edition.variant, seed)
            self._fingerprints[experiment, seed] = found
        return self._fingerprints[experiment, seed]

    def figure_fingerprint(self, figure: str) -> Fingerprint:
        """What a figure depends on."""
        runs = [self.run_fingerprint(experiment, seed).key for experiment, seed in self.needs(figure)]
        found = self.project.figure_fingerprint(figure, runs)
        return found.with_parts(draft="yes") if self.edition.draft else found

    def run(self, experiment: str, seed: int) -> Entry | None:
        """The stored result of one seed, if it is up to date."""
        if (experiment, seed) not in self._found:
            entry = self.store.get("runs", experiment, self.run_fingerprint(experiment, seed).key)
            if entry is None:
                return None
            self._found[experiment, seed] = entry
        return self._found[experiment, seed]

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

    def only_draws(self, names: Collection[str]) -> bool:
        """Whether all that these figures and labs still need is to be drawn, each by a worker of its own."""
        measured = [name in self.project.figures and self.folders(name) is not None for name in names]
        return all(measured) and len(measured) <= (os.cpu_count() or 1)

    def wanted(self) -> set[Path]:
        """The folders of the store that this checkout's book is made from."""
        built = self.fresh()
        runs = [self.run(experiment, seed) for figure in self.figures for experiment, seed in self.needs(figure)]
        return {entry.folder for entry in (*built.figures.values(), *built.labs.values(), *runs) if entry}

    def build(self, count: int | None = None, cluster: "Cluster | None" = None) -> Built:
        """Run and draw what is missing, on `count` worker processes; with a cluster, what is run is run there."""
        built = self.fresh()
        if self.stale(built):
            self.complete(built, count, cluster)
        return built

    def complete(self, built: Built, count: int | None = None, cluster: "Cluster | None" = None) -> None:
        """Run and draw what a book lacks, and put it in."""
        start = time.perf_counter()
        Round(self, built).work(count or os.cpu_count() or 1, cluster)
        self.times.save(built.seconds, built.made, time.perf_counter() - start)

    def batches(self, figures: list[str], count: int) -> list[Batch]:
        """The runs that figures lack, as tasks for `count` workers."""
        missing: dict[str, set[int]] = {}
        for figure in figures:
            for experiment, seed in self.needs(figure):
                if not self.run(experiment, seed):
                    missing.setdefault(experiment, set()).add(seed)
        batches = [
            Batch(experiment=name, seeds=tuple(sorted(seeds)), seconds_per_seed=self.times.of(name))
            for name, seeds in missing.items()
        ]
        return balanced(batches, count, 1.25 if self.times.knows(missing) else 0.6)

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
        if self.stopped:  # while the work was planned: nobody could stop the workers then
            self._pool.stop()
        return self._pool

    def stop(self) -> None:
        """End the work that is going on; what is finished stays in the store."""
        self.stopped = True
        if self._pool:
            self._pool.stop()

    def again(self) -> "Press | None":
        """The press of the code as it is now; None while it cannot be read."""
        if self.project.untouched:
            return self
        try:
            return Press(Project(self.project.root), self.store, self.edition, say=self.say)
        except (ValueError, SyntaxError):
            return None


def _times(root: Path, edition: Edition) -> Times:
    """How long runs of an edition take: small ones say nothing of the others."""
    if edition.variant == "published":
        return Times(root / CACHE / "times.json", root / COMMITTED)
    return Times(root / CACHE / "smoke_times.json")
