"""What is done to a network after it is built, and before it is compiled."""

from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any, Protocol

import numpy as np


class Change(Protocol):
    """One change of a network that is already built."""

    def apply(self, model: Any, seed: int) -> None:
        """Change the model in place."""


@dataclass(frozen=True, kw_only=True)
class Fill:
    """Variables whose path matches `variable` ("hidden_3/bias", "hidden_*/kernel") become `value`.

    `span`: the part of the last axis that is meant, as shares: (0, 0.5) is the first half of the units.
    """

    variable: str
    value: float
    span: tuple[float, float] = (0.0, 1.0)

    def apply(self, model: Any, seed: int) -> None:  # noqa: ARG002 - the same for every seed
        """Fill them."""
        for variable in matching(model, self.variable):
            values = variable.numpy()
            start, end = (round(share * values.shape[-1]) for share in self.span)
            values[..., start:end] = self.value
            variable.assign(values)


@dataclass(frozen=True, kw_only=True)
class Multiply:
    """Variables whose path matches `variable` are multiplied by `factor`."""

    variable: str
    factor: float

    def apply(self, model: Any, seed: int) -> None:  # noqa: ARG002 - the same for every seed
        """Multiply them."""
        for variable in matching(model, self.variable):
            variable.assign(variable * self.factor)


@dataclass(frozen=True, kw_only=True)
class Draw:
    """Variables whose path matches `variable` are drawn anew: normal, of mean `mean` and standard deviation."""

    variable: str
    deviation: float
    mean: float = 0.0

    def apply(self, model: Any, seed: int) -> None:
        """Draw them."""
        random = np.random.default_rng(seed)
        for variable in matching(model, self.variable):
            variable.assign(random.normal(self.mean, self.deviation, variable.shape))


@dataclass(frozen=True, kw_only=True)
class Signs:
    """Variables whose path matches `variable` become `size` or -`size`, whichever the seed says."""

    variable: str
    size: float

    def apply(self, model: Any, seed: int) -> None:
        """Draw the signs."""
        random = np.random.default_rng(seed)
        for variable in matching(model, self.variable):
            variable.assign(self.size * random.choice([-1.0, 1.0], variable.shape))


@dataclass(frozen=True, kw_only=True)
class Freeze:
    """Layers whose name matches `layer` keep the weights that they have."""

    layer: str

    def apply(self, model: Any, seed: int) -> None:  # noqa: ARG002 - the same for every seed
        """Freeze them."""
        found = [layer for layer in model.layers if fnmatchcase(layer.name, self.layer)]
        if not found:
            raise ValueError(f"the model has no layer {self.layer!r}")
        for layer in found:
            layer.trainable = False


def matching(model: Any, pattern: str) -> list[Any]:
    """The model's variables whose path matches; raises ValueError where none does."""
    found = [variable for variable in model.variables if fnmatchcase(variable.path, pattern)]
    if not found:
        paths = ", ".join(variable.path for variable in model.variables)
        raise ValueError(f"no variable matches {pattern!r}; there are {paths}")
    return found
