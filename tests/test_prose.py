"""The checks of spelling and style notice what they are for, and leave alone what is right."""

import pytest

from tests.prose import LONGEST, Passage, passages, troubles


def found(text: str) -> list[str]:
    return list(troubles(Passage(file="docs/page.md", line=1, text=text)))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The gradeint fades.", "gradeint"),
        ("Its behavior is known.", "Britain writes behaviour"),
        ("We normalize it.", "Britain writes normalise"),
        ("A very deep network.", "'very' says nothing"),
        ("In order to learn, it moves.", "'In order to' says nothing"),
        ("It has learned this.", "this book says 'learnt'"),
        ("By backpropagation.", "this book says 'back-propagation'"),
        ("Batch-normalisation helps.", "this book says 'batch normalisation'"),
        ("It fades in in depth.", "a word twice"),
        ("Two  spaces.", "two spaces"),
        ("one word " * (LONGEST // 2) + "at the end.", "more than 40"),
        ("See [the gradeint](page.md).", "gradeint"),
    ],
)
def test_what_is_wrong_is_named(text: str, said: str) -> None:
    assert any(said in one for one in found(text))


@pytest.mark.parametrize(
    "text",
    [
        "Its behaviour, colour and centre; it normalises, recognises and learnt.",
        "Glorot's and Schmidhuber’s networks, a ReLU and Keras's LSTMs.",
        "Code is no prose: `normalize_gradeint`, nor is $\\gradeint$, {{ claim: gradeint.x }} or {gradeint}.",
        "Nor is [an address](https://gradeint.org/normalize) or [a page](gradeint.md#normalize){ .gradeint }.",
        "one word " * (LONGEST // 2 - 1) + "ends. " + "One word " * (LONGEST // 2),
        "How a picture is practised: judgment and licence.",
        "He has had one, and that is that.",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_every_kind_of_text_is_read_with_its_place() -> None:
    read = {(one.file, one.line): one.text for one in passages()}
    assert read["README.md", 1] == "# Vanishing Gradients, Measured"
    assert "# What vanishes" in [text for (file, _), text in read.items() if file == "docs/problem/what-vanishes.md"]
    assert any(file == "figures/depth_decay.py" for file, _ in read)
    lab = [(line, text) for (file, line), text in read.items() if file == "docs/labs/deep_sigmoid_mlp.py"]
    assert lab[0] == (2, "# Lab: a deep sigmoid network")
    assert not any("import keras" in text for _, text in lab)
