"""A gradient that is multiplied by one and the same matrix at every step, with and without tanh."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore import data
from vgcore.theory import Array

LINEAR, TANH = "linear", "tanh"


@dataclass(frozen=True, kw_only=True)
class Config:
    """A gradient travels back through `steps` steps of a state of `units` units."""

    steps: int = 96  # twelve digits, read one after the other
    units: int = 64
    row: int = 8  # pixels that the tanh network reads at each step: one row of a digit
    sequences: int = 32
    radii: tuple[float, ...] = (0.95, 1.05)  # spectral radii of the linear matrices, which have normal weights
    gain: float = 1.2  # every singular value of the tanh network's matrix: above 1, yet its gradient vanishes


published = Config()
smoke = Config(steps=8, units=8, sequences=2)


def measure(config: Config, seed: int) -> dict[str, pd.DataFrame]:
    """The size of the gradient by step, and the two numbers of each matrix that are said to decide it.

    `matrix` is its name; the "linear" ones multiply by the transposed matrix and nothing else, "tanh" is a recurrent
    network h = tanh(W h + U x) with an orthogonal matrix times a gain, which reads digits row by row.

    - "steps": `matrix`, `step` (how many steps back; 0 = where the gradient starts), `gradient_norm` (its norm
      relative to step 0; for tanh the root mean square over the sequences), `theory` (spectral radius to the power
      `step`: the long run of a linear recurrence);
    - "matrices": `matrix`, `spectral_radius` (largest modulus of an eigenvalue), `largest_singular_value`.
    """
    random = np.random.default_rng(seed)
    start = _unit(random.normal(size=config.units))
    matrices = _matrices(config, random)
    slopes = _tanh_slopes(config, matrices[TANH], random)
    steps = {
        name: _norms(matrix, start, slopes if name == TANH else np.ones((config.steps, 1, 1)))
        for name, matrix in matrices.items()
    }
    return {
        "steps": pd.concat([_table(name, norms, matrices[name]) for name, norms in steps.items()], ignore_index=True),
        "matrices": pd.DataFrame(
            {"matrix": name, "spectral_radius": _radius(matrix), "largest_singular_value": np.linalg.norm(matrix, 2)}
            for name, matrix in matrices.items()
        ),
    }


def _matrices(config: Config, random: np.random.Generator) -> dict[str, Array]:
    normal = random.normal(size=(config.units, config.units))
    matrices = {f"{LINEAR}, radius {radius:g}": normal * radius / _radius(normal) for radius in config.radii}
    matrices[TANH] = config.gain * _orthogonal(config.units, random)
    return matrices


def _tanh_slopes(config: Config, recurrent: Array, random: np.random.Generator) -> Array:
    """The slopes of all units at every step, last step first: shape (steps, sequences, units)."""
    bound = np.sqrt(6 / (config.row + config.units))  # Glorot's, as Keras draws it
    kernel = random.uniform(-bound, bound, size=(config.row, config.units))
    pixels = config.steps * config.row
    images = data.digits().train_x.astype(float)
    chosen = random.permutation(len(images))[: config.sequences * -(-pixels // images.shape[1])]
    rows = images[chosen].reshape(config.sequences, -1)[:, :pixels].reshape(config.sequences, config.steps, config.row)
    state, slopes = np.zeros((config.sequences, config.units)), []
    for step in range(config.steps):
        state = np.tanh(state @ recurrent.T + rows[:, step] @ kernel)
        slopes.append(1 - state**2)
    return np.array(slopes[::-1])


def _norms(matrix: Array, start: Array, slopes: Array) -> Array:
    """Root mean square over the sequences of the norm of the gradient after 0, 1, 2, … steps back."""
    gradient = np.broadcast_to(start, (slopes.shape[1], len(start)))
    norms = [1.0]
    for slope in slopes:
        gradient = (gradient * slope) @ matrix
        norms.append(float(np.sqrt(np.mean(np.sum(gradient**2, axis=1)))))
    return np.array(norms)


def _table(name: str, norms: Array, matrix: Array) -> pd.DataFrame:
    steps = np.arange(len(norms))
    return pd.DataFrame({"matrix": name, "step": steps, "gradient_norm": norms, "theory": _radius(matrix) ** steps})


def _radius(matrix: Array) -> float:
    return float(np.abs(np.linalg.eigvals(matrix)).max())


def _orthogonal(units: int, random: np.random.Generator) -> Array:
    q, r = np.linalg.qr(random.normal(size=(units, units)))
    return np.asarray(q * np.sign(np.diag(r)))


def _unit(vector: Array) -> Array:
    return np.asarray(vector / np.linalg.norm(vector))
