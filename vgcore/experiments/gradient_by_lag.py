"""How the gradient fades from step to step back in time, in recurrent networks before any training."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import models, probes, theory
from vgcore.models import Recurrent

STANDARD, WEAK = "standard", "weak"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Recurrent layers of `units`, each reading `steps` vectors of `features` random normal numbers."""

    units: int = 64
    features: int = 8  # the rows of a digit; a SimpleRNN's factor depends on how much of its sum is input
    steps: int = 50
    lags: int = 40  # the first steps are left out: there the state is still near its start, 0
    examples: int = 32
    scales: tuple[tuple[str, float], ...] = ((STANDARD, 1.0), (WEAK, 0.1))  # 0.1: weak enough for the linear theory
    cells: tuple[tuple[str, str, float | None], ...] = (
        ("SimpleRNN", "simple_rnn", None),
        ("GRU", "gru", None),
        ("LSTM 0", "lstm", 0.0),  # the gates half open, as without a forget bias
        ("LSTM 1", "lstm", 1.0),  # Keras's default
        ("LSTM 3", "lstm", 3.0),
        ("LSTM 5", "lstm", 5.0),
    )


published = Config()
smoke = Config(units=8, steps=8, lags=6, examples=4)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Gradient of the cross-entropy with random labels, by lag. Synthetic: the theory speaks of random inputs.

    One row for each cell, input and lag:

    - `cell`: "SimpleRNN", "GRU", or "LSTM b" with the initial bias b of its forget gate;
    - `inputs`: "standard" (normal, variance 1) or "weak" (a tenth of that in size);
    - `lag`: steps before the last;
    - `hidden_gradient`: RMS of dL/dh at this lag over that at lag 1 (lag 0 belongs to the output layer);
    - `state_gradient`: RMS of dL/dc of an LSTM, of dL/dh otherwise, over that at lag 0;
    - `theory`: what closed forms predict of `state_gradient`; nothing is fitted.
    """
    arms = [(name, cell, bias, inputs) for inputs in config.scales for name, cell, bias in config.cells]
    return pd.concat([_measure_arm(config, seed, *arm) for arm in arms], ignore_index=True)


def _measure_arm(
    config: Config, seed: int, name: str, cell: str, bias: float | None, inputs: tuple[str, float]
) -> pd.DataFrame:
    network = Recurrent(cell=cell, units=config.units, features=config.features, forget_bias=bias)
    random = np.random.default_rng(seed)
    x = inputs[1] * random.normal(size=(config.examples, config.steps, config.features))
    y = random.integers(0, network.outputs, config.examples)
    profile = probes.measure_gradients_through_time(models.recurrent(network, seed), x, y).table
    rows = profile[profile["lag"] <= config.lags]
    hidden = rows["hidden_gradient_rms"]
    state = rows["cell_gradient_rms"] if cell == "lstm" else hidden
    return pd.DataFrame(
        {
            "cell": name,
            "inputs": inputs[0],
            "lag": rows["lag"],
            "hidden_gradient": hidden / hidden[1],
            "state_gradient": state / state[0],
            "theory": _theory(config, cell, bias, inputs[1], rows["lag"].to_numpy()),
        }
    )


def _theory(config: Config, cell: str, bias: float | None, scale: float, lags: theory.Array) -> theory.Array:
    if cell == "lstm" and bias is not None:
        return theory.lstm_gradient_line(bias, lags)
    if cell == "gru":
        return theory.gru_gradient_line(lags)
    # The orthogonal matrix keeps the size; tanh's slope does not, the less so the larger the inputs.
    glorot = 2 / (config.features + config.units)
    return np.asarray(theory.chi("tanh", 1.0, scale**2 * config.features * glorot) ** (lags / 2))
