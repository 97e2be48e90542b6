"""How a diagnosis is shown, and the ways to get one: files, the command line, tests of one's own."""

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from vgcore import diagnose
from vgcore.cli import app
from vgcore.data import digits
from vgcore.diagnosis import Diagnosis, Finding
from vgcore.models import MLP, mlp
from vgcore.testing import assert_gradients_flow

# Keras itself saves weights in a way that NumPy 2 asks to change
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation")

X, Y = digits().train_x[:256], digits().train_y[:256]


def network(**settings: Any) -> Any:
    model = mlp(MLP(**{"depth": 3, "width": 16, "activation": "relu", **settings}), 0)
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


@pytest.fixture(scope="module")
def ill() -> Any:
    return network(depth=12, activation="sigmoid")


@pytest.fixture(scope="module")
def report(ill: Any) -> Diagnosis:
    return diagnose(ill, X, Y)


def test_it_prints_what_is_wrong_where_and_why(report: Diagnosis) -> None:
    lines = str(report).splitlines()
    assert lines[0] == "vanishing (alarm)"
    assert lines[1].startswith("The gradient loses 7 decades")
    assert "  cause: activation" in lines
    assert any(line.startswith("  layers: hidden_1, ...") for line in lines)


def test_the_dictionary_is_json_without_anything_undefined(report: Diagnosis) -> None:
    found = json.loads(json.dumps(report.to_dict(), allow_nan=False))
    assert found["verdict"] == "vanishing"
    assert len(found["layers"]) == 13
    assert found["findings"][0]["layers"][0] == "hidden_1"


def test_the_page_asks_no_other_host_for_anything(report: Diagnosis) -> None:
    html = report.to_html()
    assert html.startswith("<!doctype html>")
    assert "hidden_12" in html
    assert not any(word in html for word in ("http:", "https:", "src=", "@import", "<script"))


def test_a_notebook_shows_the_same_without_a_page_around_it(report: Diagnosis) -> None:
    assert report._repr_html_() in report.to_html()


def test_what_is_said_is_escaped() -> None:
    found = Finding(symptom="vanishing", severity="risk", cause="depth", sentence="a<b>", evidence=())
    assert "a&lt;b&gt;" in Diagnosis(findings=(found,), layers=pd.DataFrame()).to_html()


def test_the_plot_shows_every_hidden_layer(report: Diagnosis) -> None:
    gradient, _ = report.plot().axes[0].lines
    assert list(gradient.get_xdata()) == list(range(1, 13))


@pytest.fixture(scope="module")
def files(ill: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    ill.save(folder / "ill.keras")
    network().save(folder / "healthy.keras")
    np.savez(folder / "data.npz", x=X, y=Y)
    np.savez(folder / "few.npz", x=X[:9], y=Y[:9])
    np.savez(folder / "nameless.npz", X, Y)
    (folder / "text.keras").write_text("not a model")
    (folder / "text.npz").write_text("no arrays")
    return folder


def run(files: Path, model: str, data: str, *options: str) -> Any:
    return CliRunner().invoke(app, ["diagnose", str(files / model), "--data", str(files / data), *options])


@pytest.mark.parametrize(
    ("model", "data", "code", "said"),
    [
        ("ill.keras", "data.npz", 1, "vanishing (alarm)"),
        ("healthy.keras", "data.npz", 0, "healthy"),
        ("healthy.keras", "few.npz", 2, "9 examples are too few"),
        ("absent.keras", "data.npz", 2, "there is no file"),
        ("healthy.keras", "absent.npz", 2, "there is no file"),
        ("text.keras", "data.npz", 2, "cannot be read as a Keras model"),
        ("healthy.keras", "text.npz", 2, "is no .npz file of arrays"),
        ("healthy.keras", "nameless.npz", 2, "has no array x, only arr_0, arr_1"),
    ],
)
def test_the_exit_code_says_what_the_sentence_does(files: Path, model: str, data: str, code: int, said: str) -> None:
    result = run(files, model, data)
    assert (result.exit_code, said in result.output) == (code, True)
    assert "Traceback" not in result.output


def test_json_is_what_python_gives(files: Path, report: Diagnosis) -> None:
    printed = json.loads(run(files, "ill.keras", "data.npz", "--json").output)
    assert printed["verdict"] == report.verdict
    assert printed["findings"][0]["cause"] == report.findings[0].cause


def test_the_page_is_written_where_it_was_asked_for(files: Path, tmp_path: Path) -> None:
    run(files, "ill.keras", "data.npz", "--html", str(tmp_path / "report.html"))
    assert "Vanishing" in (tmp_path / "report.html").read_text()


@pytest.mark.parametrize(("options", "code"), [((), 2), (("--trust",), 0)])
def test_code_in_a_file_runs_only_if_it_is_trusted(options: tuple[str, ...], code: int, tmp_path: Path) -> None:
    inside = keras.layers.Lambda(lambda x: 2 * x, output_shape=(64,))
    model = keras.Sequential([keras.Input((64,)), inside, keras.layers.Dense(10)])
    model.compile("sgd", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.save(tmp_path / "code.keras")
    np.savez(tmp_path / "data.npz", x=X, y=Y)
    assert run(tmp_path, "code.keras", "data.npz", *options).exit_code == code


def test_several_inputs_are_named_in_the_file(tmp_path: Path) -> None:
    left, right = keras.Input((32,), name="left"), keras.Input((32,), name="right")
    hidden = keras.layers.Dense(16, "relu")(keras.layers.Concatenate()([left, right]))
    model = keras.Model({"left": left, "right": right}, keras.layers.Dense(10)(hidden))
    model.compile(keras.optimizers.SGD(0.1), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    model.save(tmp_path / "two.keras")
    np.savez(tmp_path / "data.npz", x_left=X[:, :32], x_right=X[:, 32:], y=Y)
    assert run(tmp_path, "two.keras", "data.npz").exit_code == 0


def test_a_test_of_ones_own_passes_on_a_healthy_model() -> None:
    assert_gradients_flow(network(), X, Y)


def test_a_test_of_ones_own_fails_with_the_diagnosis(ill: Any) -> None:
    with pytest.raises(AssertionError, match="The gradient loses 7 decades"):
        assert_gradients_flow(ill, X, Y)


def test_a_test_of_ones_own_fails_where_nothing_can_be_told() -> None:
    with pytest.raises(AssertionError, match="too few"):
        assert_gradients_flow(network(), X[:9], Y[:9])
