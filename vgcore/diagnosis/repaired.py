"""A model with one thing changed about it, and the optimiser that trains it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Repaired:
    """What a fix makes of a model.

    `loss_factor`: what the loss is multiplied by in training, never where it is reported.
    """

    model: Any
    optimiser: Any
    loss_factor: float = 1.0


def as_it_is(measured: Any, model: Any, **changes: Any) -> Repaired:
    """The model with an optimiser of the reader's settings, but for these changes, that has not yet taken a step."""
    return Repaired(model=model, optimiser=with_settings(measured.optimiser, **changes))


def inner(optimiser: Any) -> Any:
    """The optimiser that takes the steps, without what scales the loss for it."""
    return getattr(optimiser, "inner_optimizer", optimiser)


def with_settings(optimiser: Any, **changes: Any) -> Any:
    """A new optimiser of the same kind and settings, but for some."""
    stepping = inner(optimiser)
    copy = type(stepping).from_config({**stepping.get_config(), **changes})
    return copy if stepping is optimiser else around(optimiser, copy)


def around(optimiser: Any, stepping: Any) -> Any:
    """The new optimiser in the loss scaling of the old one, if it has any."""
    if inner(optimiser) is optimiser:
        return stepping
    settings = {
        name: value
        for name, value in optimiser.get_config().items()
        if name in ("initial_scale", "dynamic_growth_steps")
    }
    return type(optimiser)(stepping, **settings)
