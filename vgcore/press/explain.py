"""Why a result is fresh or stale: what changed since it was made, and how that is reached."""

from collections.abc import Iterator

from vgcore.press.build import Press
from vgcore.press.fingerprint import Fingerprint
from vgcore.press.project import ProjectError, nearest
from vgcore.press.store import Entry


def explain_all(press: Press) -> Iterator[str]:
    """The same for every run, figure and lab of the book."""
    for experiment in press.project.experiments:
        yield from _runs(press, experiment)
    for figure in press.project.figures:
        yield from _figure(press, figure)
    for lab in press.project.labs:
        yield from _lab(press, lab)


def explain(press: Press, name: str) -> Iterator[str]:
    """One line for each run and figure of that name, and one for each cause of its being stale."""
    project = press.project
    if name not in {*project.figures, *project.experiments, *project.labs}:
        known = {*project.figures, *project.experiments, *project.labs}
        raise ProjectError(f"there is no figure, experiment or lab {name!r}: {nearest(name, known)}")
    figure = project.figures.get(name)
    for experiment in figure.experiments if figure else (name,) if name in project.experiments else ():
        yield from _runs(press, experiment)
    if figure:
        yield from _figure(press, name)
    if name in project.labs:
        yield from _lab(press, name)


def _figure(press: Press, name: str) -> Iterator[str]:
    last = press.store.latest("figures", name, press.edition.label)
    yield from _verdict(press, "figures", name, f"figure {name}", press.figure_fingerprint(name), last)


def _lab(press: Press, name: str) -> Iterator[str]:
    last = press.store.latest("labs", name, "published")
    yield from _verdict(press, "labs", name, f"lab {name}", press.project.lab_fingerprint(name), last)


def _runs(press: Press, experiment: str) -> Iterator[str]:
    """The seeds of an experiment, those with the same answer together."""
    answers: dict[tuple[str, ...], list[str]] = {}
    for seed in press.project.seeds_of(experiment, press.edition.seeds):
        found = press.run_fingerprint(experiment, seed)
        last = press.store.latest("runs", experiment, f"{press.edition.variant}-seed-{seed}")
        answer = tuple(_verdict(press, "runs", experiment, "", found, last))
        answers.setdefault(answer, []).append(str(seed))
    for (verdict, *changes), seeds in answers.items():
        yield f"run {experiment}, {'seed' if len(seeds) == 1 else 'seeds'} {', '.join(seeds)}{verdict}"
        yield from changes


def _verdict(press: Press, kind: str, name: str, title: str, found: Fingerprint, last: Entry | None) -> Iterator[str]:
    if press.store.get(kind, name, found.key):
        yield f"{title}: fresh ({len(found.parts)} parts)"
    elif last is None:
        yield f"{title}: never made"
    else:
        yield f"{title}: stale"
        yield from (f"  {change}" for change in _changes(found, last.record["fingerprint"]))


def _changes(found: Fingerprint, before: dict[str, str]) -> Iterator[str]:
    for part in sorted({*found.parts, *before}):
        now, then = found.parts.get(part), before.get(part)
        if now == then:
            continue
        path = f", reached by {found.path_to(part)}" if part in found.reached_from else ""
        verb = "is new" if then is None else "is gone" if now is None else "changed"
        values = f" from {then} to {now}" if verb == "changed" and ":" not in part and "run " not in part else ""
        yield f"{part} {verb}{values}{path}"
