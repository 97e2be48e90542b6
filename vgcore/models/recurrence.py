"""Recurrent networks: one layer that reads a sequence step by step, and a linear layer that answers."""

from dataclasses import dataclass, replace
from typing import Any, Self

import keras
import numpy as np

from vgcore.models.network import Network
from vgcore.models.normalised_cells import NormalisedGRUCell, NormalisedLSTMCell, NormalisedSimpleRNNCell
from vgcore.models.perceptron import _initialiser

CELLS = {"simple_rnn": keras.layers.SimpleRNN, "lstm": keras.layers.LSTM, "gru": keras.layers.GRU}
NORMALISED = {"simple_rnn": NormalisedSimpleRNNCell, "lstm": NormalisedLSTMCell, "gru": NormalisedGRUCell}


@dataclass(frozen=True, kw_only=True)
class Recurrent(Network):
    """A recurrent layer of `units` that reads `steps` vectors of `features` numbers, and `outputs` without activation.

    `cell`: "simple_rnn", "lstm" or "gru". `forget_bias`: an LSTM's initial bias of the forget gate, None for Keras's
    own, 1. `update_bias`: a GRU's initial bias of the update gate, None for Keras's own, 0; a large one keeps the old
    state. `recurrent_initialisation`: a Keras name; `gain` multiplies the initial recurrent weights. With
    `every_step` the network answers after each step, otherwise after the last. `steps` = None reads any length.
    `layer_norm`: the cell normalises its own sums at every step (see `vgcore.models.normalised_cells`).
    `recurrent_dropout`: share of the state's entries that the next step does not see in training, the same ones at
    every step of a batch, others for each gate (Gal and Ghahramani, 2016). Raises ValueError for an unknown name, a
    size that is not positive, a share outside 0 to 1, or the bias of a gate that the cell does not have.
    """

    cell: str = "lstm"
    units: int = 32
    steps: int | None = None
    features: int = 8
    outputs: int = 10
    forget_bias: float | None = None
    update_bias: float | None = None
    recurrent_initialisation: str = "orthogonal"
    gain: float = 1.0
    every_step: bool = False
    layer_norm: bool = False
    recurrent_dropout: float = 0.0

    def __post_init__(self) -> None:
        if self.cell not in CELLS:
            raise ValueError(f"cell must be one of {', '.join(CELLS)}, not {self.cell!r}")
        for name in ("units", "features", "outputs"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name} must be positive, not {getattr(self, name)!r}")
        if self.steps is not None and self.steps < 1:
            raise ValueError(f"steps must be positive, not {self.steps!r}")
        if self.gain < 0:
            raise ValueError(f"gain must not be negative, not {self.gain!r}")
        self._check_gates()
        if not 0 <= self.recurrent_dropout < 1:
            raise ValueError(f"recurrent_dropout must be at least 0 and below 1, not {self.recurrent_dropout!r}")
        _initialiser(self.recurrent_initialisation, seed=0)

    def _check_gates(self) -> None:
        if self.forget_bias is not None and self.cell != "lstm":
            raise ValueError(f"only an LSTM has a forget gate, {self.cell!r} has none")
        if self.update_bias is not None and self.cell != "gru":
            raise ValueError(f"only a GRU has an update gate, {self.cell!r} has none")

    def build(self, seed: int) -> Any:
        """See `recurrent`."""
        return recurrent(self, seed)

    def architecture(self) -> Self:
        """The gates' biases, gain and initialisation only set the first weights."""
        return replace(self, forget_bias=None, update_bias=None, gain=1.0, recurrent_initialisation="orthogonal")


def recurrent(config: Recurrent, seed: int) -> keras.Model:
    """The network that `config` describes, every weight matrix drawn from its own seed, all derived from `seed`.

    Whatever is not configured is Keras's default: Glorot's uniform input weights, biases 0 but for the LSTM's forget
    gate, sigmoid gates, tanh. Keras draws one orthogonal matrix across all gates, so the block of one gate is no
    orthogonal matrix. Input shape (batch, steps, features), output shape (batch, outputs), or with `every_step`
    (batch, steps, outputs). The layers' names are "recurrent" and "logits".

    Examples:
        >>> recurrent(Recurrent(units=4, features=2, outputs=3), seed=0).count_params()  # 4 * 4 * (4 + 2 + 1) + 15
        127
    """
    seeds = [int(state) for state in np.random.SeedSequence(seed).generate_state(4)]
    layer = _layer(
        config,
        kernel_initializer=_initialiser("glorot_uniform", seeds[0]),
        recurrent_initializer=_initialiser(config.recurrent_initialisation, seeds[1]),
        recurrent_dropout=config.recurrent_dropout,
        seed=seeds[3],  # of dropout; without it Keras draws one from the global generator
    )
    answer = keras.layers.Dense(
        config.outputs, kernel_initializer=_initialiser("glorot_uniform", seeds[2]), name="logits"
    )
    sequences = keras.Input((config.steps, config.features))
    model = keras.Model(sequences, answer(layer(sequences)))
    if config.gain != 1:
        layer.cell.recurrent_kernel.assign(config.gain * layer.cell.recurrent_kernel)
    if config.forget_bias is not None:
        _set_forget_bias(layer.cell, config.forget_bias)
    if config.update_bias is not None:
        _set_update_bias(layer.cell, config.update_bias)
    return model


def _layer(config: Recurrent, **arguments: Any) -> Any:
    reading = {"return_sequences": config.every_step, "name": "recurrent"}
    if config.layer_norm:
        return keras.layers.RNN(NORMALISED[config.cell](config.units, **arguments), **reading)
    return CELLS[config.cell](config.units, **arguments, **reading)


def _set_forget_bias(cell: Any, value: float) -> None:
    """Keras keeps the four gates' biases in one vector: input, forget, candidate, output."""
    bias = cell.bias.numpy()
    bias[cell.units : 2 * cell.units] = value
    cell.bias.assign(bias)


def _set_update_bias(cell: Any, value: float) -> None:
    """Keras keeps two biases of all gates, one for the input and one for the state: update, reset, candidate."""
    bias = cell.bias.numpy()
    bias[0, : cell.units] = value
    cell.bias.assign(bias)
