"""The pages that are generated: the ledger of claims, the gallery, and one page a figure with its code."""

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from pathlib import Path

from vgcore.press.citations import STATED, Citation, sentence_around
from vgcore.press.fresh_seeds import STATES
from vgcore.press.markdown import LEDGER, Pages, Shown, span
from vgcore.press.project import Figure

Link = Callable[[str], str]

HOME = "home"

ORDER = ("problem", "causes", "signs", "impacts", "fixes", "exploding", "evidence")
"""The parts as the book has them; any other comes after them."""

_FILTER = '<div class="vg-filter" style="height: 1.7rem; font-size: .75rem"></div>'
"""The room that a script fills, so that nothing moves when it does."""

MOST_EXPERIMENTS = 8
"""Of how many a figure's own page shows the code: more would weigh too much."""


def cited_in(claim: str, shown: Mapping[str, Shown], cited: Sequence[Citation]) -> Iterator[tuple[str, str, int]]:
    """Each sentence that states a claim, `figure.name`, with page and line: in prose, or in a figure shown there.

    First comes what stands on a page with the figure itself: it explains the number, others sum it up.
    """
    figure, _, name = claim.partition(".")
    cited = [one for one in cited if one.figure == figure]
    explaining = {one.page for one in cited if one.kind == "figure"}
    for one in sorted(cited, key=lambda one: one.page not in explaining):
        if one.kind == "claim" and one.claim == name:
            yield one.sentence, one.page, one.line
    words = shown[figure].figure
    for text in (words.message, words.caption):
        if f"{{{name}}}" in text:
            for one in cited:
                if one.kind == "figure":
                    yield sentence_around(text, f"{{{name}}}"), one.page, one.line


def part(figure: str, cited: Sequence[Citation]) -> str:
    """The part of the book that a figure belongs to: the folder of the page that shows it, or else states its claims.

    What only the home page shows belongs to `HOME`.
    """
    pages = [one.page for one in sorted(cited, key=lambda one: one.kind in STATED) if one.figure == figure]
    return next((page.split("/")[1] for page in pages if page.count("/") > 1), HOME)


def parts(pages: Pages) -> dict[str, list[str]]:
    """The claims of each part of the book, as `figure.name`, in the order of the book."""
    found: dict[str, list[str]] = {}
    for name, shown in pages.shown.items():
        for claim in shown.figure.claims:
            found.setdefault(shown.part, []).append(f"{name}.{claim}")
    return {name: found[name] for name in _in_order(found)}


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (*ORDER, name).index(name))


def ledgers(pages: Pages, link: Link) -> str:
    """How many claims each part of the book makes, with the way to them, and how they fare on fresh seeds."""
    rows = "".join(
        f'<tr><th scope="row"><a href="{escape(link(f"{LEDGER}/{name}/"))}">{name.capitalize()}</a></th>'
        f"<td>{len(claims)}</td>{_tried(pages, claims)}</tr>"
        for name, claims in parts(pages).items()
    )
    head = "".join(f'<th scope="col">{title}</th>' for title in ("part", "claims", *STATES))
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"


def _tried(pages: Pages, claims: Sequence[str]) -> str:
    """Of some claims, how many are in each state, as cells."""
    named = [(pages.shown[figure], name) for figure, _, name in (claim.partition(".") for claim in claims)]
    found = Counter(shown.tried.state(name, shown.seeds(name)) for shown, name in named)
    return "".join(f"<td>{found[state]}</td>" for state in STATES)


def ledger_page(name: str) -> str:
    """The Markdown of one part's ledger."""
    told = "Each row leads to its sentence. [Every claim](../claims.md) explains the columns."
    return f"{_head(ledger_title(name))}{told}\n\n{{{{ ledger: {name} }}}}\n"


def ledger_title(name: str) -> str:
    """What the page with a part's ledger is called."""
    return f"Every claim: {name.capitalize()}"


def _head(title: str) -> str:
    """How a generated page begins; what JSON quotes is YAML, too."""
    return f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\nsearch:\n  exclude: true\n---\n\n# {title}\n\n"


def ledger(
    name: str,
    pages: Pages,
    cited: Sequence[Citation],
    link: Link,
    url: Callable[[str], str],
    typeset: Callable[[str], str],
) -> str:
    """Every claim of a part of the book as one table, which any column sorts and a word filters.

    `url` turns a page's file into its path on the site, `typeset` sets the formulas in a sentence.
    """
    rows = [_ledger_row(pages, claim, cited, link, url, typeset) for claim in parts(pages).get(name, ())]
    titles = ("claim", "sentence", "median", "over the seeds", "checked", "fresh seeds")
    head = "".join(f'<th scope="col">{title}</th>' for title in titles)
    names = ";".join(f"--name-{place}:'{title}'" for place, title in enumerate(titles, start=1))  # shown by a phone
    return (
        f'{_FILTER}<div class="vg-table vg-ledger" role="region" aria-label="Claims" tabindex="0">'
        f'<table class="vg-sortable" role="table" style="{names}">'
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
        f'<script src="{escape(link("assets/ledger.js"))}" defer></script>'
    )


def _ledger_row(
    pages: Pages,
    claim: str,
    cited: Sequence[Citation],
    link: Link,
    url: Callable[[str], str],
    typeset: Callable[[str], str],
) -> str:
    figure, _, name = claim.partition(".")
    shown = pages.shown[figure]
    verdict = shown.verdict(name) or {"text": "…", "lowest": "…", "highest": "…", "bounds": "…", "values": {}}
    sentence, page, _ = next(cited_in(claim, pages.shown, cited), ("", f"figures/{figure}.md", 0))
    words = with_values(pages, sentence, figure) or shown.figure.title
    place = f"#{claim}" if sentence and shown.verdict(name) else ""
    cells = (
        f'<a href="{escape(link(url(page)) + place)}">{typeset(escape(words, quote=False))}</a>',
        escape(verdict["text"]),
        escape(span(verdict)),
        escape(verdict["bounds"]),
        shown.tried.words(name, shown.seeds(name)),
    )
    columns = "".join(f"<td>{cell}</td>" for cell in cells)
    head = f'<th scope="row" id="{claim}"><a href="{escape(link(f"figures/{figure}/"))}">{_readable(claim)}</a></th>'
    return f"<tr>{head}{columns}</tr>"


def _readable(claim: str) -> str:
    """A claim's name that may break over lines."""
    return escape(claim).replace(".", ".<wbr>").replace("_", "_<wbr>")


def with_values(pages: Pages, sentence: str, figure: str) -> str:
    """A sentence of a page or of a figure with the values in it."""
    return values_in(pages, pages.plain(figure, sentence))


def values_in(pages: Pages, text: str) -> str:
    """A page's text with the values of its claims in it."""

    def value(found: re.Match[str]) -> str:
        shown = pages.shown.get(found[2])
        verdict = shown.verdict(found[3]) if shown else None
        if found[1] != "claim" and shown:
            return pages.stated(found[1], found[2], found[3])
        return str(verdict["text"]) if verdict else found[0]

    return re.sub(rf"\{{\{{\s*({'|'.join(STATED)}):\s*(\w+)\.(\w+)\s*\}}\}}", value, text)


def gallery(pages: Pages, link: Link) -> str:
    """Every figure of the book, as its message over its picture, part by part."""
    found: dict[str, list[str]] = {}
    for name, shown in pages.shown.items():
        words = escape(pages.plain(name, shown.figure.message), quote=False)
        href = escape(link(f"figures/{name}/"))
        # A picture a page would weigh too much: these load as they come into view, and the link says what they show.
        source = escape(link(f"data/{name}.svg"))
        picture = f'<img src="{source}" alt="" loading="lazy" width="680" height="320">' if shown.entry else ""
        found.setdefault(shown.part, []).append(f'<li id="{name}"><p><a href="{href}">{words}</a></p>{picture}</li>')
    lists = {name: f'<ul class="vg-gallery" data-search-exclude>{"".join(found[name])}</ul>' for name in found}
    return "\n\n".join(f"## {name.capitalize()}\n\n{lists[name]}" for name in _in_order(found))


def figure_page(pages: Pages, root: Path, name: str) -> str:
    """The Markdown of a figure's own page: the figure, then the code that draws it and any that measures it."""
    shown = pages.shown[name]
    elsewhere = _elsewhere(pages, shown.figure)
    own = (f"vgcore/experiments/{one}.py" for one in shown.figure.experiments if one not in elsewhere)
    shown_here = [
        f"`{file}`\n\n```python\n{(root / file).read_text().rstrip()}\n```" for file in (shown.figure.file, *own)
    ]
    listed = [f"- [`vgcore/experiments/{one}.py`]({other}.md#code)" for one, other in elsewhere.items()]
    code = "\n\n".join([*shown_here, *(["Its experiments:\n\n" + "\n".join(listed)] if listed else [])])
    return (
        f"{_head(shown.figure.title)}{{{{ figure: {name} }}}}\n\n"
        f"## Code {{ #code }}\n\n{code}\n\n[All figures](index.md)\n"
    )


def _elsewhere(pages: Pages, figure: Figure) -> dict[str, str]:
    """For a figure of very many experiments, the page of another figure that shows the code of each."""
    if len(figure.experiments) <= MOST_EXPERIMENTS:
        return {}
    others = sorted((one.figure for one in pages.shown.values()), key=lambda one: len(one.experiments))
    small = [one for one in others if len(one.experiments) <= MOST_EXPERIMENTS]
    found = {name: next((one.name for one in small if name in one.experiments), "") for name in figure.experiments}
    return {name: other for name, other in found.items() if other}
