"""What happens on another machine: a task in a process like those of `Workers`, held against the builder's survey.

Tasks and results travel as bytes that only the builder and the process of the task read. So a Dask worker loads
nothing of the project, and needs no restart when the code or a library there changes.
"""

import hashlib
import os
import pickle
import platform
import select
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from vgcore.press.fingerprint import MEASURING, environment
from vgcore.press.workers import SETTINGS, TaskFailed, Workers

ROOT = Path(__file__).parents[2]
SERVE = f"from {__name__} import serve; serve()"


def survey() -> dict[str, str]:
    """What results depend on, on this machine: the digest of each source file, the versions and the platform."""
    files = sorted(path for path in (ROOT / "vgcore").rglob("*.py*") if path.suffix in (".py", ".pyi"))
    code = {path.relative_to(ROOT).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    return code | environment(MEASURING, SETTINGS)


def difference(here: Mapping[str, str], there: Mapping[str, str]) -> str:
    """The first thing in which another machine differs from this one and what to do about it, or nothing."""
    for name in dict.fromkeys((*here, *there)):
        ours, theirs = here.get(name, "none"), there.get(name, "none")
        if ours != theirs and name.startswith("vgcore/"):
            return f"has another {name} than this checkout: bring its checkout to the same state"
        if ours != theirs:
            return f"has {name} {theirs}, but this machine has {ours}: install requirements.lock in both places"
    return ""


def made_to_travel() -> Callable[..., bytes]:
    """What a Dask worker does with a request; being made here it travels by value, and nobody has to import it."""

    def errand(request: bytes, dask_worker: Any = None) -> bytes:
        from distributed import get_worker

        worker: Any = dask_worker or get_worker()
        task = worker.state.tasks.get(worker.active_threads.get(threading.get_ident()))
        with subprocess.Popen([sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin
            assert process.stdout
            pickle.dump(request, process.stdin)
            process.stdin.flush()
            while not select.select([process.stdout], [], [], 0.5)[0]:
                if task and task.state == "cancelled":  # by Ctrl-C, or because its client is gone
                    process.kill()
            return process.stdout.read()

    return errand


def serve() -> None:
    """In a process beside a Dask worker: answer one request, and end when the worker does."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a task prints belongs in the worker's log
    os.chdir(ROOT)
    request = pickle.load(sys.stdin.buffer)
    threading.Thread(target=_follow_worker, daemon=True).start()
    with Workers(1, preload=()) as workers, answers:
        future = workers.submit_fresh(_call, request)
        answers.write(pickle.dumps(future.exception() or future.result()))


def _follow_worker() -> None:
    os.read(0, 1)  # until the worker's end is closed; a read of `sys.stdin` would not let this process end
    os._exit(1)


def _call(request: bytes) -> bytes:
    function, args, kwargs = pickle.loads(request)
    return pickle.dumps(function(*args, **kwargs))


def checked(
    here: Mapping[str, str], function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    """A function's result, unless this machine is not like the builder's, be it new or edited meanwhile."""
    try:
        return function(*args, **kwargs)
    finally:
        trouble = difference(here, survey())
        if trouble:
            raise TaskFailed(f"the worker on {platform.node()} {trouble}")
