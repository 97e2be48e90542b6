"""Labs: code the reader runs, executed by the press beside everything else and handed to mkdocs-jupyter finished.

mkdocs-jupyter would run them one after the other, cache them without looking at imported code, and publish cells that
failed. Here outputs are stored by what the code depends on; prose is joined to them when the page is made.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import version
from pathlib import Path
from typing import Any

from vgcore.press.workers import TaskFailed

SECONDS = 240
SETUP = "from vgcore.press.labs import prepare; prepare()"


def execute(name: str) -> str:
    """Run a lab's code cells in a fresh kernel; their outputs, one list a cell, as JSON. Runs in a worker."""
    import jupytext
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError
    from traitlets.config import Config

    root = Path(__file__).parents[2]
    path = root / "docs/labs" / f"{name}.py"
    notebook = jupytext.read(path, fmt="py:percent")
    notebook.cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    setup = type(notebook.cells[0])(cell_type="code", source=SETUP, metadata={}, outputs=[], execution_count=None)
    notebook.cells.insert(0, setup)
    with tempfile.TemporaryDirectory() as home:
        folders = dict.fromkeys(("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"), home)
        os.environ.update(folders, PYTHONPATH=str(root))  # nothing of the author's own settings
        sockets = {"transport": "ipc", "ip": f"{home}/kernel"}  # or the kernels of two labs would share theirs
        client = NotebookClient(
            notebook, timeout=SECONDS, kernel_name="python3", record_timing=False, coalesce_streams=True,
            resources={"metadata": {"path": str(root)}}, config=Config(KernelManager=sockets),
        )  # fmt: skip
        try:
            client.execute()
        except CellExecutionError as error:
            raise TaskFailed(_last_line(error), _place(path, notebook)) from None
    return json.dumps([[_plain(output) for output in cell.outputs] for cell in notebook.cells[1:]])


_kernel = ExitStack()
"""What lasts as long as a kernel."""


def prepare() -> None:
    """In the kernel: draw in the book's style, and show figures as the book does, in both widths."""
    from cycler import cycler
    from IPython.display import HTML, display
    from matplotlib import pyplot

    from vgcore.press.style import style

    _kernel.enter_context(style("column"))
    pyplot.rcParams.update({"legend.frameon": False})
    pyplot.rcParams["axes.prop_cycle"] = cycler(color=["sigmoid", "relu", "tanh", "selu"])
    shown: list[int] = []

    def show(*_: Any, **__: Any) -> None:
        for number in pyplot.get_fignums():
            figure = pyplot.figure(number)
            shown.append(number)
            display(HTML(_figure_html(figure, f"lab-{len(shown)}")))  # type: ignore[no-untyped-call]
            pyplot.close(figure)

    pyplot.show = show


def _figure_html(figure: Any, prefix: str) -> str:
    from vgcore.press import svg
    from vgcore.press.style import WIDTHS, PixelLayout

    words = figure.get_label()
    if not words:
        raise ValueError("a lab's figure needs words for those who cannot see it: plt.figure(label='…')")
    figure.set_layout_engine(PixelLayout())
    drawings = []
    for variant, width in WIDTHS.items():
        figure.set_size_inches(width / 96, 320 / 96)
        themed = svg.themed(svg.tree(figure), f"{prefix}-{variant}", words, words)
        drawings.append(f'<div class="vg-{variant}">{themed}</div>')
    return f'<div class="vg-plot">{"".join(drawings)}</div>'


def _plain(output: Any) -> dict[str, Any]:
    """An output without what differs from run to run."""
    kept = {key: output[key] for key in ("output_type", "name", "text") if key in output}
    if "data" in output:
        kind = "text/html" if "text/html" in output["data"] else "text/plain"
        return {"output_type": "display_data", "metadata": {}, "data": {kind: output["data"][kind]}}
    return kept


def _last_line(error: Any) -> str:
    return f"{error.ename}: {error.evalue}"


def _place(path: Path, notebook: Any) -> str:
    """The line of the lab's file at which the failing cell begins."""
    for cell in notebook.cells[1:]:
        if any(output.get("output_type") == "error" for output in cell.outputs):
            first = cell.source.splitlines()[0]
            lines = path.read_text().splitlines()
            line = next((number for number, text in enumerate(lines, 1) if text.strip() == first.strip()), 1)
            return f"docs/labs/{path.name}:{line}"
    return f"docs/labs/{path.name}"


def cells(text: str, kept: Path) -> list[list[str]]:
    """Kind and source of each cell of a lab; parsed once, then kept in a folder by the digest of the text."""
    parsed_by = version("jupytext")
    file = kept / f"{hashlib.sha256(f'{parsed_by} {text}'.encode()).hexdigest()[:20]}.json"
    if not file.exists():
        import jupytext

        read = jupytext.reads(text, fmt="py:percent")
        kept.mkdir(parents=True, exist_ok=True)
        temporary = file.with_suffix(f".{os.getpid()}")
        temporary.write_text(json.dumps([[cell.cell_type, cell.source] for cell in read.cells]))
        temporary.replace(file)
    found: list[list[str]] = json.loads(file.read_text())
    return found


def notebook(found: Sequence[Sequence[str]], outputs: str | None, prose: Callable[[str], str] = str) -> str:
    """A lab's cells as a notebook, with the stored outputs, and its Markdown passed through `prose`."""
    stored = iter(json.loads(outputs) if outputs else [])
    made = [_cell(index, kind, source, stored, prose) for index, (kind, source) in enumerate(found)]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    full = {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": made}
    return json.dumps(full, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _cell(index: int, kind: str, source: str, stored: Iterator[Any], prose: Callable[[str], str]) -> dict[str, Any]:
    identity = hashlib.sha256(f"{index} {source}".encode()).hexdigest()[:12]
    cell: dict[str, Any] = {"cell_type": kind, "id": identity, "metadata": {}, "source": source}
    if kind == "code":
        return cell | {"outputs": next(stored, []), "execution_count": None}
    return cell | {"source": prose(source)}


_LINK = re.compile(r"(?<=\]\()(?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?(?=\))")


def linked(prose: str, url: Callable[[str], str]) -> str:
    """A lab's Markdown with its links to files of the book turned into those of the site, which notebooks lack."""
    return _LINK.sub(lambda found: url(found[1]) + (found[2] or ""), prose)


_UNWANTED = re.compile(
    r"<style\b.*?</style>|<script\b.*?</script>|<clipboard-copy\b.*?</clipboard-copy>"
    r'|<div class="clipboard-copy-txt".*?</div>'
    r'|<div class="jp-OutputPrompt[^>]*>.*?</div>|<div class="jp-InputPrompt[^>]*>.*?</div>',
    re.DOTALL,
)


def clean(html: str) -> str:
    """A page of mkdocs-jupyter without its 590 KB of inline style, its loaders and its second copy of the code."""
    return _UNWANTED.sub("", html).replace('<table border="1"', "<table")


def download(href: str, opened: Mapping[str, str]) -> str:
    """The line below a lab with its notebook, and with what opens it elsewhere, by name."""
    elsewhere = "".join(f' <a href="{target}">Open in {name}</a>' for name, target in opened.items())
    return f'<p class="vg-provenance"><a href="{href}" download>Download this lab as a notebook</a>{elsewhere}</p>'
