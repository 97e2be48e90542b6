"""One skip from the first hidden layer to the last."""

from typing import Any

import keras
import numpy as np
import pytest

from vgcore.models import MLP, LongSkip, long_skip, mlp

X = np.random.default_rng(0).normal(size=(4, 64)).astype(np.float32)


def test_the_answer_reads_the_first_layer_and_the_last_one_added() -> None:
    skip, plain = long_skip(LongSkip(depth=3, width=8), seed=5), mlp(MLP(depth=3, width=8), seed=5)
    hidden = keras.Model(plain.input, [plain.get_layer(name).output for name in ("hidden_1", "hidden_3")])
    first, last = (np.asarray(each) for each in hidden(X))
    kernel, bias = (np.asarray(weight) for weight in plain.get_layer("logits").weights)
    assert np.asarray(skip(X)) == pytest.approx((first + last) @ kernel + bias, rel=1e-4, abs=1e-5)


def test_a_single_layer_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="needs two layers, not 1"):
        LongSkip(depth=1)


@pytest.mark.parametrize("field", ["width", "inputs", "outputs"])
def test_a_size_that_is_not_positive_gets_a_sentence(field: str) -> None:
    setting: dict[str, Any] = {field: 0}
    with pytest.raises(ValueError, match=f"{field} must be positive, not 0"):
        LongSkip(**setting)


def test_an_unknown_activation_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="Keras knows no activation 'rely'"):
        LongSkip(activation="rely")
