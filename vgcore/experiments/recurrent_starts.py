"""Two ways to start a recurrent network so that it remembers: the identity matrix, and the forget gate's bias."""

from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd

from vgcore import models, probes
from vgcore.models import Recurrent
from vgcore.theory import Array

IDENTITY, GLOROT = "identity", "Glorot"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Recurrent layers of `units` that read an adding problem: a number from 0 to 1 and a marker at each step."""

    units: int = 100
    steps: int = 150
    examples: int = 16
    small: float = 0.01  # size of the input weights, next to which an identity is large
    gate_steps: int = 20
    biases: tuple[float, ...] = (0.0, 1.0, 2.0)


published = Config()
smoke = Config(units=8, steps=8, examples=4, gate_steps=4)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Networks before training, on an adding problem with random targets.

    - "lags", of a ReLU layer: `start` (of its recurrent matrix: "identity", or "Glorot" for a random one), `lag` (steps
      before the last), `gradient` (RMS of dL/dh over that at lag 1; lag 0 belongs to the output layer);
    - "gates", of an LSTM with small weights: `bias` of its forget gate and the gate's mean `opening`.
    """
    random = np.random.default_rng(seed)
    numbers = random.uniform(size=(config.examples, config.steps))
    markers = np.zeros_like(numbers)
    markers[:, [config.steps // 8, config.steps // 3]] = 1
    x = np.stack([numbers, markers], axis=2)
    lags = [_relu_lags(config, seed, x, start) for start in (IDENTITY, GLOROT)]
    gates = [{"bias": bias, "opening": _opening(config, seed, x, bias)} for bias in config.biases]
    return {"lags": pd.concat(lags, ignore_index=True), "gates": pd.DataFrame(gates)}


def _relu_lags(config: Config, seed: int, x: Array, start: str) -> pd.DataFrame:
    states = [int(state) for state in np.random.SeedSequence(seed).generate_state(3)]
    layer = keras.layers.SimpleRNN(
        config.units, activation="relu", name="recurrent",
        kernel_initializer=keras.initializers.RandomNormal(stddev=config.small, seed=states[0]),
        recurrent_initializer=_recurrent_initialiser(start, states[1]),
    )  # fmt: skip
    answer = keras.layers.Dense(1, kernel_initializer=keras.initializers.GlorotUniform(seed=states[2]))
    model = keras.Sequential([keras.Input(x.shape[1:]), layer, answer])
    y = np.random.default_rng(seed).uniform(0, 2, size=(len(x), 1))
    table = probes.measure_gradients_through_time(model, x, y).table
    rows = table[table["lag"] > 0]
    gradient = rows["hidden_gradient_rms"]
    return pd.DataFrame({"start": start, "lag": rows["lag"], "gradient": gradient / gradient.iloc[0]})


def _recurrent_initialiser(start: str, seed: int) -> keras.initializers.Initializer:
    return keras.initializers.Identity() if start == IDENTITY else keras.initializers.GlorotUniform(seed=seed)


def _opening(config: Config, seed: int, x: Array, bias: float) -> float:
    model = models.recurrent(Recurrent(units=config.units, features=2, forget_bias=bias, gain=0.1), seed)
    kernel = model.get_layer("recurrent").cell.kernel
    kernel.assign(0.1 * kernel)
    gates = probes.measure_gates(model, x[:, : config.gate_steps])
    return float(gates[gates["gate"] == "forget"]["opening"].mean())
