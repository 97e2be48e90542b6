"""Measured gradients are exact, belong to the right tensors, and cost the model nothing."""

import pickle
import random
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from vgcore import GradientProfile, data, measure_gradients, models, theory
from vgcore.models import MLP
from vgcore.probes.measure import rms

RANDOM = np.random.default_rng(0)
X, Y = RANDOM.normal(size=(12, 6)), RANDOM.integers(0, 3, 12)
MODULES: dict[str, Any] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0),
}


def network(*hidden: Any, inputs: Any = (6,), outputs: Any = 3) -> keras.Model:
    return keras.Sequential([keras.Input(inputs), *hidden, layers.Dense(outputs, name="logits")])


def row(profile: GradientProfile, layer: str) -> Any:
    return profile.table.set_index("layer").loc[layer]


def numpy_rms(values: Any) -> float:
    return float(np.sqrt(np.mean(np.square(np.asarray(values, float)))))


# Exact values


@settings(max_examples=15, deadline=None)
@given(
    activation=st.sampled_from(sorted(MODULES)),
    widths=st.lists(st.integers(1, 7), min_size=1, max_size=4),
    own_layer=st.booleans(),
    seed=st.integers(0, 99),
)
def test_the_profile_is_that_of_plain_numpy_backpropagation(
    activation: Any, widths: Any, own_layer: Any, seed: Any
) -> None:
    keras.utils.set_random_seed(seed)
    hidden = []
    for width in widths:
        hidden += (
            [layers.Dense(width), layers.Activation(activation)] if own_layer else [layers.Dense(width, activation)]
        )
    model = network(*hidden)
    table = measure_gradients(model, X, Y).table
    for name, values in numpy_backpropagation(model, activation, X).items():
        assert table[name].to_numpy() == pytest.approx(values, rel=1e-9, abs=1e-300), name
    assert table["depth"].tolist() == list(range(1, len(widths) + 2))


def numpy_backpropagation(model: Any, activation: str, x: Any) -> dict[str, list[float]]:
    matrices = [layer.kernel.numpy().astype(float) for layer in model.layers if hasattr(layer, "kernel")]
    hidden = [x]
    for matrix in matrices[:-1]:
        hidden.append(MODULES[activation](hidden[-1] @ matrix))
    hidden.append(hidden[-1] @ matrices[-1])
    exponentials = np.exp(hidden[-1])
    gradient = (exponentials / exponentials.sum(1, keepdims=True) - np.eye(3)[Y]) / len(x)
    h_rms: list[float] = []
    w_rms: list[float] = []
    for number in range(len(matrices), 0, -1):
        h_rms.insert(0, numpy_rms(gradient))
        if number < len(matrices):
            h = hidden[number]
            gradient = gradient * {"sigmoid": h * (1 - h), "tanh": 1 - h**2, "relu": (h > 0).astype(float)}[activation]
        w_rms.insert(0, numpy_rms(hidden[number - 1].T @ gradient))
        gradient = gradient @ matrices[number - 1].T
    return {
        "activation_rms": [numpy_rms(h) for h in hidden[1:]],
        "activation_gradient_rms": h_rms,
        "weight_gradient_rms": w_rms,
        "weight_rms": [numpy_rms(matrix) for matrix in matrices],
    }


def difference_gradient(loss: Any, array: np.ndarray, step: float = 1e-6) -> np.ndarray:
    """Central differences of a function of one array, entry by entry."""
    gradient = np.zeros_like(array)
    for index in np.ndindex(array.shape):
        shift = np.zeros_like(array)
        shift[index] = step
        gradient[index] = (loss(array + shift) - loss(array - shift)) / (2 * step)
    return gradient


TWO_PARTS: dict[str, Any] = {
    "dense": lambda: ([layers.Dense(4, "tanh", name="layer")], []),
    "normalised": lambda: (
        [layers.Dense(4, name="layer"), layers.BatchNormalization(), layers.Activation("tanh")],
        [],
    ),
    "convolution": lambda: (
        [layers.Reshape((6, 1)), layers.Conv1D(2, 3, activation="tanh", name="layer"), layers.AveragePooling1D(2)],
        [layers.Flatten()],
    ),
    "recurrence": lambda: ([layers.Reshape((3, 2)), layers.LSTM(3, name="layer")], []),
    "below another": lambda: (
        [layers.Dense(4, "sigmoid", name="layer")],
        [layers.Dense(4, "elu"), layers.Dropout(0.5)],
    ),
}
"""Layers below and above the tensor h that the layer named "layer" passes on."""


@pytest.fixture
def in_double_precision() -> Iterator[None]:
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("float64")
    yield
    keras.config.set_dtype_policy(before)


def applied(parts: Any, values: Any) -> Any:
    for part in parts:
        values = part(values, training=True) if isinstance(part, layers.BatchNormalization) else part(values)
    return values


def cross_entropy(logits: Any) -> float:
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(Y, logits)))


@pytest.mark.parametrize("name", TWO_PARTS)
@pytest.mark.usefixtures("in_double_precision")
def test_gradients_agree_with_finite_differences_in_float64(name: Any) -> Any:
    keras.utils.set_random_seed(3)
    below, above = TWO_PARTS[name]()
    model = network(*below, *above)
    layer, last = model.get_layer("layer"), model.get_layer("logits")
    measured = row(measure_gradients(model, X, Y), layer.path)
    above.append(last)
    h = applied(below, tf.constant(X)).numpy()

    def loss_of_weights(index: int) -> Any:
        def loss(values: Any) -> float:
            layer.weights[index].assign(values)
            return cross_entropy(applied(above, applied(below, tf.constant(X))))

        return loss

    matrices = [index for index, weight in enumerate(layer.weights) if len(weight.shape) > 1]
    by_weights = [difference_gradient(loss_of_weights(index), layer.weights[index].numpy()) for index in matrices]
    by_h = difference_gradient(lambda values: cross_entropy(applied(above, tf.constant(values))), h)
    assert measured.activation_rms == pytest.approx(numpy_rms(h), rel=1e-12)
    assert measured.activation_gradient_rms == pytest.approx(numpy_rms(by_h), rel=1e-6)
    assert measured.weight_gradient_rms == pytest.approx(
        numpy_rms(np.concatenate([gradient.ravel() for gradient in by_weights])), rel=1e-6
    )


@pytest.mark.parametrize("depth", [60, 200])
def test_a_very_deep_sigmoid_network_has_no_zero_in_its_profile(depth: Any) -> None:
    digits = data.digits()
    model = models.mlp(MLP(depth=depth, width=16), seed=0)
    profile = measure_gradients(model, digits.train_x[:32], digits.train_y[:32])
    numbers = profile.table[["activation_gradient_rms", "weight_gradient_rms"]]
    assert (numbers > 0).all(axis=None)
    assert profile.decades == pytest.approx(0.63 * (depth - 1), rel=0.05)


def test_a_gradient_float32_could_not_hold_still_agrees_with_numpy() -> None:
    keras.utils.set_random_seed(0)
    model = network(*[layers.Dense(5, "sigmoid") for _ in range(80)])
    expected = numpy_backpropagation(model, "sigmoid", X)["activation_gradient_rms"]
    assert expected[0] < 1e-45
    assert measure_gradients(model, X, Y).table["activation_gradient_rms"].to_numpy() == pytest.approx(
        expected, rel=1e-9, abs=0
    )


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_rms_neither_underflows_nor_overflows(size: Any) -> None:
    assert rms([np.array([3.0, 4.0]) * size, np.array([[5.0]]) * size]) / size == pytest.approx((50 / 3) ** 0.5)


def test_a_half_precision_model_is_measured_as_exactly_as_its_twin() -> Any:
    def build(policy: Any) -> Any:
        keras.utils.set_random_seed(5)
        return network(*[layers.Dense(8, "sigmoid", dtype=policy, name=f"layer_{n}") for n in range(30)])

    half, single = (measure_gradients(build(policy), X, Y).table for policy in ("mixed_float16", "float32"))
    assert (half.activation_gradient_rms > 0).all()
    assert half.drop(columns="layer").equals(single.drop(columns="layer"))


# Held against theory


@pytest.mark.parametrize(
    ("activation", "initialisation", "factor"),
    [("sigmoid", "glorot_uniform", 0.23605), ("relu", "glorot_uniform", 0.7071), ("relu", "he_normal", 1.0)],
)
def test_a_wide_network_follows_mean_field_theory(activation: Any, initialisation: Any, factor: Any) -> None:
    width = 1024
    model = models.mlp(
        MLP(depth=8, width=width, inputs=width, activation=activation, initialisation=initialisation), seed=0
    )
    x = np.random.default_rng(1).normal(size=(16, width))
    profile = measure_gradients(model, x, np.arange(16) % 10)
    weights = theory.weight_variance(initialisation)
    expected = theory.gradient_line(activation, weights, 8, weights * np.mean(x**2, axis=1))
    gradients = profile.table.activation_gradient_rms.to_numpy()[:8]
    assert gradients / gradients[-1] == pytest.approx(expected, rel=0.15)
    assert profile.chi**0.5 == pytest.approx(factor, rel=0.02)


def test_batch_normalisation_is_probed_with_the_statistics_of_the_batch() -> None:
    keras.utils.set_random_seed(0)
    hidden = [
        part
        for _ in range(12)
        for part in (layers.Dense(64), layers.BatchNormalization(), layers.Activation("sigmoid"))
    ]
    model = network(*hidden, inputs=(64,), outputs=10)
    digits = data.digits()
    assert abs(measure_gradients(model, digits.train_x[:256], digits.train_y[:256]).slope) < 0.05


# Which tensor belongs to which layer


def test_h_is_taken_after_the_layers_own_normalisation_and_activation() -> None:
    keras.utils.set_random_seed(1)
    model = network(layers.Dense(5), layers.LayerNormalization(), layers.Activation("tanh"), layers.Dropout(0.5))
    expected = keras.Sequential(model.layers[:3])(X.astype(np.float32))
    assert measure_gradients(model, X, Y).table.activation_rms[0] == pytest.approx(numpy_rms(expected), rel=1e-5)


def residual_network(add: Any) -> keras.Model:
    keras.utils.set_random_seed(2)
    inputs = keras.Input((6,))
    stream = layers.Dense(6, name="stem")(inputs)
    for number in (1, 2):
        stream = add(stream, layers.Dense(6, "tanh", name=f"block_{number}")(stream))
    return keras.Model(inputs, layers.Dense(3, name="logits")(stream))


@pytest.mark.parametrize("add", [lambda a, b: layers.Add()([a, b]), lambda a, b: a + b], ids=["layer", "operator"])
def test_in_a_residual_network_h_is_the_stream(add: Any) -> None:
    model = residual_network(add)
    stem, first, second = (model.get_layer(name).kernel.numpy() for name in ("stem", "block_1", "block_2"))
    streams = [X @ stem]
    for matrix in (first, second):
        streams.append(streams[-1] + np.tanh(streams[-1] @ matrix))
    profile = measure_gradients(model, X, Y)
    assert profile.table.activation_rms[:3].to_numpy() == pytest.approx([numpy_rms(h) for h in streams], rel=1e-6)
    assert profile.table.layer.tolist() == ["stem", "block_1", "block_2", "logits"]


def test_h_is_the_stream_too_where_the_branch_begins_with_its_activation() -> None:
    model = models.mlp(MLP(depth=2, width=16, inputs=6, outputs=3, skip=True), seed=0)
    stem, branch = (model.get_layer(f"hidden_{number}").kernel.numpy() for number in (1, 2))
    first = X @ stem
    second = first + (MODULES["sigmoid"](first) - 0.5) @ branch
    expected = [numpy_rms(first), numpy_rms(second)]
    assert measure_gradients(model, X, Y).table.activation_rms[:2].to_numpy() == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("passing", [lambda: layers.LayerNormalization(axis=[1, 2]), layers.PReLU])
def test_normalisations_and_activations_have_no_row_even_with_weights_of_two_dimensions(passing: Any) -> None:
    model = network(layers.Reshape((3, 2)), layers.Dense(4, name="layer"), passing(), layers.Flatten())
    assert len(measure_gradients(model, X, Y).table) == 2


def test_the_logits_take_no_part_in_the_slope() -> None:
    profile = measure_gradients(network(layers.Dense(5, "tanh"), layers.Dense(5, "tanh")), X, Y)
    first, second, _ = profile.table.activation_gradient_rms
    assert profile.hidden == (True, True, False)
    assert profile.decades == pytest.approx(np.log10(second / first))
    assert profile.slope == pytest.approx(np.log10(second / first))
    assert profile.chi == pytest.approx((first / second) ** 2)


def test_an_output_activation_of_its_own_belongs_to_the_output() -> None:
    model = keras.Sequential([keras.Input((6,)), layers.Dense(5, "tanh"), layers.Dense(3), layers.Softmax()])
    assert measure_gradients(model, X, Y, loss="sparse_categorical_crossentropy").hidden == (True, False)


def test_parallel_branches_have_the_depth_of_the_longest_way() -> None:
    inputs = keras.Input((6,))
    stem = layers.Dense(4, name="stem")(inputs)
    long = layers.Dense(4, name="long_2")(layers.Dense(4, name="long_1")(stem))
    both = layers.Concatenate()([layers.Dense(4, name="short")(stem), long])
    model = keras.Model(inputs, layers.Dense(3, name="logits")(both))
    table = measure_gradients(model, X, Y).table
    assert dict(zip(table.layer, table.depth, strict=True)) == {
        "stem": 1,
        "long_1": 2,
        "short": 2,
        "long_2": 3,
        "logits": 4,
    }


class Subclassed(keras.Model):
    def __init__(self, parts: Any) -> None:
        super().__init__()
        self.parts = parts

    def call(self, x: Any, training: Any = None) -> Any:
        for part in self.parts:
            x = part(x, training=training) if isinstance(part, layers.Dropout) else part(x)
        return x


def the_same_network(kind: str) -> keras.Model:
    keras.utils.set_random_seed(4)
    parts = [layers.Dense(5, "tanh"), layers.Dropout(0.5), layers.Dense(4), layers.ReLU(), layers.Dense(3)]
    inputs = keras.Input((6,))
    if kind == "nested":
        parts = [keras.Sequential(parts[:2]), keras.Sequential(parts[2:])]
    if kind == "functional":
        hidden = inputs
        for part in parts:
            hidden = part(hidden)
        return keras.Model(inputs, hidden)
    model = Subclassed(parts) if kind == "subclassed" else keras.Sequential(parts)
    model(np.zeros((1, 6)))
    return model


@pytest.mark.parametrize("kind", ["functional", "nested", "subclassed"])
def test_however_a_model_is_built_its_profile_is_the_same(kind: Any) -> None:
    numbers, expected = (
        measure_gradients(the_same_network(each), X, Y).table.drop(columns="layer") for each in (kind, "sequential")
    )
    assert len(numbers) == 3
    assert numbers.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-12, nan_ok=True)


def test_a_branch_off_the_input_starts_at_depth_1() -> None:
    inputs = keras.Input((6,))
    long = layers.Dense(4, name="long_2")(layers.Dense(4, name="long_1")(inputs))
    model = keras.Model(
        inputs, layers.Dense(3, name="logits")(layers.Add()([long, layers.Dense(4, name="short")(inputs)]))
    )
    table = measure_gradients(model, X, Y).table
    assert dict(zip(table.layer, table.depth, strict=True)) == {"long_1": 1, "short": 1, "long_2": 2, "logits": 3}


def test_nesting_does_not_cost_precision() -> None:
    keras.utils.set_random_seed(0)
    deep = [layers.Dense(5, "sigmoid") for _ in range(80)]
    nested, flat = keras.Sequential([keras.Sequential(deep[:40]), keras.Sequential(deep[40:])]), network(*deep)
    nested.add(flat.layers[-1])
    nested.build((None, 6))
    numbers, expected = (measure_gradients(each, X, Y).table.activation_gradient_rms for each in (nested, flat))
    assert expected[0] < 1e-45
    assert numbers.to_numpy() == pytest.approx(expected.to_numpy(), rel=1e-12, abs=0)


def test_a_shared_layer_has_one_row() -> None:
    shared = layers.Dense(6, "tanh", name="shared")
    table = measure_gradients(network(shared, shared), X, Y).table
    assert [path.split("/")[-1] for path in table.layer] == ["shared", "logits"]


def test_text_models_with_embedding_attention_and_recurrence_have_a_row_for_each_part() -> None:
    tokens = keras.Input((5,), dtype="int32")
    embedded = layers.Embedding(7, 4, name="embedding")(tokens)
    attended = layers.MultiHeadAttention(2, 2, name="attention")(embedded, embedded)
    summed = layers.LayerNormalization()(embedded + attended)
    both = layers.Bidirectional(layers.GRU(3), name="both")(summed)
    model = keras.Model(tokens, layers.Dense(3)(both))
    table = measure_gradients(model, RANDOM.integers(0, 7, (12, 5)), Y).table
    assert len(table) == 1 + 4 + 2 + 1
    assert (table.activation_gradient_rms > 0).all()
    assert (table.weight_gradient_rms > 0).all()


def test_several_inputs_and_outputs_work_with_a_loss_of_ones_own() -> Any:
    inputs = [keras.Input((6,)), keras.Input((2,))]
    joined = layers.Concatenate()([layers.Dense(4, name="left")(inputs[0]), layers.Dense(4, name="right")(inputs[1])])
    model = keras.Model(inputs, [layers.Dense(1)(joined), layers.Dense(2)(joined)])
    y = [RANDOM.normal(size=(12, 1)), RANDOM.normal(size=(12, 2))]

    def loss(y: Any, outputs: Any) -> Any:
        return sum(tf.reduce_mean((target - output) ** 2, axis=-1) for target, output in zip(y, outputs, strict=True))

    profile = measure_gradients(model, [X, X[:, :2]], y, loss=loss)
    assert profile.hidden == (True, True, False, False)
    with pytest.raises(ValueError, match="several outputs"):
        measure_gradients(model, [X, X[:, :2]], y)


# Units


def test_a_dead_unit_is_zero_and_gets_no_gradient() -> None:
    layer = layers.Dense(4, "relu")
    model = network(layer)
    layer.set_weights([np.abs(layer.kernel.numpy()), np.array([-1e3, 1e3, -1e3, 1e3])])
    assert measure_gradients(model, X, Y).table.dead_fraction[0] == 0.5


def test_a_linear_unit_with_weights_of_zero_is_not_dead() -> None:
    model = network(layers.Dense(4, kernel_initializer="zeros"))
    assert measure_gradients(model, X, Y).table.dead_fraction[0] == 0


@pytest.mark.parametrize(("activation", "low", "high"), [("sigmoid", 0.03, 0.97), ("tanh", -0.97, 0.97)])
@pytest.mark.parametrize("own_layer", [False, True])
def test_saturation_counts_values_beyond_the_bounds(activation: Any, low: Any, high: Any, own_layer: Any) -> None:
    dense = layers.Dense(50, kernel_initializer=keras.initializers.RandomNormal(stddev=2, seed=0))
    if own_layer:
        model = network(dense, layers.Activation(activation), layers.LayerNormalization())
    else:
        dense.activation = keras.activations.get(activation)
        model = network(dense)
    h = MODULES[activation](X @ dense.kernel.numpy())
    expected = np.mean((h < low) | (h > high))
    assert 0.2 < expected < 0.8
    assert measure_gradients(model, X, Y).table.saturated_fraction[0] == pytest.approx(expected)


def test_saturation_of_other_activations_is_not_a_number() -> None:
    table = measure_gradients(network(layers.Dense(3, "relu"), layers.Dense(3)), X, Y).table
    assert table.saturated_fraction.isna().all()


# The loss


def test_a_compiled_models_own_loss_is_the_default() -> None:
    model = network(layers.Dense(4, "tanh"))
    model.compile(loss=keras.losses.MeanAbsoluteError())
    y = RANDOM.normal(size=(12, 3))
    by_name = measure_gradients(model, X, y, loss="mean_absolute_error")
    assert measure_gradients(model, X, y).table.equals(by_name.table)
    assert not measure_gradients(model, X, y, loss="mean_squared_error").table.equals(by_name.table)


@pytest.mark.parametrize(
    ("y", "loss"),
    [(Y, keras.losses.SparseCategoricalCrossentropy(from_logits=True)), (X[:, :3], keras.losses.MeanSquaredError())],
    ids=["labels", "numbers"],
)
def test_without_a_compiled_loss_the_labels_decide(y: Any, loss: Any) -> None:
    model = network(layers.Dense(4, "tanh"))
    assert measure_gradients(model, X, y).table.equals(measure_gradients(model, X, y, loss=loss).table)


def test_after_a_softmax_labels_mean_cross_entropy_of_probabilities() -> None:
    keras.utils.set_random_seed(0)
    with_softmax = keras.Sequential([keras.Input((6,)), layers.Dense(4, "tanh"), layers.Dense(3, "softmax")])
    with_logits = network(layers.Dense(4, "tanh"))
    with_logits.set_weights(with_softmax.get_weights())
    first, second = (measure_gradients(model, X, Y).table for model in (with_softmax, with_logits))
    assert first.activation_gradient_rms[0] == pytest.approx(second.activation_gradient_rms[0], rel=1e-9)


# Frozen, disconnected, uncalled


def test_a_frozen_layer_is_measured_like_any_other() -> None:
    model = network(layers.Dense(4, "tanh"))
    free = measure_gradients(model, X, Y).table
    model.layers[0].trainable = False
    assert measure_gradients(model, X, Y).table.equals(free)


def test_a_layer_the_loss_does_not_depend_on_has_gradient_zero() -> None:
    inputs = keras.Input((6,))
    outputs = [layers.Dense(3, name="used")(inputs), layers.Dense(3, name="unused")(inputs)]
    profile = measure_gradients(keras.Model(inputs, outputs), X, Y, loss=lambda _, outputs: outputs[0] ** 2)
    assert row(profile, "unused").weight_gradient_rms == 0
    assert row(profile, "used").weight_gradient_rms > 0


# Nothing is disturbed


def fragile_model() -> keras.Model:
    keras.utils.set_random_seed(8)
    parts = [layers.Dense(6, "relu"), layers.BatchNormalization(), layers.Dropout(0.3), layers.GaussianNoise(0.1)]
    model = network(*parts, layers.Dense(6, "tanh", activity_regularizer="l2", kernel_regularizer="l2"))
    model.compile(keras.optimizers.Adam(), "mean_squared_error", run_eagerly=True)
    model.fit(X, X[:, :3], epochs=1, verbose=0)
    return model


def everything(model: Any) -> list[Any]:
    """Every value that measuring could disturb."""
    variables = [*model.variables, *model.optimizer.variables, *model.metrics_variables]
    attributes = [{key: id(value) for key, value in vars(layer).items()} for layer in model._flatten_layers()]
    states = [
        random.getstate(),
        pickle.dumps(np.random.get_state()),  # noqa: NPY002 - the legacy generator is the one to spare
        tf.random.get_global_generator().state.numpy().tobytes(),
    ]
    return [[variable.numpy().tobytes() for variable in variables], attributes, states, len(model.losses)]


def test_measuring_changes_no_variable_no_random_state_and_no_attribute() -> None:
    model = fragile_model()
    before = everything(model)
    measure_gradients(model, X, X[:, :3])
    assert everything(model) == before


def test_nothing_is_left_behind_when_measuring_fails() -> None:
    model = fragile_model()
    before = everything(model)

    def failing(*_: Any) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        measure_gradients(model, X, X[:, :3], loss=failing)
    assert everything(model) == before


def test_training_goes_on_bit_for_bit_as_if_nobody_had_measured() -> Any:
    def trained(measured: bool) -> list[bytes]:
        model = fragile_model()
        if measured:
            measure_gradients(model, X, X[:, :3])
        model.fit(X, X[:, :3], epochs=2, verbose=0)
        return [variable.numpy().tobytes() for variable in model.variables]

    assert trained(measured=True) == trained(measured=False)


# What cannot be measured


@pytest.mark.parametrize(
    ("model", "x", "y", "error", "message"),
    [
        (lambda: "net", X, Y, TypeError, "model must be a Keras model, not str"),
        (lambda: keras.Sequential([layers.Dense(2)]), X, Y, ValueError, "not built yet: call it on a batch first"),
        (lambda: keras.Sequential([keras.Input((6,)), layers.ReLU()]), X, X, ValueError, "no layer with weights"),
        (network, X[:0], Y[:0], ValueError, "x is empty"),
        (network, X, Y[:5], ValueError, "x and y must be of one length, not 5 and 12"),
        (network, np.where(X > 1, np.nan, X), Y, ValueError, "x holds values that are not finite"),
        (network, X, np.full((12, 3), np.inf), ValueError, "y holds values that are not finite"),
        (network, X, Y + 5, ValueError, "integer labels up to 7 do not fit 3 outputs: pass loss="),
        (lambda: network(outputs=1), X, Y, ValueError, "do not fit 1 outputs: pass loss="),
    ],
)
def test_what_cannot_be_measured_gets_one_sentence(model: Any, x: Any, y: Any, error: Any, message: Any) -> None:
    with pytest.raises(error, match=message):
        measure_gradients(model(), x, y)


# Importing


def test_importing_vgcore_loads_no_heavy_library() -> None:
    code = "import sys, vgcore; print(sorted({'keras', 'tensorflow', 'pandas', 'scipy', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stdout == "[]\n"


def test_without_tensorflow_one_sentence_says_what_to_install() -> None:
    code = "import sys; sys.modules['tensorflow'] = None; import vgcore; vgcore.measure_gradients"
    error = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True).stderr
    expected = 'ImportError: vgcore.measure_gradients needs Keras on TensorFlow: pip install "vgcore[tensorflow]"'
    assert error.splitlines()[-1] == expected
