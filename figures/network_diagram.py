"""Forward, each layer hands on what it computed. Backward, each hands on a gradient and keeps one for its weights.

Forward, a layer multiplies by its weights W and applies its activation f. Backward, the gradient is multiplied by f′,
the slope of f, and by Wᵀ, the same weights the other way round. At every layer the gradient that has passed f′, times
what the layer saw, is ∂L/∂W: what the update needs.
"""

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.press import diagram
from vgcore.press.diagram import Point

experiment = None
title = "The forward and the backward pass through a network of three layers"
alt = (
    "A chain of three layers. Forward, the input x goes through W1 and f and becomes h1, through W2 and f and becomes "
    "h2, through W3 and f and becomes the output ŷ, and from ŷ follows the loss L. Backward, the gradient "
    "∂L/∂ŷ goes through f′ and W3 transposed and becomes ∂L/∂h2, then through f′ and W2 transposed and becomes "
    "∂L/∂h1. Each of the three steps also gives off ∂L/∂W for its own weights."
)

VALUES = ("x", "h₁", "h₂", "ŷ")
GRADIENTS = ("∂L/∂h₁", "∂L/∂h₂", "∂L/∂ŷ")
UNITS = (3, 4, 4, 2)


def draw() -> Figure:
    """Along the network lie its layers; across it the way forward, its units, the way back, and the weights' share."""
    figure, axes = diagram.canvas(306, phone=384)
    wide = diagram.is_wide(axes)
    layers, loss = ((50, 214, 378, 542), 636) if wide else ((44, 132, 220, 308), 366)
    ahead, middle, back, aside = (44, 140, 232, 292) if wide else (34, 122, 220, 298)

    def at(along: float, across: float) -> Point:
        return (along, across) if wide else (across, along)

    _network(axes, [[at(one, middle + (27 if wide else 22) * place) for place in _places(count)]
                    for one, count in zip(layers, UNITS, strict=True)])  # fmt: skip
    error = diagram.box(axes, *at(loss, middle), "loss L", width=64)
    weights, transposed = [], []
    for number, place in zip("₁₂₃", map(_middle, pairwise(layers)), strict=True):
        weights.append(diagram.box(axes, *at(place, ahead), f"W{number}, f", width=56))
        first = number == "₁"  # the first layer passes no gradient on
        transposed.append(
            diagram.box(axes, *at(place, back), "f′" if first else f"W{number}ᵀ, f′", width=32 if first else 64)
        )
        share = diagram.word(axes, *at(place, aside), f"∂L/∂W{number}", size=13 if wide else 12)
        diagram.arrow(axes, transposed[-1], share)

    values = [diagram.word(axes, *at(one, ahead), name) for one, name in zip(layers, VALUES, strict=True)]
    gradients = [diagram.word(axes, *at(one, back), name) for one, name in zip(layers[1:], GRADIENTS, strict=True)]
    for start, box, end in zip(values, weights, values[1:], strict=False):
        diagram.arrow(axes, start, box)
        diagram.arrow(axes, box, end)
    diagram.arrow(axes, values[-1], at(loss, ahead), error)
    diagram.arrow(axes, error, at(loss, back), gradients[-1])
    for start, box in zip(gradients, transposed, strict=True):
        diagram.arrow(axes, start, box)
    for box, end in zip(transposed[1:], gradients, strict=False):
        diagram.arrow(axes, box, end)

    forward, backward = ((-6, 10), (-6, back)) if wide else ((ahead, 10), (back, 10))
    diagram.word(axes, *forward, "forward", "muted", side="right" if wide else "on")
    diagram.word(axes, *backward, "backward", "muted", side="right" if wide else "on")
    return figure


def _middle(ends: tuple[float, float]) -> float:
    return sum(ends) / 2


def _places(count: int) -> list[float]:
    return [index - (count - 1) / 2 for index in range(count)]


def _network(axes: Axes, layers: list[list[Point]]) -> None:
    units = [[diagram.unit(axes, *place) for place in layer] for layer in layers]
    for before, after in pairwise(units):
        for start in before:
            for end in after:
                diagram.thread(axes, start, end)
