"""Unrolled over time, a recurrent network is a deep network whose layers all have the same weights U.

At every step the state h is multiplied by U, an input x comes in through weights of its own, and f is applied. Thick:
the gradient on its way back from the loss. At every step it is multiplied by f′ and by Uᵀ, and U is the same each time.
"""

from itertools import pairwise

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vgcore.press import diagram

experiment = None
title = "A recurrent network unrolled over four steps of time"
alt = (
    "A chain of states h0, h1, h2, h3 and h4, at the end of which stands the loss L. From each state to the next "
    "leads an arrow with the same weights U and the activation f; at each of the four steps another input x enters. "
    "Back from the loss to h0, beside every one of these arrows, runs the gradient; at each step it is multiplied by "
    "f′ and by the transpose of the same U."
)

STATES = ("h₀", "h₁", "h₂", "h₃", "h₄", "loss L")
INPUTS = ("x₁", "x₂", "x₃", "x₄")
FORWARD = ("U, f",) * 4 + ("",)
BACKWARD = ("Uᵀ, f′",) * 4 + ("∂L/∂h₄",)
APART = 10  # of the way forward and the way back from the line between them


def draw() -> Figure:
    figure, axes = diagram.canvas(150, phone=430)
    (_wide if diagram.is_wide(axes) else _narrow)(axes)
    return figure


def _wide(axes: Axes) -> None:
    """Time runs to the right."""
    level, xs = 50, (26, 144, 262, 380, 498, 636)
    states = [
        diagram.box(axes, x, level, name, width=62 if "L" in name else 46, height=48)
        for x, name in zip(xs, STATES, strict=True)
    ]
    for (start, end), ahead, back in zip(pairwise(states), FORWARD, BACKWARD, strict=True):
        diagram.arrow(axes, (start.right, level - APART), (end.left, level - APART), label=ahead)
        diagram.arrow(
            axes, (end.left, level + APART), (start.right, level + APART), label=back, side="below",
            meaning="rnn", thick=True,
        )  # fmt: skip
    diagram.word(axes, states[0].x, states[0].bottom, "∂L/∂h₀", "rnn", side="below")
    for state, name in zip(states[1:-1], INPUTS, strict=True):
        diagram.arrow(axes, diagram.word(axes, state.x, 136, name), state)


def _narrow(axes: Axes) -> None:
    """Time runs down."""
    middle, ys = 156, (22, 98, 174, 250, 326, 408)
    states = [diagram.box(axes, middle, y, name, width=62, height=32) for y, name in zip(ys, STATES, strict=True)]
    for (start, end), ahead, back in zip(pairwise(states), FORWARD, BACKWARD, strict=True):
        diagram.arrow(axes, (middle - APART, start.bottom), (middle - APART, end.top), label=ahead, side="left")
        diagram.arrow(
            axes, (middle + APART, end.top), (middle + APART, start.bottom), label=back, side="right",
            meaning="rnn", thick=True,
        )  # fmt: skip
    diagram.word(axes, states[0].right, states[0].y, "∂L/∂h₀", "rnn", side="right")
    for state, name in zip(states[1:-1], INPUTS, strict=True):
        diagram.arrow(axes, diagram.word(axes, 48, state.y, name), state)
