"""The font of the formulas, cut down to the characters that the book's formulas use."""

import hashlib
import io
import re
import unicodedata
from html import unescape
from pathlib import Path

_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")
_ALONE = re.compile(r"<mi>(.)</mi>")
_SLANTED = {"h": "ℎ"} | {
    chr(int(unicodedata.decomposition(chr(code)).removeprefix("<font> "), 16)): chr(code)
    for code in range(0x1D400, 0x1D800)
    if unicodedata.name(chr(code), "").startswith("MATHEMATICAL ITALIC ")
}
"""Each letter's slanted form."""


def characters(html: str) -> set[str]:
    """The characters that a browser needs for the formulas of a page.

    A letter alone is shown slanted, which is another character; a root has a sign that is written nowhere.

    Examples:
        >>> sorted(characters("x <math><mi>χ</mi><mo>=</mo></math>"))
        ['=', '𝜒']
    """
    formulas = _FORMULA.findall(html)
    alone = {letter for formula in formulas for letter in _ALONE.findall(formula)}
    written = {character for formula in formulas for character in unescape(_TAG.sub("", _ALONE.sub("", formula)))}
    slanted = {_SLANTED.get(letter, letter) for letter in alone}
    roots = {"√"} if any("<msqrt" in formula or "<mroot" in formula for formula in formulas) else set()
    minus = {"−"} if "-" in written else set()
    return written | slanted | roots | minus


def preload(page: str, url: str) -> str:
    """A page with formulas that has the font fetched at once: with one that comes late the lines are set twice.

    Examples:
        >>> preload("<head></head><math></math>", "math.woff2")
        '<head><link rel="preload" href="math.woff2" as="font" type="font/woff2" crossorigin></head><math></math>'
        >>> preload("<head></head>", "math.woff2")
        '<head></head>'
    """
    early = f'<link rel="preload" href="{url}" as="font" type="font/woff2" crossorigin></head>'
    return page.replace("</head>", early, 1) if "<math" in page else page


def shrink(docs: Path, site: Path, wanted: set[str], folder: Path) -> None:
    """Put the font that `docs` has into the built site, with the wanted characters only."""
    file = docs / "assets/math.woff2"
    if file.exists():
        (site / "assets/math.woff2").write_bytes(cut(file, wanted, folder))


def cut(font: Path, wanted: set[str], folder: Path) -> bytes:
    """The font with the wanted characters only, stretched forms included; kept in `folder` for the next build."""
    name = hashlib.sha256(font.read_bytes() + "".join(sorted(wanted)).encode()).hexdigest()[:20]
    kept = folder / f"{name}.woff2"
    if not kept.exists():
        folder.mkdir(parents=True, exist_ok=True)
        temporary = kept.with_suffix(".writing")
        temporary.write_bytes(_subset(font, wanted))
        temporary.replace(kept)
    return kept.read_bytes()


def _subset(font: Path, wanted: set[str]) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    made = TTFont(font, recalcTimestamp=False)
    subsetter = Subsetter(Options(layout_features=["*"], notdef_outline=True))
    subsetter.populate(text="".join(sorted(wanted)))
    subsetter.subset(made)
    made.flavor = "woff2"
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()
