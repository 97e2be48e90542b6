"""Figures are made of a few marks; what the artists hold is what a reader sees."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex

from vgcore.press import marks
from vgcore.press.palette import MEANINGS
from vgcore.press.style import Variant, crowding, style

TABLE = pd.DataFrame(
    {"seed": [0, 0, 1, 1, 2, 2], "depth": [1, 2, 1, 2, 1, 2], "decades": [-4.0, 0.0, -4.6, 0.0, -4.1, 0.0]}
)


def axes_in(variant: Variant = "column") -> Axes:
    with style(variant):
        return marks.panels()[1]


@pytest.fixture
def axes() -> Axes:
    return axes_in()


def test_palette_names_are_colours_only_inside_the_style() -> None:
    with style("column"):
        assert to_hex("sigmoid") == MEANINGS["sigmoid"].light
    with pytest.raises(ValueError, match="sigmoid"):
        to_hex("sigmoid")


def test_an_unknown_width_is_named() -> None:
    with pytest.raises(ValueError, match=r"'poster'.*column, phone"), style("poster"):  # type: ignore[arg-type]
        pass


@pytest.mark.parametrize(("variant", "width"), [("column", 680), ("phone", 328)])
def test_a_figure_is_as_wide_as_its_place(variant: Variant, width: int) -> None:
    with style(variant):
        figure, *_ = marks.panels(2)
    assert figure.get_size_inches()[0] * 96 == pytest.approx(width)


def test_panels_stand_side_by_side_in_a_column_and_stacked_on_a_phone() -> None:
    places = {}
    for variant in ("column", "phone"):
        with style(variant):
            figure, first, second = marks.panels(2)
            figure.draw_without_rendering()
        places[variant] = first.bbox, second.bbox
    assert places["column"][0].x1 < places["column"][1].x0
    assert places["column"][0].y0 == pytest.approx(places["column"][1].y0)
    assert places["phone"][0].y0 > places["phone"][1].y1
    assert places["phone"][0].x0 == pytest.approx(places["phone"][1].x0)


def test_a_figure_without_panels_is_refused() -> None:
    with style("column"), pytest.raises(ValueError, match="at least one panel"):
        marks.panels(0)


def test_points_are_medians_without_a_joining_line(axes: Axes) -> None:
    with style("column"):
        marks.points(axes, TABLE, "depth", "decades", "sigmoid")
    (line,) = axes.lines
    assert line.get_ydata() == pytest.approx([-4.1, 0.0])
    assert (line.get_linestyle(), line.get_marker()) == ("None", "o")


def test_the_bar_behind_a_point_spans_all_seeds_and_shows_only_a_spread(axes: Axes) -> None:
    with style("column"):
        marks.points(axes, TABLE, "depth", "decades", "sigmoid")
    (bars,) = [artist for artist in axes.collections if isinstance(artist, LineCollection)]
    (segment,) = bars.get_segments()
    np.testing.assert_allclose(segment, [[1, -4.6], [1, -4.0]])
    assert bars.get_zorder() < axes.lines[0].get_zorder()


def test_a_line_is_solid_and_has_the_same_marks(axes: Axes) -> None:
    with style("column"):
        marks.line(axes, TABLE, "depth", "decades", "tanh")
    assert (axes.lines[0].get_linestyle(), axes.lines[0].get_marker()) == ("-", "s")


def test_every_seed_is_drawn_under_the_median(axes: Axes) -> None:
    with style("column"):
        marks.seeds(axes, TABLE, "depth", "decades", "broken")
    *thin, thick = axes.lines
    assert len(thin) == 3
    assert {line.get_alpha() for line in thin} == {0.4}
    assert thick.get_linewidth() > max(line.get_linewidth() for line in thin)
    assert thick.get_ydata() == pytest.approx([-4.1, 0.0])


def test_theory_is_dashed_ink_below_the_data(axes: Axes) -> None:
    with style("column"):
        marks.points(axes, TABLE, "depth", "decades", "sigmoid")
        marks.theory(axes, [1, 2], [-4, 0])
        data, theory = axes.lines
        assert to_hex(theory.get_color()) == to_hex("ink")
    assert theory.is_dashed()
    assert theory.get_zorder() < data.get_zorder()


def test_a_threshold_crosses_the_panel_with_its_words_at_the_end(axes: Axes) -> None:
    with style("column"):
        marks.threshold(axes, 2.3, "guessing, ln 10")
    assert np.asarray(axes.lines[0].get_ydata()).tolist() == [2.3, 2.3]
    assert axes.texts[0].get_text() == "guessing, ln 10"
    assert axes.texts[0].get_horizontalalignment() == "right"


@pytest.mark.parametrize(("side", "alignment"), [("right", "left"), ("above left", "right"), ("above", "center")])
def test_a_label_stands_on_the_named_side_of_its_point(axes: Axes, side: marks.Side, alignment: str) -> None:
    with style("column"):
        marks.label(axes, 1, 2, "plain", "broken", side=side)
    assert axes.texts[0].get_horizontalalignment() == alignment


@pytest.mark.parametrize("colour", ["muted", "axis", "#ff0000", "tab:blue"])
def test_only_meanings_and_ink_carry_data(axes: Axes, colour: str) -> None:
    with style("column"), pytest.raises(ValueError, match="no meaning of the palette"):
        marks.points(axes, TABLE, "depth", "decades", colour)


def test_the_y_label_lies_above_the_axes_flush_with_the_figure(axes: Axes) -> None:
    with style("column"):
        marks.describe(axes, y="Gradient", x="layer")
        axes.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
        (text,) = axes.figure.texts
        box = text.get_window_extent()
    assert box.x0 == pytest.approx(0, abs=1)
    assert box.y0 > axes.bbox.y1
    assert text.get_rotation() == 0


def test_wide_axis_values_and_the_x_label_get_their_room() -> None:
    with style("phone"):
        figure, axes = marks.panels()
        axes.plot([0, 1], [0, 9_000_000])
        marks.describe(axes, y="Parameters", x="width")
        assert crowding(figure) == []


def test_short_axis_values_leave_the_usual_margins() -> None:
    with style("column"):
        figure, axes = marks.panels()
        axes.plot([1, 2], [-12, 0])
        figure.draw_without_rendering()
    assert axes.bbox.x0 == pytest.approx(36)
    assert figure.bbox.x1 - axes.bbox.x1 == pytest.approx(12)


def test_words_that_overlap_or_lie_on_data_or_leave_are_found(axes: Axes) -> None:
    with style("column"):
        figure = axes.get_figure(root=True)
        marks.theory(axes, [0, 1], [0, 1])
        for x, y, words in ((0.5, 0.5, "on the line"), (0.2, 0.8, "one"), (0.21, 0.8, "two"), (1, 0.2, "far too long")):
            marks.label(axes, x, y, words, side="on" if words == "on the line" else "right")
        found = " ".join(crowding(figure))  # type: ignore[arg-type]
    assert "'on the line' lies on a line" in found
    assert "'one' overlaps 'two'" in found
    assert "'far too long' leaves the figure" in found


@pytest.mark.parametrize(
    ("depth", "expected"), [(4, [1, 2, 3, 4]), (20, [1, 5, 10, 15, 20]), (50, [1, 10, 20, 30, 40, 50])]
)
def test_depth_ticks_begin_at_layer_one(axes: Axes, depth: int, expected: list[int]) -> None:
    marks.depth_ticks(axes, depth)
    assert list(axes.get_xticks()) == expected
    assert axes.get_xlim()[0] < 1


def test_a_logarithmic_axis_has_few_labels_in_plain_letters(axes: Axes) -> None:
    with style("column"):
        axes.plot([1, 2, 3], [1e-14, 1e-7, 1e-2])
        marks.logarithmic(axes)
        axes.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
        labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == ["10⁻²", "10⁻⁵", "10⁻⁸", "10⁻¹¹", "10⁻¹⁴"]
    assert len(axes.yaxis.get_minorticklocs()) == 0


def test_axis_values_carry_a_true_minus(axes: Axes) -> None:
    with style("column"):
        axes.plot([1, 2], [-4, 0])
        axes.get_figure(root=True).draw_without_rendering()  # type: ignore[union-attr]
        labels = [text.get_text() for text in axes.get_yticklabels()]
    assert "−4" in labels


def test_a_magnitude_is_a_ramp_of_ink(axes: Axes) -> None:
    with style("column"):
        marks.regions(axes, [0, 1], [0, 1], [[0, 1], [2, 5]], steps=[1, 2, 3])
        (filled,) = axes.collections
        luminance = np.asarray(filled.get_facecolor())[:, :3].sum(axis=1)
    assert len(luminance) == 4
    assert (np.diff(luminance) < 0).all()


def test_a_ramp_with_too_many_steps_is_refused(axes: Axes) -> None:
    with style("column"), pytest.raises(ValueError, match="at most 5 limits, not 6"):
        marks.regions(axes, [0, 1], [0, 1], [[0, 1], [2, 5]], steps=range(6))
