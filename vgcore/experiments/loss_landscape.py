"""The loss of a network around the path that gradient descent takes, and along random directions."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.backpropagation import Network
from vgcore.theory import Array

GRADIENT, RANDOM = "along the gradient", "random directions"


@dataclass(frozen=True, kw_only=True)
class Config:
    """Gradient descent on all training digits, in a network with one hidden layer of `hidden` ReLU units."""

    hidden: int = 32
    learning_rate: float = 0.3
    steps: int = 100
    grid: int = 15  # points along each side of the slice
    directions: int = 200  # random ones whose slope is measured
    drawn: int = 8  # of which so many are followed further
    reach: float = 0.4  # how far they are followed, in lengths of the first weights: about as far as training goes
    places: int = 11  # at which the loss is measured along a line
    difference: float = 1e-4  # for slopes
    margin: float = 0.3  # of the slice beyond the path, in parts of the path's extent


published = Config()
smoke = Config(hidden=4, steps=10, grid=5, directions=20, drawn=3, places=4)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The loss (mean cross-entropy in nats over the training digits) around one descent.

    Every distance is relative to the length of the first weights, taken as one long vector.

    - "path": `step`, `along`, `across` (place in the slice), `loss`, `off_plane` (distance from the slice). The slice
      is the plane through the last weights that holds most of the path: its two principal directions;
    - "plane": `row`, `column`, `along`, `across`, `loss` on a grid in that slice;
    - "lines": `arm` ("along the gradient": downhill from the start; "random directions": from the start, both ways),
      `direction` (a number), `distance` (from the start), `loss`;
    - "slopes": `arm`, `slope` (nats per unit of weight at the start, root mean square over the directions),
      `theory` (for random directions, the gradient's length over the square root of the number of weights);
    - "straight": `share` (of the way from the first weights straight to the last), `loss`.
    """
    digits = data.digits()
    x, y = digits.train_x.astype(float), digits.train_y
    landscape = _Landscape(Network(sizes=(64, config.hidden, 10)), x, y)
    path = landscape.descend(config, seed)
    return {
        **_slice(config, landscape, path),
        "lines": _lines(config, landscape, path[0], seed),
        "slopes": _slopes(config, landscape, path[0], seed),
        "straight": _straight(config, landscape, path),
    }


@dataclass(frozen=True)
class _Landscape:
    """The loss as a function of the weights alone."""

    network: Network
    x: Array
    y: np.ndarray

    def loss(self, weights: Array) -> float:
        return self.network.loss(weights, self.x, self.y)

    def gradient(self, weights: Array) -> Array:
        return self.network.gradient(weights, self.x, self.y)

    def descend(self, config: Config, seed: int) -> Array:
        """The weights after each step, shape (steps + 1, weights)."""
        path = [self.network.draw(seed)]
        for _ in range(config.steps):
            path.append(path[-1] - config.learning_rate * self.gradient(path[-1]))
        return np.array(path)


def _slice(config: Config, landscape: _Landscape, path: Array) -> dict[str, pd.DataFrame]:
    unit = np.linalg.norm(path[0])
    away = (path - path[-1]) / unit
    plane = np.linalg.svd(away, full_matrices=False)[2][:2]
    plane *= np.sign(plane @ away[0])[:, None]  # the start lies above and to the right of the end, for every seed
    places = away @ plane.T
    off_plane = np.linalg.norm(away - places @ plane, axis=1)
    losses = [landscape.loss(weights) for weights in path]
    low, high = places.min(axis=0), places.max(axis=0)
    edge = config.margin * (high - low)
    sides = [np.linspace(low[side] - edge[side], high[side] + edge[side], config.grid) for side in (0, 1)]
    grid = [
        (row, column, along, across, landscape.loss(path[-1] + unit * (along * plane[0] + across * plane[1])))
        for row, across in enumerate(sides[1])
        for column, along in enumerate(sides[0])
    ]
    walked = {"step": range(len(path)), "along": places[:, 0], "across": places[:, 1], "loss": losses}
    return {
        "path": pd.DataFrame({**walked, "off_plane": off_plane}),
        "plane": pd.DataFrame(grid, columns=["row", "column", "along", "across", "loss"]),
    }


def _directions(config: Config, landscape: _Landscape, seed: int) -> Array:
    """Random directions of length 1, shape (directions, weights)."""
    random = np.random.default_rng([seed, 1])  # not the numbers that drew the weights
    directions = random.normal(size=(config.directions, landscape.network.weight_count))
    return np.asarray(directions / np.linalg.norm(directions, axis=1, keepdims=True))


def _lines(config: Config, landscape: _Landscape, start: Array, seed: int) -> pd.DataFrame:
    downhill = -landscape.gradient(start)
    ways = [(GRADIENT, downhill / np.linalg.norm(downhill))]
    ways += [(RANDOM, direction) for direction in _directions(config, landscape, seed)[: config.drawn]]
    distances = np.linspace(0, config.reach, config.places)
    rows = [
        (arm, number, distance, landscape.loss(start + distance * np.linalg.norm(start) * direction))
        for number, (arm, direction) in enumerate(ways)
        for distance in distances
    ]
    return pd.DataFrame(rows, columns=["arm", "direction", "distance", "loss"])


def _slopes(config: Config, landscape: _Landscape, start: Array, seed: int) -> pd.DataFrame:
    h = config.difference
    steepest = float(np.linalg.norm(landscape.gradient(start)))
    slopes = [
        (landscape.loss(start + h * direction) - landscape.loss(start - h * direction)) / (2 * h)
        for direction in _directions(config, landscape, seed)
    ]
    random = float(np.sqrt(np.mean(np.square(slopes))))
    theory = [steepest, steepest / landscape.network.weight_count**0.5]
    return pd.DataFrame({"arm": [GRADIENT, RANDOM], "slope": [steepest, random], "theory": theory})


def _straight(config: Config, landscape: _Landscape, path: Array) -> pd.DataFrame:
    shares = np.linspace(0, 1, 2 * config.places)
    return pd.DataFrame(
        {"share": shares, "loss": [landscape.loss((1 - share) * path[0] + share * path[-1]) for share in shares]}
    )
