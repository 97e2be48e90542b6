"""How far the gradient of one ReLU network of finite width strays from the average over many.

With He's weights the mean square of a gradient is the same at every layer, but only on average over networks. Follow
one vector back through one network: each layer multiplies its squared length by 2 / width times a chi-squared number
with as many degrees of freedom as the layer has active units, and half of them are active, drawn at random. The
logarithm of the length therefore takes one independent step a layer. Its mean is below zero, because the mean of a
logarithm is below the logarithm of the mean.

Source: Hanin, NeurIPS 2018; Hanin and Nica, Communications in Mathematical Physics 2020. The sums over active units
are exact for a vector sent forward through Gaussian weights, and right to the next order in 1 / width backwards.
"""

import numpy as np
from scipy.special import polygamma, psi
from scipy.stats import binom, norm

from vgcore.theory.activations import Array


def log_square_mean(width: int, depth: int = 1) -> float:
    """Mean of log |J v|^2 over ReLU networks with He's weights, for a fixed v of length 1.

    About -5 depth / (2 width); this is the exact sum. Networks with a layer that is silent altogether, one in 2^width
    a layer, are left out. Raises ValueError for a size that is not positive.

    Examples:
        >>> round(log_square_mean(50), 4), -5 / (2 * 50)
        (-0.0517, -0.05)
    """
    share, logarithm, _ = _by_active_units(width, depth)
    return float(depth * (share * logarithm).sum())


def log_square_variance(width: int, depth: int = 1) -> float:
    """Variance of log |J v|^2 over such networks: about 5 depth / width; this is the exact sum.

    Arguments and errors as in `log_square_mean`.

    Examples:
        >>> round(log_square_variance(50), 4), 5 / 50
        (0.108, 0.1)
    """
    share, logarithm, variance = _by_active_units(width, depth)
    between = (share * logarithm**2).sum() - (share * logarithm).sum() ** 2
    return float(depth * ((share * variance).sum() + between))


def length_quantile(width: int, depth: int, share: float) -> float:
    """The length |J v| below which this share of the networks lies: its logarithm is a sum, so nearly normal.

    Raises ValueError for a share outside 0 to 1 (exclusive) or a size that is not positive.

    Examples:
        >>> round(length_quantile(64, 50, 0.5), 2)  # the median network, where the mean square is 1
        0.37
    """
    if not 0 < share < 1:
        raise ValueError(f"a share of networks lies between 0 and 1, not at {share}")
    spread = np.sqrt(log_square_variance(width, depth))
    return float(np.exp((log_square_mean(width, depth) + norm.ppf(share) * spread) / 2))


def _by_active_units(width: int, depth: int) -> tuple[Array, Array, Array]:
    """For 1 to `width` active units: their probability, and mean and variance of the log of a layer's factor."""
    if width < 1 or depth < 1:
        raise ValueError(f"width and depth must be positive, not {width} and {depth}")
    active = np.arange(1, width + 1)
    share = binom.pmf(active, width, 0.5)
    return share / share.sum(), psi(active / 2) + np.log(4 / width), polygamma(1, active / 2)
