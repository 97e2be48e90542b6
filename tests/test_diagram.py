"""A diagram's arrows meet what they point at, its words can be read, and the press says of it only what is so."""

import importlib
import re
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch, Polygon

from tests.folders import ROOT
from vgcore.press import diagram, svg, tasks
from vgcore.press.diagram import Node
from vgcore.press.markdown import Pages, Shown
from vgcore.press.pages import figure_page, gallery
from vgcore.press.palette import MEANINGS
from vgcore.press.project import Project
from vgcore.press.store import Entry
from vgcore.press.style import POINT, Variant, crowding, style

DIAGRAMS = [name for name in Project(ROOT).figures if hasattr(importlib.import_module(f"figures.{name}"), "diagram")]
diagrams = pytest.mark.parametrize("name", DIAGRAMS)
variants = pytest.mark.parametrize("variant", ["column", "phone"])


@pytest.fixture
def axes() -> Iterator[Axes]:
    with style("column"):
        yield diagram.canvas(200, phone=300)[1]


def drawn(name: str, variant: Variant) -> tuple[Figure, Axes]:
    with style(variant):
        figure = importlib.import_module(f"figures.{name}").draw()
        figure.draw_without_rendering()
    return figure, figure.axes[0]


# What it is drawn from


@pytest.mark.parametrize(("variant", "size"), [("column", (680, 200)), ("phone", (328, 300))])
def test_places_are_pixels_from_the_upper_left_corner(variant: Variant, size: tuple[int, int]) -> None:
    with style(variant):
        figure, axes = diagram.canvas(200, phone=300)
    assert tuple(figure.get_size_inches() * 96) == pytest.approx(size)
    assert axes.transData.transform((0, 0)) == pytest.approx((0, size[1]))
    assert axes.transData.transform(size) == pytest.approx((size[0], 0))
    assert diagram.is_wide(axes) == (variant == "column")


@settings(deadline=None)  # the machine may be busy
@given(st.floats(-400, 400), st.floats(-400, 400), st.booleans())
def test_a_straight_line_leaves_a_node_at_its_edge(across: float, down: float, circle: bool) -> None:
    node = Node(x=10, y=20, width=40, height=40 if circle else 20, round=circle)
    if np.hypot(across, down) < 1e-3:
        return
    x, y = node.edge((10 + across, 20 + down))
    assert (x - 10) * down == pytest.approx((y - 20) * across, abs=1e-3)
    if circle:
        assert np.hypot(x - 10, y - 20) == pytest.approx(20)
    else:
        assert max(abs(x - 10) / 20, abs(y - 20) / 10) == pytest.approx(1)


def test_an_arrow_s_head_touches_what_it_points_at(axes: Axes) -> None:
    start, end = diagram.box(axes, 100, 100, "W"), diagram.gate(axes, 300, 100, "+")
    diagram.arrow(axes, start, end)
    (head,) = [patch for patch in axes.patches if isinstance(patch, Polygon)]
    assert head.get_xy()[:, 0].max() == pytest.approx(end.left)
    assert head.get_xy()[:, 0].max() - head.get_xy()[:, 0].min() == pytest.approx(8)


def test_an_arrow_s_line_ends_inside_its_head(axes: Axes) -> None:
    diagram.arrow(axes, (100, 100), (300, 100))
    assert axes.lines[0].get_xdata()[-1] == pytest.approx(293)  # type: ignore[index]


def test_a_bent_arrow_passes_beside_its_corner(axes: Axes) -> None:
    diagram.arrow(axes, (100, 100), (300, 100), (300, 20))
    path = axes.lines[0].get_xydata()
    nearest = np.linalg.norm(np.asarray(path) - (300, 100), axis=1).min()
    assert 2 < nearest < 8
    assert np.asarray(path)[:, 0].max() == pytest.approx(300)


def test_an_arrow_from_a_word_keeps_clear_of_it(axes: Axes) -> None:
    word = diagram.word(axes, 100, 100, "hₜ₋₁, xₜ")
    diagram.arrow(axes, word, (100, 40))
    diagram.arrow(axes, word, (300, 100))
    assert crowding(axes.get_figure(root=True)) == []  # type: ignore[arg-type]


@pytest.mark.parametrize("side", ["left", "right", "above", "below"])
def test_a_word_stands_on_its_side_of_a_line(axes: Axes, side: diagram.Side) -> None:
    along = ([200, 200], [20, 180]) if side in ("left", "right") else ([20, 400], [100, 100])
    axes.plot(*along, color="ink")
    word = diagram.word(axes, 200, 100, "gₜ", side=side)
    assert crowding(axes.get_figure(root=True)) == []  # type: ignore[arg-type]
    assert {"left": word.x < 200, "right": word.x > 200, "above": word.y < 100, "below": word.y > 100}[side]


def test_neighbouring_words_share_a_line(axes: Axes) -> None:
    diagram.word(axes, 100, 100, "x")
    diagram.word(axes, 200, 100, "gₜ")
    tree = svg.tree(axes.get_figure(root=True))  # type: ignore[arg-type]
    drawing = svg.themed(tree, "words", "Two", "Two words.")
    assert len(set(re.findall(r'<text x="[^"]*" y="([^"]*)"', drawing))) == 1


def test_a_hue_is_a_meaning_of_the_palette(axes: Axes) -> None:
    diagram.box(axes, 100, 100, "W", "lstm")
    assert to_hex(axes.patches[0].get_edgecolor()) == MEANINGS["lstm"].light
    with pytest.raises(ValueError, match="'red' is no meaning"):
        diagram.word(axes, 0, 0, "W", "red")


def test_a_gate_of_another_sign_is_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="⊙ or \\+, not '×'"):
        diagram.gate(axes, 0, 0, "×")


def test_words_too_small_for_a_phone_are_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="give them 11 or more"):
        diagram.word(axes, 0, 0, "W", size=9)


def test_an_arrow_of_one_stop_is_refused(axes: Axes) -> None:
    with pytest.raises(ValueError, match="two stops"):
        diagram.arrow(axes, (0, 0))


def test_a_word_across_the_edge_of_a_box_is_found(axes: Axes) -> None:
    diagram.box(axes, 100, 100, "far too long for its box")
    assert crowding(axes.get_figure(root=True)) == ["'far too long for its box' crosses the edge of a shape"]  # type: ignore[arg-type]


# The diagrams of the book


@diagrams
@variants
def test_words_are_large_enough_on_a_phone_of_320_pixels(name: str, variant: Variant) -> None:
    _, axes = drawn(name, variant)
    shown = 1 if variant == "column" else (320 - 2 * 16) / 328
    assert min(float(text.get_fontsize()) for text in axes.texts) / POINT * shown >= 9


@diagrams
@variants
def test_no_arrow_runs_through_a_box_or_a_gate(name: str, variant: Variant) -> None:
    _, axes = drawn(name, variant)
    shapes = [patch for patch in axes.patches if isinstance(patch, FancyBboxPatch | Circle)]
    rooms = [patch.get_window_extent().padded(-2) for patch in shapes]
    lines = [line for line in axes.lines if line.get_zorder() == 2]
    assert lines
    for line in lines:
        places = np.asarray(line.get_xydata())
        steps = np.linspace(0, len(places) - 1, 60 * len(places))
        path = np.column_stack([np.interp(steps, np.arange(len(places)), column) for column in places.T])
        pixels = axes.transData.transform(path)
        assert not any(room.count_contains(pixels) for room in rooms if room.width > 8), line.get_xydata()


@diagrams
@variants
def test_every_shape_lies_in_the_picture(name: str, variant: Variant) -> None:
    figure, axes = drawn(name, variant)
    for patch in axes.patches:
        box = patch.get_window_extent().padded(0.75)
        assert figure.bbox.x0 <= box.x0 < box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 < box.y1 <= figure.bbox.y1


@diagrams
def test_a_diagram_wears_one_hue_at_most(name: str) -> None:
    _, axes = drawn(name, "column")
    named = {*(str(line.get_color()) for line in axes.lines), *(str(text.get_color()) for text in axes.texts)}
    assert len(named & set(MEANINGS)) <= 1
    assert named <= {*MEANINGS, "ink", "muted", "axis"}


# What the press says of it


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Pages:
    folder = tmp_path_factory.mktemp("drawing")
    drawing = tasks.draw("gru_cell", {})
    for file, content in drawing.files.items():
        (folder / file).write_bytes(content)
    entry = Entry(folder, drawing.record)
    figure = Project(ROOT).figures["gru_cell"]
    return Pages(shown={"gru_cell": Shown(figure=figure, entry=entry)}, versions="Keras 3", commit="abc")


def framed(pages: Pages) -> str:
    return pages.figure("gru_cell", lambda target: f"../{target}")


def test_a_diagram_is_drawn_from_no_run(pages: Pages) -> None:
    entry = pages.shown["gru_cell"].entry
    assert entry is not None
    assert (entry.record["claims"], entry.record["seeds"], entry.record["data"]) == ({}, [], [])


def test_a_diagram_names_its_picture_and_its_code_and_nothing_else(pages: Pages) -> None:
    html = framed(pages)
    assert html.count("<a ") == 5
    picture = ('"../data/gru_cell.svg">enlarge', '"../data/gru_cell.svg">SVG', '"../data/gru_cell.png">PNG')
    for link in (*picture, '"../figures/gru_cell/#code">code', '"#figure-gru_cell">link'):
        assert link in html


@pytest.mark.parametrize("unsaid", ["seed", "Keras 3", "reproduce", "The numbers", "csv", ">data<", " · "])
def test_a_diagram_claims_no_measurement(pages: Pages, unsaid: str) -> None:
    assert unsaid not in framed(pages)


def test_a_diagram_that_is_not_drawn_yet_awaits_no_experiment(pages: Pages) -> None:
    waiting = Pages(
        shown={"gru_cell": Shown(figure=pages.shown["gru_cell"].figure, entry=None)}, versions="", commit=""
    )
    assert "when it has been drawn" in waiting.fill(framed(waiting))


def test_a_diagram_s_page_shows_the_code_that_draws_it(pages: Pages) -> None:
    page = figure_page(pages, ROOT, "gru_cell")
    assert "`figures/gru_cell.py`" in page
    assert "vgcore/experiments" not in page


def test_a_diagram_is_in_the_gallery(pages: Pages) -> None:
    assert "A GRU's state is mixed" in pages.fill(gallery(pages, lambda target: target))


def test_a_diagram_depends_on_the_shapes_it_is_drawn_from() -> None:
    found = Project(ROOT).figure_fingerprint("gru_cell", ())
    assert any("vgcore.press.diagram" in part for part in found.parts)
    assert not any("vgcore.experiments" in part for part in found.parts)


def test_the_gallery_goes_part_by_part(pages: Pages) -> None:
    figure = pages.shown["gru_cell"].figure
    parts = {"a": "fixes", "b": "causes", "c": "problem"}
    shown = {name: Shown(figure=figure, entry=None, part=part) for name, part in parts.items()}
    made = gallery(Pages(shown=shown, versions="", commit=""), lambda target: target)
    assert [line for line in made.splitlines() if line.startswith("##")] == ["## Problem", "## Causes", "## Fixes"]
