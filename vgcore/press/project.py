"""The checkout: which experiments, figures and labs there are, what they say, and what their results depend on."""

import difflib
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from vgcore.press import fingerprint
from vgcore.press.fingerprint import Fingerprint, Sources
from vgcore.press.source import Source
from vgcore.press.workers import SETTINGS

CACHE = Path(".cache/press")


class ProjectError(ValueError):
    """Something in the checkout that the author of a file has to mend; the sentence says where and how."""


@dataclass(frozen=True, kw_only=True)
class Figure:
    """What a figure's file says in words, read without importing it."""

    name: str
    message: str
    caption: str
    title: str
    alt: str
    experiments: tuple[str, ...]
    claims: tuple[str, ...]
    arm: str
    tabular: bool = False  # whether it has a table beside its picture
    explorable: bool = False  # whether its runs can be explored

    @property
    def file(self) -> str:
        """Its path in the checkout."""
        return f"figures/{self.name}.py"

    def may_depend_on(self, file: str) -> bool:
        """Whether a file that cannot be read may be part of it: all other code may, as far as can be told then."""
        folder, _, name = file.rpartition("/")
        own = {"figures": (self.name,), "vgcore/experiments": self.experiments}
        return name.removesuffix(".py") in own[folder] if folder in own else folder.startswith("vgcore")


class Project:
    """A checkout of the book, below `root`."""

    def __init__(self, root: Path) -> None:
        missing = [part for part in ("figures", "vgcore/experiments", "docs") if not (root / part).is_dir()]
        if missing:
            raise ProjectError(f"{root} is no checkout of the book, it has no {missing[0]}/: run this in a checkout")
        imported = Path(__file__).parents[2]
        if imported != root.resolve():
            raise ProjectError(
                f"this book is in {root}, but vgcore is imported from {imported}: run `make site` in the book's folder"
            )
        self.root = root
        self._state = state_of_code(root)
        self.sources = Sources(root, root / CACHE / "sources.json")
        self._closures: dict[tuple[str, tuple[str, ...]], Fingerprint] = {}

    @property
    def untouched(self) -> bool:
        """Whether no file of code has changed since this was made."""
        return state_of_code(self.root) == self._state

    @cached_property
    def experiments(self) -> tuple[str, ...]:
        """The names of the experiments: the folder is the registry."""
        return tuple(_names(self.root / "vgcore/experiments"))

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The figures by name: the folder is the registry."""
        return {name: self._figure(name) for name in _names(self.root / "figures")}

    @cached_property
    def labs(self) -> tuple[str, ...]:
        """The names of the labs: the folder is the registry."""
        return tuple(_names(self.root / "docs/labs"))

    def run_fingerprint(self, experiment: str, variant: str, seed: int) -> Fingerprint:
        """What one seed of an experiment depends on; `variant` is `published` or `smoke`."""
        found = self._closure(f"vgcore.experiments.{experiment}", ("measure", variant))
        settings = fingerprint.environment(fingerprint.MEASURING, SETTINGS)
        return found.with_parts(**settings, variant=variant, seed=str(seed))

    def figure_fingerprint(self, name: str, runs: Iterable[str]) -> Fingerprint:
        """What a drawing depends on: its runs, given by their keys, its own code and the press's drawing."""
        figure = self.figures[name]
        made = ("draw", "claims", *["table"] * figure.tabular, *["explore"] * figure.explorable)
        drawn = self._closure(f"figures.{name}", made)
        press = self._closure("vgcore.press.tasks", ("draw_explorable" if figure.explorable else "draw",))
        parts = {f"run {index}": key for index, key in enumerate(runs)}
        versions = fingerprint.environment((*fingerprint.DRAWING, "numpy", "pandas", "pillow"), {})
        reached = {**press.reached_from, **drawn.reached_from}
        together = Fingerprint({**press.parts, **drawn.parts}, reached, press.libraries | drawn.libraries)
        return together.with_parts(**parts, **versions)

    def claims_fingerprint(self, name: str) -> Fingerprint:
        """The code alone that decides whether a figure's claims hold: its experiments' and the claims' own."""
        codes = [self._closure(f"figures.{name}", ("claims",))]
        codes += [
            self._closure(f"vgcore.experiments.{one}", ("measure", "published"))
            for one in self.figures[name].experiments
        ]
        return Fingerprint({part: digest for code in codes for part, digest in code.parts.items()}, {})

    def lab_fingerprint(self, name: str) -> Fingerprint:
        """What a lab's outputs depend on: the code in its cells and what that reaches, not its prose."""
        module = f"labs.{name}"
        found = self.sources.add(module, self.lab_path(name))
        code = self._closure(module, found.definitions)
        press = self._closure("vgcore.press.labs", ("execute", "prepare"))
        together = Fingerprint({**press.parts, **code.parts}, {**press.reached_from, **code.reached_from})
        packages = (*fingerprint.MEASURING, *fingerprint.DRAWING, "ipykernel", "nbclient", "jupytext")
        return together.with_parts(**fingerprint.environment(packages, SETTINGS))

    def lab_path(self, name: str) -> Path:
        """The file of a lab."""
        return self.root / "docs/labs" / f"{name}.py"

    def seeds_of(self, experiment: str, seeds: tuple[int, ...]) -> tuple[int, ...]:
        """The seeds to run: pure mathematics, a `measure` without a seed, runs once."""
        parameters = self._experiment(experiment).parameters.get("measure", ())
        return seeds if "seed" in parameters else (0,)

    def _closure(self, module: str, roots: Iterable[str]) -> Fingerprint:
        """The code that some definitions of a module reach; asked for once a seed and figure, found out once."""
        key = (module, tuple(roots))
        if key not in self._closures:
            self._closures[key] = fingerprint.closure(self.sources, module, key[1])
        return self._closures[key]

    def _experiment(self, name: str) -> Source:
        found = self.sources.module(f"vgcore.experiments.{name}")
        if found is None:
            raise ProjectError(f"there is no experiment {name!r}: {nearest(name, self.experiments)}")
        for needed in ("measure", "published", "smoke"):
            if needed not in found.definitions:
                raise ProjectError(f"vgcore/experiments/{name}.py defines no `{needed}`: every experiment needs one")
        return found

    def _figure(self, name: str) -> Figure:
        found = self.sources.module(f"figures.{name}")
        assert found is not None
        message, _, caption = found.docstring.partition("\n\n")
        experiments = found.literals.get("experiment")
        figure = Figure(
            name=name,
            message=_line(message),
            caption=_line(caption),
            title=_line(str(found.literals.get("title", ""))),
            alt=_line(str(found.literals.get("alt", ""))),
            experiments=tuple([experiments] if isinstance(experiments, str) else experiments or ()),
            claims=found.keys.get("claims", ()),
            arm=str(found.literals.get("arm", "")),
            tabular="table" in found.definitions,
            explorable="explore" in found.definitions,
        )
        self._check(figure, found)
        return figure

    def _check(self, figure: Figure, found: Source) -> None:
        needs = {
            "a docstring whose first paragraph is its message": figure.message,
            "a caption: the docstring's second paragraph": figure.caption,
            "`title`, a short name of what is shown": figure.title,
            "`alt`, what a person who cannot see it must know": figure.alt,
            "`experiment`, the name of what it shows, or None for a diagram": "experiment" in found.literals,
            "`draw`, a function of its runs": "draw" in found.definitions,
            "`claims`, at least its message as one": bool(figure.claims) or not figure.experiments,
        }
        for need, present in needs.items():
            if not present:
                raise ProjectError(f"{figure.file} lacks {need}")
        for experiment in figure.experiments:
            self._experiment(experiment)


def nearest(name: str, known: Iterable[str]) -> str:
    """The names that somebody who wrote `name` may have meant, as the end of a sentence."""
    known = sorted(known)
    close = difflib.get_close_matches(name, known, n=3, cutoff=0.5) or known[:5]
    return f"did you mean {' or '.join(close)}?" if close else "there is none yet"


def state_of_code(root: Path) -> dict[Path, tuple[int, ...]]:
    """All code, by what the file system notes of every change, even of one whose time is set back."""
    state: dict[Path, tuple[int, ...]] = {}
    for folder in ("vgcore", "figures", "docs/labs"):
        for path in (root / folder).rglob("*.py*"):
            if path.suffix in (".py", ".pyi"):
                with suppress(FileNotFoundError):  # an editor puts another in its place
                    found = path.stat()
                    state[path] = found.st_ino, found.st_size, found.st_ctime_ns
    return state


def _names(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("*.py") if not path.stem.startswith("_"))


def _line(text: str) -> str:
    return " ".join(text.split())
