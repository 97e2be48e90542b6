"""A vanishing and an exploding network at learning rates from tiny to huge."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, sweep
from vgcore.backpropagation import backward, forward
from vgcore.models import MLP
from vgcore.theory import Array
from vgcore.training import Training, batch_indices


@dataclass(frozen=True, kw_only=True)
class Config:
    """Each network is trained at rates around the ones where something happens."""

    depth: int = 20
    width: int = 64
    gain: float = 1.2  # times He's weights: twenty such layers multiply the gradient by about 38
    vanishing: tuple[float, ...] = (0.01, 0.1, 1, 10, 100)
    exploding: tuple[float, ...] = (1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
    epochs: int = 16
    layer_rates: tuple[float, ...] = (1e-3, 1e-1, 1e1, 1e2, 1e3)
    layer_epochs: int = 1  # layers are followed in NumPy, which takes three times as long
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, vanishing=(0.1,), exploding=(), epochs=1, layer_rates=(0.1, 1))


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """What the learning rate decides, and what it does not.

    - "accuracy": `network` ("vanishing": sigmoid, Glorot; "exploding": ReLU, He's weights times the gain), `rate`
      (the learning rate), `test_accuracy` (on digits never seen, 0 to 1), `finite` (1 where the loss is a finite
      number at the end, else 0);
    - "layers": the vanishing network without biases, by gradient descent in 64-bit numbers: `rate`, `layer` (1 = next
      to the input; the last is the output layer), `relative_change` (|W - W_0| / |W_0| at the end).
    """
    accuracy = [
        _outcome(config, seed, network, rate)
        for network, rates in {"vanishing": config.vanishing, "exploding": config.exploding}.items()
        for rate in rates
    ]
    layers = [_changes(config, seed, rate) for rate in config.layer_rates]
    return {"accuracy": pd.DataFrame(accuracy), "layers": pd.concat(layers, ignore_index=True)}


def _outcome(config: Config, seed: int, network: str, rate: float) -> dict[str, str | float]:
    described = _vanishing(config) if network == "vanishing" else _exploding(config)
    recipe = Training(network=described, learning_rate=rate, epochs=config.epochs, batch_size=config.batch_size)
    with np.errstate(invalid="ignore", over="ignore"):  # some are meant to explode
        end = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    finite = float(np.isfinite(end["train_loss"]))
    return {"network": network, "rate": rate, "test_accuracy": end["test_accuracy"], "finite": finite}


def _vanishing(config: Config) -> MLP:
    return MLP(depth=config.depth, width=config.width)


def _exploding(config: Config) -> MLP:
    return MLP(depth=config.depth, width=config.width, activation="relu", initialisation="he_uniform", gain=config.gain)


def _changes(config: Config, seed: int, rate: float) -> pd.DataFrame:
    digits = data.digits()
    recipe = Training(network=_vanishing(config), epochs=config.layer_epochs, batch_size=config.batch_size)
    start = [kernel.T.astype(float) for kernel in _vanishing(config).build(seed).get_weights()[::2]]
    weights = start
    for batch in batch_indices(recipe, digits, seed):
        weights = _stepped(weights, digits.train_x[batch].astype(float), digits.train_y[batch], rate)
    moved = [
        float(np.linalg.norm(end - begin) / np.linalg.norm(begin)) for end, begin in zip(weights, start, strict=True)
    ]
    return pd.DataFrame({"rate": rate, "layer": np.arange(1, len(moved) + 1), "relative_change": moved})


def _stepped(weights: list[Array], x: Array, labels: Array, rate: float) -> list[Array]:
    """One step of gradient descent on the mean cross-entropy."""
    passed = forward(weights, x)
    shares = np.exp(passed.outputs - passed.outputs.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    gradients = backward(weights, passed, (shares - np.eye(shares.shape[1])[labels]) / len(x)).gradients
    return [weight - rate * gradient for weight, gradient in zip(weights, gradients, strict=True)]
