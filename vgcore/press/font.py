"""The font of the formulas, cut down to the characters that the book's formulas use."""

import hashlib
import io
import re
from pathlib import Path

_FORMULA = re.compile(r"<math\b.*?</math>", re.DOTALL)
_TAG = re.compile(r"<[^>]*>")


def characters(html: str) -> set[str]:
    """The characters inside the formulas of a page.

    Examples:
        >>> sorted(characters("x <math><mi>χ</mi><mo>=</mo></math>"))
        ['=', 'χ']
    """
    return {character for formula in _FORMULA.findall(html) for character in _TAG.sub("", formula)}


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
