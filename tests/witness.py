"""See what an experiment really opens and executes: `python witness.py ROOT LIBRARIES EXPERIMENT…`, a JSON line each.

Every experiment runs in a process of its own, forked after the libraries were loaded and before any project file was.
"""

import ast
import importlib
import importlib.util
import inspect
import json
import os
import sys
import threading
from functools import cache
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

PACKAGES = ("vgcore", "figures")


class Witness:
    """Collects the project files that were opened and the definitions that were executed, as `module:name`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.opened: set[str] = set()
        self.executed: set[str] = set()

    def watch(self) -> None:
        sys.addaudithook(self._audit)
        threading.setprofile(self._profile)
        sys.setprofile(self._profile)

    def _audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str):
            path = Path(os.path.abspath(arguments[0]))  # noqa: PTH100 - a link is a name of its own
            if path.is_relative_to(self.root):
                self._open(path)

    def _open(self, path: Path) -> None:
        if path.suffix == ".pyc":
            path = Path(importlib.util.source_from_cache(str(path)))
        place = path.relative_to(self.root)
        if not place.parts[0].startswith("."):  # environments and caches
            self.opened.add(str(place))

    def _profile(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            found = self._definition(frame)
            if found and found not in self.executed and not self._importing(frame):
                self.executed.add(found)

    def _definition(self, frame: FrameType) -> str:
        """The project's definition that a frame executes, if any."""
        module = _project_module(frame)
        if not module:
            return ""
        if Path(frame.f_code.co_filename).is_relative_to(self.root):
            return _enclosing(frame.f_code, module)
        return _generated(frame, module)

    def _importing(self, frame: FrameType | None) -> bool:
        """Importing builds constants: those that a result depends on are reached through their names."""
        while frame:
            if frame.f_code.co_name == "<module>" and _project_module(frame):
                return True
            frame = frame.f_back
        return False


def _project_module(frame: FrameType) -> str:
    """The module whose names a frame sees, if it is one of the project's."""
    module = str(frame.f_globals.get("__name__", ""))
    return module if module.partition(".")[0] in PACKAGES else ""


@cache
def _enclosing(code: CodeType, module: str) -> str:
    """The top-level statement that a piece of code stands in."""
    for statement in ast.parse(Path(code.co_filename).read_text()).body:
        decorators = getattr(statement, "decorator_list", [])
        first = min([statement.lineno, *(one.lineno for one in decorators)])
        if first <= code.co_firstlineno <= (statement.end_lineno or statement.lineno):
            return f"{module}:{_name(statement)}"
    return ""


def _name(statement: ast.stmt) -> str:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return statement.name
    targets = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
    return next((target.id for target in targets if isinstance(target, ast.Name)), "")


def _generated(frame: FrameType, module: str) -> str:
    """Code that a library wrote for a definition: a dataclass's methods, or a function that TensorFlow traces."""
    owner = type(frame.f_locals.get("self"))
    if owner.__module__ == module:
        return f"{module}:{owner.__qualname__.split('.')[0]}"
    name = frame.f_code.co_name.removeprefix("tf__")
    return f"{module}:{name}" if name in vars(sys.modules[module]) else ""


def _run(root: Path, experiment: str) -> Witness:
    witness = Witness(root)
    witness.watch()
    module = importlib.import_module(f"vgcore.experiments.{experiment}")
    seed = {"seed": 0} if "seed" in inspect.signature(module.measure).parameters else {}
    module.measure(module.smoke, **seed)
    sys.setprofile(None)
    return witness


def main(root: Path, libraries: list[str], experiments: list[str]) -> None:
    sys.path[0] = str(root)
    for library in libraries:
        importlib.import_module(library)
    for experiment in experiments:
        if os.fork() == 0:
            seen = _run(root, experiment)
            seen_json = {"experiment": experiment, "opened": sorted(seen.opened), "executed": sorted(seen.executed)}
            os.write(1, (json.dumps(seen_json) + "\n").encode())
            os._exit(0)
        _, status = os.wait()
        if status:
            sys.exit(f"experiment {experiment} failed")


if __name__ == "__main__":
    main(Path(sys.argv[1]), list(filter(None, sys.argv[2].split(","))), sys.argv[3:])
