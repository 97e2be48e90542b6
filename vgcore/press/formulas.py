"""Formulas: LaTeX in, MathML out, while the book is built, so that reading them takes no script.

Temml (`vendor/temml.min.js`) typesets inside mini-racer. What it made is kept in one JSON file, and only a formula
that is new starts JavaScript.
"""

import json
import os
import re
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

TEMML = Path(__file__).parent / "vendor" / "temml.min.js"

_TYPESET = """
function typeset(source, display) {
  try {
    const options = { displayMode: display, throwOnError: true, strict: true };
    return JSON.stringify({ mathml: temml.renderToString(source, options) });
  } catch (error) {
    return JSON.stringify({ error: error.message });
  }
}
"""

_ARITHMATEX = re.compile(r'<(span|div) class="arithmatex">\s*\\([(\[])(?P<source>.*?)\\[)\]]\s*</\1>', re.DOTALL)

# As in Pandoc: an inline formula touches its dollar signs, and no digit follows it, so that "$5 and $10" are amounts.
_MARKDOWN = re.compile(
    r"""
      ^[ \t>]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}) .*? (?:^[ \t>]*(?P=fence)[`~]*|\Z)
    | (?P<ticks>`+)(?!`) .*? (?<!`)(?P=ticks)(?!`)
    | <(?P<tag>pre|code|script|style)\b .*? </(?P=tag)>
    | \\.
    | \$\$(?P<display>(?:\\.|[^$\\])+)\$\$
    | (?<!\$)\$(?![\s$])(?P<inline>(?:\\.|[^$\\`\n]|\n(?![ \t]*\n))+)(?<!\s)\$(?![\d$])
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)

_MARKDOWN_SIGNS = str.maketrans({sign: f"&#{ord(sign)};" for sign in "\\`*_~|$[]"})


class FormulaError(ValueError):
    """LaTeX that cannot be typeset; `sentences` has one sentence for each such formula."""

    def __init__(self, *sentences: str) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = sentences


def mathml(source: str, display: bool = False) -> str:
    r"""The MathML of one LaTeX formula, its source as the text alternative.

    `display` sets it as a formula on its own line, else it is part of a sentence.
    Raises `FormulaError` if Temml cannot typeset it, and `ImportError` if mini-racer is not installed.

    >>> mathml(r"\chi < 1")
    '<math alttext="\\chi &lt; 1"><mrow><mi>χ</mi><mo>&lt;</mo><mn>1</mn></mrow></math>'
    """
    reply = json.loads(str(_javascript().call("typeset", source, display)))
    if "error" in reply:
        raise FormulaError(_sentence(source, reply["error"]))
    root = ElementTree.fromstring(reply["mathml"])
    for element in root.iter():
        _tidy(element)
    root.set("alttext", " ".join(source.split()))
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=False)


class Formulas:
    """The formulas of a book, each typeset once.

    They are kept in the JSON file `path`, under a hash of the source, of Temml and of this module. A missing or
    damaged file is made anew. Without a path they are kept in memory only.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._known = _read(path) if path else {}
        self._saved = len(self._known)

    def mathml(self, source: str, display: bool = False) -> str:
        """As `formulas.mathml`, from memory where possible."""
        key = sha256(json.dumps([source, display, _maker()]).encode()).hexdigest()
        if key not in self._known:
            self._known[key] = mathml(source, display)
        return self._known[key]

    def replace(self, html: str) -> str:
        """A rendered page with the formulas that pymdownx.arithmatex marked (`generic: true`) in MathML.

        Raises `FormulaError` with a sentence for every formula of the page that cannot be typeset.
        """

        def typeset(match: re.Match[str]) -> str:
            display = match[1] == "div"
            formula = self.mathml(unescape(match["source"]).strip(), display)
            return f'<div class="vg-formula">{formula}</div>' if display else formula

        return self._substitute(_ARITHMATEX, typeset, html)

    def replace_in_markdown(self, text: str) -> str:
        r"""Markdown with `$...$` and `$$...$$` in MathML, amounts of money, `\$` and code left as they are.

        A displayed formula becomes a `span`, since only that may stand anywhere in a paragraph, a list or a table.
        Raises `FormulaError` as `replace` does.
        """

        def typeset(match: re.Match[str]) -> str:
            display = match["display"] is not None
            source = match["display"] if display else match["inline"]
            if source is None:
                return match[0]
            formula = self.mathml(source.strip(), display).translate(_MARKDOWN_SIGNS)
            return f'<span class="vg-formula">{formula}</span>' if display else formula

        return self._substitute(_MARKDOWN, typeset, text)

    def save(self) -> None:
        """Write the file, if there is anything new; readers see the old one or the new one, never a part."""
        if self.path is None or len(self._known) == self._saved:
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        unfinished.write_text(json.dumps(self._known, ensure_ascii=False, indent=0, sort_keys=True), encoding="utf-8")
        unfinished.replace(self.path)
        self._saved = len(self._known)

    def _substitute(self, pattern: re.Pattern[str], typeset: Callable[[re.Match[str]], str], text: str) -> str:
        sentences: list[str] = []

        def attempt(match: re.Match[str]) -> str:
            try:
                return typeset(match)
            except FormulaError as error:
                sentences.extend(error.sentences)
                return match[0]

        result = pattern.sub(attempt, text)
        self.save()
        if sentences:
            raise FormulaError(*dict.fromkeys(sentences))
        return result


@cache
def _javascript() -> "MiniRacer":
    try:
        from py_mini_racer import MiniRacer
    except ImportError as error:
        sentence = 'Typesetting formulas needs mini-racer, which is not installed: run `pip install "vgcore[site]"`.'
        raise ImportError(sentence) from error
    context = MiniRacer()
    context.eval(TEMML.read_text(encoding="utf-8"))
    context.eval(_TYPESET)
    return context


@cache
def _maker() -> str:
    return sha256(TEMML.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _sentence(source: str, message: str) -> str:
    # Temml repeats the formula after the position, with its faulty part underlined by combining characters.
    reason = re.sub(r"( at (?:position \d+|end of input)):.*", r"\1", message, flags=re.DOTALL).strip().rstrip(".")
    return f"The formula {' '.join(source.split())} cannot be typeset: {reason}."


def _tidy(element: ElementTree.Element) -> None:
    """Remove from the style attribute what is not CSS, and what a style sheet says better."""
    declarations = [part for part in element.attrib.pop("style", "").split(";") if part]
    if "math-depth:0" in declarations:
        element.set("class", f"{element.get('class', '')} tml-accent".strip())
    style = ";".join(part for part in declarations if _is_wanted(part))
    if style:
        element.set("style", style)


def _is_wanted(declaration: str) -> bool:
    name, _, value = declaration.partition(":")
    # An empty cell gets Temml's own drawing state as if that were CSS.
    state = name in {"level", "font-size", "font-shape", "max-size"} or value in {"", "undefined"}
    return not state and declaration not in {"display:block math", "math-depth:0"}


def _read(path: Path) -> dict[str, str]:
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {key: formula for key, formula in known.items() if isinstance(formula, str) and formula.startswith("<math")}
