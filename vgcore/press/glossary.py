"""The words of the glossary: where a page first uses one, it links to its meaning."""

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

PAGE = "learn/glossary"
"""The glossary, as a path of the site without its ending; it is the one list of terms there is."""

_ENTRY = re.compile(
    r"""
    ^ (?P<first>\S.*) \ \{\ \#(?P<id>[\w-]+)\ \} \n
      (?P<others>(?:[^:\n].*\n)*)
      :\ +(?P<meaning>.+) $
    """,
    re.MULTILINE | re.VERBOSE,
)
_TAUGHT = re.compile(r"\]\(([^)#]+\.md)")
_KEPT = re.compile(r"(<(a|button|code|dt|figure|h[1-6]|math|pre|script|style|summary|svg|table)\b.*?</\2>)", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")


@dataclass(frozen=True, kw_only=True)
class Glossary:
    """Terms as they are written, in small letters, with the id of their entry; and the pages that teach an entry."""

    terms: Mapping[str, str]
    taught: Mapping[str, frozenset[str]]

    @classmethod
    def read(cls, text: str) -> "Glossary":
        r"""The glossary in the Markdown of its page: a definition list whose first terms have ids.

        Examples:
            >>> Glossary.read("Gate { #gate }\n:   A number. [Time](../causes/time.md#gates).\n").taught
            {'gate': frozenset({'causes/time.md'})}
        """
        terms: dict[str, str] = {}
        taught: dict[str, frozenset[str]] = {}
        for entry in _ENTRY.finditer(text):
            for term in (entry["first"], *entry["others"].splitlines()):
                terms[term.lower()] = entry["id"]
            paths = _TAUGHT.findall(entry["meaning"])
            taught[entry["id"]] = frozenset(posixpath.normpath(posixpath.join("learn", path)) for path in paths)
        return cls(terms=terms, taught=taught)

    def link(self, html: str, page: str, url: str) -> str:
        """A rendered page with each term a link to its entry, at `url`, where it first stands in plain prose.

        Nothing is linked in headings, code, links, formulas, figures and tables; on a page that teaches an entry, and
        has a file's name `page`, its terms are no links either.
        """
        if not self.terms:
            return html
        known = {entry for entry, pages in self.taught.items() if page in pages}

        def linked(found: re.Match[str]) -> str:
            entry = self._entry(found[0])
            if entry in known:
                return found[0]
            known.add(entry)
            return f'<a class="vg-term" href="{url}#{entry}">{found[0]}</a>'

        parts = _KEPT.split(html)  # prose, what is kept, its name, prose, ...
        for place in range(0, len(parts), 3):
            pieces = _TAG.split(parts[place])
            pieces[::2] = [self._words.sub(linked, words) for words in pieces[::2]]
            parts[place] = "".join(pieces)
        return "".join(part for place, part in enumerate(parts) if place % 3 != 2)

    @cached_property
    def _words(self) -> re.Pattern[str]:
        """Any term, the longest first, also as a plural."""
        longest = sorted(self.terms, key=len, reverse=True)
        either = "|".join(re.escape(term).replace(r"\ ", r"\s+") for term in longest)
        return re.compile(rf"(?<![\w-])(?:{either})s?(?![\w-])", re.IGNORECASE)

    def _entry(self, words: str) -> str:
        term = " ".join(words.lower().split())
        return self.terms.get(term) or self.terms[term.removesuffix("s")]
