"""How alike the gradients at two unrelated inputs are, by depth, in ReLU networks with and without skips."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import theory
from vgcore.theory import Array

PLAIN, SKIPS, SCALED = "plain", "skips", "scaled skips"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of up to 20 layers of `width` units with He's weights, their biases 0, and `inputs` normal inputs."""

    depths: tuple[int, ...] = (1, 2, 3, 5, 7, 10, 14, 20)
    width: int = 256
    inputs: int = 64
    networks: int = 5  # a correlation is a mean over pairs of inputs and over networks


published = Config()
smoke = Config(depths=(1, 2), width=32, inputs=8, networks=2)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Cosine of the gradients of one random output with respect to two independent inputs, mean over all pairs.

    Synthetic: the theory speaks of unrelated inputs. One row for each arm and depth:

    - `arm`: "plain", a layer is x -> W relu(x); "skips", x -> x + W relu(x); "scaled skips", where the branch is
      divided by the root of the depth;
    - `depth`: layers between input and output; `correlation`; `theory`: the same for wide networks, nothing is fitted.
    """
    rows = []
    for arm in (PLAIN, SKIPS, SCALED):
        for depth in config.depths:
            scale = {PLAIN: None, SKIPS: 1.0, SCALED: depth**-0.5}[arm]
            random = np.random.default_rng([seed, depth])  # the arms share their inputs and weights
            cosines = [_cosine(config, depth, scale, random) for _ in range(config.networks)]
            predicted = theory.relu_gradient_correlation(depth, 0.0, branch_scale=scale)[-1]
            rows.append({"arm": arm, "depth": depth, "correlation": np.mean(cosines), "theory": predicted})
    return pd.DataFrame(rows)


def _cosine(config: Config, depth: int, scale: float | None, random: np.random.Generator) -> float:
    x = random.normal(size=(config.inputs, config.width))
    kernels = random.normal(size=(depth, config.width, config.width)) * np.sqrt(2 / config.width)
    kept, branch = (0.0, 1.0) if scale is None else (1.0, scale)
    masks = []
    for kernel in kernels:
        masks.append(x > 0)
        x = kept * x + branch * np.where(masks[-1], x, 0.0) @ kernel
    gradient = np.broadcast_to(random.normal(size=config.width), x.shape)
    for kernel, mask in zip(kernels[::-1], masks[::-1], strict=True):
        gradient = kept * gradient + branch * mask * (gradient @ kernel.T)
    return _mean_cosine(gradient)


def _mean_cosine(gradients: Array) -> float:
    """Over all pairs of different rows."""
    units = gradients / np.linalg.norm(gradients, axis=1, keepdims=True)
    count = len(units)
    return float((np.sum(units.sum(axis=0) ** 2) - count) / (count * (count - 1)))
