"""What a page gets for its `{{ figure: x }}` and `{{ claim: x.y }}`: the HTML of figures and claims.

Nothing here knows MkDocs: a page is text, a link is made by a function, and pictures stay placeholders until the page
is rendered, so that no SVG passes through Markdown or the search index.
"""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from html import escape
from pathlib import Path
from typing import Any

from vgcore.press import explored, sides, tables, takeaway
from vgcore.press.citations import CODE, DIRECTIVE, STATED, prose
from vgcore.press.fresh_seeds import UNTRIED, Tried
from vgcore.press.project import Figure
from vgcore.press.store import Entry

_CLAIM = re.compile(r'<a class="vg-claim" href="[^"#]*#([^"]+)"')
_FRAME = '<figure class="vg-figure"'
_PLACEHOLDER = re.compile(r"<!--(figure|explore) ([a-z0-9_]+)-->")
LEDGER = "evidence/claims"
WATERMARK = (
    '<text x="50%" y="50%" font-size="40" text-anchor="middle" opacity="0.35" fill="currentColor" aria-hidden="true">'
    "draft</text>"
)
DRAFT = '<p class="vg-badge vg-draft" role="note">Draft: runs too small to mean anything. Quote nothing from it.</p>'


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A figure as a page shows it: its words, its stored result if any, and in a preview how fresh that is.

    `part`: the part of the book in whose ledger its claims are listed. `tried`: its claims on other seeds.
    """

    figure: Figure
    entry: Entry | None
    part: str = ""
    status: str = ""
    detail: str = ""
    tried: Tried = UNTRIED

    @property
    def folder(self) -> Path | None:
        """Where its result is: another one is in another folder."""
        return self.entry.folder if self.entry else None

    def verdict(self, claim: str) -> Mapping[str, Any] | None:
        """A claim held against the stored result; None while there is none."""
        found = self.entry.record["claims"].get(claim) if self.entry else None
        return found or None

    def seeds(self, claim: str) -> Collection[str]:
        """The seeds that a claim was held against, "-1" for all of them together."""
        return tuple((self.verdict(claim) or {"values": ()})["values"])


@dataclass(frozen=True, kw_only=True)
class Pages:
    """Makes the HTML of figures and claims. `link` turns a path of the site into a link from the page at hand."""

    shown: Mapping[str, Shown]
    versions: str
    commit: str
    site: str = ""  # the address of the book
    draft: bool = False
    trouble: str = ""  # in a preview: what keeps the press from working

    def broken(self, trouble: str) -> "Pages":
        """The same pages while a file cannot be read: the figures that depend on it say so in their place."""
        file = trouble.partition(":")[0].partition(" ")[0]
        shown = {
            name: replace(one, status="failed", detail=trouble) if one.figure.may_depend_on(file) else one
            for name, one in self.shown.items()
        }
        return replace(self, shown=shown, trouble=trouble)

    def text(self, text: str, link: Callable[[str], str], blocks: Mapping[str, Callable[[str], str]]) -> str:
        """A page's Markdown with every directive replaced."""
        lines = text.split("\n")
        for number, line in prose(text):
            lines[number - 1] = self._line(line, link, blocks)
        return "\n".join(_with_places(lines))

    def _line(self, line: str, link: Callable[[str], str], blocks: Mapping[str, Callable[[str], str]]) -> str:
        def replace(found: re.Match[str]) -> str:
            figure, _, claim = (found["what"] or "").partition(".")
            if found["kind"] in blocks:
                return blocks[found["kind"]](figure)
            if found["kind"] == "figure" and figure in self.shown:
                return self.figure(figure, link)
            if found["kind"] == "table" and figure in self.shown:
                return self.table(figure, link)
            if found["kind"] == "explore" and figure in self.shown:
                return explored.room(figure, self.shown[figure].figure.title, self.shown[figure].entry, link)
            if found["kind"] == "claim" and figure in self.shown:
                return self.claim(figure, claim, link)
            if found["kind"] in STATED and figure in self.shown:
                return self.stated(found["kind"], figure, claim)
            # A build has ended by now; a preview shows what is to be mended where it is missing.
            return _badge("failed", self.trouble or f"there is no {found['kind']} {found['what']!r}", tag="span")

        # hide code spans, so that a page can show a directive
        spans = CODE.findall(line) and [found[0] for found in CODE.finditer(line)]
        hidden = CODE.sub("\0", line)
        return re.sub("\0", lambda _: spans.pop(0), DIRECTIVE.sub(replace, hidden))

    def claim(self, figure: str, claim: str, link: Callable[[str], str]) -> str:
        """A measured number in a sentence: a link to its row in the ledger, with what a card needs."""
        verdict = self.shown[figure].verdict(claim)
        name = f"{figure}.{claim}"
        href = escape(link(f"{LEDGER}/{self.shown[figure].part}/#{name}"))
        if verdict is None:
            return f'<a class="vg-claim vg-pending" href="{href}">…</a>'
        data = {
            "claim": name,
            "value": verdict["text"],
            "range": span(verdict),
            "seeds": "0" if "-1" in verdict["values"] else str(len(verdict["values"])),
            "bounds": verdict["bounds"],
        }
        attributes = " ".join(f'data-{key}="{escape(value)}"' for key, value in data.items())
        return f'<a class="vg-claim" href="{href}" {attributes}>{escape(verdict["text"])}</a>'

    def stated(self, kind: str, figure: str, claim: str) -> str:
        """A claim's "range" over the seeds or its "bounds" in plain words, for who cannot or will not hover."""
        verdict = self.shown[figure].verdict(claim)
        if verdict is None:
            return "…"
        if kind == "bounds":
            return escape(verdict["bounds"])
        return escape(span(verdict))

    def figure(self, name: str, link: Callable[[str], str]) -> str:
        """A figure's frame: message, place of the picture, caption, provenance. One line, for Markdown's sake."""
        shown = self.shown[name]
        message = self._words(name, shown.figure.message, link)
        caption = sides.both(self._words(name, shown.figure.caption, link))
        parts = [
            f'{_FRAME} id="figure-{name}" aria-labelledby="figure-{name}-message">',
            f'<p class="vg-message" id="figure-{name}-message">{message}</p>',
            _badge(shown.status, shown.detail),
            f'<div class="vg-plot"><!--figure {name}--></div>',
            f'<figcaption class="vg-caption"><p>{caption}</p>',
            self._provenance(shown, link),
            "</figcaption></figure>",
        ]
        return "".join(parts)

    def table(self, name: str, link: Callable[[str], str]) -> str:
        """A figure's table, or why there is none."""
        shown = self.shown[name]
        if shown.entry is None:
            return _badge(shown.status, shown.detail)
        return tables.table(shown.entry.text(tables.FILE), shown.figure.title, link)

    def _words(self, name: str, words: str, link: Callable[[str], str]) -> str:
        claims = self.shown[name].figure.claims
        return re.sub(
            r"\{(\w+)\}",
            lambda found: self.claim(name, found[1], link) if found[1] in claims else found[0],
            escape(words, quote=False),
        )

    def plain(self, name: str, words: str) -> str:
        """A figure's words with its claims' texts in them, for the picture's description."""
        texts = {claim: (self.shown[name].verdict(claim) or {"text": "…"})["text"] for claim in
                 self.shown[name].figure.claims}  # fmt: skip
        return re.sub(r"\{(\w+)\}", lambda found: str(texts.get(found[1], found[0])), words)

    def _provenance(self, shown: Shown, link: Callable[[str], str]) -> str:
        if shown.entry is None:
            return ""
        figure, record = shown.figure, shown.entry.record
        # a draft's pixels would not say that they are a draft's
        links = takeaway.links(figure, record["data"], link, ("SVG",) if self.draft else ("SVG", "PNG"))
        folded = takeaway.folded(figure, record["data"], link)
        cite = takeaway.citation(figure, self.commit, self.versions, self.site)
        if not figure.experiments:
            return f'<p class="vg-provenance" data-search-exclude>{links}</p>{cite}'
        seeds = "draft" if self.draft else _seeds(record["seeds"])
        return (
            f'<p class="vg-provenance" data-search-exclude>{" · ".join(filter(None, [seeds, self.versions]))} '
            f"{links}</p>{folded}"
            '<details class="vg-reproduce" data-search-exclude><summary>How to reproduce</summary>'
            f"<p>At commit <code>{self.commit}</code>: <code>vgcore build {figure.name}</code></p>"
            f"{_configs(record['config'])}</details>{self._numbers(shown)}{cite}"
        )

    def _numbers(self, shown: Shown) -> str:
        rows = []
        for name in shown.figure.claims:
            verdict = shown.verdict(name)
            if verdict:
                cells = (verdict["text"], span(verdict), verdict["bounds"])
                columns = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
                rows.append(f'<tr><th scope="row">{name.replace("_", " ")}</th>{columns}</tr>')
        if not rows:
            return ""
        head = "".join(f'<th scope="col">{title}</th>' for title in ("claim", "median", "over the seeds", "checked"))
        return (
            '<details class="vg-numbers" data-search-exclude><summary>The numbers as a table</summary>'
            f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></details>"
        )

    def fill(self, html: str) -> str:
        """Put the pictures into a rendered page."""
        return _PLACEHOLDER.sub(lambda found: self._made(found[1], found[2]), html)

    def _made(self, kind: str, name: str) -> str:
        return self._picture(name) if kind == "figure" else explored.content(self.shown[name].entry)

    def _picture(self, name: str) -> str:
        shown = self.shown[name]
        if shown.entry is None:
            awaited = "its experiment has run" if shown.figure.experiments else "it has been drawn"
            return f'<p class="vg-empty">The figure appears here when {awaited}.</p>'
        variants = [f'<div class="vg-{v}">{self.described(name, f"{v}.svg")}</div>' for v in ("column", "phone")]
        return "".join(variants)

    def described(self, name: str, file: str) -> str:
        """A stored picture with its words put in."""
        shown = self.shown[name]
        assert shown.entry is not None
        title = escape(self.plain(name, shown.figure.title), quote=False)
        words = sides.stacked(shown.figure.alt) if file == "phone.svg" else shown.figure.alt
        alt = escape(self.plain(name, words), quote=False)
        picture = shown.entry.text(file).replace("@@title@@", title).replace("@@description@@", alt)
        return picture.replace("</svg>", f"{WATERMARK}</svg>") if self.draft else picture


def span(verdict: Mapping[str, Any]) -> str:
    """From where to where a claim's value goes over the seeds, if each has one."""
    if "-1" in verdict["values"]:
        return "all seeds together"
    if verdict["lowest"] == verdict["highest"]:
        return str(verdict["lowest"])
    return f"{verdict['lowest']} to {verdict['highest']}"


def _with_places(lines: Sequence[str]) -> list[str]:
    """The lines of a page, in which each claim's name is the id of one place: a sentence, or else a figure's words."""
    seen: set[str] = set()

    def place(found: re.Match[str]) -> str:
        if found[1] in seen:
            return found[0]
        seen.add(found[1])
        return f'{found[0]} id="{found[1]}"'

    figures = [_FRAME in line for line in lines]
    sentences = [line if framed else _CLAIM.sub(place, line) for line, framed in zip(lines, figures, strict=True)]
    return [_CLAIM.sub(place, line) if framed else line for line, framed in zip(sentences, figures, strict=True)]


def _badge(status: str, detail: str, tag: str = "p") -> str:
    """In a preview: whether the figure is computing, stale or failed; a published page has none."""
    if not status:
        return ""
    more = f" <code>{escape(detail, quote=False)}</code>" if detail else ""
    return f'<{tag} class="vg-badge vg-{status}" role="status">{status}{more}</{tag}>'


def _seeds(seeds: list[int]) -> str:
    if len(seeds) < 2:
        return "computed, no seed" if seeds else ""
    return f"{len(seeds)} seeds ({seeds[0]} to {seeds[-1]})"


def _configs(configs: Mapping[str, Mapping[str, Any]]) -> str:
    items = [
        f"<li><code>{escape(experiment)}</code>: "
        + ", ".join(f"{escape(str(key)).replace('_', ' ')} {escape(_value(value))}" for key, value in config.items())
        + "</li>"
        for experiment, config in configs.items()
    ]
    return f"<ul>{''.join(items)}</ul>" if items else ""


def _value(value: Any) -> str:
    if not isinstance(value, list | tuple):
        return str(value)
    return ", ".join(f"({_value(one)})" if isinstance(one, list | tuple) else str(one) for one in value)
