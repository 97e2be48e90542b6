"""Every re-stated rule on hand-made arrays, on both sides of each published threshold."""

import numpy as np
import pytest

from vgcore.zoo.published_rules import (
    Array,
    Look,
    Output,
    Readings,
    Step,
    auto_trainer,
    deep_diagnosis,
    reports,
    the_deep_checker,
)

ROW = np.ones((1, 4), np.float32)  # its norm is 2


def look(*gradients: Array, accuracy: float | None = 0.5, loss: float = 1.0, outputs: tuple[Output, ...] = ()) -> Look:
    kernels = gradients or (ROW, ROW)
    return Look(
        gradients=kernels,
        is_dense=(True,) * len(kernels),
        weights=tuple(np.ones_like(kernel) for kernel in kernels),
        outputs=outputs,
        accuracy=accuracy,
        loss=loss,
    )


def epochs(*looks: Look) -> Readings:
    return Readings(epochs=looks, steps=())


def step(size: float = 1e-2, moved: float = 1e-3, outputs: tuple[Output, ...] = ()) -> Step:
    gradient, weights = np.full((2, 2), size, np.float32), np.ones((2, 2), np.float32)
    return Step(gradients=(gradient,), weights=(weights,), next_weights=(weights + np.float32(moved),), outputs=outputs)


def steps(*taken: Step) -> Readings:
    return Readings(epochs=(), steps=taken)


def output(values: list[float], activation: str = "relu") -> Output:
    return Output(activation=activation, values=np.array(values, np.float32)[:, None])


# AutoTrainer


@pytest.mark.parametrize(("first", "last", "vanishes"), [(4e-5, 1.0, True), (6e-5, 1.0, False), (4e-5, 0.03, False)])
def test_autotrainer_calls_a_first_gradient_vanishing_that_is_small_and_a_thousandth_of_the_last(
    first: float, last: float, vanishes: bool
) -> None:
    assert auto_trainer.first_vanishes((first * ROW, last * ROW)) == vanishes  # norms twice as large


@pytest.mark.parametrize(("ratio", "explodes"), [(69, False), (71, True)])
def test_autotrainer_calls_a_first_gradient_exploding_beyond_seventy_times_the_last(ratio: int, explodes: bool) -> None:
    assert auto_trainer.first_exceeds_last((ratio * ROW, ROW)) == explodes


@pytest.mark.parametrize(("zeros", "dead"), [(6, False), (7, True)])
def test_autotrainer_calls_units_dead_where_seven_of_ten_gradient_entries_are_zero(zeros: int, dead: bool) -> None:
    gradient = np.array([0.0] * zeros + [1e-30] * (10 - zeros), np.float32)
    assert auto_trainer.mostly_zero((gradient[:4], gradient[4:])) == dead


@pytest.mark.parametrize(
    ("accuracy", "badly"),
    [([0.1, 0.69], True), ([0.1, 0.71], False), ([0.8, 0.809], True), ([0.8, 0.811], False), ([None, None], False)],
)
def test_autotrainer_asks_only_below_an_accuracy_of_seventy_percent_or_without_a_rise_of_one(
    accuracy: list[float | None], badly: bool
) -> None:
    assert auto_trainer.converges_badly(accuracy) == badly


@pytest.mark.parametrize(("loss", "found"), [(999.0, False), (1000.0, True), (float("nan"), True)])
def test_autotrainer_takes_a_loss_of_a_thousand_for_none(loss: float, found: bool) -> None:
    assert auto_trainer.any_non_finite(look(loss=loss)) == found


def test_autotrainer_reports_nothing_while_the_model_learns_well() -> None:
    looks = [look(100 * ROW, ROW, accuracy=accuracy) for accuracy in (0.3, 0.6, 0.9)]
    assert auto_trainer.examine(epochs(*looks)) == set()
    assert auto_trainer.examine(epochs(*[look(100 * ROW, ROW)] * 3)) == {"exploding"}


def test_autotrainer_does_not_judge_the_accuracy_before_thirty_percent_of_the_epochs() -> None:
    slow, fast = (look(100 * ROW, ROW, accuracy=accuracy) for accuracy in (0.5, 0.9))
    assert auto_trainer.examine(epochs(*[slow] * 3, *[fast] * 3)) == {"exploding"}
    assert auto_trainer.examine(epochs(*[slow] * 3, *[fast] * 9)) == set()


def test_autotrainer_does_not_look_before_the_third_epoch() -> None:
    assert auto_trainer.examine(epochs(*[look(100 * ROW, ROW)] * 2)) == set()


def test_autotrainer_says_nothing_of_gradients_in_a_regression() -> None:
    assert auto_trainer.examine(epochs(*[look(100 * ROW, ROW, accuracy=None)] * 3)) == set()


def test_autotrainer_reports_dead_units_before_explosion() -> None:
    sparse = np.array([[100.0, 0, 0, 0, 0, 0, 0, 0]], np.float32)
    assert auto_trainer.examine(epochs(*[look(sparse, 0.1 * ROW)] * 3)) == {"exploding"}  # 7 of 12 are zero
    assert auto_trainer.examine(epochs(*[look(sparse, 1e-3 * sparse)] * 3)) == {"dead units"}


def test_autotrainer_reports_numbers_that_are_none_however_well_the_model_learns() -> None:
    infinite = np.full((1, 4), np.inf, np.float32)
    assert auto_trainer.examine(epochs(*[look(ROW, infinite, accuracy=0.99)] * 3)) == {"non-finite"}


# DeepDiagnosis


@pytest.mark.parametrize(("size", "vanishes"), [(0.9e-7, True), (1.1e-7, False)])
def test_deepdiagnosis_calls_a_gradient_vanishing_below_a_mean_of_1e_7(size: float, vanishes: bool) -> None:
    assert deep_diagnosis.mean_vanishes(np.array([size, -size], np.float32)) == vanishes


@pytest.mark.parametrize(("mean", "found"), [(0.0, True), (1e-30, False), (np.inf, True), (np.nan, True)])
def test_deepdiagnosis_takes_a_mean_of_exactly_zero_for_a_numerical_problem(mean: float, found: bool) -> None:
    assert deep_diagnosis.numerical_problem(np.array([mean], np.float32)) == found


@pytest.mark.parametrize(("silent", "dead"), [(6, False), (7, True)])
def test_deepdiagnosis_counts_silent_values_not_units(silent: int, dead: bool) -> None:
    values = [0.0] * silent + [1.0] * (10 - silent)
    assert deep_diagnosis.dead_values(output(values)) == dead
    assert not deep_diagnosis.dead_values(output(values, "tanh"))


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@pytest.mark.parametrize(("sums", "saturated"), [([5.01, -5.01, 0], True), ([4.99, -5.01, 0], False)])
def test_deepdiagnosis_calls_a_layer_saturated_when_half_of_its_sums_are_beyond_five(
    activation: str, sums: list[float], saturated: bool
) -> None:
    bent = np.tanh(sums) if activation == "tanh" else 1 / (1 + np.exp(-np.array(sums)))
    assert deep_diagnosis.saturated_values(output(list(bent), activation)) == saturated


def test_deepdiagnosis_never_calls_a_relu_saturated() -> None:
    assert not deep_diagnosis.saturated_values(output([9.0, 9.0]))


def test_deepdiagnosis_looks_for_saturation_at_the_fifth_epoch_only() -> None:
    saturated = look(outputs=(output([0.99999, 0.99998], "tanh"),))
    assert deep_diagnosis.examine(epochs(*[saturated] * 4)) == set()
    assert deep_diagnosis.examine(epochs(*[saturated] * 5)) == {"saturated"}


def test_deepdiagnosis_looks_for_dead_units_at_the_last_epoch_only() -> None:
    silent = look(outputs=(output([0.0] * 9 + [1.0]),))
    assert deep_diagnosis.examine(epochs(silent, look())) == set()
    assert deep_diagnosis.examine(epochs(look(), silent)) == {"dead units"}


def test_deepdiagnosis_stops_at_the_first_finding_and_begins_at_the_last_layer() -> None:
    assert deep_diagnosis.examine(epochs(look(1e-8 * ROW, 0 * ROW))) == {"non-finite"}
    assert deep_diagnosis.examine(epochs(look(0 * ROW, 1e-8 * ROW))) == {"vanishing"}


def test_deepdiagnosis_asks_for_vanishing_in_dense_layers_only() -> None:
    small = look(1e-8 * ROW)
    convolution = Look(**{**vars(small), "is_dense": (False,)})
    assert deep_diagnosis.examine(epochs(small)) == {"vanishing"}
    assert deep_diagnosis.examine(epochs(convolution)) == set()


def test_deepdiagnosis_has_no_rule_for_explosion() -> None:
    assert deep_diagnosis.examine(epochs(look(1e30 * ROW, ROW))) == set()


# TheDeepChecker


@pytest.mark.parametrize(("size", "vanishes"), [(0.9e-6, True), (1.1e-6, False)])
def test_thedeepchecker_calls_a_gradient_vanishing_below_1e_6(size: float, vanishes: bool) -> None:
    assert the_deep_checker.size_vanishes(np.array([size])) == vanishes


@pytest.mark.parametrize(("size", "explodes"), [(0.9e6, False), (1.1e6, True)])
def test_thedeepchecker_calls_a_gradient_exploding_above_1e6(size: float, explodes: bool) -> None:
    assert the_deep_checker.size_explodes(np.array([size])) == explodes


@pytest.mark.parametrize(("ratio", "count", "vanishes"), [(0.5, 5, True), (0.5, 4, False), (0.51, 5, False)])
def test_thedeepchecker_calls_a_gradient_vanishing_that_was_halved_four_times(
    ratio: float, count: int, vanishes: bool
) -> None:
    assert the_deep_checker.size_vanishes(np.array([ratio**number for number in range(count)])) == vanishes


@pytest.mark.parametrize(("ratio", "count", "explodes"), [(2.0, 5, True), (2.0, 4, False), (1.99, 5, False)])
def test_thedeepchecker_calls_a_gradient_exploding_that_was_doubled_four_times(
    ratio: float, count: int, explodes: bool
) -> None:
    assert the_deep_checker.size_explodes(np.array([ratio**number for number in range(count)])) == explodes


@pytest.mark.parametrize(("moved", "slow"), [(0.9e-4, True), (1.1e-4, False), (0.0, True)])
def test_thedeepchecker_calls_updates_slow_below_a_ten_thousandth(moved: float, slow: bool) -> None:
    assert the_deep_checker.slow_updates((step(moved=moved), step(moved=moved)), kernel=0) == slow


def test_thedeepchecker_counts_a_step_that_moves_nothing_as_one_of_ratio_one() -> None:
    slow, still = step(moved=2e-5), step(moved=0.0)
    assert the_deep_checker.slow_updates((slow, slow), kernel=0)
    assert not the_deep_checker.slow_updates((slow, still), kernel=0)


@pytest.mark.parametrize(("loud", "dead"), [(1, True), (2, False)])
def test_thedeepchecker_calls_a_unit_dead_by_its_ninety_fifth_percentile(loud: int, dead: bool) -> None:
    values = np.zeros((21, 1), np.float32)
    values[:loud] = 1.0
    assert the_deep_checker.dead_units(Output(activation="relu", values=values)) == dead


@pytest.mark.parametrize(("dead_units", "dead"), [(2, False), (3, True)])
def test_thedeepchecker_calls_a_layer_dead_when_more_than_half_of_its_units_are(dead_units: int, dead: bool) -> None:
    values = np.ones((8, 4), np.float32)
    values[:, :dead_units] = 0.9e-5
    assert the_deep_checker.dead_units(Output(activation="relu", values=values)) == dead


@pytest.mark.parametrize(("size", "saturated"), [(0.84, False), (0.86, True)])
def test_thedeepchecker_calls_a_unit_saturated_above_a_rho_of_0_85(size: float, saturated: bool) -> None:
    assert the_deep_checker.saturated_units(output([size, -size], "tanh")) == saturated


def test_thedeepchecker_measures_a_sigmoid_between_zero_and_one() -> None:
    assert the_deep_checker.saturated_units(output([0.05, 0.95], "sigmoid"))
    assert not the_deep_checker.saturated_units(output([0.1, 0.9], "sigmoid"))


def test_rho_measures_a_sigmoid_from_its_middle() -> None:
    assert the_deep_checker.rho(np.array([0.5, 0.5]), start=0, end=1) == 0
    assert the_deep_checker.rho(np.array([0.001, 0.999]), start=0, end=1) == pytest.approx(0.998)


def test_thedeepchecker_looks_from_the_tenth_step_on() -> None:
    assert the_deep_checker.examine(steps(*[step(size=1e-8)] * 10)) == set()
    assert the_deep_checker.examine(steps(*[step(size=1e-8)] * 11)) == {"vanishing"}


def test_thedeepchecker_reports_everything_it_finds() -> None:
    silent = output([0.0, 0.0])
    assert the_deep_checker.examine(steps(*[step(1e-8, 0.0, (silent,))] * 11)) == {
        "vanishing",
        "stalled updates",
        "dead units",
    }


def test_thedeepchecker_asks_no_more_of_a_kernel_whose_gradient_is_no_number() -> None:
    assert the_deep_checker.examine(steps(*[step(size=np.nan, moved=0.0)] * 11)) == {"non-finite"}


def test_a_tool_that_finds_nothing_says_healthy() -> None:
    calm = Readings(epochs=(look(accuracy=0.9),) * 3, steps=(step(),) * 11)
    assert set(reports(calm).values()) == {frozenset({"healthy"})}
