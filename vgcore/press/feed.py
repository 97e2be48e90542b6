"""The feed of changed evidence: for each figure, when the code that measures or draws it changed last, and in what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from vgcore.press import git
from vgcore.press.markdown import Pages
from vgcore.press.project import Figure

FILE = "evidence/feed.xml"
MOST = 30
NAMESPACE = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, kw_only=True)
class Change:
    """The last commit that touched a figure's code: its name, its date and its first line."""

    figure: str
    commit: str
    date: str
    subject: str


def changes(history: Iterable[git.Commit], figures: Mapping[str, Figure]) -> list[Change]:
    """The newest change of each figure, newest first, given the commits in that order; of one commit by name."""
    waiting = dict(sorted(figures.items()))
    found: list[Change] = []
    for commit in history:
        touched = [name for name, figure in waiting.items() if not commit.files.isdisjoint(_files(figure))]
        found += [Change(figure=one, commit=commit.name, date=commit.date, subject=commit.subject) for one in touched]
        waiting = {name: figure for name, figure in waiting.items() if name not in touched}
    return found


def _files(figure: Figure) -> Iterator[str]:
    yield figure.file
    yield from (f"vgcore/experiments/{name}.py" for name in figure.experiments)


def atom(title: str, shown: Pages, changed: Iterable[Change]) -> str:
    """The newest changes as a feed that RFC 4287 describes; its addresses are absolute."""
    newest = list(changed)[:MOST]
    feed = Element("feed", {"xmlns": NAMESPACE})
    _text(feed, title=f"{title}: changed evidence", id=shown.site + FILE, updated=newest[0].date)
    SubElement(feed, "link", {"rel": "self", "href": shown.site + FILE})
    SubElement(feed, "link", {"href": f"{shown.site}figures/"})
    _text(SubElement(feed, "author"), name=f"The {title} authors")
    for change in newest:
        feed.append(_entry(shown, change))
    ElementTree.indent(feed)
    return ElementTree.tostring(feed, encoding="unicode", xml_declaration=True) + "\n"


def _entry(shown: Pages, change: Change) -> Element:
    figure = shown.shown[change.figure].figure
    address = f"{shown.site}figures/{change.figure}/"
    entry = Element("entry")
    # another commit is another entry
    _text(entry, title=figure.title, id=f"{address}#{change.commit}", updated=change.date)
    SubElement(entry, "link", {"href": address})
    message = shown.plain(change.figure, figure.message)
    _text(entry, summary=f"{message} Its code changed in commit {change.commit[:7]}: {change.subject}")
    return entry


def _text(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text


def link(href: str) -> str:
    """The line of a page that leads to the feed."""
    return f'<p><a href="{href}" type="application/atom+xml">Follow what changes</a>, as a feed (Atom).</p>'
