"""Each fix does to a model what it says, and nothing else."""

from collections.abc import Callable
from types import ModuleType
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf

from vgcore.diagnosis.drawn import drawn
from vgcore.diagnosis.finding import Finding
from vgcore.diagnosis.fixes import (
    FIXES,
    adam,
    answers,
    batch_normalisation,
    clipping,
    epsilon,
    gates,
    initial_weights,
    inputs,
    leaky_relu,
    learning_rate,
    lstm,
    relu,
    skips,
)
from vgcore.diagnosis.guesses import best_guess
from vgcore.diagnosis.look import look
from vgcore.diagnosis.measured import Measured, _times
from vgcore.diagnosis.rebuilt import CannotRebuild, rebuilt
from vgcore.diagnosis.trial import Trial
from vgcore.models import MLP, mlp

random = np.random.default_rng(0)
X = random.normal(size=(48, 8)).astype("float32")
Y = random.integers(0, 3, size=48)
SEQUENCES = random.normal(size=(48, 12, 2)).astype("float32")

CROSS_ENTROPY = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def network(activation: str = "tanh", depth: int = 4, width: int = 8) -> Any:
    return mlp(MLP(depth=depth, width=width, activation=activation, inputs=8, outputs=3), seed=0)


def measured(model: Any, x: Any = X, y: Any = Y, loss: Any = CROSS_ENTROPY, **settings: Any) -> Measured:
    """What a diagnosis would know before it trains anything."""
    seen, trial = look(model, x, y, loss), Trial(**settings.pop("trial", {}))
    known = {"optimiser": keras.optimizers.SGD(0.1), "learning_rate": 0.1} | settings
    times = _times(model, (x, y), loss)
    guess = best_guess(loss, y, seen.outputs)
    return Measured(model=model, sample=(x, y), loss=loss, before=(seen, seen), after=None, trial=trial,
                    unclipped=None, guess=guess, times=times, **known)  # fmt: skip


def finding(symptom: str, cause: str = "") -> Finding:
    return Finding(symptom=symptom, severity="alarm", cause=cause, sentence="", evidence=())


def kernel_matrices(model: Any) -> list[Any]:
    return [weight.numpy() for weight in model.weights if "kernel" in weight.path]


# Rebuilding


def nested() -> Any:
    body = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8, "tanh", name="within")], name="body")
    images = keras.Input((8,))
    return keras.Model(images, keras.layers.Dense(3, name="logits")(body(images)))


def shared() -> Any:
    images, layer = keras.Input((8,)), keras.layers.Dense(8, "tanh", name="twice")
    return keras.Model(images, keras.layers.Dense(3, name="logits")(layer(layer(images))))


def with_operations() -> Any:
    images = keras.Input((8,))
    doubled = keras.ops.tanh(2 * images) + keras.layers.Lambda(lambda value: value**2, name="squared")(images)
    return keras.Model(images, keras.layers.Dense(3, name="logits")(doubled))


MODELS: dict[str, Callable[[], Any]] = {
    "functional": network,
    "sequential": lambda: keras.Sequential([keras.Input((8,)), keras.layers.Dense(8, "relu"), keras.layers.Dense(3)]),
    "nested": nested,
    "shared": shared,
    "operations": with_operations,
    "convolutional": lambda: keras.Sequential(
        [keras.Input((8,)), keras.layers.Reshape((8, 1)), keras.layers.Conv1D(4, 3), keras.layers.BatchNormalization(),
         keras.layers.Flatten(), keras.layers.Dense(3)]),
}  # fmt: skip


@pytest.mark.parametrize("name", MODELS)
def test_a_copy_answers_bit_for_bit_as_the_model(name: str) -> None:
    model = MODELS[name]()
    assert np.array_equal(rebuilt(model, seed=1)(X), model(X))


@pytest.mark.parametrize("name", MODELS)
def test_a_copy_has_variables_of_its_own(name: str) -> None:
    model = MODELS[name]()
    assert not {id(one) for one in model.variables} & {id(one) for one in rebuilt(model, seed=1).variables}


@pytest.mark.parametrize("name", MODELS)
def test_rebuilding_adds_nothing_to_the_models_layers(name: str) -> None:
    model = MODELS[name]()
    before = [len(layer._inbound_nodes) for layer in model._flatten_layers()]
    rebuilt(model, seed=1)
    assert [len(layer._inbound_nodes) for layer in model._flatten_layers()] == before


def test_a_copy_of_a_compiled_model_is_not_compiled() -> None:
    model = network()
    model.compile(loss=lambda _, outputs: keras.ops.mean(outputs))  # Keras could not write it down
    assert not rebuilt(model, seed=1).compiled


def test_a_shared_layer_stays_shared() -> None:
    assert len(rebuilt(shared(), seed=1).weights) == 4


def test_layers_within_a_nested_model_keep_their_paths() -> None:
    paths = [{layer.path for layer in model._flatten_layers(include_self=False)} for model in _with_copy(nested())]
    assert "body/within" in paths[1]
    assert paths[0] == paths[1]


def _with_copy(model: Any) -> list[Any]:
    return [model, rebuilt(model, seed=1)]


def test_weights_that_are_not_finite_are_drawn_anew_each_from_its_own_seed() -> None:
    model = network()
    for weight in model.weights:
        weight.assign(np.full(weight.shape, np.nan))
    first, second, *_ = kernel_matrices(rebuilt(model, seed=1))
    assert np.isfinite(first).all()
    assert not np.array_equal(first, second)


def test_the_seed_decides_what_is_drawn_anew() -> None:
    model = network()
    model.layers[1].kernel.assign(np.full((8, 8), np.nan))
    first, again, other = (kernel_matrices(rebuilt(model, seed=seed))[0] for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


class Subclassed(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.first, self.last = keras.layers.Dense(8, "relu", name="first"), keras.layers.Dense(3, name="last")

    def call(self, images: Any) -> Any:
        return self.last(self.first(images))


def test_a_model_without_a_graph_cannot_be_rebuilt() -> None:
    with pytest.raises(CannotRebuild, match="Subclassed has no graph"):
        rebuilt(Subclassed(), seed=0)


class Secretive(keras.layers.Layer):
    def __init__(self, units: int) -> None:
        super().__init__(name="secretive")
        self.units = units
        self.function = lambda value: value  # nothing that a configuration could hold

    def get_config(self) -> dict[str, Any]:
        raise NotImplementedError

    def call(self, inputs: Any) -> Any:
        return inputs


def test_a_layer_without_a_configuration_is_named() -> None:
    model = keras.Sequential([keras.Input((8,)), Secretive(8), keras.layers.Dense(3)])
    with pytest.raises(CannotRebuild, match="secretive cannot be made from its configuration"):
        rebuilt(model, seed=0)


# First weights


@pytest.mark.parametrize(
    ("activation", "variance"),
    [("relu", 2 / 300), ("gelu", 2 / 300), ("selu", 1 / 300), ("tanh", 1 / 300), ("sigmoid", 1 / 300)],
)
def test_first_weights_have_the_variance_that_suits_the_activation(activation: str, variance: float) -> None:
    model = keras.Sequential([keras.Input((300,)), keras.layers.Dense(300, activation, name="wide")])
    matrix = drawn(model, {model.layers[0].path: activation}, seed=0).weights[0].numpy()
    assert matrix.var() == pytest.approx(variance, rel=0.03)


def test_biases_begin_at_0_but_for_a_forget_gate() -> None:
    model = keras.Sequential([keras.Input((5, 2)), keras.layers.LSTM(2), keras.layers.Dense(3)])
    for weight in model.weights:
        weight.assign(np.full(weight.shape, 7.0))
    biases = [weight.numpy().tolist() for weight in drawn(model, {}, seed=0).weights if weight.name == "bias"]
    assert biases == [[0, 0, 1, 1, 0, 0, 0, 0], [0, 0, 0]]


def test_recurrent_weights_are_orthogonal() -> None:
    model = keras.Sequential([keras.Input((5, 2)), keras.layers.Bidirectional(keras.layers.SimpleRNN(6))])
    for weight in model.weights:
        weight.assign(np.zeros(weight.shape))
    matrices = [one.numpy() for one in drawn(model, {}, seed=0).weights if one.name == "recurrent_kernel"]
    assert len(matrices) == 2
    assert all(matrix @ matrix.T == pytest.approx(np.eye(6), abs=1e-5) for matrix in matrices)


def test_frozen_layers_and_embeddings_keep_their_weights() -> None:
    model = keras.Sequential(
        [
            keras.Input((5,)),
            keras.layers.Embedding(7, 4),
            keras.layers.Flatten(),
            keras.layers.Dense(8),
            keras.layers.Dense(3),
        ]
    )
    model.layers[2].trainable = False
    before = [weight.numpy() for weight in model.weights]
    same = [np.array_equal(old, new.numpy()) for old, new in zip(before, drawn(model, {}, seed=0).weights, strict=True)]
    assert same == [True, True, True, False, True]  # the last bias was 0 already


def test_the_fix_reads_the_activation_behind_a_layer() -> None:
    layers = [keras.Input((300,)), keras.layers.Dense(300, name="plain"), keras.layers.ReLU(), keras.layers.Dense(3)]
    x = random.normal(size=(48, 300)).astype("float32")
    repaired = initial_weights.apply(measured(keras.Sequential(layers), x), seed=1)
    assert kernel_matrices(repaired.model)[0].var() == pytest.approx(2 / 300, rel=0.03)


# Activations


def functions(model: Any) -> list[str]:
    named = [layer.activation.__name__ for layer in model._flatten_layers() if hasattr(layer, "activation")]
    return [name for name in named if name != "linear"]


def test_relu_takes_the_place_of_hidden_sigmoids_but_not_of_the_answers() -> None:
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(8, "sigmoid"), keras.layers.Dense(8), keras.layers.Activation("tanh"),
         keras.layers.Dense(3), keras.layers.Activation("sigmoid")]
    )  # fmt: skip
    patient = measured(model, loss=keras.losses.SparseCategoricalCrossentropy())
    repaired = relu.apply(patient, seed=0).model
    assert [type(layer).__name__ for layer in repaired.layers[1:]] == ["Dense", "Dense", "ReLU", "Dense", "Activation"]
    assert functions(repaired) == ["relu", "sigmoid"]


def test_relu_reaches_into_nested_models() -> None:
    assert functions(relu.apply(measured(nested()), seed=0).model) == ["relu"]


def test_relu_leaves_a_nested_models_answer_alone() -> None:
    body = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(3, "sigmoid")])
    images = keras.Input((8,))
    patient = measured(keras.Model(images, body(images)), loss=keras.losses.SparseCategoricalCrossentropy())
    assert sorted(functions(relu.apply(patient, seed=0).model)) == ["relu", "sigmoid"]


def test_relu_draws_hes_weights_only_for_the_layers_it_changes() -> None:
    model = network("sigmoid", depth=2, width=200)
    *hidden, last = kernel_matrices(relu.apply(measured(model), seed=0).model)
    assert hidden[1].var() == pytest.approx(2 / 200, rel=0.05)
    assert np.array_equal(last, kernel_matrices(model)[-1])


def test_relu_leaves_the_gates_of_a_recurrent_layer_alone() -> None:
    model = keras.Sequential(
        [keras.Input((12, 2)), keras.layers.LSTM(4), keras.layers.Dense(8, "tanh"), keras.layers.Dense(3)]
    )
    repaired = relu.apply(measured(model, SEQUENCES), seed=0).model
    assert repaired.layers[1].activation.__name__ == "tanh"
    assert repaired.layers[2].activation.__name__ == "relu"


def test_leaky_relu_passes_a_fifth_of_what_is_negative() -> None:
    model = keras.Sequential(
        [
            keras.Input((8,)),
            keras.layers.Dense(8, "relu"),
            keras.layers.Dense(8),
            keras.layers.ReLU(),
            keras.layers.Dense(3),
        ]
    )
    repaired = leaky_relu.apply(measured(model), seed=0).model
    first, second, last = kernel_matrices(repaired)
    hidden = X @ first
    hidden = np.where(hidden > 0, hidden, 0.2 * hidden) @ second
    hidden = np.where(hidden > 0, hidden, 0.2 * hidden)
    assert np.array(repaired(X)) == pytest.approx(hidden @ last, abs=1e-5)


# Structure


def test_batch_normalisation_comes_before_every_hidden_activation() -> None:
    model = network(depth=2)
    *hidden, last = kernel_matrices(model)
    values = X.astype(float)
    for matrix in hidden:
        values = values @ matrix
        values = np.tanh((values - values.mean(axis=0)) / np.sqrt(values.var(axis=0) + 1e-3))
    repaired = batch_normalisation.apply(measured(model), seed=0).model
    assert np.array(repaired(X, training=True)) == pytest.approx(values @ last, abs=1e-4)


def test_batch_normalisation_of_a_layer_used_twice_is_one_layer() -> None:
    repaired = batch_normalisation.apply(measured(shared()), seed=0).model
    assert sum(isinstance(layer, keras.layers.BatchNormalization) for layer in repaired.layers) == 1


def test_batch_normalisation_does_not_apply_where_there_is_some() -> None:
    model = keras.Sequential(
        [keras.Input((8,)), keras.layers.Dense(8), keras.layers.LayerNormalization(), keras.layers.Dense(3)]
    )
    assert not batch_normalisation.applies(measured(model), finding("vanishing"))
    assert batch_normalisation.applies(measured(network()), finding("vanishing"))


def test_skips_add_the_centred_branch_to_the_straight_path() -> None:
    model = network("sigmoid", depth=3)
    first, second, third, last = kernel_matrices(model)
    stream = X.astype(float)
    for matrix in (first, second, third):  # the input has as many numbers as the layers
        stream = stream + (1 / (1 + np.exp(-stream @ matrix)) - 0.5) / np.sqrt(3)
    repaired = skips.apply(measured(model), seed=0).model
    assert np.array(repaired(X)) == pytest.approx(stream @ last, abs=1e-5)


def test_skips_leave_out_layers_that_change_the_shape() -> None:
    repaired = skips.apply(measured(network(depth=3, width=16)), seed=0).model
    scales = [layer.scale for layer in repaired.layers if isinstance(layer, keras.layers.Rescaling)]
    assert scales == pytest.approx([2**-0.5] * 2)
    assert sum(isinstance(layer, keras.layers.Add) for layer in repaired.layers) == 2


def test_skips_go_around_every_call_of_a_shared_layer() -> None:
    model = shared()
    matrix, last = kernel_matrices(model)
    stream = X.astype(float)
    for _ in range(2):
        stream = stream + np.tanh(stream @ matrix) / np.sqrt(2)
    assert np.array(skips.apply(measured(model), seed=0).model(X)) == pytest.approx(stream @ last, abs=1e-5)


def with_plus() -> Any:
    images = keras.Input((8,))
    hidden = images + keras.layers.Dense(8)(keras.layers.Dense(8)(images))
    return keras.Model(images, keras.layers.Dense(3)(hidden))


def test_skips_do_not_apply_to_a_network_that_has_some() -> None:
    with_layer = mlp(MLP(depth=4, width=8, inputs=8, outputs=3, skip=True), seed=0)
    suits = [skips.applies(measured(model), finding("vanishing")) for model in (with_layer, with_plus(), network())]
    assert suits == [False, False, True]


# Inputs and targets


def test_inputs_are_standardised_feature_by_feature() -> None:
    x = (X * 10.0 ** np.arange(8) + 5).astype("float32")
    x[:, 7] = 1234.5
    repaired = inputs.apply(measured(network(), x), seed=0).model
    scaled = np.array(keras.Model(repaired.input, repaired.layers[1].output)(x))
    assert scaled.mean(axis=0) == pytest.approx(np.zeros(8), abs=1e-3)
    assert scaled.std(axis=0) == pytest.approx([1.0] * 7 + [0.0], abs=1e-3)


def test_a_feature_that_is_constant_in_the_sample_is_not_blown_up() -> None:
    x = X.copy()
    x[:, 7] = 1234.5
    repaired = inputs.apply(measured(network(), x), seed=0).model
    scaled = keras.Model(repaired.input, repaired.layers[1].output)
    assert np.array(scaled(x + 1) - scaled(x))[:, 7] == pytest.approx(np.ones(48))


def test_words_are_not_standardised() -> None:
    words = random.integers(0, 7, size=(48, 5))
    model = keras.Sequential(
        [keras.Input((5,), dtype="int32"), keras.layers.Embedding(7, 4), keras.layers.Flatten(), keras.layers.Dense(3)]
    )
    repaired = inputs.apply(measured(model, words), seed=0).model
    assert np.array_equal(repaired(words), model(words))


def test_standardised_targets_train_as_if_they_were_smaller() -> None:
    model = keras.Sequential([keras.Input((8,)), keras.layers.Dense(8, "tanh"), keras.layers.Dense(1)])
    y = (400 + 100 * X[:, :1]).astype("float32")
    patient = measured(model, y=y, loss=keras.losses.MeanSquaredError())
    repaired = answers.apply(patient, seed=0)
    with tf.GradientTape(persistent=True) as tape:
        theirs = repaired.loss_factor * tf.reduce_mean((repaired.model(X) - y) ** 2)
        ours = tf.reduce_mean((model(X) - (y - y.mean()) / y.std()) ** 2)
    pairs = [
        tape.gradient(loss, [one.value for one in net.trainable_variables])
        for loss, net in ((theirs, repaired.model), (ours, model))
    ]
    assert all(np.array(a) == pytest.approx(np.array(b), abs=1e-5) for a, b in zip(*pairs, strict=True))


# Optimisers


def test_clipping_replaces_other_clipping_and_keeps_the_rest() -> None:
    optimiser = keras.optimizers.SGD(0.3, momentum=0.8, clipvalue=5.0)
    repaired = clipping.apply(measured(network(), optimiser=optimiser), seed=0).optimiser
    assert (repaired.global_clipnorm, repaired.clipvalue, repaired.momentum) == (1.0, None, 0.8)
    assert float(repaired.learning_rate.numpy()) == pytest.approx(0.3)


def test_clipping_does_not_apply_where_gradients_are_clipped() -> None:
    assert clipping.applies(measured(network()), finding("exploding"))
    assert not clipping.applies(measured(network(), trial={"clip_loads": [3.0]}), finding("exploding"))


def test_clipping_is_not_for_vanishing_gradients() -> None:
    assert not clipping.applies(measured(network()), finding("vanishing"))


def test_adam_takes_the_place_of_gradient_descent_only() -> None:
    for optimiser, suits in ((keras.optimizers.SGD(), True), (keras.optimizers.AdamW(), False)):
        assert adam.applies(measured(network(), optimiser=optimiser), finding("vanishing")) == suits


def test_adam_keeps_the_clipping() -> None:
    optimiser = keras.optimizers.SGD(0.3, clipnorm=2.0)
    repaired = adam.apply(measured(network(), optimiser=optimiser), seed=0).optimiser
    assert (type(repaired), repaired.clipnorm) == (keras.optimizers.Adam, 2.0)


def test_the_scaling_of_the_loss_stays_around_another_optimiser() -> None:
    optimiser = keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.3), initial_scale=64.0)
    for fix in (adam, clipping):
        repaired = fix.apply(measured(network(), optimiser=optimiser), seed=0).optimiser
        assert (type(repaired), repaired.initial_scale) == (keras.optimizers.LossScaleOptimizer, 64.0)


def test_epsilon_becomes_a_thousandth_of_the_median_layers_gradient() -> None:
    gradients = {"a": [1e-12], "b": [1e-9, 3e-9], "c": [1.0]}
    patient = measured(network(), optimiser=keras.optimizers.Adam(0.01), trial={"gradient_rms": gradients})
    assert epsilon.apply(patient, seed=0).optimiser.epsilon == pytest.approx(2e-12)


@pytest.mark.parametrize(("ratio", "rate"), [(1e-9, 1e6), (4.0, 1e-4), (float("nan"), 0.1), (0.0, 0.1)])
def test_the_learning_rate_moves_the_fastest_layer_by_a_hundredth(ratio: float, rate: float) -> None:
    trial = {"update_ratios": {"a": [ratio], "b": [ratio / 10]}}
    repaired = learning_rate.apply(measured(network(), trial=trial), seed=0)
    assert float(repaired.optimiser.learning_rate.numpy()) == pytest.approx(rate)


# Recurrent networks


@pytest.mark.parametrize("reset_after", [True, False])
@pytest.mark.parametrize("kind", ["lstm", "gru"])
def test_an_open_gate_keeps_all_but_one_step_in_so_many(kind: str, reset_after: bool) -> None:
    layer = keras.layers.LSTM(4) if kind == "lstm" else keras.layers.GRU(4, reset_after=reset_after)
    model = keras.Sequential([keras.Input((12, 2)), layer, keras.layers.Dense(3)])
    cell = gates.apply(measured(model, SEQUENCES), seed=0).model.layers[1].cell
    bias = cell.bias.numpy().reshape(-1, 4 * (4 if kind == "lstm" else 3)).sum(axis=0)
    gate = bias[4:8] if kind == "lstm" else bias[:4]
    assert 1 / (1 + np.exp(-gate)) == pytest.approx(np.full(4, 12 / 13))


@pytest.mark.parametrize("both_ways", [True, False])
def test_an_lstm_takes_the_place_of_a_simple_rnn(both_ways: bool) -> None:
    layer = keras.layers.SimpleRNN(4, name="memory")
    layer = keras.layers.Bidirectional(layer, merge_mode="sum", name="both") if both_ways else layer
    model = keras.Sequential([keras.Input((12, 2)), layer, keras.layers.Dense(3)])
    repaired = lstm.apply(measured(model, SEQUENCES), seed=0).model
    kinds = [layer for layer in repaired._flatten_layers() if isinstance(layer, keras.layers.RNN)]
    assert {type(layer) for layer in kinds} == {keras.layers.LSTM}
    assert repaired(SEQUENCES).shape == (48, 3)
    assert np.array_equal(repaired.layers[-1].kernel.numpy(), model.layers[-1].kernel.numpy())


# All of them

SYMPTOMS = ("vanishing", "exploding", "dead units", "saturated", "collapsed", "hidden explosion", "non-finite")


@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.__name__.rpartition(".")[2])
def test_a_fix_leaves_the_model_and_every_random_state_untouched(fix: Any) -> None:
    import random as python_random

    model = keras.Sequential(
        [keras.Input((12, 2)), keras.layers.LSTM(4, return_sequences=True), keras.layers.SimpleRNN(4),
         keras.layers.Dense(8, "relu"), keras.layers.Dense(1)]
    )  # fmt: skip
    y = SEQUENCES[:, -1, :1]
    trial = {"gradient_rms": {"a": [1.0]}, "update_ratios": {"a": [1.0]}}
    patient = measured(model, SEQUENCES, y, keras.losses.MeanSquaredError(), trial=trial,
                       optimiser=keras.optimizers.Adam(0.1))  # fmt: skip
    before = ([one.numpy() for one in model.variables], python_random.getstate())
    fix.apply(patient, seed=3)
    assert all(np.array_equal(old, one.numpy()) for old, one in zip(before[0], model.variables, strict=True))
    assert python_random.getstate() == before[1]


def test_every_file_of_the_folder_is_a_fix_that_is_tried() -> None:
    import pkgutil

    import vgcore.diagnosis.fixes as folder

    assert isinstance(folder, ModuleType)
    assert {module.name for module in pkgutil.iter_modules(folder.__path__)} == {
        vars(fix)["__name__"].rpartition(".")[2] for fix in FIXES
    }
