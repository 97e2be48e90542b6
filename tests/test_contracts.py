"""What every experiment and figure must satisfy; a new file in the folders is held to it by being there."""

import ast
import importlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace

import numpy as np
import pytest
from matplotlib.figure import Figure

from tests import folders
from tests.folders import CODE, DRAWN, ROOT
from vgcore.evidence import Run
from vgcore.press import marks, tasks
from vgcore.press.project import Figure as Words
from vgcore.press.project import Project
from vgcore.press.style import Variant, crowding, style

experiments = pytest.mark.parametrize("experiment", CODE)
figures = pytest.mark.parametrize("figure", DRAWN)
variants = pytest.mark.parametrize("variant", ["column", "phone"])

INDICES = {"batch", "depth", "epoch", "lag", "layer", "seed", "step", "time", "unit", "width"}


# Experiments


@experiments
def test_every_configuration_is_frozen_and_by_keyword(experiment: str) -> None:
    assert folders.smoke()[experiment][0].config_troubles == []


@experiments
def test_fresh_processes_measure_the_same_bits_whatever_ran_before(experiment: str) -> None:
    first, second = (folders.tables(one.outcomes[0]) for one in folders.smoke()[experiment])
    assert all(first[name].equals(second[name]) for name in first | second)
    alone, after_another = (one.outcomes[0].files for one in folders.smoke()[experiment])
    assert alone == after_another


@experiments
def test_another_seed_measures_something_else(experiment: str) -> None:
    outcomes = folders.smoke()[experiment][1].outcomes
    if set(outcomes) == {0, 1}:  # pure mathematics has no seed
        assert outcomes[0].files != outcomes[1].files


@experiments
def test_every_number_is_finite_unless_it_is_allowed_not_to_be(experiment: str) -> None:
    source = Project(ROOT).sources.module(f"vgcore.experiments.{experiment}")
    assert source is not None
    for table in folders.smoke_run(experiment).tables.values():
        numbers = table.select_dtypes("number").drop(columns=source.literals.get("nan_allowed", []), errors="ignore")
        assert np.isfinite(numbers.to_numpy(dtype=float)).all()


@experiments
def test_every_column_is_documented(experiment: str) -> None:
    tree = ast.parse((ROOT / f"vgcore/experiments/{experiment}.py").read_text())
    measure = next(node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "measure")
    words = ast.get_docstring(measure) or ""
    columns = {str(column) for table in folders.smoke_run(experiment).tables.values() for column in table} - {"seed"}
    assert [column for column in sorted(columns) if f"`{column}`" not in words] == []


@experiments
def test_what_is_counted_is_an_integer(experiment: str) -> None:
    for name, table in folders.smoke_run(experiment).tables.items():
        for column in INDICES & set(table):
            assert table[column].dtype.kind == "i", f"{column} of {name} is {table[column].dtype}"


@experiments
def test_smoke_takes_as_long_as_a_few_training_steps(experiment: str) -> None:
    """The smaller of two cold runs, Keras imported: two seconds where Keras's own first step takes half a second."""
    cold = min(one.cpu_seconds[0] for one in folders.smoke()[experiment])
    assert cold < 4 * folders.one_training_step()


@experiments
def test_no_experiment_is_without_a_figure(experiment: str) -> None:
    shown = {name for words in Project(ROOT).figures.values() for name in words.experiments}
    assert experiment in shown


def test_a_configuration_that_can_change_is_noticed() -> None:
    @dataclass
    class Config:
        depth: int = 3
        arms: list[str] = field(default_factory=list)

    module = SimpleNamespace(Config=Config, published=Config(depth=4), smoke={"depth": 1})
    assert list(folders.config_troubles(module)) == [
        "Config is not frozen",
        "depth can be given by position",
        "arms can be given by position",
        "published is not Config()",
        "smoke is no Config",
    ]


# Drawings

COUNTED = re.compile(
    r"(directions|layer|epoch|step|lag|depth|width|batch|seed|examples|models|networks)\b", re.IGNORECASE
)
UNITS = re.compile(
    r"\b(decades|nats|bits|bytes|pixels|seconds|steps|parameters|flops|rms|relative|share|fraction|ratio|factor)\b|%",
    re.IGNORECASE,
)


def names_its_unit(label: str) -> bool:
    """Whether a label begins with what is counted, or names a unit, or says that there is none: a share, a ratio."""
    return bool(COUNTED.match(label) or UNITS.search(label))


def label_troubles(figure: Figure) -> Iterator[str]:
    """What a reader of the axes would have to guess."""
    for number, axes in enumerate(figure.axes, 1):
        if not axes.axison:  # a diagram's
            continue
        sharing = axes.get_shared_x_axes().get_siblings(axes)
        x = next((one.get_xlabel() for one in (axes, *sharing) if one.get_xlabel()), "")
        y = axes.figure.texts[-1].get_text() if axes.figure.texts else ""
        for name, label in {"x": x, "y": y}.items():
            if not names_its_unit(label):
                yield (
                    f"the {name} label of axes {number}, {label!r}, names no unit"
                    if label
                    else (f"axes {number} have no {name} label")
                )
        if any(axes.get_title(loc=place) for place in ("left", "center", "right")):
            yield f"axes {number} have a title"
    if figure.get_suptitle():
        yield "the figure has a title: that is the page's work"


@contextmanager
def drawn(name: str, variant: Variant, runs: list[Run]) -> Iterator[Figure]:
    with style(variant):
        figure = importlib.import_module(f"figures.{name}").draw(*runs)
        assert isinstance(figure, Figure)
        yield figure


@figures
@variants
def test_every_figure_is_drawn_from_smoke_runs_with_labelled_axes(figure: str, variant: Variant) -> None:
    runs = [folders.smoke_run(experiment) for experiment in Project(ROOT).figures[figure].experiments]
    with drawn(figure, variant, runs) as drawing:
        assert list(label_troubles(drawing)) == []
        assert not runs or all(axes.axison for axes in drawing.axes), "what was measured has axes to read"


@figures
def test_every_figure_has_a_draft(figure: str) -> None:
    runs = [folders.smoke_run(experiment) for experiment in Project(ROOT).figures[figure].experiments]
    made = tasks.drawing(figure, runs, draft=True).files
    assert {"column.svg", "phone.svg", "download.svg"} <= made.keys()


@pytest.mark.parametrize("figure", [name for name, words in Project(ROOT).figures.items() if words.explorable])
def test_an_explorable_is_made_of_smoke_runs_too(figure: str) -> None:
    runs = [folders.smoke_run(experiment) for experiment in Project(ROOT).figures[figure].experiments]
    shown = importlib.import_module(f"figures.{figure}").explore(*runs)
    assert len(shown.views) == len(json.loads(shown.text())["views"]) > 0


@figures
@variants
def test_no_words_of_a_published_figure_are_crowded(figure: str, variant: Variant) -> None:
    with drawn(figure, variant, folders.published_runs(figure)) as drawing:
        assert crowding(drawing) == []


def test_axes_without_words_and_with_a_title_are_noticed() -> None:
    with style("column"):
        figure, first, second = marks.panels(2)
        marks.describe(first, y="Loss", x="")
        second.set_title("Two")
    assert list(label_troubles(figure)) == [
        "axes 1 have no x label",
        "the y label of axes 1, 'Loss', names no unit",
        "axes 2 have no x label",
        "axes 2 have no y label",
        "axes 2 have a title",
    ]


# Words


@cache
def words_of(figure: str) -> Words:
    return Project(ROOT).figures[figure]


@figures
def test_a_message_is_a_sentence_or_two(figure: str) -> None:
    message = words_of(figure).message
    assert message[0].isupper()
    assert message.endswith(".")
    assert 1 <= len(re.findall(r"[.?!](?=\s|$)", message)) <= 2


@figures
def test_an_alternative_text_is_neither_short_nor_long_and_says_what_was_measured(figure: str) -> None:
    words = words_of(figure)
    assert 25 <= len(words.alt.split()) <= 90
    assert set(re.findall(r"\{(\w+)\}", words.alt)) & set(words.claims) or not words.experiments


@figures
def test_the_arm_is_a_column_of_the_runs(figure: str) -> None:
    words = words_of(figure)
    found = {column for name in words.experiments for table in folders.smoke_run(name).tables.values()
             for column in table}  # fmt: skip
    assert words.arm in found or not words.experiments
