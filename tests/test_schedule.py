"""How the work of a build is shared out among its workers."""

import pytest

from vgcore.press.schedule import Batch, balanced


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
