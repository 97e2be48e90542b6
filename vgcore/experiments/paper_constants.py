"""Numbers of papers that mathematics decides: a maximum, a root or a count, found without the paper's own formula."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import brentq, minimize_scalar, root

from vgcore import theory
from vgcore.theory.activations import normal_density


@dataclass(frozen=True, kw_only=True)
class Config:
    """Sizes that the papers name: a residual network of 54 blocks, two ranges of path lengths in it, filters."""

    blocks: int = 54
    middle: tuple[int, int] = (19, 35)
    effective: tuple[int, int] = (5, 17)
    filters: tuple[int, ...] = (64, 128, 128, 256, 256, 512, 512, 512, 512)  # of 3 x 3, conv2 to conv10
    fixed_deviation: float = 0.01
    reach: float = 12.0  # standard deviations that are integrated over, and how far a maximum is looked for


published = Config()
smoke = Config(reach=10.0)


def measure(config: Config) -> pd.DataFrame:
    """One row for each number: its name, `number`, and what comes out, `value`.

    - "largest slope": the sigmoid's, over all inputs; "harmless weight": the largest size of a weight w whose
      product |w s'(z)| stays below 1 at every z;
    - "best weight": the w that makes w s'(w) largest, at an input of 1; "best weight, formula": coth(w / 2) there;
    - "critical gain": of orthogonal or independent weights under tanh, from which on a small signal grows;
    - "alpha", "scale": of the SELU whose output has mean 0 and variance 1 where its input is standard normal;
    - "middle paths", "effective paths": the share of the paths through a residual network that pass as many branches
      as `middle` and `effective` say;
    - "too small": how many times more of a gradient He's weights pass back through layers of `filters` than weights of
      the fixed standard deviation that was usual before;
    - "first Adam step": its size in learning rates, at a gradient of 1.
    """
    slope, weight = _largest_slope(config), _best_weight(config)
    alpha, scale = _selu(config)
    values = {
        "largest slope": slope,
        "harmless weight": 1 / slope,
        "best weight": weight,
        "best weight, formula": float(1 / np.tanh(weight / 2)),
        "critical gain": _critical_gain(),
        "alpha": alpha,
        "scale": scale,
        "middle paths": _share(config.blocks, *config.middle),
        "effective paths": _share(config.blocks, *config.effective),
        "too small": float(np.prod([np.sqrt(2 / (9 * count)) / config.fixed_deviation for count in config.filters])),
        "first Adam step": float(theory.adam_step(1.0)),
    }
    return pd.DataFrame({"number": list(values), "value": list(values.values())})


def _largest_slope(config: Config) -> float:
    slope = theory.ACTIVATIONS["sigmoid"].derivative
    found = minimize_scalar(lambda z: -float(slope(np.array(z))), bounds=(-config.reach, config.reach))
    return float(-found.fun)


def _best_weight(config: Config) -> float:
    """Where w s'(w) is largest: what passes through one weight and one unit whose input is 1."""
    slope = theory.ACTIVATIONS["sigmoid"].derivative
    found = minimize_scalar(
        lambda w: -w * float(slope(np.array(w))), bounds=(0, config.reach), options={"xatol": 1e-12}
    )
    return float(found.x)


def _critical_gain() -> float:
    def growth(gain: float) -> float:
        return float(theory.variance_map("tanh", gain**2, 1e-8)) / 1e-8 - 1

    return float(brentq(growth, 0.5, 2.0))


def _selu(config: Config) -> tuple[float, float]:
    """Alpha and scale, solved from mean 0 and variance 1 by quadrature."""
    nodes, weights = np.polynomial.legendre.leggauss(200)
    z = config.reach / 2 * (nodes + 1)  # one side of zero, where the function has its kink
    density = config.reach / 2 * weights * normal_density(z)

    def missing(unknown: theory.Array) -> list[float]:
        alpha, scale = unknown
        above, below = scale * z, scale * alpha * np.expm1(-z)
        return [float(density @ (above + below)), float(density @ (above**2 + below**2)) - 1]

    found = root(missing, x0=[1.0, 1.0], tol=1e-12)
    return float(found.x[0]), float(found.x[1])


def _share(blocks: int, least: int, most: int) -> float:
    counts = theory.path_counts(blocks)
    return float(counts[least : most + 1].sum() / counts.sum())
