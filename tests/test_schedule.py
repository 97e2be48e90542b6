"""How the work of a build is shared out among its workers."""

from pathlib import Path

import pytest

from tests.folders import ROOT
from vgcore.press.project import Project
from vgcore.press.schedule import COMMITTED, Batch, Times, balanced


def batch(name: str, count: int, each: float) -> Batch:
    return Batch(experiment=name, seeds=tuple(range(count)), seconds_per_seed=each)


@pytest.mark.parametrize("count", [1, 2, 4])
def test_splitting_loses_no_seed(count: int) -> None:
    split = balanced([batch("a", 5, 10.0), batch("b", 5, 1.0)], count)
    assert sorted((one.experiment, seed) for one in split for seed in one.seeds) == [
        (name, seed) for name in "ab" for seed in range(5)
    ]


def test_the_longest_work_goes_first() -> None:
    split = [one.seconds for one in balanced([batch("short", 5, 1.0), batch("long", 5, 10.0)], 2)]
    assert split == sorted(split, reverse=True)


def test_seeds_stay_together_where_no_worker_would_idle() -> None:
    assert [one.seconds for one in balanced([batch("a", 5, 1.0), batch("b", 5, 1.0)], 2)] == [5.0, 5.0]


def test_what_ran_here_counts_before_what_another_machine_said(tmp_path: Path) -> None:
    for file, text in {"here": '{"a": 1.0}', "there": '{"a": 9.0, "b": 2.0}'}.items():
        (tmp_path / file).write_text(f'{{"seconds a seed": {text}}}')
    times = Times(tmp_path / "here", tmp_path / "there")
    assert [times.of(name) for name in ("a", "b", "c")] == [1.0, 2.0, Times.UNKNOWN]
    assert times.knows(["a", "b"])
    assert not times.knows(["c"])


def test_what_is_kept_for_other_checkouts_is_of_the_experiments_that_are_left(tmp_path: Path) -> None:
    times = Times(tmp_path / "here")
    times.save({"a": [1.0, 2.0], "gone": [3.0]}, [], 1.0)
    assert times.commit(tmp_path / "there", ["a", "never_run"]) == 1
    assert Times(tmp_path / "no", tmp_path / "there").of("a") == 1.5


def test_a_fresh_checkout_knows_which_experiments_are_long() -> None:
    assert Times(ROOT / "no", ROOT / COMMITTED).knows(Project(ROOT).experiments), "`vgcore store times` writes it"
