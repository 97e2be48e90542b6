"""An inline SVG follows the page around it, and nothing of it reaches the rest of the page."""

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.figure import Figure

from vgcore.press import marks
from vgcore.press.palette import GROUND, MEANINGS, TOKENS
from vgcore.press.style import Variant, style
from vgcore.press.svg import download, themed

TABLE = pd.DataFrame({"seed": [0, 1, 0, 1], "depth": [1, 1, 2, 2], "decades": [-4.12, -4.34, 0.0, 0.0]})


def drawn(variant: Variant = "column") -> Figure:
    with style(variant):
        figure, axes = marks.panels()
        marks.theory(axes, [1, 2], [-4.2, 0])
        marks.points(axes, TABLE, "depth", "decades", "sigmoid")
        marks.label(axes, 1.5, -3.5, "0.236 a layer & <more>")
        marks.describe(axes, y="Decades below the last layer", x="layer")
    return figure


def svg_of(figure: Figure, prefix: str = "decay-column") -> str:
    return themed(figure, prefix, "Gradient by layer", "It falls towards the input & vanishes.")


@pytest.fixture(scope="module")
def svg() -> str:
    return svg_of(drawn())


def attributes(svg: str, name: str) -> list[str]:
    """Every value of an attribute, as an HTML parser reads it."""
    values: list[str] = []

    class Reader(HTMLParser):
        def handle_starttag(self, _: str, attrs: list[tuple[str, str | None]]) -> None:
            values.extend(value or "" for key, value in attrs if key == name)

    Reader().feed(svg)
    return values


def test_two_drawings_give_the_same_bytes(svg: str) -> None:
    assert svg_of(drawn()) == svg


def test_saving_a_figure_twice_gives_the_same_bytes() -> None:
    figure = drawn("phone")
    assert svg_of(figure) == svg_of(figure)


@pytest.mark.parametrize("unwanted", ["<style", "<metadata", "<!DOCTYPE", "<?xml", "font-family", "DejaVu", "rotate("])
def test_nothing_restyles_the_page(svg: str, unwanted: str) -> None:
    assert unwanted not in svg


def test_no_colour_is_fixed(svg: str) -> None:
    assert not re.search(r"#[0-9a-f]{3,6}\b(?![^<]*</)", " ".join(attributes(svg, "style") + attributes(svg, "fill")))
    named = set(re.findall(r"var\(--vg-([\w-]+)\)", svg))
    assert named <= set(TOKENS)
    assert {"sigmoid", "ink", "muted", "grid", "axis"} <= named


def test_every_shape_has_a_fill_or_a_stroke_of_its_own(svg: str) -> None:
    root = ElementTree.fromstring(re.sub("xlink:", "", svg))
    for text in root.iter("text"):
        assert "fill: var(" in text.get("style", ""), text.text


def test_ids_are_unique_prefixed_and_all_referred_to(svg: str) -> None:
    ids = attributes(svg, "id")
    assert len(set(ids)) == len(ids)
    assert all(name.startswith("decay-column-") for name in ids)
    references = {*re.findall(r"url\(#([^)]+)\)", svg), *(link[1:] for link in attributes(svg, "xlink:href"))}
    assert references == set(ids) - {"decay-column-title", "decay-column-description"}


def test_two_variants_share_no_id() -> None:
    column, phone = (set(attributes(svg_of(drawn(one), f"decay-{one}"), "id")) for one in ("column", "phone"))
    assert column.isdisjoint(phone)


def test_the_theme_finds_no_plain_href_to_rewrite(svg: str) -> None:
    assert attributes(svg, "href") == []


def test_coordinates_are_rounded_but_words_are_not(svg: str) -> None:
    for name in ("d", "x", "y", "viewbox", "transform"):
        for value in attributes(svg, name):
            assert not re.search(r"\.\d\d", value), (name, value)
    assert "0.236 a layer &amp; &lt;more&gt;" in svg


def test_a_point_lands_where_it_was_before_rounding() -> None:
    figure = drawn()
    svg = svg_of(figure)
    figure.set_dpi(72)
    place, _ = figure.axes[0].transData.transform((2, 0.0))
    assert min(abs(float(x) - place) for x in attributes(svg, "x")) < 0.06


def test_a_screen_reader_meets_one_named_image(svg: str) -> None:
    assert svg.startswith('<svg role="img" viewBox="0 0 510 240"')
    assert 'aria-labelledby="decay-column-title decay-column-description"' in svg
    assert '<title id="decay-column-title">Gradient by layer</title>' in svg
    assert "<desc" in svg
    assert "input &amp; vanishes." in svg


def test_the_size_is_the_page_s(svg: str) -> None:
    root = svg[: svg.index(">")]
    assert not re.search(r'\s(width|height)="', root)


def test_thirteen_pixels_on_screen_are_thirteen_pixels(svg: str) -> None:
    (width,) = {680 / float(box.split()[2]) for box in attributes(svg, "viewbox")}
    sizes = {float(size) * width for size in re.findall(r"font-size: ([\d.]+)px", svg)}
    assert sizes == {13.0}


def test_a_colour_outside_the_palette_is_named() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.plot([0, 1], [0, 1], color="#ff7f0e")
    with pytest.raises(ValueError, match=r"#ff7f0e, not in the palette"):
        svg_of(figure)


@pytest.mark.parametrize("part", ["text", "fill", "line"])
def test_black_which_would_stay_black_in_the_dark_is_refused(part: str) -> None:
    with style("column"):
        figure, axes = marks.panels()
        if part == "text":
            axes.text(0, 0, "black", color="black")
        elif part == "fill":
            axes.fill([0, 1, 1], [0, 0, 1], color="black", linewidth=0)
        else:
            axes.plot([0, 1], color="black")
    with pytest.raises(ValueError, match=r"black|#000000"):
        svg_of(figure)


def test_pixels_are_refused() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.imshow([[0, 1]])
    with pytest.raises(ValueError, match="made of pixels"):
        svg_of(figure)


def test_a_prefix_that_is_no_id_is_refused() -> None:
    with pytest.raises(ValueError, match="'2 words' is no id"):
        svg_of(drawn(), "2 words")


def test_the_file_to_download_stands_alone_on_light_paper() -> None:
    file = download(drawn(), "Gradient by layer", "It falls.")
    root = ElementTree.fromstring(file)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height")) == ("680", "320")
    assert root.find("{*}rect").get("fill") == GROUND["paper"].light  # type: ignore[union-attr]
    assert MEANINGS["sigmoid"].light in file
    assert "var(" not in file
