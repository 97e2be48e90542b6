"""A command as a reader of the table would time it: seconds until it ends, and the memory of all that it starts."""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from vgcore.press.workers import SETTINGS

BETWEEN = 0.25
"""Seconds between two looks at the memory; each look costs a few milliseconds."""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What a command cost. Memory is resident, summed over all processes: what two of them share counts twice."""

    seconds: float
    megabytes: float


def timed(command: Sequence[str], root: Path) -> Measured:
    """Run a Python command in a project; one that fails ends the bench."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", *command], cwd=root, env=_environment(root), stdout=said, stderr=said
        )
        watch = _Watch(process.pid)
        watch.start()
        process.wait()
        seconds = time.perf_counter() - start
        watch.ended.set()
        watch.join()
        if process.returncode:
            said.seek(0)
            sys.exit(f"`python -m {' '.join(command)}` failed in {root}:\n{said.read().decode()[-4000:]}")
    return Measured(seconds=seconds, megabytes=watch.peak / 1e6)


class _Watch(threading.Thread):
    """Keeps the most memory that a process and its descendants held together."""

    def __init__(self, process: int) -> None:
        super().__init__(daemon=True)
        self.process = process
        self.ended = threading.Event()
        self.peak = 0

    def run(self) -> None:
        with suppress(psutil.NoSuchProcess):
            parent = psutil.Process(self.process)
            while not self.ended.wait(BETWEEN):
                self.peak = max(self.peak, sum(map(_resident, [parent, *parent.children(recursive=True)])))


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return process.memory_info().rss
    return 0


def _environment(root: Path) -> dict[str, str]:
    """The same numeric settings for every engine, and nothing of the author's own Jupyter."""
    home = str(root / ".home")
    own = dict.fromkeys(("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"), home)
    quiet = {"NO_MKDOCS_2_WARNING": "1", "PYTHONHASHSEED": "0", "SOURCE_DATE_EPOCH": "0", "TF_CPP_MIN_LOG_LEVEL": "3"}
    variables = {**os.environ, **SETTINGS, **quiet, **own, "PYTHONPATH": str(root)}
    variables.pop("PYTHONDONTWRITEBYTECODE", None)  # compiled once, as on anybody's machine
    return variables
