"""The same drawing in less markup: like shapes as one path, words after the shapes, nothing said twice.

A page carries every figure at two widths, and a reader downloads both. matplotlib repeats a mark's style, shape and
clip for every mark; compression takes out most of that, but not all, and never the digits.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from xml.etree.ElementTree import Element

from vgcore.press import outline
from vgcore.press.outline import Step

Style = dict[str, str]


def lighten(root: Element) -> None:
    """Rewrite a drawing in place. It looks as before; words, which nothing may cover anyway, stand above all shapes."""
    defined = {element.get("id"): element for element in root.iter() if element.get("id")}
    drawn = list(_without_groups(root))
    definitions = [one for defs in drawn if defs.tag == "defs" for one in defs if one.tag != "path"]
    for path in (path for one in definitions for path in one.iter("path")):
        path.set("d", outline.written(outline.read(path.get("d", ""))))
    shapes = [_Shape(element, defined) for element in drawn if element.tag in ("path", "use")]
    others = [element for element in drawn if element.tag not in ("defs", "path", "use", "text")]
    words = [element for element in drawn if element.tag == "text"]
    root[:] = [*_group("defs", definitions), *others, *_merged(shapes), *_together(words)]
    _inherit(root)


class _Shape:
    """One shape as it is painted: its style, its clip, its steps; a mark is its shape, moved to its place."""

    def __init__(self, element: Element, defined: dict[str | None, Element]) -> None:
        self.style = _declarations(element)
        self.clip = element.get("clip-path", "")
        self.mark = element.get("href", "") if element.tag == "use" else ""
        if self.mark:
            shape = defined[self.mark[1:]]
            self.style |= _declarations(shape)
            x, y = (float(element.get(axis, 0)) for axis in "xy")
            self.steps = list(outline.moved(outline.read(shape.get("d", "")), x, y))
        else:
            self.steps = outline.read(element.get("d", ""))

    @property
    def look(self) -> tuple[object, ...]:
        """What neighbours must share to become one path that looks like the two.

        One colour, fully opaque, or what they cover both would change; and no areas, unless they are the same mark:
        of two that overlap and run round in opposite directions, the overlap would be a hole.
        """
        fill, stroke = self.style.get("fill", "none"), self.style.get("stroke", "none")
        opaque = not any("opacity" in name for name in self.style)
        alike = opaque and (fill == "none" or (self.mark != "" and stroke in ("none", fill)))
        shape = "" if fill == "none" else self.mark
        return (tuple(sorted(self.style.items())), self.clip, shape if alike else id(self))

    def path(self, steps: Iterable[Step]) -> Element:
        """Such a shape, for these steps."""
        clip = {"clip-path": self.clip} if self.clip else {}
        steps = outline.without_spare_points(steps) if self.style.get("fill") == "none" else steps
        return Element("path", {"d": outline.written(steps), **clip, "style": _text(self.style)})


def _without_groups(parent: Element) -> Iterator[Element]:
    """What is drawn, each with its group's clip as its own: matplotlib's groups say nothing else."""
    for child in parent:
        if child.tag == "g":
            for inner in _without_groups(child):
                yield _with(inner, {key: value for key, value in child.attrib.items() if key == "clip-path"})
        else:
            yield child


def _with(element: Element, attributes: dict[str, str]) -> Element:
    element.attrib.update(attributes)
    return element


def _merged(shapes: Iterable[_Shape]) -> Iterator[Element]:
    """Neighbours that look alike as one path."""
    for _, alike in groupby(shapes, lambda shape: shape.look):
        together = list(alike)
        yield together[0].path(step for shape in together for step in shape.steps)


def _together(words: Iterable[Element]) -> Iterator[Element]:
    """Words grouped by what they share, in the order of their first."""
    groups: dict[tuple[str, ...], list[Element]] = {}
    for text in words:
        style = _text(_declarations(text) | {})
        text.attrib.pop("style", None)
        groups.setdefault((style, text.attrib.pop("clip-path", "")), []).append(text)
    for (style, clip), members in groups.items():
        attributes = {"style": style} | ({"clip-path": clip} if clip else {})
        if len(members) == 1:
            yield _with(members[0], attributes)
        else:
            yield from _group("g", members, attributes)


def _group(tag: str, members: list[Element], attributes: Style | None = None) -> Iterator[Element]:
    if members:
        group = Element(tag, attributes or {})
        group.extend(members)
        yield group


def _inherit(root: Element) -> None:
    """Say once, on the root, what most say: that lines are not filled, and how large words are."""
    sizes = Counter(filter(None, (_declarations(one).get("font-size") for one in root)))
    common = {"fill": "none"}
    if sizes:
        common["font-size"] = sizes.most_common(1)[0][0]
    for element in root.iter():
        if style := _declarations(element):
            rest = {name: value for name, value in style.items() if common.get(name) != value}
            element.set("style", _text(rest))
    root.set("style", _text(_declarations(root) | common))


def _declarations(element: Element) -> Style:
    parts = (part.split(": ") for part in element.get("style", "").split("; ") if part)
    return {name: value for name, value in parts if (name, value) != ("stroke-dashoffset", "0")}


def _text(style: Style) -> str:
    return "; ".join(f"{name}: {value}" for name, value in style.items())
