"""British spelling, looked up in word lists that are installed with the checks: nothing is asked over a network.

`spellchecker` knows the words of English, mostly as America spells them; `codespell` knows which of them Britain spells
otherwise; the book's own names and terms are in `words.txt`, and authors are those of the bibliography.
"""

import gzip
import json
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from tests.checkout import ROOT
from vgcore.press.references import Bibliography

OWN = Path(__file__).with_name("words.txt")
BOTH = frozenset({
    "artifact", "artifacts", "focused", "focusing", "judgment", "license", "licensed", "licenses", "math", "meter",
    "meters", "practice", "practices", "program", "programs", "specialty", "stories", "story",
})  # fmt: skip
"""What codespell takes for American, and Britain writes too, if only in another sense."""

_IZE = re.compile(r"(.{4,})iz(e|ed|er|ers|es|ing|ation|ations|able)")


def trouble(word: str) -> str:
    """What is wrong with a word, or nothing.

    Examples:
        >>> [trouble(word) for word in ("gradient", "Behaviour", "normalises", "LeCun", "Schmidhuber's")]
        ['', '', '', '', '']
        >>> trouble("behavior")
        'behavior: Britain writes behaviour'
        >>> trouble("normalizes")
        'normalizes: Britain writes normalises'
        >>> trouble("gradeint")
        'gradeint: no word that the dictionary, tests/words.txt or the bibliography knows'
    """
    small = re.sub(r"['’]s$|^['’]|['’]$", "", word.casefold()).replace("’", "'")
    if small in own():
        return ""
    if british := _british(small):
        return f"{word}: Britain writes {british}"
    return "" if _known(small) else f"{word}: no word that the dictionary, tests/words.txt or the bibliography knows"


def _british(word: str) -> str:
    ize = _IZE.fullmatch(word)
    return f"{ize[1]}is{ize[2]}" if ize else american().get(word, "")


def _known(word: str) -> bool:
    if len(word) < 2 or word in english() or word in british():
        return True
    ise = re.fullmatch(r"(.{3,})is(e|ed|er|ers|es|ing|ation|ations|able)", word)
    return bool(ise and f"{ise[1]}iz{ise[2]}" in english())


@cache
def english() -> frozenset[str]:
    """The words of the dictionary."""
    packed = files("spellchecker") / "resources/en.json.gz"
    return frozenset(json.loads(gzip.decompress(packed.read_bytes())))


@cache
def american() -> dict[str, str]:
    """What only America writes, with what Britain writes."""
    pairs = _pairs()
    return {american: british for british, american in pairs if american not in BOTH}


@cache
def british() -> frozenset[str]:
    """What Britain writes and America does not."""
    return frozenset(british for british, _ in _pairs())


@cache
def _pairs() -> list[tuple[str, str]]:
    lines = (files("codespell_lib") / "data/dictionary_en-GB_to_en-US.txt").read_text().splitlines()
    split = [line.partition("->") for line in lines]
    return [(british, american.strip(" ,")) for british, _, several in split for american in several.split(",")]


@cache
def own() -> frozenset[str]:
    """The book's own names and terms, and the authors that it cites."""
    terms = [line.casefold() for line in OWN.read_text().split() if not line.startswith("#")]
    authors = " ".join(" ".join(entry.authors) for entry in Bibliography.of(ROOT).entries.values())
    return frozenset([*terms, *re.findall(r"\w+", authors.casefold())])
