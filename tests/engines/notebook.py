"""A figure of ours as somebody would write it without the press: measure, stack, judge, draw, in five cells."""

import ast
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

SEEDS = 5
"""As many as the book publishes."""

IMPORTS = """\
import sys
from dataclasses import asdict

from IPython.display import HTML

from vgcore.evidence import judge, stack
{imports}
from vgcore.press import svg
from vgcore.press.style import style

if "tensorflow" in sys.modules:
    sys.modules["tensorflow"].config.experimental.enable_op_determinism()"""

RUN = """\
measured = {measured}
{run} = stack("{experiment}", asdict({experiment}.published), measured)"""

JUDGE = """\
for name, claim in claims.items():
    verdict = judge(claim, {runs})
    assert verdict.holds, f"{{name}}: {{verdict.lowest}} to {{verdict.highest}} is not {{verdict.bounds}}"
    alt = alt.replace("{{" + name + "}}", verdict.text)
    print(f"{{name}}: {{verdict.text}} ({{verdict.lowest}} to {{verdict.highest}}; {{verdict.bounds}})")"""

DRAW = """\
with style("column"):
    picture = svg.download(svg.tree(draw({runs})), title, alt)
HTML(picture)"""


@dataclass(frozen=True, kw_only=True)
class Notebook:
    """The cells of one figure: a title, then code."""

    title: str
    cells: tuple[str, ...]

    def ipynb(self) -> str:
        """As a Jupyter notebook without outputs."""
        sources = [("markdown", f"# {self.title}"), *(("code", cell) for cell in self.cells)]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        full = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}}
        return json.dumps({**full, "cells": [_cell(kind, source) for kind, source in sources]}, indent=1)

    def example(self) -> str:
        """As a sphinx-gallery example."""
        blocks = "".join(f"\n# %%\n{cell}\n" for cell in self.cells)
        return f'"""\n{self.title}\n{"=" * len(self.title)}\n"""\n{blocks}'


def _cell(kind: str, source: str) -> dict[str, object]:
    identity = hashlib.sha256(source.encode()).hexdigest()[:12]
    code: dict[str, object] = {"outputs": [], "execution_count": None} if kind == "code" else {}
    return {"cell_type": kind, "id": identity, "metadata": {}, "source": source, **code}


def notebook(root: Path, figure: str) -> Notebook:
    """The notebook of a figure, from the code that the project has now."""
    text = (root / f"figures/{figure}.py").read_text()
    tree = ast.parse(text)
    literals = {
        statement.targets[0].id: ast.literal_eval(statement.value)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)
        and statement.targets[0].id in ("experiment", "title")
    }  # fmt: skip
    named = literals["experiment"]
    experiments = [named] if isinstance(named, str) else list(named)
    runs = ["run"] if len(experiments) == 1 else [f"run_{name}" for name in experiments]
    names = ", ".join(runs)
    cells = (
        IMPORTS.format(imports="\n".join(f"from vgcore.experiments import {name}" for name in experiments)),
        "\n\n".join(_run(root, name, run) for name, run in zip(experiments, runs, strict=True)),
        _code(text, tree),
        JUDGE.format(runs=names),
        DRAW.format(runs=names),
    )
    return Notebook(title=literals["title"], cells=cells)


def _run(root: Path, experiment: str, run: str) -> str:
    tree = ast.parse((root / f"vgcore/experiments/{experiment}.py").read_text())
    measure = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "measure")
    with_seed = f"{{seed: {experiment}.measure({experiment}.published, seed) for seed in range({SEEDS})}}"
    without = f"{{0: {experiment}.measure({experiment}.published)}}"
    takes_seed = "seed" in [argument.arg for argument in measure.args.args]
    return RUN.format(measured=with_seed if takes_seed else without, run=run, experiment=experiment)


def _code(text: str, tree: ast.Module) -> str:
    """A figure's code as it is in its file, behind the docstring."""
    lines = text.splitlines()
    return "\n".join(lines[tree.body[0].end_lineno or 0 :]).strip()
