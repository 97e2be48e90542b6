"""Over how many steps recurrent networks learn to remember a digit."""

from dataclasses import dataclass

import pandas as pd

from vgcore import data, models, probes, training
from vgcore.models import Recurrent
from vgcore.training import Training


@dataclass(frozen=True, kw_only=True)
class Config:
    """Networks of `units` read a digit of eight rows, then rows of noise, and name the digit."""

    units: int = 32
    lags: tuple[int, ...] = (0, 8, 16, 32)  # rows of noise between the digit and the answer
    cells: tuple[tuple[str, str, float | None], ...] = (
        ("SimpleRNN", "simple_rnn", None),
        ("GRU", "gru", None),
        ("LSTM 1", "lstm", 1.0),  # Keras's default
        ("LSTM 3", "lstm", 3.0),
    )
    optimiser: str = "adam"
    learning_rate: float = 0.01
    epochs: int = 6  # enough for every cell to learn to read the digit where no noise follows it
    batch_size: int = 64
    examples: int = 64  # of the training set, for measuring gradients


published = Config()
smoke = Config(units=4, lags=(2,), cells=(("SimpleRNN", "simple_rnn", None),), epochs=1, examples=8)


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Test accuracy after a short, equal training, and the gradient before it.

    One row for each cell and lag:

    - `cell`: "SimpleRNN", "GRU", or "LSTM b" with the initial bias b of its forget gate;
    - `lag`: rows of noise after the digit;
    - `test_accuracy`: share of unseen digits named rightly, 0 to 1; guessing gives 0.1;
    - `test_loss`: cross-entropy in nats;
    - `gradient_left`: before training, RMS of dL/dh this many rows of noise before the end, over that at one row.
    """
    return pd.concat([_measure_cell(config, seed, *cell) for cell in config.cells], ignore_index=True)


def _measure_cell(config: Config, seed: int, name: str, cell: str, bias: float | None) -> pd.DataFrame:
    network = Recurrent(cell=cell, units=config.units, forget_bias=bias)
    gradients = _gradients(config, network, seed)
    rows = [
        {"cell": name, "lag": lag} | _trained(config, network, lag, seed) | {"gradient_left": gradients[max(lag, 1)]}
        for lag in config.lags
    ]
    return pd.DataFrame(rows)


def _trained(config: Config, network: Recurrent, lag: int, seed: int) -> dict[str, float]:
    recipe = Training(
        network=network,
        optimiser=config.optimiser,
        learning_rate=config.learning_rate,
        epochs=config.epochs,
        batch_size=config.batch_size,
        record_every=config.epochs,
    )
    end = training.train(recipe, data.digit_then_noise(lag, seed), seed).epochs.iloc[-1]
    return {"test_accuracy": end["test_accuracy"], "test_loss": end["test_loss"]}


def _gradients(config: Config, network: Recurrent, seed: int) -> pd.Series:
    """RMS of dL/dh by lag over that at lag 1, in the task with the most noise."""
    task = data.digit_then_noise(max(config.lags), seed)
    x, y = task.train_x[: config.examples], task.train_y[: config.examples]
    profile = probes.measure_gradients_through_time(models.recurrent(network, seed), x, y).table
    gradients = profile.set_index("lag")["hidden_gradient_rms"]
    return gradients / gradients[1]  # type: ignore[no-any-return] # pandas types a lookup as Any
