"""What layer normalisation inside a recurrent cell does to the gradient, before any training."""

import numpy as np

from vgcore.theory.mean_field import layer_chi, variance_map


def layer_norm_factor(input_variance: float, activation: str = "tanh") -> float:
    """What one step of a wide, layer-normalised SimpleRNN passes back of dL/dh: the factor of its RMS.

    h = f(N(W x + U h)) with an orthogonal U, as Keras starts it. N divides by the deviation of the sums, so that they
    have variance 1 and h has the mean square m = E[f(z)^2]; the sums themselves have m + `input_variance`, the
    variance of an entry of W x. The gradient's mean square grows by E[f'(z)^2] / (m + input_variance).

    Derived here. Raises ValueError for a negative variance or an unknown activation.

    Examples:
        >>> [round(layer_norm_factor(variance), 3) for variance in (0, 0.2, 1)]
        [1.085, 0.884, 0.577]
    """
    if not input_variance >= 0:
        raise ValueError(f"a variance must not be negative, not {input_variance!r}")
    state, slope = variance_map(activation, 1.0, 1.0), layer_chi(activation, 1.0, 1.0)
    return float(np.sqrt(slope / (state + input_variance)))
