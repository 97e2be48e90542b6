"""The digits are real, fixed, stratified and standardised."""

from typing import Any

import numpy as np
import pytest
from sklearn.datasets import load_digits

from vgcore import data


def test_training_pixels_have_mean_0_and_mean_square_1() -> None:
    pixels = data.digits().train_x.astype(float)
    assert pixels.mean() == pytest.approx(0, abs=1e-6)
    assert np.square(pixels).mean() == pytest.approx(1, abs=1e-6)


def test_together_both_parts_are_scikit_learns_digits() -> None:
    digits = data.digits()
    images, labels = load_digits(return_X_y=True)
    mine = np.concatenate([digits.train_x, digits.test_x])
    grey = np.round((mine - mine.min()) / (mine.max() - mine.min()) * 16)
    assert sorted(map(tuple, grey)) == sorted(map(tuple, images))
    assert sorted([*digits.train_y, *digits.test_y]) == sorted(labels)


def test_every_class_has_the_same_share_of_both_parts() -> None:
    digits = data.digits()
    train, test = (np.bincount(labels, minlength=10) / len(labels) for labels in (digits.train_y, digits.test_y))
    assert train == pytest.approx(test, abs=0.005)


def test_the_first_examples_are_of_all_classes() -> None:
    assert len(np.unique(data.digits().train_y[:64])) == 10


def test_types_and_sizes() -> None:
    digits = data.digits()
    assert (digits.train_x.dtype.name, digits.train_y.dtype.name) == ("float32", "int64")
    assert (len(digits.train_x), len(digits.train_y), len(digits.test_x), len(digits.test_y)) == (1437, 1437, 360, 360)


def test_nobody_can_change_the_cached_arrays() -> None:
    assert data.digits() is data.digits()
    with pytest.raises(ValueError, match="read-only"):
        data.digits().train_x[0, 0] = 0


def test_without_scikit_learn_a_sentence_says_what_to_install(monkeypatch: Any) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sklearn.datasets", None)
    with pytest.raises(ImportError, match="pip install scikit-learn"):
        data.digits.__wrapped__()
