"""What skip connections do to a gradient at initialisation."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import comb
from scipy.stats import binom

from vgcore.theory.activations import Array, activation_named
from vgcore.theory.mean_field import gaussian_mean_square, layer_chi, line


def residual_gradient_line(
    activation: str, weight_variance: float, depth: int, input_variance: ArrayLike, branch_scale: float
) -> Array:
    """`gradient_line` for a stream x + branch_scale * W (f(x) - f(0)), one linear layer and `depth - 1` such blocks.

    A block multiplies the gradient's mean square by 1 + branch_scale^2 chi. Raises ValueError for an unknown
    activation. Source: the branch has zero mean and is independent of the stream, so the mean squares add.

    Examples:
        >>> residual_gradient_line("linear", 1.0, 3, 1.0, branch_scale=0.5).round(4)
        array([1.25 , 1.118, 1.   ])
    """
    function = activation_named(activation).function
    variance = np.asarray(input_variance, float)
    factors = []
    for _ in range(depth - 1):
        factors.append(np.sqrt(1 + branch_scale**2 * layer_chi(activation, weight_variance, variance)))
        centred = gaussian_mean_square(lambda z: function(z) - function(np.zeros(1)), variance)
        variance = variance + branch_scale**2 * weight_variance * centred
    return line(np.array(factors))


def residual_growth(branch_scale: float, blocks: int, chi: float = 1.0) -> float:
    """Growth of a gradient's RMS across `blocks` blocks x + branch_scale * branch(x): (1 + scale^2 chi)^(blocks / 2).

    `chi`: growth of the mean square across a branch alone, 1 for ReLU with He's weights. It holds where a branch ends
    in independent weights of mean 0, as x + W relu(x): then stream and branch are uncorrelated, and the forward signal
    grows alike. The branches of x + relu(W x) have a mean, which adds up from block to block: there the forward signal
    grows faster. Raises ValueError for a negative number.

    Examples:
        >>> residual_growth(1.0, blocks=20), round(residual_growth(20**-0.5, blocks=20), 3)
        (1024.0, 1.629)
    """
    if branch_scale < 0 or blocks < 0 or chi < 0:
        raise ValueError("scale, number of blocks and chi must not be negative")
    return float((1 + branch_scale**2 * chi) ** (blocks / 2))


def path_counts(blocks: int) -> Array:
    """Paths through `blocks` residual blocks that pass 0, 1, ... `blocks` branches: shape (blocks + 1,), sum 2^blocks.

    At each block a path takes the branch or the skip, so they are binomial coefficients (exact up to 2^53, about 56
    blocks). Raises ValueError for a negative number. Source: Veit et al., NeurIPS 2016.

    Examples:
        >>> path_counts(4)
        array([1., 4., 6., 4., 1.])
    """
    if blocks < 0:
        raise ValueError(f"the number of blocks must not be negative, not {blocks}")
    return np.asarray(comb(blocks, np.arange(blocks + 1)))


def gradient_share_by_length(blocks: int, branch_gain: float) -> Array:
    """Share of the gradient's mean square that arrives over paths of 0, 1, ... `blocks` branches: sums to 1.

    `branch_gain`: what a branch, its scale included, multiplies the gradient's RMS by. Different paths bring
    uncorrelated parts where branches have independent weights of mean 0, so a path of k branches counts
    branch_gain^(2 k), and the lengths are binomial with chance gain^2 / (1 + gain^2) a block. Raises ValueError for a
    negative number.

    Examples:
        >>> gradient_share_by_length(2, 0.5).round(2)
        array([0.64, 0.32, 0.04])
    """
    if branch_gain < 0:
        raise ValueError(f"a gain must not be negative, not {branch_gain}")
    lengths = np.arange(len(path_counts(blocks)))
    chance = branch_gain**2 / (1 + branch_gain**2)
    return np.asarray(binom.pmf(lengths, blocks, chance))
