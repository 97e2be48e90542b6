"""What a result depends on: the code it reaches, its seed, the versions and the numeric settings."""

import hashlib
import json
import os
import platform
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path

from vgcore.press import source
from vgcore.press.source import Source

PACKAGES = ("vgcore", "figures")
"""The project's own packages: everything else is pinned by its version."""


@dataclass(frozen=True)
class Fingerprint:
    """Named parts, each with a digest or version, and for every piece of code the piece that refers to it.

    `libraries` are the packages from outside the project that the code imports.
    """

    parts: Mapping[str, str]
    reached_from: Mapping[str, str]
    libraries: frozenset[str] = frozenset()

    @cached_property
    def key(self) -> str:
        """One digest of all parts."""
        return hashlib.sha256(json.dumps(dict(self.parts), sort_keys=True).encode()).hexdigest()

    def with_parts(self, **parts: str) -> "Fingerprint":
        """The same with more parts."""
        return replace(self, parts={**self.parts, **parts})

    def path_to(self, part: str) -> str:
        """How a piece of code is reached: `experiments.depth_decay:measure → models:mlp`."""
        path = [part]
        while self.reached_from.get(path[0], "") and self.reached_from[path[0]] not in path:
            path.insert(0, self.reached_from[path[0]])
        return " → ".join(path)


class Sources:
    """The project's files, each read once: what was read is kept by the digest of the file's bytes."""

    def __init__(self, root: Path, cache_file: Path | None = None) -> None:
        self.root = root
        self._cache_file = cache_file
        self._kept = _load(cache_file)
        self._sources: dict[str, Source | None] = {}
        self._split: dict[str, tuple[str, str]] = {}
        self._used: dict[str, dict[str, object]] = {}

    def module(self, name: str) -> Source | None:
        """A module of the project by its dotted name, or None where the project has no such module."""
        if name not in self._sources:
            path = self._path(name)
            self._sources[name] = self.file(path, name) if path else None
        return self._sources[name]

    def split(self, dotted: str) -> tuple[str, str]:
        """Split a dotted name into the longest module of the project and the rest."""
        if dotted not in self._split:
            parts = dotted.split(".")
            lengths = range(len(parts), 0, -1) if parts[0] in PACKAGES else ()
            modules = ((".".join(parts[:length]), ".".join(parts[length:])) for length in lengths)
            self._split[dotted] = next((found for found in modules if self.module(found[0])), ("", dotted))
        return self._split[dotted]

    def file(self, path: Path, name: str) -> Source:
        """One file; `name` is the module that it is. A syntax error names the file and the line."""
        text = path.read_bytes()
        stub = path.with_suffix(".pyi")
        stub_text = stub.read_bytes() if stub.exists() else b""
        package = name if path.name == "__init__.py" else name.rpartition(".")[0]
        digest = hashlib.sha256(b"\0".join([package.encode(), text, stub_text, _reader().encode()])).hexdigest()
        if digest not in self._kept:
            read = source.read(text.decode(), package, str(path.relative_to(self.root)))
            # A lazily loading package names its members in the stub beside it.
            read.lazy.update(source.read(stub_text.decode(), package).imports)
            self._kept[digest] = read.to_json()
        self._used[digest] = self._kept[digest]
        return Source.from_json(self._kept[digest])

    def add(self, name: str, path: Path) -> Source:
        """Let a file outside the packages, a lab, be a module under a name of its own."""
        added = self._sources[name] = self.file(path, name)
        return added

    def save(self) -> None:
        """Keep what was read for the next build."""
        if self._cache_file and self._used != _load(self._cache_file):
            with suppress(OSError):  # the next build reads the files again
                self._cache_file.parent.mkdir(parents=True, exist_ok=True)
                temporary = self._cache_file.with_suffix(f".{os.getpid()}")
                temporary.write_text(json.dumps(self._used))
                temporary.replace(self._cache_file)

    def _path(self, name: str) -> Path | None:
        if name.split(".", maxsplit=1)[0] not in PACKAGES:
            return None
        base = self.root.joinpath(*name.split("."))
        candidates = (base / "__init__.py", base.with_suffix(".py"))
        return next((path for path in candidates if path.exists()), None)


def _load(cache_file: Path | None) -> dict[str, dict[str, object]]:
    try:
        return dict(json.loads(cache_file.read_text())) if cache_file else {}
    except (OSError, ValueError):
        return {}


@cache
def _reader() -> str:
    """The reader's own code and the syntax it reads are part of what it read."""
    return hashlib.sha256(Path(source.__file__).read_bytes()).hexdigest() + platform.python_version()


def closure(sources: Sources, module: str, roots: Iterable[str]) -> Fingerprint:
    """Every project definition that the named definitions of a module reach, and every module they import."""
    walk = _Walk(sources)
    walk.importing(module, "")
    for name in roots:
        walk.definition(module, name, "")
    return Fingerprint(dict(sorted(walk.parts.items())), walk.reached_from, frozenset(walk.libraries))


class _Walk:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.parts: dict[str, str] = {}
        self.reached_from: dict[str, str] = {}
        self.libraries: set[str] = set()
        self._imported: set[str] = set()

    def definition(self, module: str, name: str, origin: str) -> None:
        found = self.sources.module(module)
        label = f"{module}:{name}"
        if found is None or label in self.parts or name not in found.definitions:
            return
        self.parts[label] = found.definitions[name].digest
        self.reached_from[label] = origin
        self.importing(module, label)
        for reference in found.definitions[name].references:
            self.name(module, reference, label)

    def importing(self, module: str, origin: str) -> None:
        """Importing a module runs its loose statements, and those of its packages and of what it imports."""
        if module in self._imported:
            return
        self._imported.add(module)
        package = module.rpartition(".")[0]
        if package:
            self.importing(package, origin)
        found = self.sources.module(module)
        if found is None:
            return
        if found.body:
            self.parts[f"{module}:"] = found.body.digest
            self.reached_from[f"{module}:"] = origin
            for reference in found.body.references:
                self.name(module, reference, f"{module}:")
        for target in found.imports.values():
            inside = self.sources.split(target)[0]
            if inside:
                self.importing(inside, origin)
            else:
                self.libraries.add(target.split(".")[0])

    def name(self, module: str, dotted: str, origin: str) -> None:
        """Follow a name used in a module, if it belongs to the project."""
        found = self.sources.module(module)
        first, _, rest = dotted.partition(".")
        if found is None:
            return
        if first in found.definitions:
            self.definition(module, first, origin)
        elif first in found.names:
            self.absolute(f"{found.names[first]}.{rest}".rstrip("."), origin)

    def absolute(self, dotted: str, origin: str) -> None:
        module, rest = self.sources.split(dotted)
        found = self.sources.module(module)
        if found is None:
            return
        self.importing(module, origin)
        first = rest.partition(".")[0]
        if first in found.definitions:
            self.definition(module, first, origin)
        elif first in found.names:
            self.name(module, rest, origin)
        else:  # the module itself, or a name that only running the code could resolve
            for name in found.definitions:
                self.definition(module, name, origin)


MEASURING = ("keras", "tensorflow", "numpy", "scipy", "pandas", "scikit-learn")
DRAWING = ("matplotlib",)


def environment(packages: Iterable[str], settings: Mapping[str, str]) -> dict[str, str]:
    """The versions, the platform and the numeric settings that a result depends on."""
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        "platform": f"{sys.platform}-{platform.machine()}-{processor_level()}",
        **{name: version(name) for name in packages},
        **{f"setting {name}": value for name, value in sorted(settings.items())},
    }


@cache
def version(package: str) -> str:
    """The installed version of a package; TensorFlow goes by two names."""
    for name in (package, f"{package}-cpu"):
        try:
            return metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return "not installed"


@cache
def processor_level() -> str:
    """The instruction set that numeric libraries choose their kernels by."""
    flags = set(_processor_flags())
    return "avx512" if "avx512f" in flags else "avx2" if "avx2" in flags else "base"


def _processor_flags() -> Iterator[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        if line.startswith("flags"):
            yield from line.split()
            return
