"""The search index holds both spellings and what readers call a page, and loses nothing but blocks of code."""

import json

import pytest

from vgcore.press.other_words import findable


def found(title: str, text: str, also: str = "") -> str:
    index = {"config": {"lang": ["en"]}, "docs": [{"location": "a/", "title": title, "text": text}]}
    made = json.loads(findable(json.dumps(index), {"a/": also, "b/": "elsewhere"}))
    assert made["config"] == index["config"]
    assert (made["docs"][0]["location"], made["docs"][0]["title"]) == ("a/", title)
    text_made: str = made["docs"][0]["text"]
    assert text_made.startswith(text)
    return text_made.removeprefix(text).strip()


@pytest.mark.parametrize(
    ("british", "other"),
    [
        ("Batch normalisation", "normalization"),
        ("an initialised network", "initialized"),
        ("optimisers", "optimizers"),
        ("its behaviour", "behavior"),
    ],
)
def test_a_section_is_found_in_the_other_spelling(british: str, other: str) -> None:
    assert found("A title", british) == other
    assert found(british, "A text") == other


@pytest.mark.parametrize("same", ["It promised a raise.", "noise is noise", "the precise size", ""])
def test_words_with_one_spelling_stay_alone(same: str) -> None:
    assert found("A title", same) == ""


def test_a_page_is_found_by_what_readers_call_it() -> None:
    assert found("Residual networks", "They add.", "resnet ResNets") == "resnet ResNets"


def test_blocks_of_code_are_not_searched() -> None:
    section = {
        "location": "a/",
        "title": "A",
        "text": "<p>Call <code>fit</code>.</p> <pre><code>import\nos</code></pre>",
    }
    (made,) = json.loads(findable(json.dumps({"docs": [section]}), {}))["docs"]
    assert made["text"].strip() == "<p>Call <code>fit</code>.</p>"


def test_what_is_no_index_is_said() -> None:
    with pytest.raises(ValueError, match="under 'docs'"):
        findable("{}", {})
