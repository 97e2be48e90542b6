"""What `diagnose` says of models that were made to have one fault, and that it leaves them alone."""

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from vgcore import diagnose
from vgcore.data import digits
from vgcore.models import MLP, mlp

X, Y = digits().train_x[:768], digits().train_y[:768]
ROWS = X.reshape(-1, 8, 8)
RANDOM = np.random.default_rng(0)
FIRST = RANDOM.integers(0, 10, 768)  # the class is in the first of thirty steps, and noise in all others
LONG = np.concatenate([np.eye(10, 8)[FIRST][:, None], RANDOM.normal(size=(768, 29, 8))], axis=1)
CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


@pytest.fixture(autouse=True)
def _seeded() -> None:
    """Keras's own layers below draw their weights from the global seed."""
    keras.utils.set_random_seed(0)


def network(**settings: Any) -> Any:
    return mlp(MLP(**{"depth": 6, "width": 32, "activation": "relu", "initialisation": "he_normal", **settings}), 0)


def compiled(model: Any, optimiser: Any = None, **settings: Any) -> Any:
    model.compile(optimiser or keras.optimizers.SGD(0.1), **{"loss": CROSS_ENTROPY, **settings})
    return model


def small_adam(**settings: Any) -> Any:
    return keras.optimizers.Adam(1e-3, **settings)


def scaled(factor: float) -> Any:
    return lambda y, outputs: factor * CROSS_ENTROPY(y, outputs)


def state(model: Any) -> list[Any]:
    return [one.value.numpy() for one in (*model.variables, *model.optimizer.variables, *model.metrics_variables)]


def dead(model: Any) -> Any:
    model.get_layer("hidden_3").bias.assign(np.full(32, -30.0))
    return model


def stopped(model: Any) -> Any:
    """The third layer's output is rounded, which has no gradient."""
    cut = keras.layers.Lambda(tf.stop_gradient, name="cut")(model.get_layer("hidden_3").output)
    return keras.Model(model.inputs, keras.layers.Dense(10)(cut))


FAULTS: dict[str, tuple[str, str, Any, dict[str, Any]]] = {
    "sigmoid": ("vanishing", "activation", lambda: compiled(network(depth=12, activation="sigmoid")), {}),
    "small weights": ("vanishing", "initialisation", lambda: compiled(network(depth=12, gain=0.3)), {}),
    "large weights": ("exploding", "initialisation", lambda: compiled(network(depth=12, gain=3.0)), {}),
    "dead layer": ("dead units", "activation", lambda: compiled(dead(network())), {}),
    "flat tanh": ("saturated", "initialisation", lambda: compiled(network(activation="tanh", gain=100.0)), {}),
    "shut gates": ("saturated", "initialisation", lambda: compiled(reader(shut=True)), {"x": ROWS}),
    "short memory": ("vanishing", "recurrence", lambda: compiled(reader(forgetful=True)), {"x": LONG, "y": FIRST}),
    "alike": ("collapsed", "depth", lambda: compiled(network(depth=50), keras.optimizers.SGD(0.01)), {}),
    "clipped": (
        "hidden explosion", "clipping",
        lambda: compiled(network(depth=12, gain=3.0), keras.optimizers.SGD(0.1, global_clipnorm=1.0)), {},
    ),
    "epsilon": ("stalled updates", "epsilon", lambda: compiled(network(), small_adam(), loss=scaled(1e-12)), {}),
    "no number": ("non-finite", "weights", lambda: compiled(spoilt(network())), {}),
    "cut": ("disconnected", "disconnected", lambda: compiled(stopped(network())), {}),
    "large inputs": ("not a gradient problem", "input scale", lambda: compiled(network()), {"x": 1000 * X}),
    "small rate": (
        "not a gradient problem", "learning rate", lambda: compiled(network(), keras.optimizers.SGD(1e-7)), {},
    ),
    "large rate": (
        "not a gradient problem", "learning rate", lambda: compiled(network(), keras.optimizers.Adam(1.0)), {},
    ),
    "wrong labels": (
        "not a gradient problem", "labels", lambda: compiled(network()),
        {"y": np.random.default_rng(0).permutation(Y)},
    ),
    "wrong output": (
        "not a gradient problem", "output head",
        lambda: compiled(network(), loss=keras.losses.SparseCategoricalCrossentropy()), {},
    ),
    "large targets": (
        "not a gradient problem", "target scale",
        lambda: compiled(network(outputs=1), loss="mse"), {"y": 1e4 + 1e4 * X.mean(axis=1)},
    ),
}  # fmt: skip


def reader(*, shut: bool = False, forgetful: bool = False) -> Any:
    """An LSTM whose output gates are shut, or whose forget gates are."""
    layer = keras.layers.LSTM(16)
    model = keras.Sequential([keras.Input((None, 8)), layer, keras.layers.Dense(10)])
    gates = np.repeat([0.0, -4.0 * forgetful, 0.0, -20.0 * shut], 16)
    layer.cell.bias.assign(gates)
    return model


def spoilt(model: Any) -> Any:
    kernel = model.get_layer("hidden_2").kernel
    kernel.assign(kernel + np.inf)
    return model


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_cause(name: str) -> None:
    verdict, cause, build, data = FAULTS[name]
    report = diagnose(build(), **{"x": X, "y": Y, **data})
    assert (report.verdict, report.findings[0].cause, report.severity) == (verdict, cause, "alarm")


@pytest.mark.parametrize(
    "model",
    [
        lambda: compiled(network()),
        lambda: compiled(network(depth=12, activation="sigmoid", normalisation="batch")),
        lambda: compiled(network(), small_adam()),
        lambda: compiled(network(), keras.optimizers.SGD(1e7), loss=scaled(1e-8)),
    ],
    ids=["ReLU", "sigmoid with batch norm", "Adam", "a small loss and a rate to match"],
)
def test_a_healthy_model_is_called_healthy(model: Any) -> None:
    assert diagnose(model(), X, Y).verdict == "healthy"


def test_the_layer_that_breaks_the_line_is_named() -> None:
    layers = [
        keras.layers.Dense(32, "relu", kernel_initializer="he_normal", name=f"layer_{number}") for number in range(8)
    ]
    layers.insert(4, keras.layers.Rescaling(1e-5))
    model = compiled(keras.Sequential([keras.Input((64,)), *layers, keras.layers.Dense(10)], name="line"))
    found = diagnose(model, X, Y).findings[0]
    assert (found.symptom, found.layers, found.depths) == ("vanishing", ("line/layer_3",), (4,))


def test_a_branch_that_stands_still_is_a_risk_where_the_rest_learns() -> None:
    images = keras.Input((64,))
    still = images
    for number in range(12):
        still = keras.layers.Dense(16, "sigmoid", name=f"still_{number}")(still)
    joint = keras.layers.Concatenate()([still, keras.layers.Dense(32, "relu")(images)])
    report = diagnose(compiled(keras.Model(images, keras.layers.Dense(10)(joint))), X, Y)
    assert (report.verdict, report.severity) == ("vanishing", "risk")
    assert report.findings[0].layers[0] == "still_0"


def test_a_single_layer_of_large_weights_is_named() -> None:
    model = network(depth=8)
    kernel = model.get_layer("hidden_5").kernel
    kernel.assign(3e3 * kernel)
    found = diagnose(compiled(model), X, Y).findings[0]
    assert (found.symptom, found.layers, found.depths) == ("exploding", ("hidden_5",), (5,))


def test_a_mask_of_infinite_numbers_is_no_fault() -> None:
    masked = keras.layers.Lambda(lambda h: tf.concat([h, tf.fill([tf.shape(h)[0], 1], tf.cast(-np.inf, h.dtype))], 1))
    layers = [keras.layers.Dense(32), masked, keras.layers.Softmax(), keras.layers.Dense(10)]
    model = compiled(keras.Sequential([keras.Input((64,)), *layers]), keras.optimizers.Adam(0.02))
    assert diagnose(model, X, Y).verdict == "healthy"


def test_a_loss_scale_that_is_too_large_at_first_is_a_risk() -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = compiled(network(depth=3), keras.optimizers.SGD(1e-3), loss=scaled(100.0))
    finally:
        keras.config.set_dtype_policy("float32")
    report = diagnose(model, X, Y)
    assert (report.verdict, report.severity) == ("non-finite", "risk")


def test_a_model_whose_frozen_part_holds_it_back_is_a_risk() -> None:
    model = network()
    for number in range(1, 7):
        model.get_layer(f"hidden_{number}").trainable = False
    report = diagnose(compiled(model, keras.optimizers.SGD(1e-3)), X, Y)
    assert (report.verdict, report.severity, report.findings[0].cause) == ("not a gradient problem", "risk", "frozen")


def test_a_rate_of_which_a_tenth_helps_is_a_risk_and_leaves_the_model_as_it_was() -> None:
    model = compiled(network(), keras.optimizers.RMSprop(0.05))
    before = state(model)
    found = diagnose(model, X, Y).findings
    assert [(one.cause, one.severity) for one in found] == [("learning rate", "risk")]
    assert "a tenth" in found[0].sentence
    for old, new in zip(before, state(model), strict=True):
        np.testing.assert_array_equal(old, new)


def test_the_layer_that_cuts_others_off_is_named() -> None:
    found = diagnose(compiled(stopped(network())), X, Y).findings[0]
    assert (found.layers, found.depths) == (("cut",), (3,))
    assert found.sentence.endswith("depend on hidden_1, hidden_2, hidden_3: cut passes no gradient back.")


def test_a_layer_that_nothing_calls_is_named() -> None:
    model = WithIdle()
    model(X[:2])
    found = diagnose(compiled(model), X, Y).findings[0]
    assert (found.symptom, found.layers) == ("disconnected", (model.idle.path,))


def with_noise() -> Any:
    inside = [keras.layers.Dense(16, "relu"), keras.layers.BatchNormalization(), keras.layers.Dropout(0.5, seed=1)]
    model = keras.Sequential([keras.Input((64,)), *inside, keras.layers.Dense(10)])
    return compiled(model, small_adam(clipnorm=1.0), metrics=["accuracy"])


def test_nothing_changes() -> None:
    model = with_noise()
    model.fit(X, Y, epochs=1, verbose=0)
    before = state(model)
    diagnose(model, X, Y)
    for one, other in zip(state(model), before, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_training_goes_on_as_if_nothing_had_been() -> None:
    alone, diagnosed = with_noise(), with_noise()
    for one, other in zip(diagnosed.variables, alone.variables, strict=True):
        one.assign(other)
    diagnose(diagnosed, X, Y)
    for model in (alone, diagnosed):
        model.fit(X, Y, epochs=2, shuffle=False, verbose=0)
    for one, other in zip(state(diagnosed), state(alone), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError])
def test_nothing_changes_where_the_trial_is_interrupted(
    interruption: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    model = with_noise()
    before, optimiser = state(model), model.optimizer
    steps = iter(range(3))
    monkeypatch.setattr("vgcore.diagnosis.trial._all_finite", lambda _: next(steps) < 2 or interrupt(interruption))
    with pytest.raises(interruption):
        diagnose(model, X, Y)
    assert model.optimizer is optimiser
    for one, other in zip(state(model), before, strict=True):
        np.testing.assert_array_equal(one, other)


def interrupt(interruption: type[BaseException]) -> bool:
    raise interruption


def test_the_same_seed_gives_the_same_report() -> None:
    model = compiled(network())
    assert diagnose(model, X, Y, seed=1).to_dict() == diagnose(model, X, Y, seed=1).to_dict()


class Pairs(keras.utils.PyDataset):
    """The digits in batches of 64."""

    def __len__(self) -> int:
        return len(X) // 64

    def __getitem__(self, number: int) -> tuple[Any, Any]:
        return X[64 * number :][:64], Y[64 * number :][:64]


@pytest.mark.parametrize(
    "data",
    [
        lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(100),
        Pairs,
        lambda: ((X[start : start + 50], Y[start : start + 50]) for start in range(0, 768, 50)),
    ],
    ids=["tf.data", "PyDataset", "generator"],
)
def test_a_dataset_is_read_as_arrays_are(data: Any) -> None:
    model = compiled(network(depth=3))
    assert diagnose(model, data()).to_dict() == diagnose(model, X, Y).to_dict()


class Subclassed(keras.Model):
    """Two layers, and a training step of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = keras.layers.Dense(32, "relu"), keras.layers.Dense(10)

    def call(self, x: Any) -> Any:
        return self.last(self.first(x))

    def train_step(self, data: Any) -> dict[str, Any]:
        x, y = data
        with tf.GradientTape() as tape:
            loss = CROSS_ENTROPY(y, self(x, training=True))
        self.optimizer.apply(tape.gradient(loss, self.trainable_weights), self.trainable_weights)
        return {"loss": loss}


class WithIdle(Subclassed):
    """The same with a layer that takes no part."""

    def __init__(self) -> None:
        super().__init__()
        self.idle = keras.layers.Dense(4)

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.idle.build(input_shape)


def test_a_training_step_of_its_own_is_taken() -> None:
    model = Subclassed()
    model(X[:2])
    report = diagnose(compiled(model), X, Y)
    assert report.verdict == "healthy"
    assert report.losses[-1] < 0.8 * report.losses[0]


def two_headed(**settings: Any) -> Any:
    images, scale = keras.Input((64,), name="images"), keras.Input((1,), name="scale")
    hidden = keras.layers.Dense(32, "relu")(keras.layers.Concatenate()([images, scale]))
    outputs = {"digit": keras.layers.Dense(10)(hidden), "size": keras.layers.Dense(1)(hidden)}
    losses = {"digit": CROSS_ENTROPY, "size": "mean_squared_error"}
    return compiled(keras.Model([images, scale], outputs), loss=losses, **settings)


def test_several_inputs_and_outputs_are_taken_as_fit_takes_them() -> None:
    targets = {"digit": Y, "size": X.mean(axis=1, keepdims=True)}
    report = diagnose(two_headed(loss_weights={"digit": 1.0, "size": 0.5}), [X, X[:, :1]], targets)
    assert report.verdict == "healthy"


def test_one_answer_an_example_may_be_held_against_a_plain_row_of_labels() -> None:
    layers = [keras.layers.Dense(32, "relu"), keras.layers.Dense(1, "sigmoid")]
    model = compiled(keras.Sequential([keras.Input((64,)), *layers]), loss="binary_crossentropy")
    assert diagnose(model, X, (Y > 4).astype("float32")).verdict == "healthy"


def test_a_loss_of_ones_own_may_ask_for_float32() -> None:
    half = tf.constant(0.5)
    model = compiled(network(), loss=lambda y, outputs: half * CROSS_ENTROPY.call(y, outputs))
    assert diagnose(model, X, Y).verdict == "healthy"


def test_a_model_that_is_not_compiled_is_tried_with_adam() -> None:
    model = network(depth=3)
    report = diagnose(model, X, Y)
    assert report.verdict == "healthy"
    assert not model.compiled


@pytest.mark.parametrize(
    ("model", "x", "y", "message"),
    [
        (lambda: "sgd", X, Y, "must be a Keras model"),
        (lambda: keras.Sequential([keras.layers.Dense(3)]), X, Y, "is not built yet"),
        (
            lambda: compiled(keras.Sequential([keras.Input((64,)), keras.layers.Flatten()])),
            X,
            Y,
            "no trainable weights",
        ),
        (lambda: compiled(network()), X, Y[:5], "must be of one length, not 5 and 768"),
        (lambda: compiled(network()), X[:, :9], Y, "cannot read x of shape \\(9,\\)"),
        (lambda: compiled(network(), loss="mse"), X, X, "cannot compare answers of shape \\(10,\\)"),
        (lambda: compiled(network()), np.where(X[0, 2] == X, np.nan, X), Y, "x holds values that are not finite"),
        (lambda: compiled(network()), X, None, "y is missing"),
        (lambda: compiled(network()), X, np.append(Y[1:], 10), "cannot compare .* outside the valid range"),
        (lambda: compiled(network()), np.full((99, 64), "a"), Y[:99], "cannot read x"),
        (lambda: compiled(network()), X, np.full(768, "a"), "cannot compare answers"),
        (lambda: keras.Sequential([keras.Input((64,))]), X, Y, "the model is empty"),
        (keras.Sequential, X, Y, "the model is empty"),
        (lambda: compiled(network()), tf.data.Dataset.from_tensor_slices(X).batch(9), None, "has no targets"),
        (lambda: compiled(network()), iter(()), None, "the dataset is empty"),
    ],
)
def test_bad_input_gets_one_sentence(model: Any, x: Any, y: Any, message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message) as raised:
        diagnose(model(), x, y)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("x", "y", "message"),
    [(X[:20], Y[:20], "20 examples are too few, pass 48 or more"), (X, np.zeros_like(Y), "all targets are equal")],
)
def test_too_little_evidence_is_said_with_what_is_missing(x: Any, y: Any, message: str) -> None:
    report = diagnose(compiled(network()), x, y)
    assert report.verdict == "not enough evidence"
    assert message in str(report)
