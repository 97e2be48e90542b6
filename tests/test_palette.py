"""The palette keeps its promises: contrast for text, and distance for colour-blind readers.

Contrast is WCAG's; distance is CAM02-UCS (Luo, Cui and Li 2006) after complete dichromacy (Machado, Oliveira and
Fernandes 2009), computed here from their formulas.
"""

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from vgcore.press.palette import FAMILIES, GROUND, MEANINGS, TOKENS, css

SCHEMES = ("light", "dark")
VISION = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
CAT02 = np.array([[0.7328, 0.4296, -0.1624], [-0.7036, 1.6975, 0.0061], [0.0030, 0.0136, 0.9834]])
CONES = np.array([[0.38971, 0.68898, -0.07868], [-0.22981, 1.18340, 0.04641], [0.0, 0.0, 1.0]])


def linear(colour: str) -> NDArray[np.float64]:
    """The linear RGB of a hex."""
    value = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    expanded: NDArray[np.float64] = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    return expanded


def contrast(one: str, other: str) -> float:
    dim, bright = sorted(float(XYZ[1] @ linear(colour)) for colour in (one, other))
    return (bright + 0.05) / (dim + 0.05)


def cam02_ucs(rgb: NDArray[np.float64]) -> NDArray[np.float64]:
    """J', a', b' of a linear RGB under sRGB's viewing conditions."""
    adapting, background = 64 / np.pi / 5, 0.2
    degree = 1 - np.exp((-adapting - 42) / 92) / 3.6
    k = 1 / (5 * adapting + 1)
    level = 0.2 * k**4 * 5 * adapting + 0.1 * (1 - k**4) ** 2 * (5 * adapting) ** (1 / 3)
    induction = 0.725 * background**-0.2
    white = CAT02 @ (100 * XYZ.sum(axis=1))

    def response(sharpened: NDArray[np.float64]) -> NDArray[np.float64]:
        cones = CONES @ np.linalg.solve(CAT02, (100 * degree / white + 1 - degree) * sharpened)
        signal: NDArray[np.float64] = (level * np.abs(cones) / 100) ** 0.42
        compressed: NDArray[np.float64] = np.sign(cones) * 400 * signal / (signal + 27.13) + 0.1
        return compressed

    def achromatic(response: NDArray[np.float64]) -> float:
        return float((np.array([2, 1, 1 / 20]) @ response - 0.305) * induction)

    adapted = response(CAT02 @ (100 * XYZ @ rgb))
    a, b = np.array([1, -12 / 11, 1 / 11]) @ adapted, np.array([1, 1, -2]) @ adapted / 9
    hue = np.arctan2(b, a)
    lightness = 100 * (achromatic(adapted) / achromatic(response(white))) ** (0.69 * (1.48 + background**0.5))
    eccentricity = (np.cos(hue + 2) + 3.8) / 4
    t = 50000 / 13 * induction * eccentricity * np.hypot(a, b) / (np.array([1, 1, 21 / 20]) @ adapted)
    chroma = t**0.9 * (lightness / 100) ** 0.5 * (1.64 - 0.29**background) ** 0.73
    colourful = np.log(1 + 0.0228 * chroma * level**0.25) / 0.0228
    return np.array([1.7 * lightness / (1 + 0.007 * lightness), colourful * np.cos(hue), colourful * np.sin(hue)])


def distance(one: str, other: str, vision: str = "normal") -> float:
    seen = [np.clip(VISION[vision] @ linear(colour), 0, 1) for colour in (one, other)]
    return float(np.linalg.norm(cam02_ucs(seen[0]) - cam02_ucs(seen[1])))


def smallest(names: tuple[str, ...], scheme: str, vision: str) -> tuple[float, str]:
    return min(
        (distance(getattr(TOKENS[one], scheme), getattr(TOKENS[other], scheme), vision), f"{one}/{other}")
        for one, other in combinations(names, 2)
    )


def test_the_ruler_gives_the_published_coordinates_of_white() -> None:
    np.testing.assert_allclose(cam02_ucs(linear("#ffffff")), [100, -1.93, -1.2], atol=0.5)


def test_contrast_of_black_on_white_is_twenty_one() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21, abs=0.01)


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", ["paper", "panel"])
@pytest.mark.parametrize("name", [*MEANINGS, "ink", "muted"])
def test_words_can_be_read_in_every_meaning(name: str, ground: str, scheme: str) -> None:
    assert contrast(getattr(TOKENS[name], scheme), getattr(GROUND[ground], scheme)) >= 4.5


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_axis_is_visible_on_paper(scheme: str) -> None:
    assert contrast(getattr(GROUND["axis"], scheme), getattr(GROUND["paper"], scheme)) >= 3


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_and_ink_stay_apart_for_every_reader(family: str, scheme: str, vision: str) -> None:
    nearest, pair = smallest((*FAMILIES[family], "ink"), scheme, vision)
    assert nearest >= 16, pair


@pytest.mark.parametrize("scheme", SCHEMES)
def test_all_meanings_stay_apart_in_normal_vision(scheme: str) -> None:
    nearest, pair = smallest(tuple(MEANINGS), scheme, "normal")
    assert nearest >= 13, pair


def test_every_family_wears_different_markers() -> None:
    for family in ("activations", "cells", "verdict"):
        markers = [MEANINGS[name].marker for name in FAMILIES[family]]
        assert len(set(markers)) == len(markers), family


@pytest.mark.parametrize("scheme", SCHEMES)
def test_no_two_names_share_a_colour_and_none_is_black(scheme: str) -> None:
    colours = [getattr(token, scheme) for token in TOKENS.values()]
    assert len(set(colours)) == len(colours)
    assert "#000000" not in colours


def test_dark_colours_apply_on_screens_only() -> None:
    light, dark = css().split("@media screen")
    for name, token in TOKENS.items():
        assert f"--vg-{name}: {token.light};" in light
        assert f"--vg-{name}: {token.dark};" in dark
        assert token.dark not in light
