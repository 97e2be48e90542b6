"""A small book in a folder of its own: the press's code, one experiment that takes no time, one figure, one page."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]

EXPERIMENT = '''"""Two coins, thrown a hundred times."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vgcore.odds import chance


@dataclass(frozen=True, kw_only=True)
class Config:
    throws: int = 100
    fair: float = 0.5


def measure(config: Config, seed: int) -> pd.DataFrame:
    """Share of heads for each coin."""
    random = np.random.default_rng(seed)
    chances = {"fair": config.fair, "loaded": chance(0.9)}
    heads = [random.binomial(config.throws, p) / config.throws for p in chances.values()]
    return pd.DataFrame({"coin": list(chances), "heads": heads})


published = Config()
smoke = Config(throws=20)
'''

ODDS = '''"""How likely things are."""


def chance(p: float) -> float:
    """A probability."""
    return p
'''

FIGURE = '''"""The loaded coin shows heads {heads_loaded} of the time.

Share of heads in a hundred throws.
"""

from matplotlib.figure import Figure

from vgcore.evidence import Claim, Run
from vgcore.press import marks

experiment = "coins"
title = "Heads of two coins"
alt = "The loaded coin shows heads {heads_loaded} of the time."
arm = "coin"

claims = {
    "heads_loaded": Claim(text="{:.0%}", value=lambda table: table.heads[table.coin == "loaded"].item(), at_least=0.7),
    "gap": Claim(
        text="{:.2f}",
        value=lambda table: table.heads[table.coin == "loaded"].item() - table.heads[table.coin == "fair"].item(),
        at_least=0.1,
    ),
}


def draw(run: Run) -> Figure:
    figure, axes = marks.panels()
    marks.points(axes, run.table, "coin", "heads", "healthy")
    marks.describe(axes, y="share of heads", x="coin")
    return figure
'''

PAGE = """---
title: Home
---

# Coins

A loaded coin shows heads {{ claim: coins.heads_loaded }} of the time. It leads by {{ claim: coins.gap }} or so.

{{ figure: coins }}
"""

MKDOCS = """site_name: Coins
site_url: http://localhost:8000/coins/
strict: true
theme: {name: material, font: false}
markdown_extensions: [{pymdownx.arithmatex: {generic: true}}]
plugins: [search, press]
"""


@dataclass(frozen=True)
class Checkout:
    """A small book that can be edited and built."""

    root: Path

    def write(self, name: str, text: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text()
        assert old in text, f"{name} does not contain {old!r}"
        self.write(name, text.replace(old, new))

    def vgcore(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "vgcore.cli", *arguments)

    def mkdocs(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self.python("-m", "mkdocs", *arguments)

    def python(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1", "SOURCE_DATE_EPOCH": "0"}
        return subprocess.run(
            [sys.executable, *arguments], cwd=self.root, env=environment, capture_output=True, text=True, timeout=120,
            check=False,
        )  # fmt: skip


def small_book(root: Path) -> Checkout:
    """The small book below `root`, complete and not yet built."""
    skip = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "vgcore", root / "vgcore", ignore=skip)
    for file in (root / "vgcore/experiments").glob("*.py"):
        file.unlink()
    book = Checkout(root)
    for package in ("vgcore/experiments", "figures"):
        book.write(f"{package}/__init__.py", "")
    book.write("vgcore/experiments/coins.py", EXPERIMENT)
    book.write("vgcore/odds.py", ODDS)
    book.write("figures/coins.py", FIGURE)
    book.write("docs/index.md", PAGE)
    book.write("docs/evidence/claims.md", "# Claims\n\n{{ ledger }}\n")
    book.write("docs/figures/index.md", "# Figures\n\n{{ gallery }}\n")
    (root / "docs/labs").mkdir()
    book.write("mkdocs.yml", MKDOCS)
    return book


def made(checkout: Checkout) -> str:
    result = checkout.vgcore("build")
    assert result.returncode == 0, result.stderr
    return result.stdout
