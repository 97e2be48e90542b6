"""A page's HTML, read for what must hold in it."""

from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path

LINKS = ("href", "xlink:href", "src", "poster", "data")
REFERENCES = ("aria-labelledby", "aria-describedby", "aria-controls", "aria-details", "aria-owns", "for", "headers")
UNREAD = frozenset({"code", "pre", "script", "style", "math"})
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})


@dataclass(frozen=True, kw_only=True)
class Tag:
    """One start tag."""

    name: str
    attributes: dict[str, str]
    line: int


@dataclass(frozen=True, kw_only=True)
class Markup:
    """What a page is made of: its tags, and its text without code and formulas."""

    file: Path
    tags: list[Tag]
    prose: str

    @classmethod
    def of(cls, file: Path) -> "Markup":
        """Read a file."""
        reader = _Reader()
        reader.feed(file.read_text())
        reader.close()
        return cls(file=file, tags=reader.tags, prose="".join(reader.prose))

    @cached_property
    def ids(self) -> list[str]:
        """Every id, in order."""
        return [tag.attributes["id"] for tag in self.tags if "id" in tag.attributes]

    @cached_property
    def links(self) -> list[tuple[Tag, str]]:
        """Every address in an attribute, with the tag it is in."""
        plain = [(tag, tag.attributes[name]) for tag in self.tags for name in LINKS if name in tag.attributes]
        sets = [(tag, tag.attributes[name]) for tag in self.tags for name in ("srcset",) if name in tag.attributes]
        return plain + [(tag, part.split()[0]) for tag, several in sets for part in several.split(",")]

    @cached_property
    def references(self) -> list[str]:
        """Every id that an attribute of the page names."""
        return [one for tag in self.tags for name in REFERENCES for one in tag.attributes.get(name, "").split()]

    def with_class(self, name: str) -> list[Tag]:
        """The tags of a class."""
        return [tag for tag in self.tags if name in tag.attributes.get("class", "").split()]


@dataclass
class _Reader(HTMLParser):
    tags: list[Tag] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_startendtag(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.tags.append(Tag(name=tag, attributes=attributes, line=self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if UNREAD.isdisjoint(self.open):
            self.prose.append(data)
