"""An inline SVG follows the page around it, nothing of it reaches the rest of the page, and it is light."""

import gzip
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.svgLib.path import parse_path
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from vgcore.press import marks, outline
from vgcore.press.palette import GROUND, MEANINGS, TOKENS
from vgcore.press.style import Variant, style
from vgcore.press.svg import download, themed, tree

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
    return themed(tree(figure), prefix, "Gradient by layer", "It falls towards the input & vanishes.")


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


def test_every_word_has_a_colour_of_its_own_or_of_its_group(svg: str) -> None:
    root = ElementTree.fromstring(svg)
    groups = {text: group for group in root.iter("g") for text in group}
    for text in root.iter("text"):
        assert "fill: var(" in text.get("style", "") + groups.get(text, text).get("style", ""), text.text


def test_every_shape_has_a_fill_or_a_stroke_of_its_own(svg: str) -> None:
    paths = [path for path in ElementTree.fromstring(svg).iter("path") if path.get("style")]
    assert len(paths) > 3
    for path in paths:
        assert re.search(r"(fill|stroke): var\(", path.get("style", "")), path.attrib


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
    file = download(tree(drawn()), "Gradient by layer", "It falls.")
    root = ElementTree.fromstring(file)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert (root.get("width"), root.get("height")) == ("680", "320")
    assert root.find("{*}rect").get("fill") == GROUND["paper"].light  # type: ignore[union-attr]
    assert MEANINGS["sigmoid"].light in file
    assert "var(" not in file


# Weight


def series(count: int) -> Figure:
    """A series of so many marks, each with its bar, at places without a pattern."""
    random = np.random.default_rng(0)
    table = pd.DataFrame(
        {"seed": np.repeat([0, 1], count), "layer": np.tile(np.arange(count), 2), "size": random.random(2 * count)}
    )
    with style("column"):
        figure, axes = marks.panels()
        marks.points(axes, table, "layer", "size", "sigmoid")
        axes.set_xlim(-1, 60)
        axes.set_ylim(0, 1)
    return figure


def paths(svg: str, paint: str) -> list[str]:
    """The outlines that are painted so."""
    return [path.get("d", "") for path in ElementTree.fromstring(svg).iter("path") if paint in path.get("style", "")]


def test_a_mark_with_its_bar_costs_a_page_at_most_a_dozen_bytes() -> None:
    few, many = (len(gzip.compress(svg_of(series(count)).encode(), mtime=0)) for count in (10, 60))
    assert (many - few) / 50 <= 12


def test_the_marks_of_a_series_are_one_path_and_its_bars_another() -> None:
    svg = svg_of(series(10))
    assert len(paths(svg, "fill: var(--vg-sigmoid)")) == 1
    assert len(paths(svg, "stroke: var(--vg-sigmoid)")) == 1


def test_every_mark_lies_where_it_lay() -> None:
    figure = series(10)
    (outlines,) = paths(svg_of(figure), "fill: var(--vg-sigmoid)")
    pen = RecordingPen()
    parse_path(outlines, pen)
    left = np.array([places[0] for name, places in pen.value if name == "moveTo"])
    figure.set_dpi(72)
    line = figure.axes[0].lines[0]
    expected = figure.axes[0].transData.transform(np.asarray(line.get_xydata()))
    np.testing.assert_allclose(left[:, 0] + 7 * 0.75 / 2, expected[:, 0], atol=0.11)
    np.testing.assert_allclose(left[:, 1], figure.bbox.height - expected[:, 1], atol=0.11)


def test_words_stand_above_shapes_and_share_their_style(svg: str) -> None:
    tags = [element.tag for element in ElementTree.fromstring(svg)]
    first = min(tags.index(tag) for tag in ("g", "text") if tag in tags)
    assert set(tags[first:]) <= {"g", "text"}
    assert svg.count("text-anchor: middle; fill: var(--vg-muted)") == 1


def test_what_shines_through_is_painted_one_by_one() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.plot([0, 1], [0, 1], color="broken", alpha=0.4)
        axes.plot([0, 1], [1, 0], color="broken", alpha=0.4)
    assert len(paths(svg_of(figure), "stroke: var(--vg-broken)")) == 2


def test_areas_that_overlap_leave_no_hole() -> None:
    with style("column"):
        figure, axes = marks.panels()
        for corner in (0.0, 0.2):
            axes.add_patch(Rectangle((corner, corner), 0.5, 0.5, facecolor="broken", linewidth=0))
    assert len(paths(svg_of(figure), "fill: var(--vg-broken)")) == 2


def test_marks_that_run_round_the_other_way_leave_no_hole_in_those_they_overlap() -> None:
    with style("column"):
        figure, axes = marks.panels()
        for marker in ("o", "s"):
            marks.points(axes, TABLE[TABLE["depth"] == 2], "depth", "decades", "sigmoid", marker=marker)
    assert len(paths(svg_of(figure), "fill: var(--vg-sigmoid)")) == 2


def test_lines_of_different_looks_stay_apart() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.plot([0, 1], [0, 1], color="ink")
        axes.plot([0, 1], [1, 0], color="ink", linestyle="dashed")
    assert len(paths(svg_of(figure), "stroke: var(--vg-ink)")) == 2


def test_a_circle_is_two_arcs() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.set_aspect("equal")
        axes.add_patch(Circle((0.5, 0.5), 0.1, facecolor="paper", edgecolor="ink"))
        axes.set_axis_off()
    (circle,) = paths(svg_of(figure), "stroke: var(--vg-ink)")
    assert re.fullmatch(r"M\S+ \S+a(\S+) \1 0 1 1 (\S+) 0 \1 \1 0 1 1-\2 0z", circle)


def test_an_ellipse_stays_one() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.add_patch(Circle((0.5, 0.5), 0.1, facecolor="paper", edgecolor="ink"))
        axes.set_axis_off()
    (ellipse,) = paths(svg_of(figure), "stroke: var(--vg-ink)")
    assert "a" not in ellipse


TENTHS = st.tuples(st.integers(-999, 9999), st.integers(-999, 9999))
LINES = st.lists(TENTHS, min_size=2, max_size=30).map(
    lambda points: [("M", points[0]), *(("L", point) for point in points[1:])]
)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(LINES, min_size=1, max_size=4))
def test_another_reader_finds_the_same_points_in_what_is_written(lines: list[list[outline.Step]]) -> None:
    pen = RecordingPen()
    parse_path(outline.written(step for line in lines for step in line), pen)
    found = [places[0] for _, places in pen.value if places]
    expected = [numbers for line in lines for _, numbers in line]
    np.testing.assert_allclose(np.asarray(found) * 10, expected, atol=1e-6)


NEARLY_STRAIGHT = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 3)), min_size=2, max_size=30)


@settings(deadline=None)  # the machine may be busy
@given(NEARLY_STRAIGHT)
def test_no_point_that_is_left_out_is_missed_by_a_tenth_of_a_pixel(points: list[tuple[int, int]]) -> None:
    line = [("M", points[0]), *(("L", point) for point in points[1:])]
    kept = np.array([numbers for _, numbers in outline.without_spare_points(line)], dtype=float)
    starts, along = kept[:-1], np.diff(kept, axis=0)
    lengths = np.maximum((along**2).sum(axis=1), 1e-9)
    for point in points:
        part = np.clip(((point - starts) * along).sum(axis=1) / lengths, 0, 1)
        nearest = np.linalg.norm(starts + part[:, None] * along - point, axis=1).min()
        assert nearest / 10 / 0.75 < 0.1
    assert [tuple(kept[0]), tuple(kept[-1])] == [points[0], points[-1]]


def test_a_smooth_curve_needs_few_points() -> None:
    with style("column"):
        figure, axes = marks.panels()
        x = np.linspace(-6, 6, 400)
        marks.theory(axes, x, 1 / (1 + np.exp(-x)))
    (curve,) = paths(svg_of(figure), "stroke: var(--vg-ink)")
    pen = RecordingPen()
    parse_path(curve, pen)
    assert len(pen.value) < 60
