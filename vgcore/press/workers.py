"""Where work runs: every task in a fresh process, forked from a server in which the libraries are loaded.

`ProcessPoolExecutor` hangs on Ctrl-C, leaves orphans when its parent is killed, and fails every task when one of its
processes dies. Here each thread of a thread pool starts and watches one process of its own, so a death is the failure
of one task. The server imports and never computes: a process forked from a TensorFlow that has computed may hang.
"""

import gc
import logging
import multiprocessing
import os
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, suppress
from multiprocessing import forkserver
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any

SETTINGS = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",  # more would leave threads in the server, which then could not be forked safely
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
}
"""The numeric environment: results depend on it, so it is part of every fingerprint."""

QUIET = {"MPLBACKEND": "agg", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}

LOADED = {
    "keras": ("tensorflow", "keras"),
    "tensorflow": ("tensorflow",),
    "scipy": ("scipy.special", "scipy.optimize", "scipy.stats"),
    "sklearn": ("sklearn.datasets", "sklearn.model_selection"),
    "pandas": ("pandas",),
    "matplotlib": ("matplotlib.pyplot", "matplotlib.backends.backend_svg"),
}
"""What the server loads for each library that a task needs: third parties only, the project's code may change."""


def loaded(libraries: Iterable[str]) -> tuple[str, ...]:
    """The modules to load once, for tasks that use these libraries."""
    wanted = {"pandas", "matplotlib", *libraries}
    return tuple(dict.fromkeys(module for name, modules in LOADED.items() if name in wanted for module in modules))


def warm() -> None:
    """Start the server with every library, before anybody waits for a task of it."""
    _start_server(loaded(LOADED))


def _start_server(preload: Iterable[str]) -> None:
    """Where it does not run yet: what it loads takes seconds, and its client has other things to do meanwhile."""
    os.environ.update(SETTINGS | QUIET)
    multiprocessing.get_context("forkserver").set_forkserver_preload(list(preload))
    with _blank_main():
        forkserver.ensure_running()


class TaskFailed(Exception):
    """Why a task has no result: one sentence, the place in the project's code if there is one, and the traceback."""

    def __init__(self, message: str, place: str = "", details: str = "") -> None:
        super().__init__(message, place, details)
        self.message = message
        self.place = place
        self.details = details

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


class Workers(ThreadPoolExecutor):
    """An executor whose tasks are importable functions, each run in a process of its own.

    `seconds` and `gigabytes` limit every task. A future's exception is always a `TaskFailed`.
    """

    def __init__(self, count: int, *, preload: tuple[str, ...], seconds: float = 1800, gigabytes: float = 6) -> None:
        super().__init__(max_workers=count, thread_name_prefix="press")
        _start_server(preload)
        self._context = multiprocessing.get_context("forkserver")
        self._fresh = multiprocessing.get_context("spawn")
        self._seconds = seconds
        self._bytes = int(gigabytes * 2**30)
        self._running: set[BaseProcess] = set()
        self._promised: set[Future[Any]] = set()
        self._stopped = threading.Event()

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run an importable function of picklable arguments."""
        return self._promise(self._context, function, args, kwargs)

    def submit_fresh(self, function: Callable[..., Any], /, *args: Any) -> Future[Any]:
        """The same from nothing: for a task that loads its own libraries, and need not wait for the server's."""
        return self._promise(self._fresh, function, args, {})

    def _promise(self, *task: Any) -> Future[Any]:
        future = super().submit(self._watch, *task)
        self._promised.add(future)
        future.add_done_callback(self._promised.discard)
        return future

    def stop(self) -> None:
        """End every running task at once, and start no other."""
        self._stopped.set()
        promised = {*self._promised}
        super().shutdown(wait=False, cancel_futures=True)
        for future in promised:
            if future.cancelled():
                future.set_running_or_notify_cancel()  # or whoever waits for it would wait for ever
        for process in list(self._running):
            with suppress(ValueError):
                process.kill()
        super().shutdown(wait=True)

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.shutdown(wait=True)
        else:
            self.stop()

    def _watch(self, context: Any, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        receiver, sender = context.Pipe(duplex=False)
        process = context.Process(target=_work, args=(sender, self._bytes, function, args, kwargs), daemon=True)
        with _blank_main():
            process.start()
        self._running.add(process)
        sender.close()
        try:
            return self._result(receiver, process)
        finally:
            self._running.discard(process)
            process.kill()
            process.join()
            process.close()
            receiver.close()

    def _result(self, receiver: Connection, process: BaseProcess) -> Any:
        if self._stopped.is_set():
            raise TaskFailed("stopped before it began")
        if not wait([receiver, process.sentinel], self._seconds):
            raise TaskFailed(f"still running after its limit of {self._seconds:g} s, and ended")
        try:
            finished, result = receiver.recv()
        except EOFError:
            process.join(5)
            raise TaskFailed(_epitaph(process.exitcode, self._stopped.is_set())) from None
        if finished:
            return result
        raise result


def _epitaph(exit_code: int | None, stopped: bool) -> str:
    if stopped:
        return "stopped"
    if exit_code is not None and exit_code < 0:
        return f"its process was ended by {signal.Signals(-exit_code).name} (out of memory, or killed by hand)"
    return f"its process ended with exit code {exit_code} and no result"


_main_lock = threading.Lock()


@contextmanager
def _blank_main() -> Iterator[None]:
    """A child imports its parent's `__main__` again, which costs 0.3 s under `mkdocs`: show it an empty one."""
    with _main_lock:
        real = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = real


def _work(
    sender: Connection, memory: int, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> None:
    """In the child: run the task, send its result or what went wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what Ctrl-C ends
    threading.Thread(target=_follow_parent, daemon=True).start()
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    gc.freeze()  # what the server has loaded is no garbage: to look through it again and again would copy it
    logging.getLogger("tensorflow").setLevel(logging.ERROR)  # a task compiles many networks; each is warned of
    try:
        answer = (True, function(*args, **kwargs))
    except BaseException as error:
        answer = (False, failure(error))
    sender.send(answer)


def _follow_parent() -> None:
    """Leave no orphan, even after the parent was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None
    parent.join()
    os._exit(1)


def failure(error: BaseException) -> TaskFailed:
    """An exception as the press reports it: its last line, and the last place in the project's own code."""
    if isinstance(error, TaskFailed):
        return TaskFailed(error.message, error.place or _place(error), error.details)
    message = f"{type(error).__name__}: {error}"
    if isinstance(error, MemoryError):
        message = "out of memory"
    elif isinstance(error, ModuleNotFoundError):
        message = missing(error) or message
    return TaskFailed(message, _place(error), "".join(traceback.format_exception(error)))


def missing(error: ModuleNotFoundError) -> str:
    """What to install, where a library that builds the book is not there; nothing for a module of the project."""
    library = (error.name or "").partition(".")[0]
    if library in ("", "vgcore", "figures"):
        return ""
    return f"{library} is missing: install what builds the book with `pip install 'vgcore[site]'`"


def _place(error: BaseException) -> str:
    root = Path(__file__).parents[2]
    if isinstance(error, SyntaxError) and error.filename:
        return f"{_relative(Path(error.filename), root)}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    inside = [frame for frame in frames if Path(frame.filename).is_relative_to(root) and not _foreign(frame.filename)]
    return f"{_relative(Path(inside[-1].filename), root)}:{inside[-1].lineno}" if inside else ""


def _foreign(file: str) -> bool:
    return "site-packages" in file or Path(file).is_relative_to(Path(__file__).parent)


def _relative(path: Path, root: Path) -> str:
    return str(path.relative_to(root)) if path.is_relative_to(root) else str(path)
