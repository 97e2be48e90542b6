"""Ways around a layer, each built into the same twenty sigmoid layers: which gradient survives, and what is learnt."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vgcore import data, probes, sweep
from vgcore.models import MLP, DenselyConnected, Highway, LongSkip, Network
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """The base network of sigmoid layers as Keras makes them; only the dense one has another width."""

    depth: int = 20
    width: int = 64
    growth: int = 16  # of the dense connections: about as many weights as the plain network has
    gate_biases: tuple[float, ...] = (-1.0, -3.0, -4.0)
    arms: tuple[str, ...] | None = None  # None for all
    examples: int = 256  # of the training set, for measuring gradients
    learning_rate: float = 0.1
    epochs: int = 12
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, gate_biases=(-3.0,), arms=("plain", "highway -3"), examples=8, epochs=1)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradients before training, and learning.

    `arm`: "plain", "long skip", "highway -3" (its gates' first bias) and alike, "dense connections", "residual".

    - "layers": `arm`, `layer` (1 = next to the input), `relative_gradient` (RMS of dL/dh over that of the last hidden
      layer; h is the stream behind the layer where it is a stream);
    - "training", after the last epoch: `arm`, `first` (`relative_gradient` of layer 1), `least` (the smallest one of
      all layers), `train_accuracy`, `test_accuracy` (0 to 1);
    - "highways": `arm`, `gate_bias`, `layer`, `theory`: what is left at a layer if every gate stays where its bias
      puts it and only the carried part of the stream hands the gradient on, (1 - sigmoid(bias)) ^ layers crossed.
    """
    layers, training = [], []
    for arm, network in _networks(config).items():
        gradients = _gradients(config, seed, network)
        layers.append(gradients.assign(arm=arm)[["arm", "layer", "relative_gradient"]])
        relative = gradients["relative_gradient"]
        ends = {"arm": arm, "first": float(relative.iloc[0]), "least": float(relative.min())}
        training.append(ends | _outcome(config, seed, network))
    highways = pd.concat([_carried(config, bias) for bias in config.gate_biases], ignore_index=True)
    return {"layers": pd.concat(layers, ignore_index=True), "training": pd.DataFrame(training), "highways": highways}


def _networks(config: Config) -> dict[str, Network]:
    plain = MLP(depth=config.depth, width=config.width)
    highway = Highway(depth=config.depth, width=config.width)
    networks = {
        "plain": plain,
        "long skip": LongSkip(depth=config.depth, width=config.width),
        **{f"highway {bias:.0f}": replace(highway, gate_bias=bias) for bias in config.gate_biases},
        "dense connections": DenselyConnected(depth=config.depth, growth=config.growth),
        "residual": replace(plain, skip=True),
    }
    return {arm: network for arm, network in networks.items() if config.arms is None or arm in config.arms}


def _gradients(config: Config, seed: int, network: Network) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.examples], digits.train_y[: config.examples]
    table = probes.measure_gradients(network.build(seed), x, y).table
    hidden = table[table["layer"].str.contains("hidden")]
    gradients = hidden["activation_gradient_rms"].to_numpy()
    layer = np.arange(1, len(hidden) + 1)
    return pd.DataFrame({"layer": layer, "relative_gradient": gradients / gradients[-1]})


def _carried(config: Config, bias: float) -> pd.DataFrame:
    layer = np.arange(1, config.depth + 1)
    carried = 1 / (1 + np.exp(bias))
    return pd.DataFrame(
        {"arm": f"highway {bias:.0f}", "gate_bias": bias, "layer": layer, "theory": carried ** (config.depth - layer)}
    )


def _outcome(config: Config, seed: int, network: Network) -> dict[str, float]:
    recipe = Training(
        network=network, learning_rate=config.learning_rate, epochs=config.epochs, batch_size=config.batch_size
    )
    last = sweep.outcomes(recipe, data.digits(), seed, after=(config.epochs,)).iloc[0]
    return {name: float(last[name]) for name in ("train_accuracy", "test_accuracy")}
