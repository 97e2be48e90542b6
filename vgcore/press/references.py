"""The literature: one BibTeX file, the places of the book that cite its entries, and the list of them all."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import escape
from pathlib import Path
from string import ascii_lowercase

from vgcore.press.citations import CODE, prose
from vgcore.press.project import ProjectError, nearest

FILE = "docs/references.bib"
ARXIV, DOI = "https://arxiv.org/abs/", "https://doi.org/"
VENUES = ("journal", "booktitle", "institution")
FIELDS = ("author", "title", *VENUES, "year", "eprint", "doi", "url")

_HEAD = re.compile(r"@[a-z]+\{(\w+),")
_FIELD = re.compile(r"\s+(\w+) = \{(.+)\},")
_CITE = re.compile(r"\{\{\s*cite:\s*(?P<key>\w*)\s*\}\}|\]\(cite:(?P<own>\w*)\)")
_LINK = re.compile(r"(?:\[(?P<words>[^\[\]]*)\]\()?(?P<address>https?://[^\s)>\"'\]]+)")
_SCHOLARLY = re.compile(
    r"https?://(?:www\.|dx\.)?(?:(?P<arxiv>arxiv)\.org/(?:abs|pdf|html)|doi\.org)/(?P<name>[^?#]+)", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class Reference:
    """One entry: who wrote what, when and where, and at which address it is read."""

    key: str
    line: int
    fields: Mapping[str, str]
    letter: str = ""
    """What tells it from another of the same authors and year."""

    @property
    def address(self) -> str:
        """Where a citation leads: to the entry's own `url`, or else to arXiv, or else to its DOI."""
        return next(iter(self.addresses), "")

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses of it, the one that is linked first."""
        bases = {"url": "", "eprint": ARXIV, "doi": DOI}
        return tuple(base + self.fields[name] for name, base in bases.items() if name in self.fields)

    @property
    def authors(self) -> list[str]:
        """Every author's full name, the family name last."""
        parts = (author.strip("{}").partition(", ") for author in self.fields["author"].split(" and "))
        return [f"{given} {family}".strip() for family, _, given in parts]

    @property
    def label(self) -> str:
        """What a sentence says: one or two family names, of more the first, and the year."""
        families = [author.partition(",")[0].strip("{}") for author in self.fields["author"].split(" and ")]
        names = f"{families[0]} et al." if len(families) > 2 else " and ".join(families)
        return f"{names}, {self.fields['year']}{self.letter}"

    @property
    def venue(self) -> str:
        """The journal, the conference or the house that published it, if any."""
        return next((self.fields[name] for name in VENUES if name in self.fields), "")


@dataclass(frozen=True, kw_only=True)
class Use:
    """A place that cites: by an entry's key, or else by an address."""

    key: str
    address: str = ""
    words: str = ""
    page: str
    line: int


@dataclass(frozen=True)
class Bibliography:
    """Every entry by its key."""

    entries: Mapping[str, Reference] = field(default_factory=dict)

    @classmethod
    def of(cls, root: Path) -> "Bibliography":
        """That of a checkout; a book without the file has none."""
        file = root / FILE
        return cls(read(file.read_text()) if file.exists() else {})

    def linked(self, text: str) -> str:
        """A page's text with a plain link for each citation of an entry; code is left alone."""
        lines = text.split("\n")
        for number, line in prose(text):
            if "cite:" in line:
                lines[number - 1] = self._linked(line)
        return "\n".join(lines)

    def _linked(self, line: str) -> str:
        spans = iter([found[0] for found in CODE.finditer(line)])
        return re.sub("\0", lambda _: next(spans), _CITE.sub(self._link, CODE.sub("\0", line)))

    def _link(self, found: re.Match[str]) -> str:
        entry = self.entries.get(found["key"] or found["own"])
        if entry is None:
            return found[0]
        return f"]({entry.address})" if found["own"] else f"[{entry.label}]({entry.address})"

    def uses(self, page: str, text: str) -> Iterator[Use]:
        """Each citation of a page or a lab, also by a plain link, where the address is an entry's or looks like one."""
        known = {_plain(address): key for key, entry in self.entries.items() for address in entry.addresses}
        for number, line in prose(text):
            line = CODE.sub("", line)
            for found in _CITE.finditer(line):
                yield Use(key=found["key"] or found["own"] or "", page=page, line=number)
            for found in _LINK.finditer(line):
                address = _plain(found["address"])
                if address in known or _SCHOLARLY.match(address):
                    words = found["words"] or ""
                    yield Use(key=known.get(address, ""), address=address, words=words, page=page, line=number)


def read(text: str) -> dict[str, Reference]:
    """The entries of a BibTeX file in the one form that this book uses: a field a line, in braces, with a comma.

    Raises ProjectError, with the line, for anything else and for an entry that lacks what a reader needs.
    """
    entries: dict[str, Reference] = {}
    key, fields, start = "", dict[str, str](), 0
    for number, line in enumerate(text.splitlines(), 1):
        if head := _HEAD.fullmatch(line):
            key, fields, start = head[1], {}, number
            if key in entries:
                raise ProjectError(f"{FILE}:{number}: the key {key!r} is given twice")
        elif found := key and _FIELD.fullmatch(line):
            fields[_known(found[1], number)] = found[2]
        elif key and line == "}":
            entries[key] = Reference(key=key, line=start, fields=_complete(key, fields, start))
            key = ""
        elif key or (line and not line.startswith("%")):
            raise ProjectError(f"{FILE}:{number}: {line!r} is no line of an entry: write `name = {{value}},`")
    return _lettered(entries)


def _lettered(entries: Mapping[str, Reference]) -> dict[str, Reference]:
    """The entries; those that a sentence would name alike with a letter behind the year, in the order of the file."""
    alike: dict[str, list[str]] = {}
    for key, entry in entries.items():
        alike.setdefault(entry.label, []).append(key)
    letters = {
        key: letter
        for keys in alike.values()
        if len(keys) > 1
        for key, letter in zip(keys, ascii_lowercase, strict=False)
    }
    return {key: replace(entry, letter=letters.get(key, "")) for key, entry in entries.items()}


def _known(name: str, line: int) -> str:
    if name not in FIELDS:
        raise ProjectError(f"{FILE}:{line}: unknown field {name!r}: {nearest(name, FIELDS)}")
    return name


def _complete(key: str, fields: Mapping[str, str], line: int) -> Mapping[str, str]:
    lacking = [name for name in ("author", "title", "year") if name not in fields]
    if lacking:
        raise ProjectError(f"{FILE}:{line}: {key} lacks {' and '.join(lacking)}")
    if not {"eprint", "doi", "url"} & fields.keys():
        raise ProjectError(f"{FILE}:{line}: {key} has no address: give an eprint (arXiv), a doi or a url")
    return fields


def problems(uses: Iterable[Use], bibliography: Bibliography) -> Iterator[str]:
    """One sentence for each citation of what is in no entry, and for each entry that nothing cites."""
    entries, cited = bibliography.entries, set[str]()
    for use in uses:
        cited.add(use.key)
        if use.address and not use.key:
            yield f"{use.page}:{use.line}: {use.address} is in no entry of {FILE}: {_proposal(use)}"
        elif use.key not in entries:
            yield f"{use.page}:{use.line}: there is no reference {use.key!r}: {nearest(use.key, entries)}"
    for key, entry in entries.items():
        if key not in cited:
            yield f"{FILE}:{entry.line}: no page cites {key}: cite it, or take it out"


def _proposal(use: Use) -> str:
    """The entry that is missing, as far as its link tells."""
    family = re.search(r"\w+", use.words)
    year = re.search(r"\d{4}", use.words)
    key = f"{family[0].lower() if family else 'author'}{year[0] if year else ''}"
    name = "eprint" if use.address.startswith(ARXIV) else "doi"
    value = use.address.removeprefix(ARXIV).removeprefix(DOI)
    return f"add `@misc{{{key},` with its author, title, year and `{name} = {{{value}}},`"


def _plain(address: str) -> str:
    """One form for the many addresses of a paper: its abstract on arXiv in no special version, its DOI."""
    address = address.rstrip(".,;:")
    found = _SCHOLARLY.match(address)
    if found is None:
        return address
    if found["arxiv"]:
        return ARXIV + re.sub(r"(v\d+)?(\.pdf)?$", "", found["name"])
    return DOI + found["name"]


def listing(
    bibliography: Bibliography, uses: Iterable[Use], title: Callable[[str], str], href: Callable[[str], str]
) -> str:
    """Every entry, sorted by author and year, with the pages that cite it.

    `title` is a page's, given its file; `href` leads to it.
    """
    pages: dict[str, dict[str, None]] = {}
    for use in uses:
        pages.setdefault(use.key, {})[use.page] = None
    items = []
    for key, entry in sorted(bibliography.entries.items(), key=lambda item: (_sortable(item[1].label), item[0])):
        links = [f'<a href="{escape(href(page))}">{escape(title(page))}</a>' for page in pages.get(key, ())]
        work = f'<a href="{escape(entry.address)}">{escape(entry.fields["title"], quote=False)}</a>'
        end = "" if entry.fields["title"].endswith("?") else "."
        facts = filter(None, [", ".join(map(escape, entry.authors)), escape(entry.venue), _name(entry)])
        items.append(
            f'<li id="{key}"><p><strong>{escape(entry.label)}.</strong> {work}{end} {". ".join(facts)}.</p>'
            f"<p>Cited in {', '.join(links)}.</p></li>"
        )
    return f'<ul class="vg-references">{"".join(items)}</ul>'


def _name(entry: Reference) -> str:
    """Its identifier, as one writes it."""
    if "eprint" in entry.fields:
        return f"arXiv:{entry.fields['eprint']}"
    return f"doi:{escape(entry.fields['doi'])}" if "doi" in entry.fields else ""


def _sortable(label: str) -> str:
    """A label as an English reader looks it up: without case and accents."""
    from unicodedata import combining, normalize

    return "".join(letter for letter in normalize("NFKD", label.casefold()) if not combining(letter))
