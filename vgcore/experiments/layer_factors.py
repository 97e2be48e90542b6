"""What each layer of a sigmoid network multiplies the gradient by, split into its slopes' part and its weights'."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import data, models, theory
from vgcore.models import MLP

Labels = NDArray[np.int64]


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sigmoid networks of `depth` hidden layers of `width` units; `arms` are names and factors on Keras's weights."""

    depth: int = 20
    width: int = 64  # as wide as the input, so that Glorot's weight variance is exactly 1 / width
    examples: int = 256
    arms: tuple[tuple[str, float], ...] = (
        ("old initialisation", 3**-0.5),  # makes Glorot's interval the older one, plus or minus 1 / sqrt(inputs)
        ("Keras default", 1.0),
        ("weights × 2", 2.0),
        ("weights × 4", 4.0),  # what undoes a slope of 1/4
        ("weights × 8", 8.0),
        ("weights × 16", 16.0),
        ("weights × 32", 32.0),
    )


published = Config()
smoke = Config(depth=4, examples=32)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Back-propagation of the cross-entropy, written out in float64 with the weights of a Keras network.

    One row for each arm and each layer that passes a gradient back to another: the second (nearest the input) to the
    last, whose `layer` is 2 to `depth`. Sizes are RMS over units and examples.

    - `arm`, `gain` (factor on Keras's default weights), `layer`;
    - `factor`: size of dL/dh of the layer before, over that of this layer's dL/dh;
    - `slope_factor`, `weight_factor`: the parts of it, across the slopes s'(z), then across W; their product is
      `factor`;
    - `largest_factor`: 1/4 of the largest singular value of W, which no gradient whatever can exceed;
    - `theory`, `theory_slope`: mean field prediction of `factor` and `slope_factor`; nothing is fitted.
    """
    network = MLP(depth=config.depth, width=config.width, activation="sigmoid")
    kernels = [weight.astype(float) for weight in models.mlp(network, seed).get_weights() if weight.ndim == 2]
    return pd.concat([_measure_arm(config, kernels, *arm) for arm in config.arms], ignore_index=True)


def _measure_arm(config: Config, kernels: list[theory.Array], arm: str, gain: float) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples].astype(float), digits.train_y[: config.examples]
    *hidden, last = kernels
    rows = _backwards([*(gain * kernel for kernel in hidden), last], x, y)
    line = theory.gradient_line("sigmoid", gain**2, config.depth, gain**2 * np.mean(x**2, axis=1))
    rows = rows.assign(arm=arm, gain=gain, theory=(line[:-1] / line[1:])[rows["layer"] - 2])
    return rows.assign(theory_slope=rows["theory"] / gain)


def _backwards(kernels: list[theory.Array], x: theory.Array, y: Labels) -> pd.DataFrame:
    """The gradient's way from the last hidden layer to the first, one row for each layer it crosses."""
    *hidden, last = kernels
    outputs = []
    h = x
    for kernel in hidden:
        h = theory.ACTIVATIONS["sigmoid"].function(h @ kernel)
        outputs.append(h)
    gradient = _logit_gradient(h @ last, y) @ last.T
    rows = []
    for layer in range(len(hidden), 1, -1):
        kernel, h = hidden[layer - 1], outputs[layer - 1]
        before_activation = gradient * h * (1 - h)  # the sigmoid's slope, by what it returned
        passed_back = before_activation @ kernel.T
        rows.append(
            {
                "layer": layer,
                "factor": _rms(passed_back) / _rms(gradient),
                "slope_factor": _rms(before_activation) / _rms(gradient),
                "weight_factor": _rms(passed_back) / _rms(before_activation),
                "largest_factor": np.linalg.norm(kernel, 2) / 4,
            }
        )
        gradient = passed_back
    return pd.DataFrame(rows[::-1])


def _logit_gradient(logits: theory.Array, y: Labels) -> theory.Array:
    """The cross-entropy's, summed over the examples: probabilities less the truth. Ratios do not see the sum."""
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    shares[np.arange(len(y)), y] -= 1
    return np.asarray(shares)


def _rms(values: theory.Array) -> float:
    return float(np.sqrt(np.mean(values**2)))
