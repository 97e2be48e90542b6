"""A path's outline: the `d` of an SVG path, read as matplotlib writes it, and written in as few letters as it takes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from math import hypot

Step = tuple[str, tuple[int, ...]]
"""One command and its absolute coordinates, in tenths: M, L, C, Q, Z, or A, a half circle, with radius and end."""

SPARE = 0.6
"""How far, in tenths, a line may pass beside a point that is left out: less than 0.1 pixels on screen."""

_STEP = re.compile(r"([MLCQZz])([^MLCQZz]*)")


def read(outline: str) -> list[Step]:
    """The steps of an outline, rounded to tenths; circles, which matplotlib bends from eight curves, as two arcs.

    Examples:
        >>> read("M 0 0 L 0 3.46 z")
        [('M', (0, 0)), ('L', (0, 35)), ('Z', ())]
    """
    steps: list[Step] = []
    for one in _subpaths(outline):
        steps += _circle(one) or [(name, tuple(round(10 * number) for number in numbers)) for name, numbers in one]
    return steps


def moved(steps: Iterable[Step], x: float, y: float) -> Iterator[Step]:
    """The same outline elsewhere.

    Examples:
        >>> list(moved([("M", (0, 0)), ("L", (0, 30))], 12.5, 4))
        [('M', (125, 40)), ('L', (125, 70))]
    """
    by = round(10 * x), round(10 * y)
    for name, numbers in steps:
        radius, places = (numbers[:1], numbers[1:]) if name == "A" else ((), numbers)
        yield name, (*radius, *(place + by[index % 2] for index, place in enumerate(places)))


def written(steps: Iterable[Step]) -> str:
    """The outline as text: relative where that is shorter.

    Examples:
        >>> written([("M", (335, 2092)), ("L", (335, 2122)), ("M", (769, 2092)), ("L", (769, 2122))])
        'M33.5 209.2v3m43.4-3v3'
    """
    outline, before, here, start = "", "", (0, 0), (0, 0)
    for name, numbers in steps:
        if name == "Z":
            letter, values, here = "z", "", start
        else:
            letter, values = _shortest(name, numbers, here, first=not outline)
            here = numbers[-2], numbers[-1]
        if name == "M":
            start = here
        repeated = letter == before and letter not in "Mmz"
        outline += _apart(outline, values) if repeated else letter + values
        before = letter
    return outline


def without_spare_points(steps: Iterable[Step]) -> Iterator[Step]:
    """An open line without the points that lie on the way between their neighbours.

    Examples:
        >>> list(without_spare_points([("M", (0, 0)), ("L", (50, 0)), ("L", (100, 0)), ("L", (100, 90))]))
        [('M', (0, 0)), ('L', (100, 0)), ('L', (100, 90))]
    """
    here: tuple[int, ...] = ()
    for straight, group in groupby(steps, lambda step: step[0] == "L"):
        run = list(group)
        if straight:
            points = _bends([here, *(numbers for _, numbers in run)])
            run = [("L", point) for point in points[1:]]
        yield from run
        here = run[-1][1][-2:]


def _subpaths(outline: str) -> Iterator[list[tuple[str, tuple[float, ...]]]]:
    one: list[tuple[str, tuple[float, ...]]] = []
    for name, numbers in _STEP.findall(outline):
        if name == "M" and one:
            yield one
            one = []
        one.append((name.upper(), tuple(map(float, numbers.split()))))
    if one:
        yield one


def _circle(subpath: Sequence[tuple[str, tuple[float, ...]]]) -> list[Step]:
    """Two arcs for what is a circle, nothing for what is not."""
    if "".join(name for name, _ in subpath) != "MCCCCCCCCZ":
        return []
    points = [numbers[-2:] for _, numbers in subpath[1:-1]]
    centre = [sum(axis) / 8 for axis in zip(*points, strict=True)]
    radii = [hypot(x - centre[0], y - centre[1]) for x, y in points]
    if max(radii) - min(radii) > 0.01 * max(radii):
        return []
    radius, x, y = (round(10 * number) for number in (sum(radii) / 8, *centre))
    return [("M", (x - radius, y)), ("A", (radius, x + radius, y)), ("A", (radius, x - radius, y)), ("Z", ())]


def _bends(points: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The ends, and those points between that the line between its ends would miss (Douglas and Peucker, 1973)."""
    kept, open_spans = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_spans:
        first, last = open_spans.pop()
        farthest, distance = first, 0.0
        for index in range(first + 1, last):
            away = _distance(points[index], points[first], points[last])
            if away > distance:
                farthest, distance = index, away
        if distance > SPARE:
            kept.add(farthest)
            open_spans += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(kept)]


def _distance(point: tuple[int, ...], first: tuple[int, ...], last: tuple[int, ...]) -> float:
    """From a point to the piece of line between two others."""
    along = last[0] - first[0], last[1] - first[1]
    to = point[0] - first[0], point[1] - first[1]
    length = along[0] ** 2 + along[1] ** 2
    part = min(1.0, max(0.0, (to[0] * along[0] + to[1] * along[1]) / length)) if length else 0.0
    return hypot(to[0] - part * along[0], to[1] - part * along[1])


def _shortest(name: str, numbers: tuple[int, ...], here: tuple[int, int], *, first: bool) -> tuple[str, str]:
    """The letter of a step and its numbers as text."""
    if name == "A":
        radius, *end = numbers
        return "a", f"{_text((radius, radius))} 0 1 1{_apart('1', _text(_relative(end, here)))}"
    relative = _relative(numbers, here)
    if name == "L" and 0 in relative:
        return ("h", _text(relative[:1])) if relative[1] == 0 else ("v", _text(relative[1:]))
    absolute = _text(numbers)
    if name == "M" and (first or len(absolute) <= len(_text(relative))):
        return "M", absolute
    return name.lower(), _text(relative)


def _relative(numbers: Sequence[int], here: tuple[int, int]) -> tuple[int, ...]:
    return tuple(number - here[index % 2] for index, number in enumerate(numbers))


def _text(numbers: Iterable[int]) -> str:
    """Numbers in tenths with what keeps them apart, and nothing else.

    Examples:
        >>> _text((5, -30, 0, 127))
        '.5-3 0 12.7'
    """
    text = ""
    for number in numbers:
        one = f"{number / 10:g}".replace("0.", ".") if abs(number) < 10 and number else f"{number / 10:g}"
        text += _apart(text, one)
    return text


def _apart(before: str, number: str) -> str:
    return number if not before or number.startswith("-") else f" {number}"
