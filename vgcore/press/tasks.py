"""What runs inside a worker: measuring one experiment's seeds, drawing one figure."""

import importlib
import json
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, is_dataclass, replace
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vgcore.evidence import SINGLE, Claim, Measured, Run, judge, stack
from vgcore.press import raster, svg
from vgcore.press.explored import FILE as EXPLORED
from vgcore.press.style import WIDTHS, style
from vgcore.press.tables import FILE as TABLE
from vgcore.press.workers import TaskFailed, failure

SECONDS_PER_SEED = 300.0
"""How long one seed may take, where an experiment does not say `limit_seconds`."""

TITLE, DESCRIPTION = "@@title@@", "@@description@@"
"""Where the words go into a stored drawing: they are no part of it, so changing them draws nothing again."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """One seed's result as it will be stored, or why there is none; `seconds` of the processor, not of the clock."""

    seed: int
    seconds: float
    record: Mapping[str, Any]
    files: Mapping[str, bytes]
    failure: TaskFailed | None = None


def measure(experiment: str, variant: str, seeds: Sequence[int]) -> list[Outcome]:
    """Run some seeds of an experiment, one after the other, so that what is compiled once serves them all."""
    try:
        module = importlib.import_module(f"vgcore.experiments.{experiment}")
        if "tensorflow" in sys.modules:
            sys.modules["tensorflow"].config.experimental.enable_op_determinism()
    except Exception as error:
        return [Outcome(seed=seed, seconds=0, record={}, files={}, failure=failure(error)) for seed in seeds]
    return [_measure_seed(module, variant, seed) for seed in seeds]


def _measure_seed(module: Any, variant: str, seed: int) -> Outcome:
    start = time.process_time()
    config = getattr(module, variant)
    try:
        with within(float(getattr(module, "limit_seconds", SECONDS_PER_SEED))):
            measured = call_measure(module, config, seed)
        _check(measured, tuple(getattr(module, "nan_allowed", ())))
        tables = {SINGLE: measured} if isinstance(measured, pd.DataFrame) else dict(measured)
    except Exception as error:
        return Outcome(seed=seed, seconds=0, record={}, files={}, failure=failure(error))
    record = {
        "experiment": module.__name__.rpartition(".")[2],
        "seed": seed,
        "config": asdict(config) if is_dataclass(config) and not isinstance(config, type) else {},
        "tables": {
            name: {column: str(kind) for column, kind in table.dtypes.items()} for name, table in tables.items()
        },
    }
    files = {f"{name}.csv": csv(table) for name, table in tables.items()}
    return Outcome(seed=seed, seconds=time.process_time() - start, record=record, files=files)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Raise `TaskFailed` at the line that is being run when the time is up; in the main thread of a process."""

    def stop(*_: object) -> None:
        raise TaskFailed(f"ran past its limit of {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def call_measure(module: Any, config: Any, seed: int) -> Measured:
    """Call an experiment with a seed, or without one where it is pure mathematics."""
    takes_seed = "seed" in module.measure.__code__.co_varnames[: module.measure.__code__.co_argcount]
    result: Measured = module.measure(config, seed) if takes_seed else module.measure(config)
    return result


def _check(measured: Measured, nan_allowed: tuple[str, ...]) -> None:
    tables = {SINGLE: measured} if isinstance(measured, pd.DataFrame) else measured
    for name, table in tables.items():
        if table.empty:
            raise TaskFailed(f"measure returned an empty {name!r}")
        for column in table.select_dtypes("number"):
            if column in nan_allowed:
                continue
            rows = np.flatnonzero(~np.isfinite(table[column].to_numpy(dtype=float)))
            if len(rows):
                where = f"row {rows[0]} of {len(table)}, and {len(rows) - 1} more"
                raise TaskFailed(
                    f"measure returned {table[column].iloc[rows[0]]} in column {column!r} of {name!r} ({where}): "
                    f"mend it, or name the column in `nan_allowed`"
                )


def csv(table: pd.DataFrame) -> bytes:
    """A table as exact text: every float is read back to the same bits."""
    return table.to_csv(index=False, lineterminator="\n").encode()


def read_csv(text: str, kinds: Mapping[str, str]) -> pd.DataFrame:
    """A table back from its text and the kinds of its columns."""
    return pd.read_csv(StringIO(text), dtype=dict(kinds), keep_default_na=False, na_values=[""])


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """A figure as it will be stored: its claims held against its runs, its pictures, its data."""

    record: Mapping[str, Any]
    files: Mapping[str, bytes]


def draw(figure: str, folders: Mapping[str, Mapping[int, str]], draft: bool = False) -> Drawing:
    """Draw a figure from the stored runs in `folders`, by experiment and seed."""
    return drawing(figure, [load_run(experiment, by_seed) for experiment, by_seed in folders.items()], draft)


def draw_explorable(figure: str, folders: Mapping[str, Mapping[int, str]], draft: bool = False) -> Drawing:
    """Draw a figure, and make what its readers can explore of the runs."""
    runs = [load_run(experiment, by_seed) for experiment, by_seed in folders.items()]
    made = drawing(figure, runs, draft)
    explorable = importlib.import_module(f"figures.{figure}").explore(*runs)
    return replace(made, files={**made.files, EXPLORED: explorable.text().encode()})


def drawing(figure: str, runs: Sequence[Run], draft: bool) -> Drawing:
    """Hold a figure's claims against its runs, and draw it.

    A draft's small runs may lack what a claim asks for; it is left out then.
    """
    module = importlib.import_module(f"figures.{figure}")
    claims: Mapping[str, Claim] = getattr(module, "claims", {})
    record = {
        "claims": dict(_verdicts(claims, runs, draft)),
        "seeds": max((list(run.seeds) for run in runs), key=len, default=[]),  # pure mathematics has none of its own
        "config": {run.experiment: run.config for run in runs},
        "data": [f"{_stem(run, name)}.csv" for run in runs for name in run.tables],
    }
    data = {f"{_stem(run, name)}.csv": csv(table) for run in runs for name, table in run.tables.items()}
    return Drawing(record=record, files={**data, **_table(module, runs), **_pictures(module, figure, runs, draft)})


def _verdicts(claims: Mapping[str, Claim], runs: Sequence[Run], draft: bool) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, claim in claims.items():
        try:
            with np.errstate(divide="raise", invalid="raise"):
                verdict = judge(claim, *runs)
        except (ArithmeticError, LookupError, ValueError):  # not in the tables; any other mistake ends a draft, too
            if not draft:
                raise
        else:
            yield name, asdict(verdict)


def _table(module: Any, runs: Iterable[Run]) -> dict[str, bytes]:
    """The table beside the picture, where the figure makes one: its cells as text."""
    if not hasattr(module, "table"):
        return {}
    made = module.table(*runs).astype(str)
    return {TABLE: json.dumps({"columns": list(made.columns), "rows": made.to_numpy().tolist()}).encode()}


def _stem(run: Run, table: str) -> str:
    return run.experiment if table == SINGLE else f"{run.experiment}.{table}"


def _pictures(module: Any, name: str, runs: Iterable[Run], draft: bool = False) -> dict[str, bytes]:
    """The inline drawings, one a variant, and those to download: in pixels only where they are worth being shown."""
    pictures = {}
    for variant in WIDTHS:
        with style(variant):
            drawn = module.draw(*runs)
            if not hasattr(drawn, "savefig"):
                raise TaskFailed(f"draw returned a {type(drawn).__name__}: return a matplotlib Figure", module.__name__)
            tree = svg.tree(drawn)
            pictures[f"{variant}.svg"] = svg.themed(tree, f"{name}-{variant}", TITLE, DESCRIPTION).encode()
            if variant == "column":
                pictures["download.svg"] = svg.download(tree, TITLE, DESCRIPTION).encode()
                pictures |= {} if draft else _pixels(drawn)
    return pictures


def _pixels(figure: Any) -> dict[str, bytes]:
    picture = raster.picture(figure)
    return {"download.png": raster.download(picture), "card.png": raster.card(picture)}


def load_run(experiment: str, folders: Mapping[int, str]) -> Run:
    """The run kept in the store, one folder a seed."""
    measured: dict[int, Measured] = {}
    config: Mapping[str, Any] = {}
    for seed, folder in folders.items():
        record = json.loads((Path(folder) / "run.json").read_text())
        config = record["config"]
        tables = {
            name: read_csv((Path(folder) / f"{name}.csv").read_text(), kinds)
            for name, kinds in record["tables"].items()
        }
        measured[seed] = tables[SINGLE] if set(tables) == {SINGLE} else tables
    return stack(experiment, config, measured)
