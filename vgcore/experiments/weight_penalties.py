"""A vanishing and an exploding network, trained with penalties on large weights."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vgcore import data, theory
from vgcore.backpropagation import Backward, backward, forward
from vgcore.models import MLP
from vgcore.theory import Array
from vgcore.training import Training, batch_indices, loss_and_accuracy


@dataclass(frozen=True, kw_only=True)
class Config:
    """Both networks are trained by gradient descent on the loss plus l1 sum |W| + l2 sum W^2, without biases."""

    depth: int = 20
    width: int = 64
    gain: float = 1.2  # times He's weights: twenty such layers multiply the gradient by about 38
    # network, learning rate, penalty, strength. What counts is strength times rate: the largest L2 leaves 41 %
    arms: tuple[tuple[str, float, str, float], ...] = (
        ("exploding", 1e-3, "none", 0.0),  # at ten times this rate the network ends in NaN
        ("exploding", 1e-3, "L2", 0.2),
        ("exploding", 1e-3, "L2", 0.5),
        ("exploding", 1e-3, "L2", 2.0),
        ("exploding", 1e-3, "L1", 0.1),
        ("exploding, rate 0.1", 1e-1, "L2", 0.02),
        ("vanishing", 1e-1, "none", 0.0),
        ("vanishing", 1e-1, "L2", 0.0125),
        ("vanishing", 1e-1, "L2", 0.05),
        ("vanishing", 1e-1, "L1", 0.0025),
    )
    exploding_epochs: int = 10
    vanishing_epochs: int = 4  # this network learns nothing in forty either
    batch_size: int = 64
    examples: int = 256  # of the training set, for the gradient's factor


published = Config()
smoke = Config(
    depth=3,
    arms=(("exploding", 1e-3, "none", 0.0), ("vanishing", 1e-1, "L2", 0.01)),
    exploding_epochs=1,
    vanishing_epochs=1,
)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """What is left of the weights, what a layer does to the gradient, and whether the network learns.

    `network` is "exploding" (ReLU, He's weights times the gain; also at a larger rate) or "vanishing" (sigmoid,
    Glorot), `penalty` is "none", "L1" or "L2", `strength` its factor. After training:

    - `left`: the weights' norm over the one they began with, in the first half of the hidden layers;
    - `alone`: what the penalty alone would leave of every weight (L2 and none; for L1 it depends on the weight: 0);
    - `factor`: by what a hidden layer multiplies the RMS of dL/dh, the geometric mean from the last to the first;
    - `theory`: the factor of deep layers with random weights, by `left` smaller than the first ones;
    - `test_accuracy` (on digits never seen, 0 to 1);
    - `finite`: 1 if all weights are finite numbers at the end, else 0; then `left` and `factor` are 0.
    """
    return pd.DataFrame([_measure_arm(config, seed, *arm) for arm in config.arms])


def _measure_arm(
    config: Config, seed: int, network: str, rate: float, penalty: str, strength: float
) -> dict[str, str | float]:
    described, digits = _network(config, network), data.digits()
    start = [kernel.T.astype(float) for kernel in described.build(seed).get_weights()[::2]]
    epochs = config.vanishing_epochs if network == "vanishing" else config.exploding_epochs
    batches = batch_indices(Training(network=described, epochs=epochs, batch_size=config.batch_size), digits, seed)
    l1, l2 = (rate * strength * (penalty == one) for one in ("L1", "L2"))
    weights = start
    with np.errstate(all="ignore"):  # one is meant to explode
        for batch in batches:
            slopes = _backward(weights, digits.train_x[batch], digits.train_y[batch], described.activation).gradients
            weights = [
                weight - rate * slope - l1 * np.sign(weight) - 2 * l2 * weight
                for weight, slope in zip(weights, slopes, strict=True)
            ]
            if np.isnan(weights[0]).any():
                break
    alone = {"alone": 0.0 if penalty == "L1" else (1 - 2 * l2) ** len(batches)}
    arm: dict[str, str | float] = {"network": network, "penalty": penalty, "strength": strength}
    return arm | alone | _end(config, described, start, weights)


def _network(config: Config, network: str) -> MLP:
    if network == "vanishing":
        return MLP(depth=config.depth, width=config.width)
    return MLP(depth=config.depth, width=config.width, activation="relu", initialisation="he_uniform", gain=config.gain)


def _backward(weights: list[Array], x: NDArray[np.float32], labels: NDArray[np.int64], activation: str) -> Backward:
    """Errors and gradients of the mean cross-entropy."""
    passed = forward(weights, x.astype(float), activation)
    shares = np.exp(passed.outputs - passed.outputs.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    return backward(weights, passed, (shares - np.eye(shares.shape[1])[labels]) / len(x))


def _end(config: Config, described: MLP, start: list[Array], weights: list[Array]) -> dict[str, float]:
    if not all(np.isfinite(weight).all() for weight in weights):
        nothing = dict.fromkeys(("left", "factor", "theory", "finite"), 0.0)
        return nothing | {"test_accuracy": 0.1}  # no class is larger than another: one in ten
    digits, half = data.digits(), slice(config.depth // 2)
    left = float(np.linalg.norm(weights[half]) / np.linalg.norm(start[half]))
    outputs = forward(weights, digits.test_x.astype(float), described.activation).outputs
    return {
        "left": left,
        "factor": _factor(config, described, weights),
        "theory": _theory(described, left),
        "test_accuracy": loss_and_accuracy(outputs, digits.test_y)[1],
        "finite": 1.0,
    }


def _factor(config: Config, described: MLP, weights: list[Array]) -> float:
    """dL/dh of a layer is what the next layer's weights make of that layer's dL/dz."""
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    errors = _backward(weights, x, y, described.activation).errors
    first, last = errors[1] @ weights[1], errors[-1] @ weights[-1]
    return float((np.linalg.norm(first) / np.linalg.norm(last)) ** (1 / (config.depth - 1)))


def _theory(described: MLP, left: float) -> float:
    variance = theory.weight_variance(described.initialisation) * (described.gain * left) ** 2
    return float(theory.chi(described.activation, variance) ** 0.5)
