"""How gradients grow in deep networks that normalise over the batch, at initialisation.

A plain network of h = relu(norm(W h)), wide, with independent weights of mean 0 and great depth: whatever the weights'
variance, the examples of a batch become exchangeable, every two of them equally correlated. Source: Yang et al., "A
Mean Field Theory of Batch Normalization", ICLR 2019.
"""

import numpy as np

from vgcore.theory.correlation import relu_correlation_map


def batch_norm_growth(batch_size: float = np.inf) -> float:
    """Growth of a gradient's RMS across one deep layer of ReLU and batch normalisation, towards the input.

    For a large batch sqrt(pi / (pi - 1)) = 1.21 (Yang et al. 2019): ReLU halves the gradient's mean square and leaves
    a variance of (1 - 1 / pi) / 2, by which normalisation divides it.

    For a finite batch of B > 3 derived here, without its epsilon. Normalised values of a unit are uniform on a sphere
    in B - 1 dimensions, so any two are correlated by c = -1 / (B - 1). With k = `relu_correlation_map`(c) and the
    probability q = 1/4 + arcsin(c) / (2 pi) that both are positive, the mean square grows by

    (B - 2 + 2 q + k) / ((B - 3) (1 - k)).

    The mean is over units: below B = 6 its own variance is infinite. Layers without ReLU: `linear_batch_norm_growth`.
    The first layer, whose inputs are the data, grows otherwise. Raises ValueError for a batch of 3 or fewer.

    Examples:
        >>> round(batch_norm_growth(), 4), round(batch_norm_growth(64), 4)
        (1.2112, 1.2219)
    """
    _check(batch_size)
    if np.isinf(batch_size):
        return float(np.sqrt(np.pi / (np.pi - 1)))
    cosine = -1 / (batch_size - 1)
    kernel = float(relu_correlation_map(cosine))
    both_positive = 1 / 4 + np.arcsin(cosine) / (2 * np.pi)
    growth = (batch_size - 2 + 2 * both_positive + kernel) / ((batch_size - 3) * (1 - kernel))
    return float(np.sqrt(growth))


def linear_batch_norm_growth(batch_size: float) -> float:
    """`batch_norm_growth` without an activation: sqrt((B - 2) / (B - 3)) for a batch of B > 3, derived alike.

    Of B directions normalisation takes two from the gradient, and the mean of 1 / variance is (B - 1) / (B - 3) over
    that of the variance. Raises ValueError for a batch of 3 or fewer.

    Examples:
        >>> round(linear_batch_norm_growth(5), 4)
        1.2247
    """
    _check(batch_size)
    return 1.0 if np.isinf(batch_size) else float(np.sqrt((batch_size - 2) / (batch_size - 3)))


def _check(batch_size: float) -> None:
    if not batch_size > 3:
        raise ValueError(f"the mean exists for batches of more than 3 examples, not {batch_size}")
