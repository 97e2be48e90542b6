"""What the book says in words, looked at for spelling and style: `python -m tests.prose`, a part of `make check`."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import spelling
from tests.checkout import ROOT
from vgcore.press.project import Project

LONGEST = 40
"""The most words of a sentence: beyond, a reader has forgotten how it began."""

FILLERS = re.compile(
    r"\b(very|really|simply|obviously|clearly|basically|essentially|actually|extremely|incredibly|of course|in order to"
    r"|it is important to note|note that|needless to say|powerful|seamless(?:ly)?|crucial(?:ly)?|dramatic(?:ally)?"
    r"|delv(?:e|es|ing)|leverag(?:e|es|ed|ing)|utili[sz](?:e|es|ed|ing)|cutting[- ]edge|game[- ]changer)\b",
    re.IGNORECASE,
)
"""Words that say nothing, or praise where a number should stand."""

TERMS = {
    r"back ?propagation": "back-propagation",
    r"batch[- ]normali[sz]ation\b(?<!batch normalisation)": "batch normalisation",
    r"data set|data-set": "dataset",
    r"feedforward": "feed-forward",
    r"hyper-parameter": "hyperparameter",
    r"learned": "learnt",
    r"over-fitting": "overfitting",
    r"pre-train\w*": "pretraining",
    r"re-?current neural network": "recurrent network",
    r"soft-max": "softmax",
    r"skip-connection": "skip connection",
    r"time-step|timestep": "step of time",
    r"percent|per cent": "%",
}
"""One spelling of each term, so that a reader need not ask whether two words mean two things."""

GLOSSARY = "docs/learn/glossary.md"
"""Where other spellings are looked up."""

_TERM = {right: re.compile(rf"\b(?:{wrong})s?\b", re.IGNORECASE) for wrong, right in TERMS.items()}
_TWICE = re.compile(r"\b(\w+) \1\b", re.IGNORECASE)
_HOLDER = " … "
_NOT_WORDS = re.compile(
    r"`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|\{\{.*?\}\}|<[^<>]*>|\{\w+\}|https?://\S+"  # code, formulas, numbers, tags
    r"|(?<=\])\([^)]*\)(?:\{[^{}]*\})?|(?<=\])\[[^]]*\]|^:::.*|\{ ?[.#:][^{}]*\}|--8<--.*"  # targets, attributes
)
_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž](?:[A-Za-zÀ-ÖØ-öø-ž]|['’](?=[A-Za-z]))+")
_END = re.compile(r"(?<=[.?!])['\")”*_]*\s+")


@dataclass(frozen=True, kw_only=True)
class Passage:
    """A paragraph, a list's item or a row of a table, with its place."""

    file: str
    line: int
    text: str

    @property
    def plain(self) -> str:
        """The passage without code, formulas and addresses: one letter stands for each."""
        return _NOT_WORDS.sub(_HOLDER, self.text)


def troubles(passage: Passage) -> Iterator[str]:
    """What is to be mended in a passage, in words."""
    plain = passage.plain
    yield from filter(None, map(spelling.trouble, _WORD.findall(plain)))
    yield from (f"{found[0]!r} says nothing: leave it out, or give the number" for found in FILLERS.finditer(plain))
    if passage.file != GLOSSARY:
        yield from _terms(plain)
    yield from (f"{found[0]!r}: a word twice" for found in _TWICE.finditer(plain))
    if re.search(r"[^\s:]  +\S", passage.text):
        yield "two spaces where one belongs"
    if "|" not in passage.text:
        yield from _long(plain)


def _terms(plain: str) -> Iterator[str]:
    for right, wrong in _TERM.items():
        yield from (f"{found[0]!r}: this book says {right!r}" for found in wrong.finditer(plain))


def _long(plain: str) -> Iterator[str]:
    for sentence in _END.split(plain):
        count = len(re.findall(r"[\w’'-]+", sentence))
        if count > LONGEST:
            yield f"a sentence of {count} words, more than {LONGEST}: “{' '.join(sentence.split()[:6])} …”"


def passages() -> Iterator[Passage]:
    """All that the book says: its pages, its labs, its figures' words, and what stands beside it."""
    for path in [*sorted((ROOT / "docs").rglob("*.md")), *(ROOT / name for name in BESIDE)]:
        yield from _paragraphs(str(path.relative_to(ROOT)), path.read_text())
    for path in sorted((ROOT / "docs/labs").glob("*.py")):
        yield from _paragraphs(str(path.relative_to(ROOT)), _markdown(path))
    for figure in Project(ROOT).figures.values():
        for words in (figure.message, figure.caption, figure.alt, figure.title):
            yield Passage(file=figure.file, line=1, text=words)


BESIDE = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")


def _markdown(path: Path) -> str:
    """A lab's text with its lines where they are in the file, and its code left out."""
    lines, inside = [], False
    for line in path.read_text().splitlines():
        if line.startswith("# %%"):
            inside = "[markdown]" in line
            lines.append("")
        else:
            lines.append(line.removeprefix("#").removeprefix(" ") if inside else "")
    return "\n".join(lines)


def _paragraphs(file: str, text: str) -> Iterator[Passage]:
    text = re.sub(
        r"\A---\n.*?\n---\n|^( *)```.*?^\1```$|^\$\$$.*?^\$\$$|<!--.*?-->", _blank, text, flags=re.DOTALL | re.MULTILINE
    )
    start, lines = 1, list[str]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if lines and (not line.strip() or lines[0].startswith("???") or re.match(r"\s*(?:[-*|#>]|\d+\.) ?", line)):
            yield Passage(file=file, line=start, text=" ".join(lines))
            lines = []
        if line.strip():
            start = start if lines else number
            lines.append(line.strip())


def _blank(found: re.Match[str]) -> str:
    """As many lines without a word."""
    return "\n" * found[0].count("\n")


def main() -> int:
    """Print what is to be mended, with file and line."""
    found = [f"{one.file}:{one.line}: {wrong}" for one in passages() for wrong in troubles(one)]
    print("\n".join(found) or "Words: nothing to mend")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
