"""`measure_path_lengths`: a residual network's gradient, taken apart by how many branches it came through."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import pandas as pd
import tensorflow as tf
from keras.layers import Add
from scipy.special import comb

from vgcore.probes.flow import Flow, watched
from vgcore.probes.losses import loss_of, mean_loss
from vgcore.probes.measure import check_model, checked_batch, rms
from vgcore.probes.undisturbed import in_float64, replaced

Block = tuple[Any, Any, Any]
"""The tensors of one block: what enters it, what its branch returns, and their sum."""


def measure_path_lengths(model: Any, x: Any, y: Any, loss: Any = None) -> pd.DataFrame:
    """Take dL/dx apart by the number of branches that the gradient passed on its way from the loss to the input.

    `model`: a built Keras model on TensorFlow with one input, whose residual blocks follow one another, each closed by
    a `keras.layers.Add` of what entered the block, unchanged, and of one branch. Whatever stands between blocks
    (activations, normalisation, the first and the last layers) belongs to every path. `x`, `y`, `loss`: as in
    `vgcore.measure_gradients`.

    Each of n blocks multiplies the gradient by 1 + J, J being its branch's Jacobian. Multiplied out, the gradient is
    the sum over 2^n paths; the part of length k holds the products with exactly k of the Js. The parts are exact, not
    sampled: n + 1 gradients, one for each number of branches so far, travel back from block to block, n (n + 1) / 2
    passes through one branch.

    One row for each `length` from 0 to n:

    - `paths`: how many paths have it, a binomial coefficient;
    - `gradient_rms`: RMS over batch and input numbers of their part of dL/dx, all these paths added as vectors.
      Veit et al. (2016) instead measured single paths and multiplied by their number, as if all pointed one way;
    - `share`: the part's component along the whole of dL/dx, relative to it. The shares sum to 1; one may be negative.

    Everything is computed in float64, batch normalisation with the batch's statistics, dropout off. The model stays
    bit for bit what it was. Raises what `vgcore.measure_gradients` does, and ValueError if the model has no such
    blocks, or if the parts do not add up to dL/dx because blocks are nested or the gradient has other ways.

    Examples:
        >>> from vgcore import data, models
        >>> model = models.mlp(models.MLP(depth=11, skip=True), seed=0)  # ten blocks
        >>> digits = data.digits()
        >>> table = measure_path_lengths(model, digits.train_x[:64], digits.train_y[:64])
        >>> table["paths"].tolist()[:3], bool(table["share"][0] > 0.9)
        ([1.0, 10.0, 45.0], True)
    """
    check_model(model)
    x, y = checked_batch(x, y)
    with _cut_behind_blocks(model):
        tape, mean, flow = _forward(model, x, y, loss)
    parts = _parts(tape, mean, _blocks(flow), x)
    tape, mean, _ = _forward(model, x, y, loss)
    whole = np.asarray(tape.gradient(mean, x))
    if not np.allclose(sum(parts), whole, rtol=1e-6, atol=1e-9 * np.abs(whole).max()):
        raise ValueError("the parts do not add up to the gradient: the model is no chain of residual blocks")
    square = rms([whole]) ** 2
    return pd.DataFrame(
        {
            "length": range(len(parts)),
            "paths": comb(len(parts) - 1, np.arange(len(parts))),
            "gradient_rms": [rms([part]) for part in parts],
            "share": [float(np.mean(part * whole)) / square for part in parts],
        }
    )


def _forward(model: Any, x: Any, y: Any, loss: Any) -> tuple[Any, Any, Flow]:
    tape = tf.GradientTape(persistent=True)
    with in_float64(model), tape, watched(model, x, tape) as flow:
        tape.watch(x)
        prediction = model(x, training=False)
        mean = mean_loss(loss if loss is not None else loss_of(model, y, prediction), y, prediction)
    return tape, mean, flow


@contextmanager
def _cut_behind_blocks(model: Any) -> Iterator[None]:
    """Within this context no gradient goes back through an Add: a tape asked for one branch would follow it down."""
    with ExitStack() as stack:
        for layer in model._flatten_layers():
            if isinstance(layer, Add):
                stack.enter_context(replaced(layer, "call", _cut(layer.call)))
        yield


def _cut(call: Any) -> Any:
    return lambda *arguments, **keywords: tf.stop_gradient(call(*arguments, **keywords))


def _blocks(flow: Flow) -> list[Block]:
    """The blocks from the input to the output. The branch, which has weights, is the deeper of what is added."""
    blocks = []
    for call in flow.calls:
        if isinstance(call.layer, Add) and len(call.inputs) == 2:
            entering, branch = sorted(call.inputs, key=lambda tensor: flow.depths.get(id(tensor), 0))
            blocks.append((entering, branch, call.outputs[0]))
    if not blocks:
        raise ValueError("the model has no residual block, closed by a keras.layers.Add of two tensors")
    return blocks


def _parts(tape: Any, mean: Any, blocks: list[Block], x: Any) -> list[Any]:
    """The gradient at x by the number of branches passed: at index k, of all paths through k branches."""
    parts = [tape.gradient(mean, blocks[-1][2])]
    for number, (entering, branch, _) in reversed(list(enumerate(blocks))):
        through = [_back(tape, branch, entering, part) for part in parts]
        parts = [_sum(one, other) for one, other in zip([*parts, None], [None, *through], strict=True)]
        before = blocks[number - 1][2] if number else x
        parts = [_back(tape, entering, before, part) for part in parts]
    return [np.asarray(part) for part in parts]


def _back(tape: Any, end: Any, start: Any, gradient: Any) -> Any:
    """The gradient at `start` of what has this gradient at `end`."""
    if end is start:
        return gradient
    return tape.gradient(end, start, output_gradients=gradient, unconnected_gradients=tf.UnconnectedGradients.ZERO)


def _sum(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one if other is None else other
    return one + other
