"""What arrives of a gradient after it has crossed many layers, and in which directions."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP
from vgcore.theory import Array

Line = tuple[str, str, str, float, bool, bool]
"""Name, activation, initialisation, gain of the hidden weights, whether it has skips, whether it is the short one."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `width` units, probed on the first `examples` training digits; one more layer than people."""

    people: int = 40
    few: int = 2  # people in the short line
    width: int = 64
    examples: int = 256
    lines: tuple[Line, ...] = (
        ("sigmoid", "sigmoid", "glorot_uniform", 1.0, False, False),
        ("sigmoid, few layers", "sigmoid", "glorot_uniform", 1.0, False, True),
        ("ReLU", "relu", "glorot_uniform", 1.0, False, False),
        ("ReLU, He", "relu", "he_uniform", 1.0, False, False),
        ("sigmoid, skips", "sigmoid", "glorot_uniform", 1.0, True, False),
        ("ReLU, He x 1.2", "relu", "he_uniform", 1.2, False, False),
    )
    directions_of: str = "ReLU, He"  # the line that keeps its loudness: what does it keep of the message?
    distances: tuple[int, ...] = (1, 5, 10, 20, 40)


published = Config()
smoke = Config(people=3, few=1, examples=32, distances=(1, 3))


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Loudness by person, and for one line what becomes of each direction. A person is a layer; `line` is its name.

    - "loudness": `line`, `step` (layers crossed on the way back; 0 = the last hidden layer), `arrives` (RMS of dL/dh
      there, over that of the last hidden layer; L in nats), `theory` (its mean field prediction, nothing fitted);
    - "directions": `line`, `step` (layers crossed), `unit` (directions in order, 1 = the loudest), `arrives` (singular
      value of the product of these layers' Jacobians, at the first digit).
    """
    loudness = [_loudness(config, seed, line) for line in config.lines]
    return {"loudness": pd.concat(loudness, ignore_index=True), "directions": _directions(config, seed)}


def _network(config: Config, line: Line) -> MLP:
    _, activation, initialisation, gain, skip, short = line
    depth = (config.few if short else config.people) + 1
    return MLP(
        depth=depth, width=config.width, activation=activation, initialisation=initialisation, gain=gain, skip=skip
    )


def _loudness(config: Config, seed: int, line: Line) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    network = _network(config, line)
    table = probes.measure_gradients(models.mlp(network, seed), x, y).table.iloc[: network.depth]
    gradients = table["activation_gradient_rms"].to_numpy()[::-1]
    predicted = _theory(network, np.mean(np.square(x, dtype=float), axis=1))[::-1]
    steps = np.arange(network.depth)
    return pd.DataFrame({"line": line[0], "step": steps, "arrives": gradients / gradients[0], "theory": predicted})


def _theory(network: MLP, mean_squares: Array) -> Array:
    weight_variance = network.gain**2 * theory.weight_variance(network.initialisation)
    setting = (network.activation, weight_variance, network.depth, weight_variance * mean_squares)
    if network.skip:
        return theory.residual_gradient_line(*setting, branch_scale=models.branch_scale(network))
    return theory.gradient_line(*setting)


def _directions(config: Config, seed: int) -> pd.DataFrame:
    """Singular values of the map from the gradient at the last hidden layer to that some layers before."""
    line = next(line for line in config.lines if line[0] == config.directions_of)
    jacobians = _jacobians(models.mlp(_network(config, line), seed), config.people + 1)
    product, tables = np.eye(config.width), []
    for step in range(1, config.people + 1):
        product = product @ jacobians[-step]
        if step in config.distances:
            values = np.linalg.svd(product, compute_uv=False)
            units = np.arange(1, config.width + 1)
            tables.append(pd.DataFrame({"line": line[0], "step": step, "unit": units, "arrives": values}))
    return pd.concat(tables, ignore_index=True)


def _jacobians(model: Any, depth: int) -> list[Array]:
    """d h_l / d h_(l-1) of a plain ReLU network at the first training digit, first layer first."""
    state = data.digits().train_x[0].astype(float)
    jacobians = []
    for number in range(1, depth + 1):
        kernel = np.asarray(model.get_layer(f"hidden_{number}").kernel, float)
        before = state @ kernel
        state = np.maximum(before, 0)
        jacobians.append((before > 0)[:, None] * kernel.T)
    return jacobians
