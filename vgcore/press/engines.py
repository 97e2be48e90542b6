"""The table of the page "The engine": the press beside other engines, as `make bench-engines` measured them."""

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

RESULTS = Path("tests/engines/results.json")
"""Where the bench keeps what it measured, in the checkout."""

COLUMNS = {
    "cold": "from nothing",
    "unchanged": "nothing changed",
    "drawing": "drawing edited",
    "helper": "helper edited",
    "right": "right afterwards",
    "megabytes": "peak memory",
}


def table(text: str) -> str:
    """The results as a figure of the page: message, table, and a caption with the machine and the date."""
    measured = json.loads(text)
    head = "".join(f'<th scope="col">{title}</th>' for title in ("engine", *COLUMNS.values()))
    count = len(measured["figures"])
    rows = "".join(_row(name, one, count) for name, one in measured["engines"].items())
    return (
        '<figure class="vg-figure" id="figure-engines" aria-labelledby="figure-engines-message">'
        f'<p class="vg-message" id="figure-engines-message">{escape(_message(measured))}</p>'
        '<div class="vg-table" role="region" aria-label="The engines, measured" tabindex="0">'
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
        f'<figcaption class="vg-caption"><p>{escape(_caption(measured))}</p></figcaption></figure>'
    )


def _row(name: str, one: Mapping[str, Any], count: int) -> str:
    cells = "".join(f'<td class="vg-number">{_cell(column, one[column], count)}</td>' for column in COLUMNS)
    return f'<tr><th scope="row">{escape(name)}</th>{cells}</tr>'


def _cell(column: str, value: float, count: int) -> str:
    if column == "right":
        return f"{value} of {count}"
    return f"{value} MB" if column == "megabytes" else seconds(value)


def seconds(value: float) -> str:
    """A time as it is shown.

    Examples:
        >>> seconds(1.384), seconds(93.61)
        ('1.4 s', '94 s')
    """
    return f"{value:.1f} s" if value < 10 else f"{value:.0f} s"


def _message(measured: Mapping[str, Any]) -> str:
    """The headline: how long the press takes, and how long the quickest and the slowest of the others."""
    cold = {name: one["cold"] for name, one in measured["engines"].items()}
    press, *others = sorted(cold, key=lambda name: (name != "the press", cold[name]))
    return (
        f"{len(measured['figures'])} figures from nothing: {press} takes {seconds(cold[press])}, "
        f"{others[0]} {seconds(cold[others[0]])}, {others[-1]} {seconds(cold[others[-1]])}."
    )


def _caption(measured: Mapping[str, Any]) -> str:
    machine = measured["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in measured["versions"].items())
    note = f"{measured['note']} " if measured["note"] else ""
    return (
        f"{note}Measured on {measured['date']}: {machine['cores']} cores ({machine['processor']}), "
        f"{machine['memory_gb']} GB, {machine['system']}. Every figure over {measured['seeds']} "
        "seeds. Wall time: the quicker of two builds from nothing, the median of three with nothing changed. Memory is "
        "resident and summed over all processes, so what two of them share counts twice. "
        f"The runs themselves need {seconds(measured['processor_seconds'])} of a processor, whoever starts them. "
        f"Versions: {versions}."
    )
