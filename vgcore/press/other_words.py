"""What a search finds: not code, but the book's words also as others write them, `initialization` for one."""

import json
import re
from collections.abc import Mapping

_STEMS = "categor|central|equal|factor|general|initial|linear|normal|optim|penal|random|regular|stabil|standard|vector"
_CODE = re.compile(r"<pre>.*?</pre>", re.DOTALL)
_WORD = re.compile(rf"\b\w*?(?:{_STEMS})is(?:ations?|ed?|ers?|es|ing)\b|\b\w*?behaviours?\b", re.IGNORECASE)


def american(word: str) -> str:
    """A word of the book as it is spelled in America.

    Examples:
        >>> american("Initialisation"), american("renormalised"), american("behaviour")
        ('Initialization', 'renormalized', 'behavior')
    """
    return re.sub(r"is(?=ations?$|ed?$|ers?$|es$|ing$)", "iz", word).replace("iour", "ior")


def findable(index: str, also: Mapping[str, str]) -> str:
    """A search index in which each section is found in both spellings, and each page by the words in `also`.

    Blocks of code are left out: a tenth of the index, and mostly words that all code has.
    `also`: what readers call the subject of a page, by its address. Raises ValueError where it is no index.
    """
    found = json.loads(index)
    if "docs" not in found:
        raise ValueError("a search index lists its sections under 'docs', and this one has none")
    for section in found["docs"]:
        section["text"] = _CODE.sub("", section["text"])
        words = {american(word) for word in _WORD.findall(f"{section['title']} {section['text']}")}
        others = also.get(section["location"], "").split()
        section["text"] = " ".join([section["text"], *sorted(words), *others])
    return json.dumps(found, separators=(",", ":"))
