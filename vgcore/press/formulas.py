"""Formulas: LaTeX in, MathML out, while the book is built, so that reading them takes no script.

Temml (`vendor/temml.min.js`) typesets inside mini-racer. What it made is kept in one JSON file, and only a formula
that is new starts JavaScript: this module, run as a script, in a process of its own. For in the builder's process
mini-racer joins the event loop that happens to run, crashes if another thread started it, and may hang at the end.
"""

import atexit
import json
import os
import re
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from hashlib import sha256
from html import unescape
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Lock
from xml.etree import ElementTree

TEMML = Path(__file__).parent / "vendor" / "temml.min.js"

_TYPESET = """
function typeset(source, display) {
  try {
    const options = { displayMode: display, throwOnError: true, strict: true };
    return { mathml: temml.renderToString(source, options) };
  } catch (error) {
    return { error: error.message };
  }
}
"""

_ARITHMATEX = re.compile(
    r"""
      <div\ class="arithmatex">\s*\\\[(?P<display>.*?)\\\]\s*</div>
    | (?P<before>\(*)<span\ class="arithmatex">\\\((?P<inline>.*?)\\\)</span>(?P<after>[.,;:!?)]*)
    """,
    re.DOTALL | re.VERBOSE,
)

# As in Pandoc: an inline formula touches its dollar signs, and no digit follows it, so that "$5 and $10" are amounts.
_MARKDOWN = re.compile(
    r"""
      ^[ \t>]*(?P<fence>`{3,}(?=[^`\n]*$)|~{3,}) .*? (?:^[ \t>]*(?P=fence)[`~]*|\Z)
    | (?P<ticks>`+) .*? (?<!`)(?P=ticks)(?!`)
    | <(?P<tag>pre|code|script|style)\b .*? </(?P=tag)>
    | \\.
    | \$\$(?P<display>(?:\\.|[^$\\])+)\$\$
    | (?P<before>\(*)(?<!\$)\$(?![\s$])
      (?P<inline>(?:\\.|[^$\\`\n]|\n(?![ \t]*\n))+)
      (?<!\s)\$(?![\d$])(?P<after>[.,;:!?)]*)
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

    Examples:
        >>> mathml(r"\chi < 1")
        '<math alttext="\\chi &lt; 1"><mrow><mi>χ</mi><mo>&lt;</mo><mn>1</mn></mrow></math>'
    """
    reply = _ask(source, display)
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
            if match["display"] is not None:
                return f'<div class="vg-formula">{self.mathml(unescape(match["display"]).strip(), display=True)}</div>'
            return _in_sentence(match, self.mathml(unescape(match["inline"]).strip()))

        return self._substitute(_ARITHMATEX, typeset, html)

    def replace_in_markdown(self, text: str) -> str:
        r"""Markdown with `$...$` and `$$...$$` in MathML, amounts of money, `\$` and code left as they are.

        A displayed formula becomes a `span`, since only that may stand anywhere in a paragraph, a list or a table.
        Raises `FormulaError` as `replace` does.
        """

        def typeset(match: re.Match[str]) -> str:
            if match["display"] is not None:
                formula = self.mathml(match["display"].strip(), display=True)
                return f'<span class="vg-formula">{formula.translate(_MARKDOWN_SIGNS)}</span>'
            if match["inline"] is not None:
                return _in_sentence(match, self.mathml(match["inline"].strip()).translate(_MARKDOWN_SIGNS))
            return match[0]

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


_asking = Lock()


def _ask(source: str, display: bool) -> dict[str, str]:
    with _asking:
        process = _typesetter()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(BrokenPipeError):
            print(json.dumps([source, display]), file=process.stdin, flush=True)
        answer = process.stdout.readline()
    if not answer:
        _typesetter.cache_clear()
        raise RuntimeError("The process that typesets formulas has ended early; what it wrote stands above.")
    reply: dict[str, str] = json.loads(answer)
    return reply


@cache
def _typesetter() -> Popen[str]:
    """Start the process; it reads questions and writes answers, one a line, until the questions end."""
    if find_spec("py_mini_racer") is None:
        sentence = 'Typesetting formulas needs mini-racer, which is not installed: run `pip install "vgcore[site]"`.'
        raise ImportError(sentence)
    command = [sys.executable, "-P", __file__]  # -P: the press's own modules hide no others
    process = Popen(command, stdin=PIPE, stdout=PIPE, text=True, start_new_session=True)
    atexit.register(process.communicate)
    return process


def _serve() -> None:
    from py_mini_racer import MiniRacer

    context = MiniRacer()
    context.eval(TEMML.read_text(encoding="utf-8"))
    context.eval(_TYPESET)
    for question in sys.stdin:
        sys.stdout.write(json.dumps(context.call("typeset", *json.loads(question))) + "\n")
        sys.stdout.flush()
    os._exit(0)  # mini-racer's thread may never end


@cache
def _maker() -> str:
    return sha256(TEMML.read_bytes() + Path(__file__).read_bytes()).hexdigest()


def _in_sentence(match: re.Match[str], formula: str) -> str:
    # A browser may break a line before and after a formula, even before a comma.
    before, after = match["before"], match["after"]
    return f'<span class="vg-nobreak">{before}{formula}{after}</span>' if before or after else formula


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
    if element.tag.endswith("msqrt"):  # the sign is that tall; over a smaller content it would hang below the line
        ElementTree.SubElement(element, "mspace", height="0.75em", width="0")


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


if __name__ == "__main__":
    _serve()
