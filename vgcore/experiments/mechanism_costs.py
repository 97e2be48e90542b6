"""What normalisation and skips cost in a training step: weights, operations, and bytes kept for the way back."""

from dataclasses import dataclass, replace

import pandas as pd

from vgcore import data
from vgcore.costs import step_cost
from vgcore.models import MLP, ConvNet, DenselyConnected, Highway, Network


@dataclass(frozen=True, kw_only=True)
class Config:
    """The base networks, dense and convolutional, on one batch of digits."""

    depth: int = 20
    width: int = 64
    growth: int = 16  # of the dense connections
    channels: int = 8
    batch_size: int = 64


published = Config()
smoke = Config(depth=2, width=8, channels=2, batch_size=4)


def measure(config: Config) -> pd.DataFrame:
    """Costs relative to the plain network of the same base, from TensorFlow's own graphs.

    One row for each `base` ("dense": sigmoid layers, "convolutional": ReLU) and `arm` ("plain", "batch norm",
    "residual", of the dense base also "highway" and "dense connections"): `parameters`, `operations` (floating-point,
    one forward and backward pass) and `kept` (bytes that the forward pass leaves to the backward pass), each over
    those of "plain"; `kept_mebibytes`: the last one in MiB.
    """
    return pd.concat([_of_base(config, base, arms) for base, arms in _networks(config).items()], ignore_index=True)


def _networks(config: Config) -> dict[str, dict[str, Network]]:
    dense = MLP(depth=config.depth, width=config.width)
    convolutional = ConvNet(depth=config.depth, channels=config.channels)
    return {
        "dense": {
            "plain": dense,
            "batch norm": replace(dense, normalisation="batch"),
            "residual": replace(dense, skip=True),
            "highway": Highway(depth=config.depth, width=config.width),
            "dense connections": DenselyConnected(depth=config.depth, growth=config.growth),
        },
        "convolutional": {
            "plain": convolutional,
            "batch norm": replace(convolutional, normalisation="batch"),
            "residual": replace(convolutional, residual="pre-activation"),
        },
    }


def _of_base(config: Config, base: str, networks: dict[str, Network]) -> pd.DataFrame:
    digits = data.digits()
    x, y = digits.train_x[: config.batch_size], digits.train_y[: config.batch_size]
    costs = [step_cost(network.build(seed=0), x, y) for network in networks.values()]  # no cost depends on the weights
    plain = costs[0]
    return pd.DataFrame(
        {
            "base": base,
            "arm": list(networks),
            "parameters": [cost.parameters / plain.parameters for cost in costs],
            "operations": [cost.operations / plain.operations for cost in costs],
            "kept": [cost.kept_bytes / plain.kept_bytes for cost in costs],
            "kept_mebibytes": [cost.kept_bytes / 2**20 for cost in costs],
        }
    )
