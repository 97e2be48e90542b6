"""A diagnosis as HTML, complete in itself."""

from html import escape
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from vgcore.diagnosis.finding import Finding

if TYPE_CHECKING:
    from vgcore.diagnosis.report import Diagnosis

STYLE = """
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .8rem .2rem 0; text-align: left; border-bottom: 1px solid #8884; }
.scroll { overflow-x: auto; }
"""

SHOWN = {
    "layer": "layer", "depth": "depth", "activation": "activation", "activation_rms": "h (RMS)",
    "activation_gradient_rms": "dL/dh (RMS)", "update_ratio": "step / weights", "dead_fraction": "dead units",
    "saturated_fraction": "saturated", "dimensions": "directions",
}  # fmt: skip
"""The columns of the table of layers, and their heads."""


def page(diagnosis: "Diagnosis") -> str:
    """A whole page."""
    title = f"Diagnosis: {escape(diagnosis.verdict)}"
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body(diagnosis)}\n</main>\n</body>\n</html>\n"
    )


def body(diagnosis: "Diagnosis") -> str:
    """What stands on it: verdict, findings with their evidence, and the table of layers."""
    verdict = escape(f"{diagnosis.verdict} ({diagnosis.severity})" if not diagnosis.missing else str(diagnosis))
    parts = [f"<h1>{verdict[0].upper()}{verdict[1:]}</h1>", *map(_finding, diagnosis.findings)]
    return "\n".join([*parts, "<h2>Layers</h2>", _table(diagnosis.layers)] if len(diagnosis.layers) else parts)


def _finding(finding: Finding) -> str:
    evidence = "".join(f"<li>{escape(str(one))}</li>" for one in finding.evidence)
    layers = f"<p>Layers: {escape(', '.join(finding.layers))}</p>" if finding.layers else ""
    return (
        f"<h2>{escape(finding.symptom.capitalize())}: {escape(finding.cause)} ({escape(finding.severity)})</h2>\n"
        f"<p>{escape(finding.sentence)}</p>\n<ul>{evidence}</ul>\n{layers}"
    )


def _table(layers: pd.DataFrame) -> str:
    heads = "".join(f'<th scope="col">{escape(head)}</th>' for head in SHOWN.values())
    rows = "\n".join(
        "<tr>" + "".join(f"<td>{escape(_text(row[column]))}</td>" for column in SHOWN) + "</tr>"
        for _, row in layers.iterrows()
    )
    return (
        '<div class="scroll" role="region" aria-label="Layers" tabindex="0"><table>\n'
        f"<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody>\n</table></div>"
    )


def _text(value: object) -> str:
    if isinstance(value, float | np.floating):
        return "" if np.isnan(value) else f"{value:.3g}"
    return str(value)
