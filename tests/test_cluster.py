"""A Dask cluster of two workers: what it is given to do, what is refused, and the small book built on it."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from distributed import Client, LocalCluster

from tests.checkout import ROOT, Checkout, small_book
from vgcore.press import cluster
from vgcore.press.cluster import Cluster
from vgcore.press.errand import difference
from vgcore.press.project import ProjectError
from vgcore.press.workers import TaskFailed

NOWHERE = "tcp://127.0.0.1:1"

LOCAL = {"threads_per_worker": 1, "host": "127.0.0.1", "protocol": "tcp", "dashboard_address": ":0"}

DASK = f"""
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, **{LOCAL}) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@contextmanager
def dask() -> Iterator[str]:
    """The address of a Dask cluster of two workers, while it runs."""
    with subprocess.Popen(
        [sys.executable, "-c", DASK], cwd=ROOT, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        yield process.stdout.readline().strip()
        process.stdin.close()


@dataclass(frozen=True)
class Machines:
    """Two workers of a cluster, which can be sent to another checkout."""

    client: Client
    address: str

    def go_to(self, checkout: Path) -> None:
        self.client.wait_for_workers(2, timeout=30)
        self.client.run(os.chdir, checkout)


@pytest.fixture(scope="module")
def anywhere() -> Iterator[Machines]:
    with dask() as address, Client(address, set_as_default=False) as client:
        yield Machines(client, address)


@pytest.fixture
def machines(anywhere: Machines) -> Machines:
    """The workers, in this checkout."""
    anywhere.go_to(ROOT)
    return anywhere


@pytest.fixture(scope="module")
def connected(anywhere: Machines) -> Iterator[Cluster]:
    anywhere.go_to(ROOT)
    with Cluster(anywhere.address) as executor:
        yield executor


@pytest.fixture
def executor(anywhere: Machines, connected: Cluster) -> Cluster:
    """The executor that all tests share, its workers in this checkout."""
    anywhere.go_to(ROOT)
    return connected


def failure(executor: Cluster, function: object, *arguments: object) -> str:
    error = executor.submit(function, *arguments).exception()  # type: ignore[arg-type]
    assert isinstance(error, TaskFailed)
    return error.message


# What a task is, is what it is locally: see test_workers.py


def test_a_task_runs_with_the_settings_of_a_local_one(executor: Cluster) -> None:
    assert executor.submit(os.getenv, "TF_ENABLE_ONEDNN_OPTS").result() == "0"


def test_a_task_may_print(executor: Cluster) -> None:
    assert executor.submit(print, "words").result() is None


def test_an_exception_is_one_sentence(executor: Cluster) -> None:
    assert failure(executor, eval, "1 / 0") == "ZeroDivisionError: division by zero"


def test_a_task_that_takes_too_much_memory_is_ended(executor: Cluster) -> None:
    assert failure(executor, bytearray, 7 * 2**30) == "out of memory"


def test_a_killed_process_fails_its_task_alone(executor: Cluster) -> None:
    doomed = executor.submit(eval, "__import__('os').kill(__import__('os').getpid(), 9)")
    assert executor.submit(int, "7").result() == 7
    assert "its process was ended by SIGKILL" in str(doomed.exception())


def pid_in(note: Path) -> int:
    """The process id that a task leaves as the target of a link, which is there whole or not at all."""
    deadline = time.monotonic() + 60
    while not note.is_symlink():
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return int(str(note.readlink()))


SLEEP = "import os, time; os.symlink(str(os.getpid()), note); time.sleep(60)"

BUILDER = """
import sys
from vgcore.press.cluster import Cluster

with Cluster(sys.argv[1]) as cluster:
    cluster.submit(exec, sys.argv[2], {"note": sys.argv[3]}).result()
"""


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_task_outlives_its_builder(machines: Machines, tmp_path: Path, how: signal.Signals) -> None:
    note = tmp_path / "note"
    command = [sys.executable, "-c", BUILDER, machines.address, SLEEP, str(note)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as builder:
        process = psutil.Process(pid_in(note))
        builder.send_signal(how)
        process.wait(30)


# What is refused


def test_a_worker_with_another_library_is_refused_with_both_versions() -> None:
    assert difference({"vgcore/odds.py": "a1", "numpy": "2.2"}, {"vgcore/odds.py": "a1", "numpy": "2.1"}) == (
        "has numpy 2.1, but this machine has 2.2: install requirements.lock in both places"
    )


def test_a_file_that_only_one_machine_has_is_a_difference() -> None:
    assert "vgcore/odds.py" in difference({"vgcore/odds.py": "a1"}, {})
    assert "vgcore/odds.py" in difference({}, {"vgcore/odds.py": "a1"})


def test_a_worker_whose_code_changes_is_found_out(machines: Machines, executor: Cluster, checkout: Checkout) -> None:
    machines.go_to(checkout.root)
    assert re.search(r"the worker on .* has another vgcore/.* than this checkout", failure(executor, int, "7"))


def test_a_worker_that_cannot_run_the_book_is_refused(machines: Machines, checkout: Checkout) -> None:
    checkout.write("vgcore/press/workers.py", "half a sentence")
    machines.go_to(checkout.root)
    with pytest.raises(ProjectError, match=r"the worker tcp://127.0.0.1:\d+ cannot run this book"):
        Cluster(machines.address)


def test_an_address_where_nothing_answers_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    start = time.monotonic()
    with pytest.raises(ProjectError, match=f"there is no Dask scheduler at {NOWHERE}: "):
        Cluster(NOWHERE)
    assert time.monotonic() - start < 5


def test_what_answers_nothing_is_no_scheduler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"127.0.0.1:{server.getsockname()[1]}"
        with pytest.raises(
            ProjectError, match=f"there is no Dask scheduler at {address}: nothing answers within 0.5 s"
        ):
            Cluster(address)


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(ProjectError, match="there is no Dask scheduler at my-cluster: missing port number"):
        Cluster("my-cluster")


def test_a_cluster_without_workers_is_refused() -> None:
    with LocalCluster(n_workers=0, processes=False, **LOCAL) as empty:
        address = empty.scheduler_address
        with pytest.raises(ProjectError, match=f"the Dask cluster at {address} has no workers"):
            Cluster(address)


def sentence(result: subprocess.CompletedProcess[str]) -> str:
    """All that a failed command said."""
    assert result.returncode == 1
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr


def test_a_build_on_workers_with_other_code_ends_with_one_sentence(machines: Machines, tmp_path: Path) -> None:
    near, far = small_book(tmp_path / "near"), small_book(tmp_path / "far")
    far.replace("vgcore/odds.py", "return p", "return p / 1")
    machines.go_to(far.root)
    said = sentence(near.vgcore("build", "--dask", machines.address))
    assert said.startswith("the worker tcp://127.0.0.1:")
    assert said.endswith("has another vgcore/odds.py than this checkout: bring its checkout to the same state\n")


def test_a_build_without_dask_says_what_to_install(checkout: Checkout) -> None:
    code = "import sys; sys.modules['distributed'] = None; from vgcore.cli import main; main()"
    said = sentence(checkout.python("-c", code, "build", "--dask", NOWHERE))
    assert said == "Dask is missing: install it with `pip install 'vgcore[dask]'`\n"


# The small book


def results(book: Checkout) -> dict[Path, bytes]:
    """Every file that a store keeps of runs and figures."""
    store = book.root / ".cache/press"
    files = [path for kind in ("runs", "figures") for path in (store / kind).rglob("*") if path.is_file()]
    return {path.relative_to(store): path.read_bytes() for path in files}


@dataclass(frozen=True)
class Built:
    """A book that was built on the cluster, the checkout that its workers ran in, and what the build said."""

    near: Checkout
    far: Checkout
    said: str


@pytest.fixture(scope="module")
def built(anywhere: Machines, tmp_path_factory: pytest.TempPathFactory) -> Built:
    near, far = (small_book(tmp_path_factory.mktemp(name)) for name in ("near", "far"))
    for book in (near, far):
        book.replace("vgcore/odds.py", "return p", 'open("here", "w").close()\n    return p')
    near.write(".cache/press/times.json", '{"seconds a seed": {"coins": 10}}')
    anywhere.go_to(far.root)
    result = near.vgcore("build", "--dask", anywhere.address, "--seeds", "2", "--workers", "1")
    assert result.returncode == 0, result.stderr
    return Built(near, far, result.stderr)


def test_measuring_happens_in_the_checkout_of_the_workers(built: Built) -> None:
    assert [(book.root / "here").exists() for book in (built.near, built.far)] == [False, True]


def test_results_are_those_of_a_local_build_byte_for_byte(built: Built) -> None:
    assert built.far.vgcore("build", "--seeds", "2").returncode == 0
    assert results(built.near) == results(built.far)


def test_tasks_are_balanced_over_the_workers_of_the_cluster(built: Built) -> None:
    assert "experiment coins, seeds 0 …\nexperiment coins, seeds 1 …\n" in built.said


# A worker that is lost: last, because it takes Dask a while to replace it

LOSE_WORKER = """
import os, psutil, time
if not os.path.islink(note):
    os.symlink(str(os.getpid()), note)
    psutil.Process().parents()[1].kill()
    time.sleep(60)
"""


@dataclass(frozen=True)
class Lost:
    """A task that ended its worker the first time, and the process that it was in."""

    task: Future[None]
    pid: int


@pytest.fixture(scope="module")
def lost(anywhere: Machines, connected: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Lost:
    anywhere.go_to(ROOT)
    note = tmp_path_factory.mktemp("lost") / "note"
    task = connected.submit(exec, LOSE_WORKER, {"note": str(note)})
    return Lost(task, pid_in(note))


def test_another_worker_does_what_a_lost_one_was_doing(lost: Lost) -> None:
    assert lost.task.result(60) is None


def test_no_task_outlives_its_worker(lost: Lost) -> None:
    with suppress(psutil.NoSuchProcess):
        psutil.Process(lost.pid).wait(30)
