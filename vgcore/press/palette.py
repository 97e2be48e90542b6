"""The book's colours: ink on paper, and one hue for each thing that is measured."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Token:
    """One colour, as hexes for the light and the dark scheme, and the marker of a series that wears it."""

    light: str
    dark: str
    marker: str = ""


GROUND = {
    "paper": Token(light="#fcfbf8", dark="#15181e"),
    "panel": Token(light="#f3f1eb", dark="#1f232b"),
    "ink": Token(light="#1c2026", dark="#ebe8e1", marker="o"),
    "muted": Token(light="#5c626c", dark="#a4abb6"),
    "axis": Token(light="#8b8f97", dark="#767d89"),
    "grid": Token(light="#e3dfd6", dark="#2e343e"),
}
"""What the page itself is made of. Only ink may carry data: grey is too near to several hues for dichromats."""

MEANINGS = {
    "sigmoid": Token(light="#b23d7e", dark="#f46ea9", marker="o"),
    "tanh": Token(light="#6d2902", dark="#e3ab8e", marker="s"),
    "relu": Token(light="#2360f0", dark="#089bff", marker="^"),
    "selu": Token(light="#477804", dark="#8cc30a", marker="D"),
    "rnn": Token(light="#8a6301", dark="#d49b0c", marker="o"),
    "lstm": Token(light="#6428c8", dark="#a18deb", marker="s"),
    "gru": Token(light="#27795b", dark="#56c993", marker="^"),
    "residual": Token(light="#12466c", dark="#a3c6fd", marker="s"),
    "batchnorm": Token(light="#9f42b7", dark="#c271cf", marker="D"),
    "clipping": Token(light="#424805", dark="#d2c427", marker="v"),
    "broken": Token(light="#c53748", dark="#f85b56", marker="o"),
    "healthy": Token(light="#1f7585", dark="#36cacf", marker="s"),
}
"""What a hue stands for, everywhere in the book. Each is a text colour: 4.5:1 on paper and on panel."""

FAMILIES = {
    "activations": ("sigmoid", "tanh", "relu", "selu"),
    "cells": ("rnn", "lstm", "gru"),
    "mechanisms": ("residual", "batchnorm", "clipping", "broken"),
    "verdict": ("broken", "healthy"),
}
"""The meanings that may share a panel; across families some pairs look alike to dichromats."""

RAMP_PERCENT = (9, 20, 34, 50, 68)
"""How much ink is mixed into paper at each step of the magnitude ramp, after paper itself."""


def mixed(ink: str, paper: str, percent: float) -> str:
    """The hex of `percent` ink in paper, as CSS's `color-mix(in srgb, …)` gives it.

    Examples:
        >>> mixed("#000000", "#ffffff", 50)
        '#808080'
    """
    pairs = [(int(ink[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{int((dark * percent + light * (100 - percent)) / 100 + 0.5):02x}" for dark, light in pairs)


def _ramp_step(percent: int) -> Token:
    ink, paper = GROUND["ink"], GROUND["paper"]
    return Token(light=mixed(ink.light, paper.light, percent), dark=mixed(ink.dark, paper.dark, percent))


RAMP = {"paper": GROUND["paper"]} | {f"ramp-{percent}": _ramp_step(percent) for percent in RAMP_PERCENT}
"""Six steps of ink for magnitudes: it inverts with the scheme and cannot be taken for a meaning."""

TOKENS = GROUND | MEANINGS | RAMP
"""Every colour of the book by name."""


def css() -> str:
    """The style sheet that defines `--vg-NAME` for every token, in both schemes.

    The dark values apply on screens only, so that a reader in the dark scheme prints on white.

    Examples:
        >>> css().splitlines()[1]
        '  --vg-paper: #fcfbf8;'
    """
    light = _rule(":root", ((name, token.light) for name, token in TOKENS.items()))
    dark = _rule('[data-md-color-scheme="slate"]', ((name, token.dark) for name, token in TOKENS.items()))
    return f"{light}\n@media screen {{\n{dark}}}\n"


def _rule(selector: str, values: Iterable[tuple[str, str]]) -> str:
    lines = "".join(f"  --vg-{name}: {value};\n" for name, value in values)
    return f"{selector} {{\n{lines}}}\n"
