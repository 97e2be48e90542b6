"""The convolutional networks compute what their docstrings say: plain NumPy agrees."""

from typing import Any

import keras
import numpy as np
import pytest

from vgcore import data, models, probes
from vgcore.models import ConvNet

X = np.random.default_rng(0).normal(size=(6, 64))


def convolved(x: Any, layer: Any) -> Any:
    around = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(around, (3, 3), axis=(1, 2))
    return np.einsum("nyxcij,ijcd->nyxd", windows, layer.kernel.numpy().astype(float))


def normalised(x: Any) -> Any:
    return (x - x.mean((0, 1, 2))) / np.sqrt(x.var((0, 1, 2)) + 1e-3)


def relu(x: Any) -> Any:
    return np.maximum(x, 0)


def parts(config: ConvNet) -> Any:
    """A network's output for X as in training, its input as images, its convolutions and its last matrix."""
    model = models.convolutional(config, seed=1)
    layers = [model.get_layer(f"conv_{number}") for number in range(1, config.depth)]
    last = model.get_layer("logits").kernel.numpy().astype(float)
    return np.array(model(X, training=True)), X.reshape(-1, 8, 8, 1), layers, last


def test_the_plain_network_is_a_chain_of_convolutions_and_activations() -> None:
    output, stream, layers, last = parts(ConvNet(depth=5, channels=3))
    for layer in layers:
        stream = relu(convolved(stream, layer))
    assert output == pytest.approx(stream.mean((1, 2)) @ last, abs=1e-5)


def test_post_activation_blocks_normalise_before_every_activation() -> None:
    config = ConvNet(depth=6, channels=3, residual="post-activation", normalisation="batch", branch_scale=0.5)
    output, stream, layers, last = parts(config)
    stream = relu(normalised(convolved(stream, layers[0])))
    for first, second in (layers[1:3], layers[3:5]):
        inside = relu(normalised(convolved(stream, first)))
        stream = relu(stream + 0.5 * normalised(convolved(inside, second)))
    assert output == pytest.approx(stream.mean((1, 2)) @ last, abs=1e-4)


@pytest.mark.parametrize("normalisation", [None, "batch", "batch_after"])
def test_pre_activation_blocks_leave_the_stream_alone(normalisation: Any) -> None:
    config = ConvNet(depth=6, channels=3, residual="pre-activation", normalisation=normalisation, branch_scale=None)

    def active(x: Any) -> Any:
        x = relu(normalised(x) if normalisation == "batch" else x)
        return normalised(x) if normalisation == "batch_after" else x

    output, stream, layers, last = parts(config)
    stream = convolved(stream, layers[0])
    for first, second in (layers[1:3], layers[3:5]):
        stream = stream + convolved(active(convolved(active(stream), first)), second) / np.sqrt(2)
    assert output == pytest.approx(active(stream).mean((1, 2)) @ last, abs=1e-4)


@pytest.mark.parametrize(
    ("residual", "normalisation"),
    [("pre-activation", None), ("pre-activation", "batch"), ("post-activation", None), ("post-activation", "batch")],
)
def test_with_zero_last_a_deep_network_starts_as_one_without_blocks(residual: Any, normalisation: Any) -> None:
    model, shallow = (
        models.convolutional(
            ConvNet(depth=depth, residual=residual, normalisation=normalisation, zero_last=True), seed=1
        )
        for depth in (8, 2)
    )
    shallow.get_layer("logits").set_weights(model.get_layer("logits").get_weights())
    assert np.array(model(X, training=True)) == pytest.approx(np.array(shallow(X, training=True)), abs=1e-5)


def test_twins_start_from_the_same_convolutions() -> None:
    plain, twin = (parts(ConvNet(depth=6, residual=residual))[2] for residual in (None, "pre-activation"))
    assert all(np.array_equal(one.kernel, two.kernel) for one, two in zip(plain, twin, strict=True))


def test_no_two_convolutions_share_their_weights() -> None:
    kernels = [layer.kernel.numpy().ravel() for layer in parts(ConvNet(depth=7, channels=12))[2][1:]]
    assert np.abs(np.corrcoef(kernels) - np.eye(5)).max() < 0.15


def test_the_seed_alone_decides_the_weights() -> None:
    first, again, other = (models.convolutional(ConvNet(depth=3), seed).get_weights() for seed in (3, 3, 4))
    assert all(np.array_equal(one, two) for one, two in zip(first, again, strict=True))
    assert not np.array_equal(first[0], other[0])


def test_the_gain_multiplies_the_convolutions_only() -> None:
    one, four = (models.convolutional(ConvNet(depth=3, gain=gain), seed=0) for gain in (1.0, 4.0))
    ratios = [b.kernel / a.kernel for a, b in zip(one.layers, four.layers, strict=True) if hasattr(a, "kernel")]
    assert [float(keras.ops.max(ratio)) for ratio in ratios] == pytest.approx([4, 4, 1])


def test_zeros_around_the_image_cost_four_per_cent_of_the_gradient_a_layer() -> None:
    model = models.convolutional(ConvNet(depth=32, channels=64), seed=0)
    digits = data.digits()
    table = probes.measure_gradients(model, digits.train_x[:16], digits.train_y[:16]).table
    line = np.log(table["activation_gradient_rms"].to_numpy()[4:24])
    assert np.exp(-np.polyfit(np.arange(20), line, 1)[0]) == pytest.approx(0.9598, abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"depth": 1}, "depth must be at least 2, and even with blocks, not 1"),
        ({"depth": 7, "residual": "pre-activation"}, "depth must be at least 2, and even with blocks, not 7"),
        ({"channels": 0}, "channels must be positive, not 0"),
        ({"residual": "yes"}, "residual must be one of None, 'post-activation', 'pre-activation', not 'yes'"),
        ({"normalisation": "group"}, "normalisation must be one of None, 'batch', 'batch_after', not 'group'"),
        ({"zero_last": True}, "zero_last needs branches, so a residual network"),
        ({"activation": "sigmoyd"}, "Keras knows no activation 'sigmoyd'"),
        ({"initialisation": "zeros"}, "Keras knows no random initialiser 'zeros'"),
    ],
)
def test_a_bad_configuration_gets_one_sentence(arguments: Any, message: Any) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        ConvNet(**arguments)
