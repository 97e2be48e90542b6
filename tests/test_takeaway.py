"""How a figure is cited, and what its pixels are."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from matplotlib.figure import Figure
from PIL import Image

from tests.test_markdown import COINS
from vgcore.press import raster, takeaway
from vgcore.press.palette import TOKENS
from vgcore.press.style import style

Draw = Callable[[Image.Image], bytes]

MADE = ("abc123", "Keras 3 on TensorFlow 2", "https://example.org/book/")


def test_a_citation_names_title_commit_versions_and_a_lasting_address() -> None:
    text = takeaway.citation(COINS, *MADE)
    plain = "“Coins”, figure in Vanishing Gradients, Measured, commit abc123, Keras 3 on TensorFlow 2. "
    assert f"<code>{plain}https://example.org/book/figures/coins/</code>" in text


def test_a_citation_is_one_line_for_markdown() -> None:
    assert "\n" not in takeaway.citation(COINS, *MADE)


@pytest.mark.parametrize("title", ["Share of heads, 50 % & more", "p_1 # $x"])
def test_bibtex_reads_a_title_as_it_is(title: str) -> None:
    entry = takeaway.bibtex(replace(COINS, title=title), "commit abc", "https://example.org/a_b/")
    assert "title = {{" + "".join(f"\\{one}" if one in "%&#$_" else one for one in title) + "}}" in entry
    assert "url = {https://example.org/a_b/}" in entry
    assert entry.count("{") == entry.count("}")


@pytest.fixture
def figure() -> Iterator[Figure]:
    with style("column"):
        drawn = Figure()
        drawn.add_axes((0, 0, 1, 1)).axhline(0.5, color="sigmoid", linewidth=20)
        yield drawn


def opened(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def test_a_card_has_the_size_that_services_ask_for(figure: Figure) -> None:
    assert opened(raster.card(raster.picture(figure))).size == (1200, 630)


def test_a_card_shows_the_figure_and_the_name_below_it(figure: Figure) -> None:
    picture = opened(raster.card(raster.picture(figure))).convert("RGB")
    assert picture.getpixel((600, 295)) == tuple(bytes.fromhex(TOKENS["sigmoid"].light[1:]))
    words = picture.crop((0, 560, 600, 630))
    assert len(words.getcolors() or ()) > 2


@pytest.mark.parametrize("draw", [raster.card, raster.download])
def test_pixels_are_the_same_bytes_each_time(figure: Figure, draw: Draw) -> None:
    assert draw(raster.picture(figure)) == draw(raster.picture(figure))


@pytest.mark.parametrize("draw", [raster.card, raster.download])
def test_pixels_name_no_program_and_no_date(figure: Figure, draw: Draw) -> None:
    assert opened(draw(raster.picture(figure))).info.keys() <= {"transparency"}
