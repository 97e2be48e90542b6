"""What a step of a SimpleRNN and of a GRU passes back before training, by the input's size and by the gate's bias."""

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import models, probes, theory
from vgcore.models import Recurrent

RNN, GRU = "SimpleRNN", "GRU"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Layers of `units` that read `steps` vectors of random normal numbers of variance 1."""

    units: int = 64  # the closed forms are of wide layers
    steps: int = 34
    lags: tuple[int, int] = (8, 24)  # before, the gradient still settles; after, the state is still near its start, 0
    examples: int = 32
    features: tuple[int, ...] = (1, 8, 64, 128)
    biases: tuple[float, ...] = (0.0, 1.0, 3.0, 5.0)  # of the update gate
    bias_features: int = 8  # the rows of a digit


published = Config()
smoke = Config(units=8, steps=8, lags=(2, 6), examples=4, features=(1, 8), biases=(0.0,))


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """What a step passes back of dL/dh, a geometric mean over the lags given. Synthetic: theory wants normal inputs.

    `features`, one row for each `cell` ("SimpleRNN", "GRU") and number of `features` that it reads at each step:

    - `factor`: RMS of dL/dh at one lag over that at the lag before;
    - `theory`: the same from closed forms; nothing is fitted. A GRU's is that of weak inputs.

    `biases`, one row for each initial `bias` of a GRU's update gate: `cell`, `factor`, `theory` alike.
    """
    features = [(cell, count, 0.0) for cell in (RNN, GRU) for count in config.features]
    biases = [(GRU, config.bias_features, bias) for bias in config.biases]
    return {
        "features": pd.DataFrame([_row(config, seed, *arm) for arm in features]).drop(columns="bias"),
        "biases": pd.DataFrame([_row(config, seed, *arm) for arm in biases]).drop(columns="features"),
    }


def _row(config: Config, seed: int, cell: str, features: int, bias: float) -> dict[str, object]:
    kind = {"cell": "gru", "update_bias": bias} if cell == GRU else {"cell": "simple_rnn"}
    network = Recurrent(units=config.units, features=features, **kind)
    random = np.random.default_rng(seed)
    x = random.normal(size=(config.examples, config.steps, features))
    y = random.integers(0, network.outputs, config.examples)
    profile = probes.measure_gradients_through_time(models.recurrent(network, seed), x, y).table.set_index("lag")
    first, last = config.lags
    gradients = profile["hidden_gradient_rms"]
    factor = float((gradients[last] / gradients[first]) ** (1 / (last - first)))
    predicted = _theory(config, cell, features, bias)
    return {"cell": cell, "features": features, "bias": bias, "factor": factor, "theory": predicted}


def _theory(config: Config, cell: str, features: int, bias: float) -> float:
    if cell == GRU:
        first, last = theory.gru_gradient_line(np.array(config.lags), update_bias=bias)
        return float((last / first) ** (1 / (config.lags[1] - config.lags[0])))
    glorot = 2 / (features + config.units)
    return math.sqrt(theory.chi("tanh", 1.0, features * glorot))
