import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from tests.checkout import ROOT
from vgcore.press.build import Edition, Press
from vgcore.press.project import Project
from vgcore.press.store import Store
from vgcore.press.workers import TaskFailed, Workers


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(2, preload=(), seconds=2, gigabytes=1) as pool:
        yield pool


def failure(workers: Workers, function: object, *arguments: object) -> TaskFailed:
    error = workers.submit(function, *arguments).exception()  # type: ignore[arg-type]
    assert isinstance(error, TaskFailed)
    return error


WARM = """
from vgcore.press.workers import Workers, warm
warm()
with Workers(1, preload=()) as pool:
    print(pool.submit(eval, "{'keras', 'pandas', 'scipy.stats'} <= __import__('sys').modules.keys()").result())
"""


def test_a_server_begun_before_its_first_task_has_all_libraries() -> None:
    ran = subprocess.run([sys.executable, "-c", WARM], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout == "True\n"


def test_a_task_runs_in_a_process_of_its_own(workers: Workers) -> None:
    assert len({workers.submit(os.getpid).result() for _ in range(3)} | {os.getpid()}) == 4


def test_an_exception_is_one_sentence(workers: Workers) -> None:
    assert failure(workers, eval, "1 / 0").message == "ZeroDivisionError: division by zero"


def test_a_task_past_its_limit_is_ended(workers: Workers) -> None:
    start = time.monotonic()
    assert "limit of 2 s" in failure(workers, time.sleep, 60).message
    assert time.monotonic() - start < 10


def test_a_killed_process_fails_its_task_alone(workers: Workers) -> None:
    doomed = workers.submit(eval, "__import__('os').kill(__import__('os').getpid(), 9)")
    assert "SIGKILL" in str(doomed.exception())
    assert workers.submit(int, "7").result() == 7


def test_a_task_that_takes_too_much_memory_is_ended(workers: Workers) -> None:
    assert failure(workers, bytearray, 3 * 2**30).message == "out of memory"


def test_the_maths_is_single_threaded(workers: Workers) -> None:
    assert workers.submit(os.getenv, "OPENBLAS_NUM_THREADS").result() == "1"


BUILDER = """
import sys, time
from vgcore.press.workers import Workers
with Workers(2, preload=()) as pool:
    futures = [pool.submit(time.sleep, 600) for _ in range(4)]
    print("started", flush=True)
    futures[0].result()
"""


def test_who_waits_for_a_task_hears_that_it_will_not_begin() -> None:
    with Workers(1, preload=()) as pool:
        tasks = [pool.submit(time.sleep, 60) for _ in range(3)]
        pool.stop()
        assert wait(tasks, 10).not_done == set()


def test_work_that_is_stopped_before_it_has_workers_begins_nothing(tmp_path: Path) -> None:
    press = Press(Project(ROOT), Store(tmp_path), Edition(), say=print)
    press.stop()
    with pytest.raises(RuntimeError, match="after shutdown"), press.workers(1, ()) as pool:
        pool.submit(print)


def session(leader: int) -> list[int]:
    """The processes that a builder and its children are."""
    found = []
    for pid in psutil.pids():
        with suppress(ProcessLookupError, psutil.NoSuchProcess):  # it may end while it is looked at
            if os.getsid(pid) == leader and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE:
                found.append(pid)
    return found


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_outlives_its_builder(how: signal.Signals) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", BUILDER], cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as builder:  # fmt: skip
        assert builder.stdout is not None
        try:
            builder.stdout.readline()
            time.sleep(1)
            assert len(session(builder.pid)) >= 4
            builder.send_signal(how)
            builder.wait(10)
            deadline = time.monotonic() + 10
            while session(builder.pid) and time.monotonic() < deadline:
                time.sleep(0.1)
            assert session(builder.pid) == []
        finally:
            builder.kill()
