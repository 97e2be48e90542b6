"""What pages ask for, figures, their tables and claims: found with page, line and sentence, and checked."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from vgcore.press.project import Figure, nearest

DIRECTIVE = re.compile(r"\{\{\s*(?P<kind>[a-z]+)\s*(?::\s*(?P<what>[\w.]*)\s*)?\}\}")
CODE = re.compile(r"(`+).+?\1")
"""A span of code in a line, in which nothing is asked for."""

STATED = ("claim", "range", "bounds")
"""What a page can say of a claim: its value, where that lies over the seeds, and what is checked."""

NAMED = ("figure", "table", "explore", "cite", *STATED)
"""The directives that ask for something by name."""

BLOCKS = ("ledger", "gallery", "engines", "references", "kit", "feed")
"""The directives that stand for a whole generated block."""

_STOP = re.compile(r"(?<!\bal)[.?!]['\")*]*\s")
_FENCE = re.compile(r"^\s*(```+|~~~+)")


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A place in a page that asks for a figure or a claim."""

    kind: str
    figure: str
    claim: str = ""
    page: str
    line: int
    sentence: str

    @property
    def place(self) -> str:
        """Page and line."""
        return f"{self.page}:{self.line}"


def citations_in(page: str, text: str) -> Iterator[Citation]:
    """Everything a page asks for, with page and line; code is left alone."""
    paragraphs = _paragraphs(text)
    for number, line in prose(text):
        row = _row(line) if line.lstrip().startswith("|") else ""
        for found in DIRECTIVE.finditer(CODE.sub("", line)):
            figure, _, claim = (found["what"] or "").partition(".")
            yield Citation(
                kind=found["kind"], figure=figure, claim=claim, page=page, line=number,
                sentence=_bare(row or sentence_around(paragraphs[number], found[0])),
            )  # fmt: skip


def problems(cited: Sequence[Citation], figures: Mapping[str, Figure]) -> Iterator[str]:
    """One sentence for each figure or claim that does not exist, with page, line and the nearest names.

    What is cited of the literature is looked at elsewhere.
    """
    for one in cited:
        if one.kind == "cite":
            continue
        known = figures.get(one.figure)
        if one.kind not in (*NAMED, *BLOCKS):
            yield f"{one.place}: unknown directive {one.kind!r}: {nearest(one.kind, (*NAMED, *BLOCKS))}"
        elif one.kind not in BLOCKS and known is None:
            yield f"{one.place}: there is no figure {one.figure!r}: {nearest(one.figure, figures)}"
        elif one.kind == "table" and known and not known.tabular:
            tables = [name for name, figure in figures.items() if figure.tabular]
            yield f"{one.place}: figure {one.figure!r} has no table: {nearest(one.figure, tables)}"
        elif one.kind == "explore" and known and not known.explorable:
            explorables = [name for name, figure in figures.items() if figure.explorable]
            yield f"{one.place}: figure {one.figure!r} cannot be explored: {nearest(one.figure, explorables)}"
        elif one.kind in STATED and known and one.claim not in known.claims:
            names = [f"{name}.{claim}" for name, figure in figures.items() for claim in figure.claims]
            near = nearest(f"{one.figure}.{one.claim}", names)
            yield f"{one.place}: figure {one.figure!r} has no claim {one.claim!r}: {near}"


def words_problems(figures: Mapping[str, Figure]) -> Iterator[str]:
    """One sentence for each `{claim}` in a figure's own words that it does not make."""
    for figure in figures.values():
        for words in (figure.message, figure.caption, figure.alt):
            for name in re.findall(r"\{(\w+)\}", words):
                if name not in figure.claims:
                    yield f"{figure.file}: its words name the claim {name!r}: {nearest(name, figure.claims)}"


def prose(text: str) -> Iterator[tuple[int, str]]:
    """The numbered lines of a page that are not in a fenced block of code."""
    fence = ""
    for number, line in enumerate(text.split("\n"), 1):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1][:3]
        elif found and found[1].startswith(fence):
            fence = ""
        elif not fence:
            yield number, line


def _paragraphs(text: str) -> dict[int, str]:
    """For each line, the paragraph it belongs to."""
    owners: dict[int, str] = {}
    start = 1
    for block in re.split(r"\n[ \t]*\n", text):
        count = block.count("\n") + 2
        for number in range(start, start + count):
            owners[number] = block
        start += count
    return owners


def _row(line: str) -> str:
    """A table's row as a sentence, without the cells in which a claim's range or bounds are spelt out."""
    cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
    return " · ".join(cell for cell in cells if not re.fullmatch(r"\{\{ (range|bounds): [\w.]+ \}\}", cell))


def sentence_around(paragraph: str, directive: str) -> str:
    """The sentence around a directive, or around a claim of a figure's own."""
    text = " ".join(paragraph.split())
    directive = " ".join(directive.split())
    start = text.find(directive)
    if start < 0:
        return ""
    end = start + len(directive)
    before = [found.end() for found in _STOP.finditer(text[:start])]
    after = _STOP.search(text[end:] + " ")
    return text[before[-1] if before else 0 : end + after.end() if after else None].strip()


def _bare(sentence: str) -> str:
    """A sentence or a row without its markup."""
    sentence = re.sub(r"\[([^]]+)\]\([^)]*\)(\{[^{}]*\})?", r"\1", sentence)
    return re.sub(r"(?<!\w)[*_]+|[*_]+(?!\w)|`|^#+\s*|^[-*>|]\s*", "", sentence)
