"""Runs, claims and what it takes for a claim to hold."""

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from vgcore.evidence import Claim, Run, decades, in_powers, in_the_median, judge, stack


def table(*heads: float) -> pd.DataFrame:
    return pd.DataFrame({"throw": range(1, len(heads) + 1), "heads": heads})


def share(measured: pd.DataFrame) -> float:
    return float(measured["heads"].mean())


RUN = stack("coins", {"throws": 2}, {1: table(0.2, 0.4), 0: table(0.5, 0.7), 2: table(0.9, 0.9)})
TWO = stack("coins", {}, {0: {"wins": table(1.0), "losses": table(0.0)}, 1: {"wins": table(3.0), "losses": table(2.0)}})
PURE = stack("odds", {}, {0: table(0.25, 0.25)})


# Runs


def test_seeds_are_stacked_in_order_whatever_order_they_came_in() -> None:
    assert RUN.seeds == (0, 1, 2)
    assert RUN.table["seed"].tolist() == [0, 0, 1, 1, 2, 2]


def test_the_seed_is_the_first_column() -> None:
    assert list(RUN.table) == ["seed", "throw", "heads"]


def test_stacking_numbers_the_rows_anew() -> None:
    assert RUN.table.index.tolist() == list(range(6))


def test_one_seed_is_what_measure_returned() -> None:
    measured = RUN.of_seed(1)
    assert isinstance(measured, pd.DataFrame)
    pd.testing.assert_frame_equal(measured, table(0.2, 0.4))


def test_one_seed_of_several_tables_is_all_of_them() -> None:
    measured = TWO.of_seed(1)
    assert isinstance(measured, dict)
    assert {name: one["heads"].item() for name, one in measured.items()} == {"wins": 3.0, "losses": 2.0}


def test_stacking_leaves_what_was_measured_as_it_was() -> None:
    measured = table(0.5)
    stack("coins", {}, {0: measured})
    assert list(measured) == ["throw", "heads"]


def test_asking_for_the_only_table_of_several_names_them() -> None:
    with pytest.raises(ValueError, match=r"^experiment 'coins' has the tables \['losses', 'wins'\]: name one of them$"):
        _ = TWO.table


def test_a_counterfeit_changes_every_table_of_a_copy() -> None:
    changed = TWO.with_tables(lambda one: one.assign(heads=9.0))
    assert {value for one in changed.tables.values() for value in one["heads"]} == {9.0}
    assert TWO.tables["losses"]["heads"].tolist() == [0.0, 2.0]


# Claims


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"at_least": 1}, "claim '{:.0f}' needs value= or value_of_run=, one of the two"),
        ({"value": share, "value_of_run": share, "at_least": 1}, "claim '{:.0f}' needs value= or value_of_run="),
        ({"value": share}, "claim '{:.0f}' cannot fail: give it at_least=, at_most= or holds="),
    ],
    ids=["no value", "two values", "no bound"],
)
def test_a_claim_that_says_nothing_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match="^" + re.escape(message)):
        Claim(text="{:.0f}", **arguments)


@pytest.mark.parametrize(("value", "admitted"), [(0.999, False), (1, True), (2, True), (3, True), (3.001, False)])
def test_bounds_are_inclusive(value: float, admitted: bool) -> None:
    assert Claim(text="{}", value=share, at_least=1, at_most=3).admits(value) == admitted


@pytest.mark.parametrize(
    "bound", [{"at_least": 0}, {"at_most": 0}, {"holds": lambda _: True}], ids=["at_least", "at_most", "holds"]
)
def test_what_is_no_number_never_holds(bound: dict[str, Any]) -> None:
    assert not Claim(text="{}", value=share, **bound).admits(float("nan"))


def test_bounds_and_a_comparison_must_hold_together() -> None:
    claim = Claim(text="{}", value=share, at_least=1, holds=lambda value: value != 2)
    assert [claim.admits(value) for value in (0, 1, 2)] == [False, True, False]


@pytest.mark.parametrize(
    ("text", "bounds", "words"),
    [
        ("{:.0%} heads", {"at_least": 0.5}, "at least 50%"),
        ("{:.1f} decades", {"at_least": 11, "at_most": 13}, "at least 11.0, at most 13.0"),
        ("a quarter", {"at_most": 0.28}, "at most 0.28"),
        ("{:,.0f} times", {"at_least": 5000}, "at least 5,000"),
        ("{:.0f}", {"at_most": 3, "holds": bool}, "at most 3, the stated comparison"),
    ],
)
def test_bounds_are_put_in_words(text: str, bounds: dict[str, Any], words: str) -> None:
    assert Claim(text=text, value=share, **bounds).bounds == words


@pytest.mark.parametrize(
    ("text", "bound", "written"),
    [("{:.0f}", 0.4, "0.4"), ("{:.0%}", 0.005, "0.5%"), ("{:.1%}", 0.9795, "97.95%"), ("{:.2f}", 2.305, "2.305")],
)
def test_a_bound_is_not_rounded_to_another(text: str, bound: float, written: str) -> None:
    assert Claim(text=text, value=share, at_least=bound).bounds == f"at least {written}"


# Verdicts


def verdict_of(value: Callable[..., float] = share, text: str = "{:.0%} heads", **bounds: Any) -> Any:
    return judge(Claim(text=text, value=value, **bounds), RUN)


def test_every_seed_has_its_value() -> None:
    assert verdict_of(at_least=0).values == pytest.approx({0: 0.6, 1: 0.3, 2: 0.9})  # noqa: PD011 - a mapping


def test_the_text_states_the_median_over_the_seeds() -> None:
    assert verdict_of(at_least=0).text == "60% heads"


def test_the_range_is_formatted_like_the_number_in_the_text() -> None:
    found = verdict_of(at_least=0)
    assert (found.lowest, found.highest) == ("30%", "90%")


def test_a_text_in_words_has_a_range_in_numbers() -> None:
    found = verdict_of(text="about half", at_least=0)
    assert (found.text, found.lowest, found.highest) == ("about half", "0.3", "0.9")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.97e-09", "2.0 × 10⁻⁹"),
        ("3.7e-09", "3.7 × 10⁻⁹"),
        ("9.96e-10", "1.0 × 10⁻⁹"),
        ("-1e+24 nats", "-1.0 × 10²⁴ nats"),
        ("0.0004 decades", "0.0004 decades"),
        ("one-eighth of 1.5", "one-eighth of 1.5"),
    ],
)
def test_powers_of_ten_are_written_for_readers(text: str, words: str) -> None:
    assert in_powers(text).split() == words.split()


def test_no_line_breaks_inside_a_power_of_ten() -> None:
    assert " " not in in_powers("1.97e-09")


def test_a_verdict_has_no_computers_notation() -> None:
    found = verdict_of(lambda one: share(one) * 1e-9, text="{:.3g} of it", at_least=2.5e-10, at_most=1e-9)
    assert (found.text, found.lowest, found.highest) == tuple(map(in_powers, ("6e-10 of it", "3e-10", "9e-10")))
    assert found.bounds == in_powers("at least 2.5e-10, at most 1e-09")


def test_a_bound_in_powers_of_ten_is_not_rounded() -> None:
    assert verdict_of(at_least=1.25e-9, text="something").bounds.split() == ["at", "least", "1.25", "×", "10⁻⁹"]


@pytest.mark.parametrize(
    ("value", "text", "written"),
    [
        (-2.0, "from {:.0f} on", "from −2 on"),
        (-0.001, "{:.2f}", "0.00"),
        (-0.01, "{:.2f}", "−0.01"),
        (0.2, "a 3-layer {:.0%}", "a 3-layer 20%"),
    ],
)
def test_a_number_below_zero_has_a_minus_sign_and_nothing_has_none(value: float, text: str, written: str) -> None:
    assert verdict_of(lambda _: value, text=text, at_most=1).text == written


@pytest.mark.parametrize(("at_least", "holds"), [(0.29, True), (0.31, False)])
def test_one_seed_outside_the_bounds_breaks_a_claim(at_least: float, holds: bool) -> None:
    assert verdict_of(at_least=at_least).holds == holds


def test_one_seed_without_a_number_breaks_a_claim() -> None:
    assert not verdict_of(lambda one: share(one) if share(one) > 0.5 else np.nan, at_least=0).holds


def test_a_value_of_the_run_sees_all_seeds_at_once() -> None:
    claim = Claim(text="{:.1f}", value_of_run=lambda run: run.table["heads"].max() - len(run.seeds), at_most=0)
    assert judge(claim, RUN).values == pytest.approx({-1: -2.1})  # noqa: PD011 - a mapping


def test_in_the_median_one_seed_may_be_outside_the_bounds() -> None:
    claim = Claim(text="{:.1f}", value_of_run=in_the_median(share), at_least=0.5)
    assert judge(claim, RUN).values == pytest.approx({-1: 0.6})  # noqa: PD011 - a mapping


def test_in_the_median_pure_mathematics_is_shared_by_every_seed() -> None:
    later = RUN.with_tables(lambda table: table.assign(seed=table["seed"] + 1000))
    lead = in_the_median(lambda odds, coins: share(coins) - share(odds))
    assert lead(PURE, later) == pytest.approx(0.35)


def test_pure_mathematics_is_shared_by_every_seed() -> None:
    claim = Claim(text="{:.2f}", value=lambda coins, odds: share(coins) - share(odds), at_least=0)
    assert judge(claim, RUN, PURE).values == pytest.approx({0: 0.35, 1: 0.05, 2: 0.65})  # noqa: PD011 - a mapping


def test_pure_mathematics_is_shared_by_seeds_that_begin_elsewhere() -> None:
    later = RUN.with_tables(lambda table: table.assign(seed=table["seed"] + 1000))
    claim = Claim(text="{:.2f}", value=lambda coins, odds: share(coins) - share(odds), at_least=0)
    assert judge(claim, later, PURE).values == pytest.approx({1000: 0.35, 1001: 0.05, 1002: 0.65})  # noqa: PD011


def test_pure_mathematics_alone_has_one_value() -> None:
    found = judge(Claim(text="{:.2f}", value=share, at_least=0), PURE)
    assert (found.text, found.lowest, found.highest) == ("0.25", "0.25", "0.25")


def test_a_claim_over_several_tables_gets_them_by_name() -> None:
    claim = Claim(text="{:.0f}", value=lambda tables: share(tables["wins"]) - share(tables["losses"]), at_least=1)
    assert judge(claim, TWO).holds


def test_a_run_knows_its_experiment_and_configuration() -> None:
    assert isinstance(RUN, Run)
    assert (RUN.experiment, RUN.config) == ("coins", {"throws": 2})


def test_a_decade_is_a_factor_of_ten() -> None:
    assert decades(1e3, 1e-9) == pytest.approx(12)
