"""What was measured: the file that the page "The engine" is made from, the table, and the targets."""

import json
import os
import platform
import re
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil

from tests.engines.engines import ENGINES
from tests.engines.notebook import SEEDS

FILE = Path(__file__).with_name("results.json")
STAGES = ("cold", "unchanged", "drawing", "helper")
"""What is timed, in seconds: an empty cache, nothing changed, one figure's drawing edited, one helper edited."""


def results(figures: list[str], engines: Mapping[str, Mapping[str, Any]], runs: float, note: str) -> dict[str, Any]:
    """Everything that a reader needs to judge the numbers, as plain values; `runs` took so many processor seconds."""
    packages = {"tensorflow": _tensorflow(), **{one: version(one) for one in ("keras", "mkdocs", "sphinx")}}
    named = {one.package: version(one.package) for one in ENGINES}
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "note": note,
        "machine": {
            "cores": os.cpu_count(),
            "memory_gb": round(psutil.virtual_memory().total / 2**30),
            "processor": _processor(),
            "system": f"{platform.system()} {platform.machine()}",
        },
        "versions": {"python": platform.python_version(), **packages, **named},
        "figures": figures,
        "seeds": SEEDS,
        "processor_seconds": runs,
        "engines": engines,
    }


def _tensorflow() -> str:
    return version("tensorflow-cpu" if sys.platform == "linux" and platform.machine() == "x86_64" else "tensorflow")


def _processor() -> str:
    """The processor's own name, where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*: (.+)$", cpuinfo.read_text(), re.MULTILINE) if cpuinfo.exists() else None
    return found[1] if found else platform.processor() or platform.machine()


def write(measured: Mapping[str, Any]) -> None:
    """Keep the results for the page."""
    FILE.write_text(json.dumps(measured, indent=1) + "\n")


def table(measured: Mapping[str, Any]) -> Iterator[str]:
    """The results as lines of text."""
    yield f"{'':16}{''.join(f'{stage:>12}' for stage in STAGES)}{'right':>12}{'memory':>12}"
    for name, one in measured["engines"].items():
        times = "".join(f"{one[stage]:>10.2f} s" for stage in STAGES)
        right = f"{one['right']} of {len(measured['figures'])}"
        yield f"{name:16}{times}{right:>12}{one['megabytes']:>9.0f} MB"


def targets(measured: Mapping[str, Any]) -> Iterator[tuple[bool, str]]:
    """Each target, and whether it is met."""
    press, *others = measured["engines"].values()
    notebooks = measured["engines"]["mkdocs-jupyter"]
    best = min(one["cold"] for one in others if one is not notebooks)
    for what, ratio, least in (
        ("cold build, mkdocs-jupyter ÷ the press", notebooks["cold"] / press["cold"], 3),
        ("cold build, the best other ÷ the press", best / press["cold"], 1.5),
        ("nothing changed, mkdocs-jupyter ÷ the press", notebooks["unchanged"] / press["unchanged"], 10),
    ):
        yield ratio >= least, f"{ratio:>8.2f}  {f'≥ {least}':>8}  {what}"
    count = len(measured["figures"])
    yield press["right"] == count, f"{press['right']:>8}  {count:>8}  right after an edit of a helper"
