"""A vanishing and an exploding network, trained with and without clipped gradients."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vgcore import data, training
from vgcore.models import MLP
from vgcore.theory import Array
from vgcore.training import Training

PLAIN = "none"
KINDS = {"value": "clip_value", "norm": "clip_norm", "global": "clip_global_norm"}
"""The first word of a way to clip, and the field of `Training` that it sets."""


@dataclass(frozen=True, kw_only=True)
class Config:
    """Both networks have `depth` hidden layers and are trained alike, once for every way to clip."""

    depth: int = 20
    width: int = 64
    gain: float = 1.2  # times He's weights: twenty such layers multiply the gradient by about 38
    far_gain: float = 1.5  # twenty of these by about 3000
    # The second word is the threshold. 4: above the whole gradient of the vanishing network, so that no kind acts below
    # it; 0.1: below that of its top layer
    vanishing: tuple[str, ...] = ("global 4", "norm 0.1")
    exploding: tuple[str, ...] = ("value 0.01", "norm 1", "global 1")
    far: tuple[str, ...] = ("global 1",)
    learning_rate: float = 0.1
    vanishing_epochs: int = 2  # what is compared are weights, and 44 steps are enough to differ in
    exploding_epochs: int = 10
    batch_size: int = 64


published = Config()
smoke = Config(depth=1, vanishing=(), exploding=(), far=(), vanishing_epochs=1, exploding_epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """How both networks learn, and how far clipping moves the weights of the vanishing one.

    `network` is "vanishing" (sigmoid, Glorot), "exploding" (ReLU, He's weights times the gain) or "far" (the same with
    the larger gain, never without clipping). `clipping` is "none", or the kind and the threshold: "value" clips each
    entry of the gradient, "norm" each weight matrix's and bias's own gradient, "global" the whole.

    - "training": `network`, `clipping`, `epoch` (0 = before training), `test_accuracy` (on digits never seen, 0 to 1),
      `finite` (1 while every weight is a finite number, 0 after);
    - "layers": `network`, `clipping`, `layer` (1 = next to the input; the last is the output layer), `difference`
      (|W - W_plain| / |W_plain| over the layer's weights and biases after training, W_plain being those without
      clipping; the vanishing network only).
    """
    parts, layers = [], []
    for network, arms in _arms(config).items():
        plain: list[Array] = []
        for clipping in arms:
            history, end = _trained(config, network, clipping, seed)
            parts.append(history.assign(network=network, clipping=clipping))
            if network == "vanishing":
                plain = plain or end
                layers.append(_differences(plain, end).assign(network=network, clipping=clipping))
    order = ["network", "clipping"]
    return {
        name: table[[*order, *(column for column in table if column not in order)]]
        for name, table in {"training": pd.concat(parts), "layers": pd.concat(layers)}.items()
    }


def _arms(config: Config) -> dict[str, tuple[str, ...]]:
    """The ways to clip by network."""
    return {
        "vanishing": (PLAIN, *config.vanishing),
        "exploding": (PLAIN, *config.exploding),
        "far": config.far,
    }


def _trained(config: Config, network: str, clipping: str, seed: int) -> tuple[pd.DataFrame, list[Array]]:
    """Accuracy by epoch, and each layer's weights at the end as one vector."""
    exploding = network != "vanishing"
    kind, _, threshold = clipping.partition(" ")
    clipped: dict[str, Any] = {KINDS[kind]: float(threshold)} if threshold else {}
    recipe = Training(
        network=_exploding(config, network) if exploding else MLP(depth=config.depth, width=config.width),
        learning_rate=config.learning_rate,
        epochs=config.exploding_epochs if exploding else config.vanishing_epochs,
        batch_size=config.batch_size,
        **clipped,
    )
    weights: list[list[Array]] = []
    history = training.train(recipe, data.digits(), seed, lambda _, model: weights.append(model.get_weights()))
    table = history.epochs[["epoch", "test_accuracy"]]
    finite = [float(all(np.isfinite(one).all() for one in every)) for every in weights]
    return table.assign(finite=finite), _by_layer(weights[-1])


def _exploding(config: Config, network: str) -> MLP:
    gain = config.gain if network == "exploding" else config.far_gain
    return MLP(depth=config.depth, width=config.width, activation="relu", initialisation="he_uniform", gain=gain)


def _by_layer(weights: list[Array]) -> list[Array]:
    """Keras lists each layer's matrix and its bias in turn."""
    flat = [np.asarray(one, float).ravel() for one in weights]
    return [np.concatenate(pair) for pair in zip(flat[::2], flat[1::2], strict=True)]


def _differences(plain: list[Array], clipped: list[Array]) -> pd.DataFrame:
    differences = [
        float(np.linalg.norm(one - other) / np.linalg.norm(one)) for one, other in zip(plain, clipped, strict=True)
    ]
    return pd.DataFrame({"layer": np.arange(1, len(plain) + 1), "difference": differences})
