"""The ends of the number formats against the numbers themselves, as NumPy computes with them."""

from typing import Any

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vgcore import theory

TYPES = {"float16": np.float16, "bfloat16": ml_dtypes.bfloat16, "float32": np.float32, "float64": np.float64}
formats = pytest.mark.parametrize("name", TYPES)
narrow = pytest.mark.parametrize("name", ["float16", "bfloat16", "float32"])


@formats
def test_the_smallest_numbers_are_those_of_the_format(name: str) -> None:
    limits: Any = ml_dtypes.finfo(TYPES[name])  # type: ignore[no-untyped-call]
    assert theory.smallest_number(name) == float(limits.smallest_subnormal)
    assert theory.smallest_number(name, subnormal=False) == float(limits.smallest_normal)


@formats
@pytest.mark.parametrize("number", [1.0, 1.5, -0.1, 3e4, 1e-6])
def test_the_spacing_is_that_of_the_format(name: str, number: float) -> None:
    kept = TYPES[name](number)
    above = np.nextafter(np.abs(kept), TYPES[name](np.inf))
    assert theory.spacing(float(kept), name) == float(above) - abs(float(kept))


@narrow
@given(weight=st.floats(0.01, 100), ratio=st.floats(-12, -1), negative=st.booleans(), growing=st.booleans())
def test_a_step_is_lost_exactly_where_the_format_loses_it(
    name: str, weight: float, ratio: float, negative: bool, growing: bool
) -> None:
    kept = TYPES[name](-weight if negative else weight)
    step = float(kept) * 10**ratio * (-1 if growing else 1)
    exact = float(kept) - step
    neighbour = TYPES[name](exact)  # one rounding of the exact difference, as the processor does it
    assert bool(theory.step_is_lost(float(kept), step, name)) == (neighbour == kept)


@narrow
def test_towards_zero_a_power_of_two_has_its_next_number_half_as_far(name: str) -> None:
    half = float(theory.spacing(1.0, name)) / 2
    assert theory.step_is_lost(1.0, -0.9 * half, name)
    assert not theory.step_is_lost(1.0, 0.9 * half, name)


@narrow
def test_the_share_of_lost_steps_is_that_of_many_weights(name: str) -> None:
    weights = np.random.default_rng(0).uniform(1, 2, 20000).astype(TYPES[name]).astype(float)
    limit = 2.0 ** -theory.FORMATS[name].bits
    for ratio in (0.4 * limit, 0.6 * limit, 0.8 * limit, 1.1 * limit):
        measured = theory.step_is_lost(weights, ratio * weights, name).mean()
        assert measured == pytest.approx(theory.share_of_steps_lost(ratio, name), abs=0.02)


@pytest.mark.parametrize(
    ("factor", "name", "subnormal", "layers"),
    [(0.236, "float16", True, 12), (0.236, "float32", False, 61), (0.7071, "float32", False, 252)],
)
def test_layers_until_a_gradient_is_lost(factor: float, name: str, subnormal: bool, layers: int) -> None:
    assert theory.layers_until_lost(factor, name, subnormal=subnormal) == layers
    smallest = theory.smallest_number(name, subnormal=subnormal)
    assert factor**layers < smallest <= factor ** (layers - 1)


def test_a_larger_start_lasts_longer_and_a_lost_one_no_layer() -> None:
    assert theory.layers_until_lost(0.5, "float16", start=2.0**10) == theory.layers_until_lost(0.5, "float16") + 10
    assert theory.layers_until_lost(0.5, "float16", start=1e-30) == 0


def test_bad_input_gets_one_sentence() -> None:
    with pytest.raises(ValueError, match="theory knows no floating format 'float8', only"):
        theory.smallest_number("float8")
    with pytest.raises(ValueError, match="factor must lie between 0 and 1"):
        theory.layers_until_lost(1.0, "float32")
    with pytest.raises(ValueError, match="start must be positive"):
        theory.layers_until_lost(0.5, "float32", start=0.0)
