"""Before training batch normalisation rescues the gradient of one deep network, and explodes that of another."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data, models, probes, theory
from vgcore.models import MLP

PLAIN = "no normalisation"
PLACEMENTS = {PLAIN: None, "before": "batch", "after": "batch_after"}


@dataclass(frozen=True, kw_only=True)
class Config:
    """Deep ReLU networks with He's weights, and the base network of twenty sigmoid layers as Keras makes them."""

    depth: int = 50
    batches: tuple[int, ...] = (8, 256)  # a small one, in which the finite batch matters, and a large one
    sigmoid_depth: int = 20
    width: int = 64


published = Config()
smoke = Config(depth=4, batches=(8,), sigmoid_depth=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradients at initialisation, on the first digits of the training set.

    - "layers", of the ReLU networks: `arm` ("no normalisation", "before" the activation), `batch` (digits in it),
      `layer` (1 = next to the input), `relative_gradient` (RMS of dL/dh over that of the last hidden layer), `theory`
      (with normalisation `vgcore.theory.batch_norm_growth` to the power of the layers crossed, without it 1);
    - "growth": `arm`, `batch`, `growth` (of that RMS, a layer, towards the input: geometric mean) and `theory` of it;
    - "sigmoid": for each `arm` ("no normalisation", "before", "after" the activation) the `decades` that the gradient
      loses from the last hidden layer to the first.
    """
    arms = [(PLAIN, config.batches[-1]), *(("before", batch) for batch in config.batches)]
    layers = pd.concat([_layers(config, seed, arm, batch) for arm, batch in arms], ignore_index=True)
    crossed = config.depth - 1
    first = layers[layers["layer"] == 1]
    growth = first.assign(growth=first["relative_gradient"] ** (1 / crossed), theory=first["theory"] ** (1 / crossed))
    sigmoid = [{"arm": arm, "decades": _decades(config, seed, arm)} for arm in PLACEMENTS]
    return {
        "layers": layers,
        "growth": growth[["arm", "batch", "growth", "theory"]].reset_index(drop=True),
        "sigmoid": pd.DataFrame(sigmoid),
    }


def _layers(config: Config, seed: int, arm: str, batch: int) -> pd.DataFrame:
    network = MLP(
        depth=config.depth, width=config.width, activation="relu", initialisation="he_normal",
        normalisation=PLACEMENTS[arm],
    )  # fmt: skip
    hidden = _profile(network, seed, batch).table.iloc[: config.depth]
    gradients, layer = hidden["activation_gradient_rms"], hidden["depth"]
    growth = theory.batch_norm_growth(batch) if PLACEMENTS[arm] else 1.0
    return pd.DataFrame(
        {
            "arm": arm,
            "batch": batch,
            "layer": layer,
            "relative_gradient": gradients / gradients.iloc[-1],
            "theory": growth ** np.array(config.depth - layer, float),
        }
    )


def _decades(config: Config, seed: int, arm: str) -> float:
    network = MLP(depth=config.sigmoid_depth, width=config.width, normalisation=PLACEMENTS[arm])
    return _profile(network, seed, config.batches[-1]).decades


def _profile(network: MLP, seed: int, batch: int) -> probes.GradientProfile:
    digits = data.digits()
    return probes.measure_gradients(models.mlp(network, seed), digits.train_x[:batch], digits.train_y[:batch])
