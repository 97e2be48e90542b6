"""How alike two inputs become on their way through a random network.

Two inputs that enter a layer with correlation c leave it with another one, the correlation map's value. Where it
settles at 1, the last layers hardly see which input they got. Source: Poole et al., NeurIPS 2016; for ReLU Cho and
Saul, NeurIPS 2009.
"""

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from vgcore.theory.activations import Array, activation_named, normal_density
from vgcore.theory.mean_field import variance_map


def correlation_map(
    activation: str, weight_variance: float, correlation: ArrayLike, variance: float, bias_variance: float = 0.0
) -> Array:
    """Correlation of two inputs' pre-activations in the next layer, in a wide network with random weights.

    `correlation`: that of this layer's pre-activations, any shape between -1 and 1; the same shape is returned.
    `variance`: that of this layer's pre-activations, the same for both inputs. Good to 1e-5 for activations with a
    kink, far better for smooth ones. Raises ValueError for an unknown activation, a correlation beyond -1 to 1 or a
    layer that passes nothing on.

    Examples:
        >>> float(correlation_map("tanh", 4.0, 0.9, 1.0).round(3))
        0.886
    """
    given = np.asarray(correlation, float)
    if np.abs(given).max(initial=0.0) > 1:
        raise ValueError("a correlation lies between -1 and 1")
    after = float(variance_map(activation, weight_variance, variance, bias_variance))
    if not after > 0:
        raise ValueError("a layer that passes nothing on leaves no correlation")
    function = activation_named(activation).function
    nodes, density = _normal_nodes()
    deviation = float(np.sqrt(variance))
    one = function(deviation * nodes) * density
    # The other input is c times the first one's number plus an independent part; sqrt((1-c)(1+c)) keeps digits near 1.
    apart = np.sqrt((1 - given) * (1 + given))
    products = [
        one @ function(deviation * (c * nodes[:, None] + s * nodes)) @ density
        for c, s in zip(given.ravel(), apart.ravel(), strict=True)
    ]
    covariance = weight_variance * np.reshape(products, given.shape) + bias_variance
    return np.asarray(np.minimum(covariance / after, 1.0))


def relu_correlation_map(correlation: ArrayLike) -> Array:
    """`correlation_map` of ReLU without biases, in closed form; neither weights nor variance play a part.

    Raises ValueError for a correlation beyond -1 to 1. Source: Cho and Saul 2009, the arc-cosine kernel of degree 1.

    Examples:
        >>> float(relu_correlation_map(0.0).round(4))  # 1 / pi
        0.3183
    """
    given = np.asarray(correlation, float)
    if np.abs(given).max(initial=0.0) > 1:
        raise ValueError("a correlation lies between -1 and 1")
    angle = np.arccos(given)
    return np.asarray((np.sin(angle) + (np.pi - angle) * given) / np.pi)


def correlation_line(
    activation: str,
    weight_variance: float,
    depth: int,
    correlation: ArrayLike,
    input_variance: float,
    bias_variance: float = 0.0,
) -> Array:
    """Correlation of two inputs' pre-activations in each of `depth` layers: shape (depth, *shape of `correlation`).

    Entry 0 is `correlation` itself, that of the first layer's pre-activations, whose variance is `input_variance`.
    The map is followed layer by layer; no limit of great depth is taken. Raises ValueError as `correlation_map` does.

    Examples:
        >>> correlation_line("relu", 2.0, 4, 0.0, 1.0).round(3)
        array([0.   , 0.318, 0.494, 0.605])
    """
    followed = [np.asarray(correlation, float)]
    variance = float(input_variance)
    for _ in range(depth - 1):
        if activation == "relu" and not bias_variance:
            followed.append(relu_correlation_map(followed[-1]))
        else:
            followed.append(correlation_map(activation, weight_variance, followed[-1], variance, bias_variance))
        variance = float(variance_map(activation, weight_variance, variance, bias_variance))
    return np.array(followed)


def relu_gradient_correlation(depth: int, correlation: float, branch_scale: float | None = None) -> Array:
    """Correlation of the gradients at two inputs, after 0 to `depth` layers of ReLU with He's weights: (depth + 1,).

    `correlation`: that of the two inputs of the first of these layers. Plain layers, x -> W relu(x), keep the part
    1 - arccos(c) / pi: what passes at one input passes at the other as well. With a `branch_scale` s a layer is a
    block, x -> x + s W relu(x), and keeps (1 + s^2 (1 - arccos(c) / pi)) / (1 + s^2). Entry l multiplies l layers, c
    followed from the first on. Gradients with respect to the inputs, of one output whose weights are random; wide
    network, no biases. Raises ValueError for a correlation beyond -1 to 1 or fewer than 0 layers.

    Examples:
        >>> relu_gradient_correlation(3, 0.0).round(3)  # 1/2 for the first layer
        array([1.   , 0.5  , 0.302, 0.2  ])
        >>> relu_gradient_correlation(3, 0.0, branch_scale=1.0).round(3)  # 3/4
        array([1.   , 0.75 , 0.582, 0.463])
    """
    if depth < 0:
        raise ValueError(f"the number of layers must not be negative, not {depth}")
    skip, branch = (0.0, 1.0) if branch_scale is None else (1.0, branch_scale**2)
    kept = [1.0]
    for _ in range(depth):
        after = float(relu_correlation_map(correlation))
        overlap = 1 - np.arccos(correlation) / np.pi
        kept.append(kept[-1] * (skip + branch * overlap) / (skip + branch))
        correlation = min((skip * correlation + branch * after) / (skip + branch), 1.0)
    return np.array(kept)


@cache
def _normal_nodes() -> tuple[Array, Array]:
    """Nodes on both sides of zero, where activations have their kink, and their normal weights (sum 1)."""
    nodes, weights = np.polynomial.legendre.leggauss(160)
    nodes = 4.0 * (nodes + 1)  # beyond 8 standard deviations nothing is left
    density = weights * normal_density(nodes)
    both, densities = np.concatenate([-nodes[::-1], nodes]), np.concatenate([density[::-1], density])
    return both, densities / densities.sum()
