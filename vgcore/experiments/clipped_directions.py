"""What each way to clip a gradient does to its direction."""

from dataclasses import dataclass
from functools import lru_cache

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from vgcore import costs, data
from vgcore.models import MLP
from vgcore.theory import Array

KINDS = ("value", "norm", "global")
NETWORKS = {"ReLU": ("relu", "he_uniform", 1.2), "tanh": ("tanh", "glorot_uniform", 4.0)}
"""Both explode. Activation, initialisation, and what the weights are multiplied by."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """The gradient of each network at its first weights, clipped by thresholds from harmless to tiny."""

    depth: int = 20
    width: int = 64
    # over what the threshold must fall below to act at all: the largest entry, the largest variable's norm, the norm
    thresholds: tuple[float, ...] = (1.0, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001)
    examples: int = 256  # of the training set
    batch_size: int = 64  # for what a step costs


published = Config()
smoke = Config(depth=2, width=16, thresholds=(1.0, 0.1), examples=32)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The angle between the clipped gradient and the one that it was.

    `network` is "ReLU" (He's weights times 1.2) or "tanh" (Glorot's times 4); `kind` is "value" (each entry), "norm"
    (each weight matrix and bias on its own) or "global" (all together).

    - "directions": `network`, `kind`, `threshold` (over the largest one that still changes something), `cosine`
      (between clipped and unclipped gradient, over all weights and biases), `clipped` (share of the entries, or of
      the variables, or of the one gradient, that the threshold cut);
    - "limits": `network`, `kind`, `limit` (the cosine as the threshold goes to zero: the sum of the entries'
      or variables' sizes, over the whole norm and the root of their number; 1 for "global");
    - "costs": floating-point operations over the number of weights: `step_operations` (a forward and a backward pass
      over a batch), `kind`, `clipping_operations` (clipping the gradient).
    """
    gradients = {network: _gradient(config, network, seed) for network in NETWORKS}
    directions = [
        {"network": network, "kind": kind, "threshold": threshold} | _cut(gradient, kind, threshold)
        for network, gradient in gradients.items()
        for kind in KINDS
        for threshold in config.thresholds
    ]
    limits = [
        {"network": network, "kind": kind, "limit": _limit(_sizes(gradient, kind))}
        for network, gradient in gradients.items()
        for kind in KINDS
    ]
    cost = [{"kind": kind, **_costs(config, kind)} for kind in KINDS]
    return {"directions": pd.DataFrame(directions), "limits": pd.DataFrame(limits), "costs": pd.DataFrame(cost)}


@lru_cache(maxsize=len(KINDS))
def _costs(config: Config, kind: str) -> dict[str, float]:
    """The same for every seed, and for both activations."""
    model, digits = MLP(depth=config.depth, width=config.width).build(seed=0), data.digits()
    step = costs.step_cost(model, digits.train_x[: config.batch_size], digits.train_y[: config.batch_size])
    clip = {
        "value": lambda *gradient: [tf.clip_by_value(one, -1.0, 1.0) for one in gradient],
        "norm": lambda *gradient: [tf.clip_by_norm(one, 1.0) for one in gradient],
        "global": lambda *gradient: tf.clip_by_global_norm(gradient, 1.0)[0],
    }[kind]
    gradient = [tf.zeros(weight.shape) for weight in model.trainable_weights]
    return {
        "step_operations": step.operations / step.parameters,
        "clipping_operations": costs.operations(clip, *gradient) / step.parameters,
    }


def _gradient(config: Config, network: str, seed: int) -> list[Array]:
    """The gradient for each weight matrix and each bias."""
    activation, initialisation, gain = NETWORKS[network]
    described = MLP(
        depth=config.depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain
    )
    model, digits = described.build(seed), data.digits()
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    with tf.GradientTape() as tape:
        loss = cross_entropy(digits.train_y[: config.examples], model(digits.train_x[: config.examples]))
    return [np.asarray(slope, float) for slope in tape.gradient(loss, model.trainable_weights)]


def _sizes(gradient: list[Array], kind: str) -> Array:
    """What is held against the threshold: every entry, every variable's norm, or the norm of the whole."""
    if kind == "value":
        return np.abs(_flat(gradient))
    norms = np.array([np.linalg.norm(one) for one in gradient])
    return norms if kind == "norm" else np.array([np.linalg.norm(norms)])


def _cut(gradient: list[Array], kind: str, threshold: float) -> dict[str, float]:
    sizes = _sizes(gradient, kind)
    limit = threshold * sizes.max()
    clipped = [_clipped(one, kind, limit, float(np.linalg.norm(sizes))) for one in gradient]
    return {"cosine": _cosine(_flat(clipped), _flat(gradient)), "clipped": float((sizes > limit).mean())}


def _clipped(one: Array, kind: str, limit: float, whole: float) -> Array:
    """One variable's clipped gradient, as Keras defines it; `whole` is the norm over all variables."""
    if kind == "value":
        return np.clip(one, -limit, limit)
    norm = whole if kind == "global" else np.linalg.norm(one)
    return np.asarray(one * (limit / max(norm, limit)))


def _limit(sizes: Array) -> float:
    return float(sizes.sum() / (np.linalg.norm(sizes) * np.sqrt(len(sizes))))


def _cosine(one: Array, other: Array) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def _flat(gradient: list[Array]) -> Array:
    return np.concatenate([one.ravel() for one in gradient])
