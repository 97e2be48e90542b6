"""`try_fixes`: which fix helps is decided by a race that is fair, repeatable, and leaves the model alone."""

import json
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from vgcore.data import digits
from vgcore.diagnosis import fixes, repair
from vgcore.diagnosis.batches import examples
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.fixes import clipping, initial_weights
from vgcore.diagnosis.measured import Measured, measure
from vgcore.diagnosis.race import Finish, Track, lent, race, ready
from vgcore.diagnosis.repair import try_fixes
from vgcore.diagnosis.repaired import Repaired
from vgcore.diagnosis.trials import AS_IT_IS, Trials, ranked, verdict
from vgcore.models import MLP, mlp

CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
DIGITS = digits()
SMALL = MLP(depth=3, width=16, activation="tanh")

VANISHING = Finding(symptom="vanishing", severity="alarm", cause="activation", sentence="", evidence=())
EXPLODING = replace(VANISHING, symptom="exploding", cause="initialisation")


def diagnosed(model: Any, optimiser: Any = None, count: int = 384) -> Measured:
    sample = examples(DIGITS.train_x, DIGITS.train_y, count, seed=0)
    return measure(model, sample, CROSS_ENTROPY, optimiser or keras.optimizers.SGD(0.05))


@pytest.fixture(scope="module")
def sigmoid() -> Measured:
    return diagnosed(mlp(MLP(depth=20, width=32), seed=0))


@pytest.fixture(scope="module")
def rescue(sigmoid: Measured) -> Trials:
    return try_fixes(sigmoid, [VANISHING], steps=120)


@pytest.fixture(scope="module")
def small() -> Measured:
    return diagnosed(mlp(SMALL, seed=0), keras.optimizers.SGD(0.3))


def helping(trials: Trials) -> set[str]:
    return set(trials.table.loc[trials.table["helps"] == "yes", "fix"])


def row(trials: Trials, fix: str) -> Any:
    return trials.table.set_index("fix").loc[fix]


# What helps


def test_twenty_sigmoid_layers_are_rescued_by_what_changes_the_gradient(rescue: Trials) -> None:
    assert helping(rescue) == {"ReLU with He's weights", "skip connections", "batch normalisation"}
    assert rescue.best in helping(rescue)


def test_without_a_fix_they_stay_at_the_guess(rescue: Trials) -> None:
    assert 0.95 * rescue.guess < row(rescue, AS_IT_IS)["loss"] < 1.05 * rescue.guess


def test_the_decades_are_those_before_training(rescue: Trials) -> None:
    table = rescue.table.set_index("fix")
    assert (table["decades_before"] > 10).all()
    assert (table.loc[list(helping(rescue)), "decades_after"].abs() < 1).all()
    assert (table.loc[["Adam", "initial weights that suit the activation"], "decades_after"] > 10).all()


def test_extra_parameters_are_counted(rescue: Trials) -> None:
    assert row(rescue, "batch normalisation")["extra_parameters"] == 20 * 4 * 32
    assert row(rescue, "skip connections")["extra_parameters"] == 0


def test_large_weights_are_tamed_by_smaller_ones_and_by_clipping(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "FIXES", [initial_weights, clipping])
    large = MLP(depth=8, width=32, activation="relu", initialisation="he_normal", gain=1.5)
    trials = try_fixes(diagnosed(mlp(large, seed=0)), [EXPLODING], steps=60)
    assert helping(trials) == {"initial weights that suit the activation", "clipping at 1"}
    assert row(trials, AS_IT_IS)["loss"] == np.inf


def test_without_a_finding_nothing_is_tried(small: Measured) -> None:
    trials = try_fixes(small, [])
    assert (len(trials.table), trials.steps, trials.best, str(trials)) == (0, 0, "", "No fix applies.")


def test_a_model_that_learns_is_not_clearly_helped(small: Measured) -> None:
    assert helping(try_fixes(small, [VANISHING], steps=120)) == set()


# Fairness


def test_the_same_steps_and_seed_give_the_same_table(small: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "FIXES", [initial_weights])
    first, again = (try_fixes(small, [VANISHING], steps=7, seed=3).table for _ in range(2))
    assert first.equals(again)


def test_another_seed_gives_another_table(small: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(repair, "FIXES", [initial_weights])
    first, other = (try_fixes(small, [VANISHING], steps=7, seed=seed).table for seed in (3, 4))
    assert not first["loss"].equals(other["loss"])


def test_the_model_as_it_is_trains_as_keras_would_train_it(small: Measured) -> None:
    bench = repair._Bench(small, seed=0)
    order = bench.order(20)
    model = keras.models.clone_model(small.model)
    model.set_weights(small.model.get_weights())
    model.compile(keras.optimizers.SGD(0.3), CROSS_ENTROPY)
    x, y = (part[order.ravel()] for part in bench.track.train)
    model.fit(x, y, batch_size=order.shape[1], shuffle=False, verbose=0)
    known = model.evaluate(*bench.track.held_out, verbose=0)
    assert bench.tried(None, order)["loss"] == pytest.approx(known, rel=1e-4)


def test_nobody_trains_on_what_is_held_out(small: Measured) -> None:
    bench = repair._Bench(small, seed=0)
    seen, kept = bench.track.train[0], bench.track.held_out[0]
    assert len(seen) + len(kept) == 384
    assert not {image.tobytes() for image in seen} & {image.tobytes() for image in kept}


def test_each_epoch_visits_every_example_once(small: Measured) -> None:
    order = repair._Bench(small, seed=0).order(8)
    assert sorted(order[:4].ravel()) == sorted(order[4:].ravel()) == list(range(256))


@pytest.mark.parametrize("factor", [1.0, 1e-3])
def test_the_readers_loss_weight_counts_in_training(factor: float) -> None:
    model = mlp(SMALL, seed=0)
    model.compile(keras.optimizers.SGD(0.05), CROSS_ENTROPY, loss_weights=factor)
    bench = repair._Bench(diagnosed(model, model.optimizer), seed=0)
    assert (bench.tried(None, bench.order(40))["loss"] < 1.5) == (factor == 1)


def test_penalties_count_in_training_and_not_in_the_result() -> None:
    model = mlp(SMALL, seed=0)
    model.layers[1].kernel.regularizer = keras.regularizers.L2(1.0)
    before = model.layers[1].kernel.numpy()
    loss = _raced(model, steps=5, factor=0.0, rate=0.05).loss
    assert model.layers[1].kernel.numpy() == pytest.approx(before * 0.9**5, rel=1e-4)  # each step takes 2 * 0.05 W
    assert loss < 3


def _raced(model: Any, steps: int, factor: float = 1.0, rate: float = 0.05) -> Finish:
    x, y = DIGITS.train_x[:128].astype("float32"), DIGITS.train_y[:128]
    track = Track(train=(x[:64], y[:64]), held_out=(x[64:], y[64:]), loss=CROSS_ENTROPY, guess=2.3)
    repaired = Repaired(model=model, optimiser=keras.optimizers.SGD(rate), loss_factor=factor)
    return race(repaired, track, np.tile(np.arange(64), (steps, 1)), ready(repaired, track))


def test_the_loss_of_a_training_that_runs_away_is_infinite() -> None:
    assert _raced(mlp(replace(SMALL, activation="relu"), seed=0), steps=20, rate=100.0).loss == np.inf


def test_a_model_that_learns_by_heart_is_judged_by_its_best_moment() -> None:
    model = mlp(replace(SMALL, width=64), seed=0)
    best = _raced(model, steps=600, rate=0.3)
    x, y = DIGITS.train_x[64:128], DIGITS.train_y[64:128]
    end = float(tf.reduce_mean(CROSS_ENTROPY.call(y, model(x))))
    assert best.loss < end
    assert best.accuracy > 0.6


# The reader's model


def _state(model: Any) -> list[Any]:
    return [variable.numpy() for variable in model.variables]


def _same(model: Any, before: list[Any]) -> bool:
    return all(np.array_equal(old, new.numpy()) for old, new in zip(before, model.variables, strict=True))


def test_the_model_stays_bit_for_bit_what_it_was(sigmoid: Measured, rescue: Trials) -> None:
    assert rescue.steps == 120
    assert _same(sigmoid.model, _state(mlp(MLP(depth=20, width=32), seed=0)))


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, MemoryError])
def test_an_interruption_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch, interruption: Any) -> None:
    model = Subclassed()
    model.build((None, 64))
    patient, before = diagnosed(model), _state(model)

    def interrupted(*_: Any) -> Any:
        model.first.kernel.assign(np.zeros((64, 16)))
        raise interruption

    monkeypatch.setattr(repair, "race", interrupted)
    with pytest.raises(interruption):
        try_fixes(patient, [VANISHING], steps=2)
    assert _same(model, before)


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = keras.layers.Dense(16, "relu", name="first"), keras.layers.Dense(10, name="last")

    def build(self, input_shape: Any) -> None:
        self.first.build(input_shape)
        self.last.build((None, 16))
        self.built = True

    def call(self, images: Any) -> Any:
        return self.last(self.first(images))


@pytest.fixture(scope="module")
def subclassed() -> tuple[Any, Trials, list[Any]]:
    model = Subclassed()
    model.build((None, 64))
    patient, before = diagnosed(model), _state(model)
    return model, try_fixes(patient, [VANISHING, replace(EXPLODING, cause="learning rate")], steps=20), before


def test_a_subclassed_model_lends_itself_to_what_changes_no_layer(subclassed: tuple[Any, Trials, list[Any]]) -> None:
    table = subclassed[1].table
    tried = set(table["fix"][np.isfinite(table["loss"])])
    assert tried == {"Adam", "clipping at 1", "initial weights that suit the activation", AS_IT_IS}


def test_a_subclassed_model_says_why_its_layers_cannot_be_changed(subclassed: tuple[Any, Trials, list[Any]]) -> None:
    said = row(subclassed[1], "batch normalisation")["helps"]
    assert said == "cannot be applied: Subclassed has no graph of layers that could be changed"


def test_a_fix_that_keras_refuses_is_a_row_that_says_so(small: Measured, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any) -> Any:
        raise ValueError("the shapes do not fit\nand more")

    monkeypatch.setattr(initial_weights, "apply", refused)
    monkeypatch.setattr(repair, "FIXES", [initial_weights])
    assert try_fixes(small, [VANISHING], steps=1).table["helps"].tolist() == [
        "",
        "cannot be applied: the shapes do not fit",
    ]


def test_a_subclassed_model_gets_its_weights_back(subclassed: tuple[Any, Trials, list[Any]]) -> None:
    assert _same(subclassed[0], subclassed[2])


def test_a_loan_keeps_the_layers_own_list_of_losses() -> None:
    model = mlp(SMALL, seed=0)
    model.layers[1]._losses.append(1.0)
    with lent(model):
        model(DIGITS.train_x[:4])
    assert list(model.layers[1]._losses) == [1.0]


# Time


def test_steps_follow_from_the_budget(monkeypatch: pytest.MonkeyPatch, small: Measured) -> None:
    bench = repair._Bench(small, seed=0)
    now = iter([0.0, 2.0, 3.0, 3.0, 10.0])  # two seconds around ten steps, then a second for ten steps
    monkeypatch.setattr(repair, "perf_counter", lambda: next(now))
    assert bench.affordable(runs=2, until=3.0 + 2 * (1.5 * 2 + 60.5 * 1.5 * 0.1)) == 60


def test_what_has_not_begun_in_time_is_not_tried(monkeypatch: pytest.MonkeyPatch, small: Measured) -> None:
    monkeypatch.setattr(repair._Bench, "affordable", lambda *_: 2)
    trials = try_fixes(small, [EXPLODING], budget_seconds=1e-6)
    assert set(trials.table["helps"]) == {"", "not tried: the time was up"}


def test_what_would_not_end_in_time_is_not_tried(monkeypatch: pytest.MonkeyPatch, small: Measured) -> None:
    now = [0.0]

    def ten_seconds_longer(*_: Any) -> dict[str, Any]:
        now[0] += 10.0
        return repair._untried("") | {"loss": 1.0, "loss_before": 1.0}

    monkeypatch.setattr(repair._Bench, "tried", ten_seconds_longer)
    monkeypatch.setattr(repair, "perf_counter", lambda: now[0])
    monkeypatch.setattr(repair._Bench, "affordable", lambda *_: 2)
    trials = try_fixes(small, [VANISHING], budget_seconds=35.0)
    assert len(trials.table) > 4
    assert now[0] == 30.0


@pytest.mark.parametrize("settings", [{"steps": 0}, {"budget_seconds": 0}])
def test_steps_and_seconds_must_be_positive(small: Measured, settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="must be positive"):
        try_fixes(small, [EXPLODING], **settings)


# The result


def test_a_fix_is_named_once_and_its_page_is_in_the_book() -> None:
    from pathlib import Path

    names = [fix.NAME for fix in fixes.FIXES]
    assert len(set(names)) == len(names)
    assert all((Path("docs") / f"{fix.PAGE}.md").exists() for fix in fixes.FIXES)


@pytest.mark.parametrize(
    ("loss", "without", "says"),
    [(0.5, 2.3, "yes"), (2.25, 2.3, "no"), (2.2, np.inf, "no"), (1.0, np.inf, "yes"), (np.inf, 2.3, "makes it worse"),
     (0.2, 0.3, "no"), (0.9, 0.3, "makes it worse"), (3.0, 9.0, "no"), (np.inf, np.inf, "no")],
)  # fmt: skip
def test_a_fix_helps_if_the_model_learns_clearly_more_with_it(loss: float, without: float, says: str) -> None:
    assert verdict(loss, without, scale=2.3) == says


def _rows(*losses: tuple[str, float, float, int]) -> list[dict[str, Any]]:
    return [
        {"fix": fix, "helps": "yes", "loss_before": 1.0, "loss": loss, "accuracy": float("nan"), "decades_before": 1.0,
         "decades_after": decades, "extra_parameters": extra, "page": ""}
        for fix, loss, decades, extra in losses
    ]  # fmt: skip


def test_ranks_go_by_loss_then_by_decades_then_by_size() -> None:
    rows = _rows(("missing", np.nan, 0, 0), ("diverged", np.inf, 0, 0), ("large", 1.001, 2, 9), ("steep", 1, -5, 0),
                 ("good", 0.5, 7, 9), ("light", 1, 2, 0))  # fmt: skip
    assert list(ranked(rows, 2.0)["fix"]) == ["good", "light", "large", "steep", "diverged", "missing"]


def test_a_result_fits_into_json() -> None:
    table = ranked(_rows(("good", 0.5, 1, 0), ("diverged", np.inf, np.nan, 0)), 2.0)
    found = Trials(table=table, steps=3, seed=0, guess=np.nan).to_dict()
    assert json.loads(json.dumps(found, allow_nan=False)) == found
    assert (found["best"], found["guess"], found["fixes"][1]["loss"]) == ("good", None, None)


def test_a_result_prints_every_fix_and_the_best_one(rescue: Trials) -> None:
    said = str(rescue)
    assert said.startswith(f"Best: {rescue.best}.")
    assert all(fix in said for fix in rescue.table["fix"])


def test_clipping_is_not_tried_on_gradients_that_vanish(rescue: Trials) -> None:
    assert clipping.NAME not in set(rescue.table["fix"])
