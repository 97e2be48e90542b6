"""Under `mkdocs serve`: pages appear at once with the last good figures, while the work goes on in the background."""

import threading
import time
from pathlib import Path

from vgcore.press.build import Press
from vgcore.press.built import Built, Failure
from vgcore.press.project import CACHE

PATIENCE = 2.0
"""Seconds that pages wait for drawings, where nothing has to be measured: they are built once then, not twice."""

Statuses = dict[str, tuple[str, str]]
"""For each figure that is not up to date: `computing`, `stale` or `failed`, and why it failed."""


class Preview:
    """Keeps one round of work going, for the newest state of the checkout, and says when it is done."""

    def __init__(self, root: Path, reload_seconds: float = 5.0) -> None:
        self._reload_seconds = reload_seconds
        self._reloaded = 0.0
        self.stamp = root / CACHE / "preview.stamp"
        self.stamp.parent.mkdir(parents=True, exist_ok=True)
        self.stamp.touch()
        self._press: Press | None = None
        self._thread: threading.Thread | None = None
        self._working_on: frozenset[str] = frozenset()
        self._ended = threading.Condition()
        self._awaited = False
        self._failed: dict[str, Failure] = {}
        self.first_page_is_up = False

    def results(self, press: Press) -> tuple[Built, Statuses]:
        """What can be shown now; whatever is missing is begun, and what an edit made useless is ended.

        Before the first page is up no code is read: the last results stand for the newest, and nothing is begun.
        """
        if not self.first_page_is_up:
            return self._last_results(press)
        built = press.fresh()
        keys = {name: press.figure_fingerprint(name).key for name in press.project.figures if name not in built.figures}
        keys |= {name: press.project.lab_fingerprint(name).key for name in press.project.labs if name not in built.labs}
        if keys.values() - self._failed.keys():
            self._begin(press, keys, built)
            if press.only_draws(keys) and self._ends_soon():
                drawn = {name: press.store.get("figures", name, key) for name, key in keys.items()}
                built.figures |= {name: entry for name, entry in drawn.items() if entry}
        lacking = {name: key for name, key in keys.items() if name not in {*built.figures, *built.labs}}
        return built, {name: self._status(press, built, name, key) for name, key in lacking.items()}

    def _ends_soon(self) -> bool:
        """Whether the work is done within what a reader hardly notices; then nobody need be told later."""
        with self._ended:
            self._awaited = True
            ended = self._ended.wait_for(lambda: not self._working_on, PATIENCE)
            self._awaited = False
            return ended

    def _last_results(self, press: Press) -> tuple[Built, Statuses]:
        built = Built()
        names = (*press.project.figures, *press.project.labs)
        lacking = [name for name in names if not self._fall_back(press, built, name)]
        return built, dict.fromkeys(lacking, ("computing", ""))

    def _fall_back(self, press: Press, built: Built, name: str) -> bool:
        """Show the last result of a figure or lab, if there is one."""
        kind, label = ("labs", "published") if name in press.project.labs else ("figures", press.edition.label)
        last = press.store.latest(kind, name, label)
        if last:
            (built.labs if kind == "labs" else built.figures)[name] = last
        return last is not None

    def _status(self, press: Press, built: Built, name: str, key: str) -> tuple[str, str]:
        status = "stale" if self._fall_back(press, built, name) else "computing"
        failed = self._failed.get(key)
        if failed:
            return "failed", f"{failed.place}: {failed.message}" if failed.place else failed.message
        return status, "" if name in press.project.labs else "{} of {} runs done".format(*press.done(name))

    def _begin(self, press: Press, keys: dict[str, str], built: Built) -> None:
        wanted = frozenset(keys.values())
        if wanted <= self._working_on and self._thread and self._thread.is_alive():
            return
        self.stop()
        press.ended = self._task_ended
        self._press, self._working_on = press, wanted
        begun = Built(figures=dict(built.figures), labs=dict(built.labs))
        self._thread = threading.Thread(target=self._work, args=(press, keys, begun), daemon=True)
        self._thread.start()

    def _work(self, press: Press, keys: dict[str, str], built: Built) -> None:
        try:
            press.complete(built)
        except Exception as error:  # the preview goes on whatever a half-finished edit does
            built.failures = [Failure(what="the build", message=f"{type(error).__name__}: {error}")]
        if press.stopped:
            return
        for name in keys.keys() - {*built.figures, *built.labs}:
            self._failed[keys[name]] = _cause(press, name, built.failures)
        with self._ended:
            self._working_on = frozenset()
            self._ended.notify()
            if not self._awaited:
                self.stamp.write_text("done\n")

    def _task_ended(self) -> None:
        """Let the browser see what is done so far, every few seconds."""
        if not self._awaited and time.monotonic() - self._reloaded > self._reload_seconds:
            self._reloaded = time.monotonic()
            self.stamp.write_text("working\n")

    def stop(self) -> None:
        """End the work that is going on."""
        if self._press:
            self._press.stop()
        if self._thread:
            self._thread.join()
        self._press = self._thread = None


def _cause(press: Press, name: str, failures: list[Failure]) -> Failure:
    """The failure that kept a figure or lab from being made."""
    figure = press.project.figures.get(name)
    about = (name, *(figure.experiments if figure else ()))
    own = [one for one in failures if any(part in one.what.replace(",", " ").split() for part in about)]
    return (own or failures or [Failure(what=name, message="the files changed while it ran: save again")])[0]
