"""The cliff in the loss of a recurrent network, and where gradient descent goes from it, clipped and not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore.theory import Array

PLAIN, CLIPPED, SLOW = "plain", "clipped", "a tenth of the rate"


@dataclass(frozen=True, kw_only=True)
class Config:
    """One unit, x = w sigmoid(x) + b, which shall reach a target after so many steps.

    After figure 6 of Pascanu, Mikolov and Bengio (2013), arXiv:1211.5063.
    """

    steps_of_time: int = 50
    first_state: float = 0.5
    target: float = 0.7  # of sigmoid(x) after the last step
    starts: int = 200
    weights: tuple[float, float] = (5.0, 7.0)  # above 4 the unit has two stable states for some b, hence a cliff
    biases: tuple[float, float] = (-0.3, 0.6)  # over -w/2, where both states are equally stable
    learning_rate: float = 0.3
    threshold: float = 1.0  # of the gradient's norm
    descent_steps: int = 500
    solved: float = 0.01  # the loss on either side of the cliff is several times that
    grid: int = 41
    plane: tuple[float, float, float, float] = (3.0, 8.0, -4.0, -1.0)  # w from, to; b from, to


published = Config()
smoke = Config(starts=4, descent_steps=20, grid=5)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """Gradient descent on the two numbers w and b, from random starts above and below the cliff.

    The loss is (sigmoid(x) - target)^2 after the last step of time.

    - "plane": `row`, `column`, `w`, `b`, `loss`, `gradient` (its norm) on a grid; the same for every seed;
    - "starts": `arm` ("plain", "clipped" by norm, or plain at "a tenth of the rate"), `solved` (share of the starts
      from which the loss ends below the bound), `thrown` (share in which some step was longer than 1, a fifth of w),
      `longest` (the longest step of all), `steepest` (the largest norm of the gradient that was met, unclipped),
      `clipped` (share of all steps at which the norm was above the threshold);
    - "paths": `arm`, `step`, `w`, `b`, `loss`, from the first random start whose plain path is thrown.
    """
    random = np.random.default_rng(seed)
    w = random.uniform(*config.weights, config.starts)
    b = random.uniform(*config.biases, config.starts) - w / 2
    rate = config.learning_rate
    arms = ((PLAIN, rate, np.inf), (CLIPPED, rate, config.threshold), (SLOW, rate / 10, np.inf))
    walks = {arm: _descend(config, w, b, rate, threshold) for arm, rate, threshold in arms}
    starts = pd.DataFrame([{"arm": arm} | _outcome(config, walk) for arm, walk in walks.items()])
    chosen = int(np.argmax(walks[PLAIN]["step"].max(axis=0) > 1))
    return {"plane": _plane(config), "starts": starts, "paths": _paths(walks, chosen)}


def _descend(config: Config, w: Array, b: Array, learning_rate: float, threshold: float) -> dict[str, Array]:
    """Everything by descent step and start."""
    rows: list[tuple[Array, ...]] = []
    for _ in range(config.descent_steps):
        loss, along_w, along_b = _loss(config, w, b)
        norm = np.hypot(along_w, along_b)
        rate = learning_rate * np.minimum(1, threshold / np.maximum(norm, 1e-300))
        rows.append((w, b, loss, norm, rate * norm))
        w, b = w - rate * along_w, b - rate * along_b
    names = ("w", "b", "loss", "gradient", "step")
    return {name: np.array(values) for name, values in zip(names, zip(*rows, strict=True), strict=True)}


def _loss(config: Config, w: Array, b: Array) -> tuple[Array, Array, Array]:
    """The loss and its slopes along w and b, carried forward in time: there are only two of them."""
    x = np.full(w.shape, config.first_state)
    along_w, along_b = np.zeros_like(x), np.zeros_like(x)
    for _ in range(config.steps_of_time):
        share = _sigmoid(x)
        slope = w * share * (1 - share)
        along_w, along_b = share + slope * along_w, 1 + slope * along_b
        x = w * share + b
    share = _sigmoid(x)
    error = share - config.target
    chain = 2 * error * share * (1 - share)
    return error**2, chain * along_w, chain * along_b


def _sigmoid(x: Array) -> Array:
    return np.asarray(0.5 * (1 + np.tanh(x / 2)))  # never overflows


def _outcome(config: Config, walk: dict[str, Array]) -> dict[str, float]:
    return {
        "solved": float((walk["loss"][-1] < config.solved).mean()),
        "thrown": float((walk["step"].max(axis=0) > 1).mean()),
        "longest": float(walk["step"].max()),
        "steepest": float(walk["gradient"].max()),
        "clipped": float((walk["gradient"] > config.threshold).mean()),
    }


def _plane(config: Config) -> pd.DataFrame:
    first_w, last_w, first_b, last_b = config.plane
    w, b = np.meshgrid(np.linspace(first_w, last_w, config.grid), np.linspace(first_b, last_b, config.grid))
    loss, along_w, along_b = _loss(config, w, b)
    row, column = np.indices(w.shape)
    values = {"row": row, "column": column, "w": w, "b": b, "loss": loss, "gradient": np.hypot(along_w, along_b)}
    return pd.DataFrame({name: value.ravel() for name, value in values.items()})


def _paths(walks: dict[str, dict[str, Array]], chosen: int) -> pd.DataFrame:
    paths = [
        pd.DataFrame({"arm": arm, "step": np.arange(len(walk["w"]))}).assign(
            **{name: walk[name][:, chosen] for name in ("w", "b", "loss")}
        )
        for arm, walk in walks.items()
    ]
    return pd.concat(paths, ignore_index=True)
