"""From a matplotlib figure to the SVG of a page: small, in the page's colours and font, always the same bytes."""

import io
import re
from collections.abc import Iterator
from copy import deepcopy
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from matplotlib.figure import Figure

from vgcore.press.lighter import lighten
from vgcore.press.palette import GROUND, TOKENS
from vgcore.press.style import POINT, style

FONTS = (
    '-apple-system, BlinkMacSystemFont, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", "Helvetica Neue", '
    "Arial, sans-serif"
)
"""The fonts of a figure that was downloaded; on a page a figure inherits the page's."""

_NAMES = {token.light: name for name, token in reversed(TOKENS.items())}
_ROUNDED = frozenset({"x", "y", "width", "height", "points", "transform"})
_HEX = re.compile(r"#[0-9a-fA-F]{6}\b|#[0-9a-fA-F]{3}\b")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")
_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}


def tree(figure: Figure) -> Element:
    """matplotlib's SVG as a tree, without what a page must not get: for `themed` and `download`, drawn once for both.

    Raises ValueError for a colour that is not in the palette, and for pixels.
    """
    file = io.StringIO()
    # colours and numbers become text only now, so the style must hold now too
    with style("column"):
        figure.savefig(file, format="svg", metadata=_METADATA)
    source = ElementTree.fromstring(file.getvalue())
    root = Element("svg", {"role": "img", "viewBox": _rounded(source.get("viewBox", ""))})
    # what matplotlib says in a <style> that would reach the whole page
    root.set("style", "stroke-linejoin: round; stroke-linecap: butt")
    root.extend(list(_children(source)))
    _check_colours(root)
    lighten(root)
    return root


def themed(drawn: Element, prefix: str, title: str, description: str) -> str:
    """A drawn figure as inline SVG whose colours are the page's `--vg-NAME` and whose font is the page's.

    `prefix` keeps its ids apart from those of other figures on the page; `title` and `description` are what a screen
    reader says. Raises ValueError for a prefix that is no id.

    Examples:
        >>> from vgcore.press import marks
        >>> with style("phone"):
        ...     figure, axes = marks.panels()
        >>> themed(tree(figure), "empty-phone", "Nothing", "An empty panel.")[:37]
        '<svg role="img" viewBox="0 0 246 240"'
    """
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", prefix):
        raise ValueError(f"the prefix {prefix!r} is no id: use small letters, digits, - and _, a letter first")
    root = _named(drawn, prefix)
    for element in root.iter():
        if declarations := element.get("style"):
            element.set("style", _HEX.sub(lambda found: f"var(--vg-{_NAMES[found[0].lower()]})", declarations))
    return _finished(root, prefix, title, description)


def download(drawn: Element, title: str, description: str) -> str:
    """A drawn figure as an SVG file that stands alone: light colours, on paper."""
    root = _named(drawn, "figure")
    width, height = root.get("viewBox", "").split()[2:]
    root.set("xmlns", "http://www.w3.org/2000/svg")
    root.set("width", f"{float(width) / POINT:g}")
    root.set("height", f"{float(height) / POINT:g}")
    root.set("font-family", FONTS)
    for text in root.iter("text"):
        halo = {"paint-order": "stroke", "stroke": GROUND["paper"].light, "stroke-width": ".22em"}
        text.attrib.update(halo | {"stroke-linejoin": "round"})
    root.insert(0, Element("rect", {"width": "100%", "height": "100%", "fill": GROUND["paper"].light}))
    return _finished(root, "figure", title, description) + "\n"


def _finished(root: Element, prefix: str, title: str, description: str) -> str:
    root.set("aria-labelledby", f"{prefix}-title {prefix}-description")
    for place, (name, words) in enumerate({"title": title, "description": description}.items()):
        element = Element({"description": "desc"}.get(name, name), {"id": f"{prefix}-{name}"})
        element.text = words
        root.insert(place, element)
    return ElementTree.tostring(root, encoding="unicode")


def _children(parent: Element) -> Iterator[Element]:
    """The parent's drawn children, tidied; groups that say nothing give way to what they hold."""
    for child in parent:
        name = _local(child.tag)
        if name in ("metadata", "style"):
            continue
        if name == "image":
            raise ValueError("the figure holds an image made of pixels, which cannot follow the reader's scheme")
        tidy = Element(name, dict(_attributes(child)))
        tidy.text = child.text if name == "text" else None
        tidy.extend(list(_children(child)))
        if name == "g" and not set(tidy.attrib) - {"id"}:
            yield from tidy
        elif not _invisible(tidy) and (len(tidy) or name not in ("g", "defs")):
            yield tidy


def _attributes(element: Element) -> Iterator[tuple[str, str]]:
    for name, value in element.attrib.items():
        name = _local(name)
        if name in _ROUNDED:
            value = _rounded(value)
        if name == "transform":
            value = re.sub(r"rotate\(-?0 [^)]*\)", "", value).strip()
        if name == "style":
            # a figure's font is that of the page around it
            value = "; ".join(part for part in value.split("; ") if not part.startswith("font-family"))
        if value:
            yield name, value


def _invisible(element: Element) -> bool:
    return element.tag == "path" and element.get("style") == "fill: none"


def _check_colours(root: Element) -> None:
    defined = {id(shape) for group in root.iter("defs") for shape in group.iter()}
    # matplotlib says nothing of a fill that is black, and nothing could be put in its place
    shapes = (
        element for element in root.iter() if element.tag in ("path", "text", "use") and id(element) not in defined
    )
    if any("fill: " not in shape.get("style", "") for shape in shapes):
        raise ValueError("the figure uses pure black, which would stay black in the dark: use ink")
    styles = [element.get("style", "") for element in root.iter()]
    strange = sorted({colour for one in styles for colour in _HEX.findall(one) if colour.lower() not in _NAMES})
    if strange:
        raise ValueError(
            f"the figure uses {', '.join(strange)}, not in the palette: name a colour of vgcore.press.palette"
        )


def _named(drawn: Element, prefix: str) -> Element:
    """A copy in which the ids that something refers to are numbered, and the others gone."""
    root = deepcopy(drawn)
    values = [value for element in root.iter() for value in element.attrib.values()]
    used = dict.fromkeys(name for value in values for name in _REFERENCE.findall(value))
    names = {old: f"{prefix}-{number}" for number, old in enumerate(used, 1)}
    for element in root.iter():
        old = element.attrib.pop("id", None)
        if old in names:
            element.set("id", names[old])
        for key, value in element.attrib.items():
            element.set(key, _REFERENCE.sub(lambda found: f"url(#{names[found[1]]})", value))
    return root


def _rounded(value: str) -> str:
    """An attribute with every decimal number to one place."""
    numbers = re.sub(r"-?\d+\.\d+", lambda found: f"{round(float(found[0]), 1) + 0.0:g}", value)
    return " ".join(numbers.split())


def _local(name: str) -> str:
    return name.rpartition("}")[2]
