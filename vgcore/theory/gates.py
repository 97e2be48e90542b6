"""How fast a gradient fades in a recurrent network, step by step back in time, before any training."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, gammaln, logsumexp, xlogy

from vgcore.theory.activations import Array

LSTM_MIXING = 1 / 8
"""input gate 1/2 times output gate 1/2 times the spectral radius 1/2 of a quarter of an orthogonal matrix."""

GRU_MIXING = 1 / (4 * np.sqrt(3))
"""update gate 1/2 times reset gate 1/2 times the spectral radius 1/sqrt(3) of a third of an orthogonal matrix."""


def forget_gate_line(forget_bias: float, lags: ArrayLike) -> Array:
    """What an LSTM's forget gate alone lets through: sigmoid(bias)^lag, exact where the recurrent kernel is 0.

    Relative to lag 0. Source: Gers, Schmidhuber and Cummins, "Learning to Forget", 2000, for c = f c + ...

    Examples:
        >>> forget_gate_line(1.0, [0, 1, 2]).round(4)
        array([1.    , 0.7311, 0.5344])
    """
    return np.asarray(expit(forget_bias) ** np.asarray(lags, float))


def lstm_gradient_line(forget_bias: float, lags: ArrayLike, gain: float = 1.0) -> Array:
    """RMS of dL/dc of a wide LSTM by lag, relative to lag 0, with Keras's initialisation times `gain`.

    The state c is multiplied by sigmoid(forget_bias) I + G at each step; G, through the candidate, is random with
    spectral radius gain / 8. Holds while the state is small: weak inputs, and no growth (`lstm_factor` below 1).
    Source: the cell's equations, linear in the state; the blocks of Keras's orthogonal matrix are freely independent.

    Examples:
        >>> lstm_gradient_line(1.0, [0, 1, 20]).round(4)
        array([1.    , 0.7417, 0.019 ])
    """
    return _power_line(float(expit(forget_bias)), gain * LSTM_MIXING, lags)


def gru_gradient_line(lags: ArrayLike, gain: float = 1.0, update_bias: float = 0.0) -> Array:
    """RMS of dL/dh of a wide GRU by lag, relative to lag 0, with Keras's initialisation times `gain`.

    The update gate keeps sigmoid(update_bias) of the state, the candidate mixes the rest; valid as
    `lstm_gradient_line` is.

    Examples:
        >>> gru_gradient_line([0, 1, 20]).round(5)
        array([1.0000e+00, 5.2042e-01, 6.0000e-05])
    """
    kept = float(expit(update_bias))
    return _power_line(kept, 2 * (1 - kept) * gain * GRU_MIXING, lags)


def lstm_factor(forget_bias: float, gain: float = 1.0) -> float:
    """What one step of an LSTM passes back of dL/dc after many steps: sigmoid(forget_bias) + gain / 8.

    Examples:
        >>> [round(lstm_factor(bias), 3) for bias in (0, 1, 3)]
        [0.625, 0.856, 1.078]
    """
    return float(expit(forget_bias) + gain * LSTM_MIXING)


def gru_factor(gain: float = 1.0, update_bias: float = 0.0) -> float:
    """What one step of a GRU passes back of dL/dh after many steps: z + gain (1 - z) / (2 sqrt(3)).

    Here z = sigmoid(update_bias), 1/2 without a bias.

    Examples:
        >>> [round(gru_factor(update_bias=bias), 3) for bias in (0, 1, 3)]
        [0.644, 0.809, 0.966]
    """
    kept = float(expit(update_bias))
    return kept + 2 * (1 - kept) * gain * float(GRU_MIXING)


def _power_line(kept: float, mixed: float, lags: ArrayLike) -> Array:
    """The size of (kept I + mixed R)^lag v for a random matrix R of spectral radius 1 and a fixed vector v.

    Powers of R are orthogonal on average and keep a vector's mean square, so the squares of the binomial expansion
    add up: sum over k of (C(lag, k) kept^(lag - k) mixed^k)^2.
    """
    lags = np.asarray(lags, float)
    chosen = np.arange(lags.max(initial=0) + 1)
    rest = np.maximum(lags[..., None] - chosen, 0)
    logs = gammaln(lags[..., None] + 1) - gammaln(chosen + 1) - gammaln(rest + 1)
    logs = logs + xlogy(rest, kept) + xlogy(chosen, mixed)
    terms = np.where(chosen <= lags[..., None], logs, -np.inf)
    return np.asarray(np.exp(logsumexp(2 * terms, axis=-1) / 2))
