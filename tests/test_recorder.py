"""What the recorder writes down while a model is trained, and that it leaves the training alone."""

import warnings
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
import tensorflow as tf

from vgcore import GradientRecorder, measure_gradients
from vgcore.data import digits
from vgcore.models import MLP, mlp

X, Y = digits().train_x[:96], digits().train_y[:96]


def compiled(optimiser: Any = "sgd", **settings: Any) -> Any:
    model = mlp(MLP(depth=3, width=8, activation="tanh"), seed=0)
    model.compile(optimiser, keras.losses.SparseCategoricalCrossentropy(from_logits=True), **settings)
    return model


def fit(model: Any, *callbacks: Any, epochs: int = 2, **settings: Any) -> Any:
    return model.fit(
        X, Y, batch_size=32, epochs=epochs, shuffle=False, verbose=0, callbacks=list(callbacks), **settings
    )


def weights(model: Any) -> list[np.ndarray]:
    return [variable.value.numpy() for variable in (*model.variables, *model.optimizer.variables)]


@pytest.mark.parametrize("settings", [{}, {"steps_per_execution": 2}, {"run_eagerly": True}])
def test_the_training_is_the_same_bit_for_bit(settings: dict[str, Any]) -> None:
    alone, recorded = compiled("adam", **settings), compiled("adam", **settings)
    fit(alone)
    fit(recorded, GradientRecorder())
    for one, other in zip(weights(alone), weights(recorded), strict=True):
        np.testing.assert_array_equal(one, other)


def test_the_start_is_what_measuring_the_untrained_model_gives() -> None:
    model, recorder = compiled(), GradientRecorder()
    expected = measure_gradients(model, X[:32], Y[:32]).table
    fit(model, recorder)
    start = recorder.table[recorder.table["epoch"] == 0]
    pd.testing.assert_frame_equal(start[list(expected)].reset_index(drop=True), expected)


def test_the_end_is_what_measuring_the_trained_model_gives() -> None:
    model, recorder = compiled(), GradientRecorder(batch=(X, Y))
    fit(model, recorder)
    expected = measure_gradients(model, X, Y).table
    end = recorder.table[recorder.table["epoch"] == 2]
    pd.testing.assert_frame_equal(end[list(expected)].reset_index(drop=True), expected)


def test_change_is_relative_to_the_start() -> None:
    model, recorder = compiled(), GradientRecorder()
    start = [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]
    fit(model, recorder)
    end = [layer.kernel.numpy() for layer in model.layers if hasattr(layer, "kernel")]
    expected = [np.linalg.norm(b - a) / np.linalg.norm(a) for a, b in zip(start, end, strict=True)]
    last = recorder.table[recorder.table["epoch"] == 2]
    assert last["relative_change"].to_numpy() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize(("rate", "clip"), [(0.1, None), (0.1, 1e-3)])
def test_the_update_ratio_is_that_of_the_first_step(rate: float, clip: float | None) -> None:
    model, recorder = compiled(keras.optimizers.SGD(rate, global_clipnorm=clip)), GradientRecorder()
    fit(model, recorder, epochs=1)
    with tf.GradientTape() as tape:
        fresh = compiled()
        loss = fresh.loss(Y[:32], fresh(X[:32]))
    gradients = [gradient.numpy() for gradient in tape.gradient(loss, [w.value for w in fresh.trainable_weights])]
    norm = np.sqrt(sum(np.sum(np.square(gradient)) for gradient in gradients))
    scale = rate * (min(1.0, clip / norm) if clip else 1.0)
    expected = [
        scale * np.linalg.norm(gradient) / np.linalg.norm(weight.numpy())
        for gradient, weight in zip(gradients, fresh.trainable_weights, strict=True)
        if gradient.ndim == 2
    ]
    first = recorder.table[recorder.table["epoch"] == 1]
    assert first["update_ratio"].to_numpy() == pytest.approx(expected, rel=1e-3)


def test_steps_in_one_call_are_divided_by_their_number() -> None:
    recorder = GradientRecorder()
    fit(compiled(steps_per_execution=3), recorder, epochs=1)  # all steps of the epoch
    end = recorder.table[recorder.table["epoch"] == 1]
    assert 3 * end["update_ratio"].to_numpy() == pytest.approx(end["relative_change"].to_numpy(), rel=1e-9)


def test_accumulated_gradients_count_when_they_are_applied() -> None:
    recorder = GradientRecorder()
    fit(compiled(keras.optimizers.SGD(0.1, gradient_accumulation_steps=3)), recorder, epochs=1)
    assert (recorder.table["update_ratio"].dropna() > 0).all()


def test_a_frozen_layer_does_not_move() -> None:
    model, recorder = compiled(), GradientRecorder()
    model.layers[1].trainable = False
    fit(model, recorder)
    moved = recorder.table[recorder.table["epoch"] == 2].set_index("layer")
    assert moved.loc[model.layers[1].path, ["relative_change", "update_ratio"]].tolist() == [0, 0]
    assert (moved.drop(model.layers[1].path)["relative_change"] > 0).all()


def test_scaled_losses_are_measured_unscaled() -> None:
    model, recorder = compiled(keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1))), GradientRecorder()
    plain = GradientRecorder()
    fit(model, recorder)
    fit(compiled(keras.optimizers.SGD(0.1)), plain)
    for column in ("activation_gradient_rms", "relative_change"):
        assert recorder.table[column].to_numpy() == pytest.approx(plain.table[column].to_numpy(), rel=1e-3)


def test_every_second_epoch_and_the_last_are_recorded() -> None:
    recorder = GradientRecorder(every=2)
    fit(compiled(), recorder, epochs=5)
    assert recorder.table["epoch"].unique().tolist() == [0, 2, 4, 5]


def test_later_callbacks_find_the_numbers_in_the_logs(tmp_path: Path) -> None:
    fit(compiled(), GradientRecorder(), keras.callbacks.CSVLogger(str(tmp_path / "log.csv")))
    log = pd.read_csv(tmp_path / "log.csv")
    assert {"gradient_slope", "gradient_decades", "least_update_ratio", "largest_update_ratio"} <= set(log)
    assert log["gradient_slope"].notna().all()


def test_tensorboard_gets_a_scalar_for_each_layer(tmp_path: Path) -> None:
    recorder = GradientRecorder(log_dir=tmp_path)
    fit(compiled(), recorder)
    (file,) = tmp_path.iterdir()
    events = [tf.compat.v1.Event.FromString(record.numpy()) for record in tf.data.TFRecordDataset(str(file))]
    found = {(event.step, value.tag): value.simple_value for event in events for value in event.summary.value}
    expected = {
        (row["epoch"], f"activation_gradient_rms/{row['layer']}"): pytest.approx(
            row["activation_gradient_rms"], rel=1e-5
        )
        for row in recorder.table.to_dict("records")
    }
    assert expected == {key: found[key] for key in expected}


class Unlucky(keras.callbacks.Callback):
    """Ends a training in the middle."""

    def on_train_batch_end(self, *_: Any, **__: Any) -> None:
        raise RuntimeError


def test_a_training_that_ends_early_leaves_the_model_alone() -> None:
    model, recorder = compiled(), GradientRecorder()
    with pytest.raises(RuntimeError):
        fit(model, recorder, Unlucky())
    rows = len(recorder.table)
    fit(model)
    assert len(recorder.table) == rows


def test_a_second_training_begins_anew() -> None:
    model, recorder = compiled(), GradientRecorder()
    fit(model, recorder)
    fit(model, recorder, epochs=1)
    assert recorder.table["epoch"].unique().tolist() == [0, 1]


def test_without_targets_a_sentence_says_what_to_pass() -> None:
    class Energy(keras.Model):
        def __init__(self) -> None:
            super().__init__()
            self.inner = keras.layers.Dense(2)

        def call(self, x: Any) -> Any:
            y = self.inner(x)
            self.add_loss(keras.ops.mean(y**2))
            return y

    model = Energy()
    model.compile("sgd")
    with pytest.raises(ValueError, match=r"no targets: pass GradientRecorder a batch=\(x, y\) and a loss="):
        model.fit(X, epochs=1, verbose=0, callbacks=[GradientRecorder()])


def test_a_period_must_be_positive() -> None:
    with pytest.raises(ValueError, match="every must be a number of epochs, at least 1, not 0"):
        GradientRecorder(every=0)


def deep(optimiser: Any, **settings: Any) -> Any:
    model = mlp(MLP(**{"depth": 10, "width": 16, **settings}), seed=0)
    model.compile(optimiser, keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def test_it_warns_once_of_a_gradient_that_vanishes() -> None:
    with pytest.warns(UserWarning, match="vanishing: the gradient loses 6 decades") as raised:
        fit(deep("sgd"), GradientRecorder(diagnose=True), epochs=3)
    assert len(raised) == 1


def test_it_warns_of_an_explosion() -> None:
    large = {"activation": "relu", "initialisation": "he_normal", "gain": 3.0}
    steps = keras.optimizers.SGD(1.0, clipnorm=10.0)
    with pytest.warns(UserWarning, match="exploding"):
        fit(deep(steps, **large), GradientRecorder(diagnose=True, batch=(X, Y)), epochs=1)


def test_it_warns_of_a_dead_layer() -> None:
    model = deep("sgd", activation="relu", depth=3)
    model.get_layer("hidden_2").bias.assign(np.full(16, -100.0))
    with pytest.warns(UserWarning, match="dead units: 100% of hidden_2"):
        fit(model, GradientRecorder(diagnose=True))


def test_a_healthy_training_is_left_in_peace() -> None:
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        fit(deep("sgd", activation="relu", initialisation="he_normal"), GradientRecorder(diagnose=True), epochs=3)
    assert not raised
