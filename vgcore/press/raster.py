"""A figure in pixels: to download, and as the card that others show where a page is linked."""

import io

from matplotlib.figure import Figure
from matplotlib.font_manager import findfont
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from PIL import Image, ImageDraw, ImageFont, ImageOps

from vgcore.press.palette import GROUND

BOOK = "Vanishing Gradients, Measured"
CARD = (1200, 630)
"""The size in pixels that services ask a card to have."""
MARGIN = 40
SHARPNESS = 2
"""How many pixels of a download there are for one of the page."""
COLOURS = 128


def picture(figure: Figure) -> Image.Image:
    """The figure in pixels, for `download` and `card`: light colours."""
    paper = GROUND["paper"].light
    for text in figure.findobj(Text):  # on paper of their own, as in the other drawings
        text.set_path_effects([withStroke(linewidth=0.22 * float(text.get_fontsize()), foreground=paper)])
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=96 * SHARPNESS, facecolor=paper)
    return Image.open(file).convert("RGB")


def download(drawn: Image.Image) -> bytes:
    """A picture as a PNG file that stands alone, on paper."""
    return _file(ImageOps.expand(drawn, 16 * SHARPNESS, GROUND["paper"].light))


def card(drawn: Image.Image) -> bytes:
    """A picture as a PNG of the size of a card, above the name of the book."""
    room = CARD[0] - 2 * MARGIN, CARD[1] - 3 * MARGIN
    fitted = ImageOps.contain(drawn, room, Image.Resampling.LANCZOS)
    made = Image.new("RGB", CARD, GROUND["paper"].light)
    made.paste(fitted, ((CARD[0] - fitted.width) // 2, MARGIN + (room[1] - fitted.height) // 2))
    font = ImageFont.truetype(findfont("DejaVu Sans"), 24)
    place = MARGIN, CARD[1] - MARGIN
    ImageDraw.Draw(made).text(place, BOOK, fill=GROUND["muted"].light, font=font, anchor="ls")
    return _file(made)


def _file(picture: Image.Image) -> bytes:
    """A PNG without a date or the name of a program."""
    file = io.BytesIO()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(file, "PNG", optimize=True)
    return file.getvalue()
