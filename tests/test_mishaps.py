"""What may befall a build: it ends in one sentence a thing, keeps nothing half made, and the next one is whole."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from tests.checkout import Checkout, small_book

COINS = "vgcore/experiments/coins.py"
BUILD = [sys.executable, "-m", "vgcore.cli", "build"]
START = "    random = np"


def results(checkout: Checkout) -> dict[str, bytes]:
    """Every file of every result, by its path in the store."""
    store = checkout.root / ".cache/press"
    files = (path for kind in ("runs", "figures", "labs") for path in store.glob(f"{kind}/*/*/*"))
    return {str(path.relative_to(store)): path.read_bytes() for path in files}


def half_made(checkout: Checkout) -> list[Path]:
    return list(checkout.root.glob(".cache/press/*/*/.writing-*"))


def failing(checkout: Checkout) -> str:
    result = checkout.vgcore("build")
    assert result.returncode == 1
    assert "Traceback" not in result.stdout + result.stderr
    return result.stderr


def test_builds_killed_at_any_moment_leave_what_an_undisturbed_one_makes(tmp_path: Path) -> None:
    killed, undisturbed = small_book(tmp_path / "killed"), small_book(tmp_path / "undisturbed")
    start = time.monotonic()
    assert undisturbed.vgcore("build").returncode == 0
    whole = time.monotonic() - start
    moments = random.Random(0)
    for _ in range(20):
        process = subprocess.Popen(BUILD, cwd=killed.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moments.uniform(0.1, whole))
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert killed.vgcore("build").returncode == 0
    assert {name: results(killed).get(name) for name in results(undisturbed)} == results(undisturbed)


def test_two_builds_at_once_share_the_store(checkout: Checkout) -> None:
    both = [
        subprocess.Popen(BUILD, cwd=checkout.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait(120) for process in both] == [0, 0]
    assert half_made(checkout) == []
    assert "nothing" in checkout.vgcore("build").stdout


def test_a_store_copied_to_another_place_is_used(checkout: Checkout, tmp_path: Path) -> None:
    checkout.vgcore("build")
    elsewhere = Checkout(Path(shutil.copytree(checkout.root, tmp_path / "elsewhere")))
    assert "nothing" in elsewhere.vgcore("build").stdout


def with_room_for(size: int, checkout: Checkout) -> subprocess.CompletedProcess[str]:
    """A build by a process that may write no file larger than this: a disk that is full, or may not be written.

    Python itself is told to keep no bytecode: it would leave the half of a file there, and stumble over it.
    """
    limit = f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}));"
    main = "sys.argv[1:] = ['build']; from vgcore.cli import main; main()"
    return checkout.python("-B", "-c", limit + main)


def test_a_store_that_cannot_be_written_serves_what_it_has(checkout: Checkout) -> None:
    checkout.vgcore("build")
    (checkout.root / ".cache/press/sources.json").unlink()
    assert "nothing" in with_room_for(0, checkout).stdout


def test_a_full_disk_is_said_for_each_result_and_leaves_nothing(checkout: Checkout) -> None:
    built = with_room_for(300, checkout)
    assert built.returncode == 1
    assert "Traceback" not in built.stderr
    assert built.stderr.count("it could not be kept in") == 5
    assert (results(checkout), half_made(checkout)) == ({}, [])


def test_a_run_that_wants_all_memory_fails_alone(checkout: Checkout) -> None:
    checkout.replace(
        COINS, START, "    if seed == 1:\n        hoard = [bytearray(2**30) for _ in range(2**20)]\n" + START
    )
    said = failing(checkout)
    assert f"experiment coins, seed 1 ({COINS}:20): out of memory" in said
    assert "1 thing to mend" in said


def test_a_run_that_sleeps_for_ever_fails_alone(checkout: Checkout) -> None:
    checkout.replace(COINS, START, "    if seed == 1:\n        import time\n        time.sleep(1e6)\n" + START)
    checkout.replace(COINS, "published =", "limit_seconds = 1\npublished =")
    assert f"experiment coins, seed 1 ({COINS}:21): ran past its limit of 1 s" in failing(checkout)


def test_a_figure_that_exits_is_a_failure(checkout: Checkout) -> None:
    checkout.replace("figures/coins.py", "    return figure", "    raise SystemExit(0)")
    assert "figure coins (figures/coins.py:30): SystemExit: 0" in failing(checkout)


@pytest.mark.parametrize("seconds", [-(10**8), 10**8])
def test_no_clock_decides_what_is_fresh(checkout: Checkout, seconds: int) -> None:
    checkout.vgcore("build")
    for path in checkout.root.rglob("*"):
        os.utime(path, (time.time() + seconds,) * 2)
    assert "nothing" in checkout.vgcore("build").stdout


def test_a_killed_build_leaves_no_process(checkout: Checkout) -> None:
    checkout.replace(COINS, START, "    import time\n    time.sleep(60)\n" + START)
    process = subprocess.Popen(BUILD, cwd=checkout.root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    watched = psutil.Process(process.pid)
    while len(children := watched.children(recursive=True)) < 3:
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert psutil.wait_procs(children, timeout=10)[1] == []
