import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as some
from matplotlib.figure import Figure

from vgcore.evidence import Claim, stack
from vgcore.press import tasks
from vgcore.press.workers import TaskFailed

FLOATS = some.lists(some.floats(allow_nan=True, allow_infinity=True), min_size=1, max_size=20)


def again(table: pd.DataFrame) -> pd.DataFrame:
    kinds = {str(column): str(kind) for column, kind in table.dtypes.items()}
    return tasks.read_csv(tasks.csv(table).decode(), kinds)


@given(FLOATS)
def test_floats_are_read_back_to_the_same_bits(values: list[float]) -> None:
    table = pd.DataFrame({"value": values, "row": range(len(values))})
    np.testing.assert_array_equal(again(table)["value"].to_numpy(), table["value"].to_numpy())


@pytest.mark.parametrize("word", ["None", "NA", "nan", "plain, with a comma", "ﬁ"])
def test_words_stay_words(word: str) -> None:
    assert again(pd.DataFrame({"arm": [word, "x"]}))["arm"].tolist() == [word, "x"]


def test_whole_numbers_stay_whole() -> None:
    assert again(pd.DataFrame({"layer": [1, 2]}))["layer"].dtype == np.int64


def test_a_drawing_that_is_no_figure_is_refused_in_one_sentence() -> None:
    class Module:
        __name__ = "figures.odd"

        @staticmethod
        def draw() -> str:
            return "a picture"

    with pytest.raises(TaskFailed, match="draw returned a str: return a matplotlib Figure"):
        tasks._pictures(Module, "odd", [])


def test_drawing_leaves_no_figure_open() -> None:
    class Module:
        @staticmethod
        def draw() -> Figure:
            return Figure()

    from matplotlib import pyplot

    tasks._pictures(Module, "empty", [])
    assert pyplot.get_fignums() == []


def _claims(error: Exception) -> dict[str, Claim]:
    def value(_: pd.DataFrame) -> float:
        raise error

    return {"broken": Claim(text="{:.0f}", value=value, at_least=0)}


def test_a_draft_leaves_out_only_what_its_tables_lack() -> None:
    run = stack("odd", {}, {0: pd.DataFrame({"x": [1]})})
    assert list(tasks._verdicts(_claims(KeyError("arm")), [run], draft=True)) == []
    with pytest.raises(KeyError):
        list(tasks._verdicts(_claims(KeyError("arm")), [run], draft=False))
    with pytest.raises(TypeError):
        list(tasks._verdicts(_claims(TypeError("a slip")), [run], draft=True))
