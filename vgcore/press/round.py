"""One round of work: everything that is missing, at once, on a few workers."""

from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from functools import partial
from typing import TYPE_CHECKING, Any

from vgcore.press import labs
from vgcore.press.built import Built, Failure
from vgcore.press.fingerprint import Fingerprint
from vgcore.press.progress import progress
from vgcore.press.schedule import Batch
from vgcore.press.store import Entry, StoreError
from vgcore.press.workers import TaskFailed, Workers, loaded

if TYPE_CHECKING:  # what runs in a worker imports pandas and matplotlib; a build that only looks does not
    from vgcore.press.build import Press
    from vgcore.press.cluster import Cluster
    from vgcore.press.tasks import Drawing, Outcome


class Round:
    """One round of work: everything that is missing, at once, on a few workers."""

    def __init__(self, press: "Press", built: Built) -> None:
        self.press = press
        self.built = built
        self.undrawn = [name for name in press.figures if name not in built.figures]
        self.pending: dict[Future[Any], tuple[str, Callable[[Any], None]]] = {}
        self.progress = progress(press.say)
        self.now: Press | None = press

    def work(self, count: int, cluster: "Cluster | None") -> None:
        """Begin all that can begin, keep what is done, draw what has become possible, until nothing is pending."""
        batches = self.press.batches(self.undrawn, cluster.threads if cluster else count)
        libraries = self._libraries([] if cluster else batches)
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

    def _libraries(self, batches: Iterable[Batch]) -> set[str]:
        """What the work here is going to import."""
        runs = [self.press.run_fingerprint(batch.experiment, batch.seeds[0]) for batch in batches]
        drawings = [self.press.figure_fingerprint(name) for name in self.undrawn]
        return {name for found in (*runs, *drawings) for name in found.libraries}

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
            self.now = (self.now or self.press).again()  # read once for all results of a task
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
                draw = tasks.draw_explorable if self.press.project.figures[figure].explorable else tasks.draw
                self._wait_for(pool.submit(draw, figure, folders, self.press.edition.draft), f"figure {figure}", keep)

    def _keep_runs(self, experiment: str, outcomes: list["Outcome"]) -> None:
        for one in outcomes:
            what = f"experiment {experiment}"
            if one.failure:
                self._fail(what, one.failure, one.seed)
                continue
            label = f"{self.press.edition.variant}-seed-{one.seed}"
            record = {**one.record, "label": label}
            find = partial(_run, experiment, one.seed)
            if self._keep("runs", experiment, what, find, record, dict(one.files), one.seed):
                self.built.seconds.setdefault(experiment, []).append(one.seconds)

    def _keep_drawing(self, figure: str, drawing: "Drawing") -> None:
        record = {**drawing.record, "label": self.press.edition.label}
        find = partial(_figure, figure)
        entry = self._keep("figures", figure, f"figure {figure}", find, record, dict(drawing.files))
        if entry:
            self.built.figures[figure] = entry

    def _keep_lab(self, lab: str, outputs: str) -> None:
        files = {"outputs.json": outputs.encode()}
        entry = self._keep("labs", lab, f"lab {lab}", partial(_lab, lab), {"label": "published"}, files)
        if entry:
            self.built.labs[lab] = entry

    def _keep(
        self,
        kind: str,
        name: str,
        what: str,
        find: Callable[["Press"], Fingerprint],
        record: dict[str, Any],
        files: dict[str, bytes],
        seed: int | None = None,
    ) -> Entry | None:
        """Store a result, unless its code was edited while it was made."""
        found = find(self.press)
        if self._edited(found, find):
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

    def _edited(self, found: Fingerprint, find: Callable[["Press"], Fingerprint]) -> bool:
        """Whether the code was edited since a result was planned from it."""
        try:
            return self.now is None or find(self.now).key != found.key
        except (ValueError, SyntaxError):
            return True


def _run(experiment: str, seed: int, press: "Press") -> Fingerprint:
    return press.run_fingerprint(experiment, seed)


def _figure(figure: str, press: "Press") -> Fingerprint:
    return press.figure_fingerprint(figure)


def _lab(lab: str, press: "Press") -> Fingerprint:
    return press.project.lab_fingerprint(lab)
