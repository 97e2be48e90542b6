"""What a training step costs: weights, floating-point operations and memory, counted in TensorFlow's own graph."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from math import prod
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from vgcore.probes.losses import mean_loss
from vgcore.probes.measure import check_model
from vgcore.probes.undisturbed import replaced

ALIASES = ("Identity", "Reshape", "Squeeze", "ExpandDims", "StopGradient")
"""Operations that hand on the memory that they get."""

NOT_COMPUTED = ("Const", "Placeholder", "ReadVariableOp")
"""Operations whose values lie in memory anyway: constants, the batch, the weights."""


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What one training step costs, the optimiser's own arithmetic and memory left out.

    `parameters`: numbers that training changes. `operations`: floating-point operations of one forward and backward
    pass. `kept_bytes`: what the forward pass computes and the backward pass reads again, so that it must be kept.
    """

    parameters: int
    operations: int
    kept_bytes: int


def step_cost(model: Any, x: Any, y: Any) -> Cost:
    """The cost of one training step on the batch x, y, dropout and batch normalisation in training.

    `model`: any built Keras model on TensorFlow with one input and one output; the loss is that of
    `vgcore.training.train`. Of x and y only shapes and types matter. Operations are those that TensorFlow's profiler
    knows (a multiplication and an addition count 2; sigmoid, tanh and exponentials count 0), and those of `Einsum`,
    which it does not know. Recurrent layers are unrolled, or a loop would count as one step.
    Kept are floating tensors that an operation of the forward pass makes and one of the backward pass reads, whatever
    shares memory counted once; weights, constants and the batch itself are not counted. An engine that fuses
    operations may keep less. Raises what `measure_gradients` raises for a model that cannot be measured.

    Examples:
        >>> from vgcore import models
        >>> model = models.mlp(models.MLP(depth=1), seed=0)
        >>> step_cost(model, np.zeros((1, 64), np.float32), np.zeros(1, int)).parameters
        4810
    """
    check_model(model)
    with _unrolled(model):
        graph, forward = _step_graph(model, np.asarray(x), np.asarray(y))
    return Cost(
        parameters=sum(prod(weight.shape) for weight in model.trainable_weights),
        operations=_operations_in(graph),
        kept_bytes=sum(_size(tensor) for tensor in _kept(graph, forward)),
    )


def operations(function: Any, *inputs: Any) -> int:
    """The floating-point operations in the graph that TensorFlow makes of a function, by TensorFlow's own profiler."""
    return _operations_in(tf.function(function, autograph=False).get_concrete_function(*inputs).graph)


def _operations_in(graph: Any) -> int:
    profiler = tf.compat.v1.profiler
    options = profiler.ProfileOptionBuilder(profiler.ProfileOptionBuilder.float_operation()).with_empty_output()
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel("ERROR")  # the profiler calls a function that TensorFlow itself calls deprecated
    try:
        known = int(profiler.profile(graph, options=options.build()).total_float_ops)
    finally:
        logger.setLevel(level)
    return known + sum(map(_left_out, graph.get_operations()))


def _left_out(operation: Any) -> int:
    """What the profiler leaves out: sums over named indexes, and the true length of the sums in a turned product."""
    if operation.type == "Einsum":
        sizes: dict[str, int] = {}
        indexes = operation.get_attr("equation").decode().split("->")[0].split(",")
        for names, tensor in zip(indexes, operation.inputs, strict=True):
            sizes.update(zip(names, tensor.shape, strict=True))
        return 2 * prod(sizes.values())  # a multiplication and an addition for each combination of the indexes
    if operation.type.startswith("BatchMatMul") and operation.get_attr("adj_x"):
        rows, columns = operation.inputs[0].shape[-2:]
        return int(2 * prod(operation.outputs[0].shape) * (rows - columns))  # it takes the columns for the length
    return 0


def _step_graph(model: Any, x: Any, y: Any) -> tuple[Any, set[str]]:
    """The graph of a forward and backward pass, and the names of the operations of the forward pass."""
    forward: set[str] = set()
    loss = "mean_squared_error" if y.dtype.kind == "f" else keras.losses.SparseCategoricalCrossentropy(from_logits=True)

    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            prediction = model(x, training=True)
            mean = mean_loss(loss, y, prediction)
        forward.update(each.name for each in tf.compat.v1.get_default_graph().get_operations())
        return tape.gradient(mean, model.trainable_weights)

    batch = tf.TensorSpec(x.shape, model.inputs[0].dtype), tf.TensorSpec(y.shape, tf.as_dtype(y.dtype))
    with keras.StatelessScope():  # nothing is assigned to the model's variables
        graph = tf.function(step, autograph=False).get_concrete_function(*batch).graph
    return _needed(graph), forward


def _needed(graph: Any) -> Any:
    """The part that the gradients depend on: TensorFlow also writes down gradients for the inputs, and drops them."""
    results = [tensor.op.name for tensor in graph.outputs]
    with tf.Graph().as_default() as part:
        definition = tf.compat.v1.graph_util.extract_sub_graph(graph.as_graph_def(add_shapes=True), results)
        tf.import_graph_def(definition, name="")
    return part


def _kept(graph: Any, forward: set[str]) -> list[Any]:
    """Every tensor of its own memory that the forward pass computes and the backward pass reads."""
    backward = [each for each in graph.get_operations() if each.name not in forward]
    read = {tensor.ref(): tensor for each in backward for tensor in each.inputs if tensor.op.name in forward}
    sources = {source.ref(): source for source in map(_source, read.values())}
    return [tensor for tensor in sources.values() if tensor.dtype.is_floating and tensor.op.type not in NOT_COMPUTED]


def _source(tensor: Any) -> Any:
    while tensor.op.type in ALIASES:
        tensor = tensor.op.inputs[0]
    return tensor


def _size(tensor: Any) -> int:
    return int(prod(tensor.shape) * tensor.dtype.size)


@contextmanager
def _unrolled(model: Any) -> Iterator[None]:
    """Within this context recurrent layers write down every step."""
    with ExitStack() as stack:
        for layer in model._flatten_layers():
            if isinstance(layer, keras.layers.RNN):
                stack.enter_context(replaced(layer, "unroll", True))
                if hasattr(layer, "use_cudnn"):
                    stack.enter_context(replaced(layer, "use_cudnn", False))
        yield
