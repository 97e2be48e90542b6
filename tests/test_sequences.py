"""Sequences are what their docstrings say: the digits in order, and tasks with a known baseline."""

from typing import Any

import numpy as np
import pytest

from vgcore import data

DIGITS = data.digits()


@pytest.mark.parametrize(("make", "steps"), [(data.digits_by_row, 8), (data.digits_by_pixel, 64)])
def test_a_digit_is_read_from_the_top_left_to_the_bottom_right(make: Any, steps: Any) -> None:
    read = make()
    assert read.train_x.shape[1] == steps
    assert np.array_equal(read.train_x.reshape(1437, 64), DIGITS.train_x)
    assert np.array_equal(read.test_x.reshape(360, 64), DIGITS.test_x)
    assert read.train_y is DIGITS.train_y


def test_noise_follows_the_digit() -> None:
    task = data.digit_then_noise(6, seed=3)
    assert task.train_x.shape == (1437, 14, 8)
    assert np.array_equal(task.train_x[:, :8].reshape(1437, 64), DIGITS.train_x)
    noise = task.train_x[:, 8:].astype(float)
    assert noise.mean() == pytest.approx(0, abs=0.02)
    assert noise.var() == pytest.approx(1, abs=0.02)


def test_no_noise_leaves_the_digit_alone() -> None:
    assert np.array_equal(data.digit_then_noise(0, seed=3).test_x, data.digits_by_row().test_x)


def test_every_digit_has_noise_of_its_own() -> None:
    noise = data.digit_then_noise(4, seed=0).train_x[:, 8:].reshape(1437, -1)
    assert len(np.unique(noise, axis=0)) == 1437


def test_the_adding_target_is_that_of_the_marked_numbers() -> None:
    task = data.adding(30, seed=1)
    numbers, markers = task.train_x[..., 0].astype(float), task.train_x[..., 1]
    total = (numbers * (markers == 1)).sum(axis=1)
    assert task.train_y[:, 0] == pytest.approx(0.5 + total / 4, abs=1e-6)


def test_two_numbers_are_marked_early_and_both_ends_are_negative() -> None:
    markers = data.adding(40, seed=1).train_x[..., 1]
    assert ((markers == 1).sum(axis=1) == 2).all()
    assert (markers[:, [0, -1]] == -1).all()
    assert (markers[:, 19:-1] == 0).all()
    assert (markers[:, 1:10] == 1).any(axis=1).all()
    assert (markers[:, 10:19] == 1).any(axis=0).all()


def test_saying_always_a_half_costs_a_twenty_fourth() -> None:
    task = data.adding(20, seed=2, train=40000)
    assert np.square(task.train_y - 0.5).mean() == pytest.approx(1 / 24, rel=0.02)


def test_what_is_to_be_copied_comes_first_and_is_asked_for_at_the_end() -> None:
    task = data.copying(7, seed=4, train=50)
    letters = task.train_x.argmax(axis=2)
    assert letters.shape == task.train_y.shape == (50, 27)
    assert (letters[:, :10] < 8).all()
    assert np.array_equal(letters[:, :10], task.train_y[:, -10:])
    assert (letters[:, 10:16] == 8).all()
    assert (letters[:, 16] == 9).all()
    assert (letters[:, 17:] == 8).all()
    assert (task.train_y[:, :-10] == 8).all()


def test_copying_without_memory_costs_what_the_paper_says() -> None:
    task = data.copying(30, seed=4, train=50)
    chance = np.where(task.train_y == 8, 1.0, 1 / 8)
    assert -np.log(chance).mean() == pytest.approx(10 * np.log(8) / 50)


@pytest.mark.parametrize(
    "make",
    [
        lambda seed: data.digit_then_noise(2, seed),
        lambda seed: data.adding(12, seed),
        lambda seed: data.copying(3, seed),
    ],
    ids=["digit_then_noise", "adding", "copying"],
)
def test_the_seed_alone_decides(make: Any) -> None:
    first, again, other = make(1), make(1), make(2)
    assert np.array_equal(first.train_x, again.train_x)
    assert not np.array_equal(first.train_x, other.train_x)
    assert not np.array_equal(first.train_x[:300], first.test_x[:300])


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: data.digit_then_noise(-1, seed=0), "the number of noise steps must not be negative, not -1"),
        (lambda: data.adding(9, seed=0), "the adding problem needs at least 10 steps, not 9"),
        (lambda: data.copying(0, seed=0), "the delay must be at least 1 step, not 0"),
    ],
)
def test_a_task_that_cannot_be_gets_one_sentence(make: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        make()
