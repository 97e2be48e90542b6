"""Words of the glossary become links where a page first uses them in prose, and nowhere else."""

import re

import pytest

from tests.checkout import ROOT
from vgcore.press.glossary import PAGE, Glossary

WORDS = Glossary.read(
    "Gradient { #gradient }\n:   Slopes. [Why](../problem/why.md#here).\n\n"
    "Vanishing gradient { #vanishing }\n:   It shrinks.\n\n"
    "Glorot's weights { #glorot }\nXavier initialisation\n:   Made for tanh. [Start](../causes/start.md).\n"
)


def link(html: str, page: str = "causes/depth.md") -> str:
    """A page with its links written short: [words](entry)."""
    return re.sub(
        r'<a class="vg-term" href="up/#(\w+)">(.*?)</a>', r"[\2](\1)", WORDS.link(html, page, "up/"), flags=re.DOTALL
    )


def test_a_word_is_linked_once_a_page() -> None:
    assert link("<p>A gradient.</p><p>A gradient.</p>") == "<p>A [gradient](gradient).</p><p>A gradient.</p>"


@pytest.mark.parametrize(
    "name", ["a", "code", "pre", "h1", "h2", "h3", "math", "figure", "table", "svg", "summary", "dt"]
)
def test_nothing_is_linked_in(name: str) -> None:
    kept = f'<{name} class="x">the gradient <b>of</b> it</{name}>'
    assert link(f"<div>{kept} and its gradient</div>") == f"<div>{kept} and its [gradient](gradient)</div>"


def test_attributes_are_left_alone() -> None:
    assert (
        link('<p title="a gradient">One</p><img alt="gradient">') == '<p title="a gradient">One</p><img alt="gradient">'
    )


def test_the_longest_word_is_linked_and_holds_no_other() -> None:
    twice = link("<p>Vanishing gradients, vanishing gradients.</p>")
    assert twice == "<p>[Vanishing gradients](vanishing), vanishing gradients.</p>"


def test_one_entry_has_several_names() -> None:
    assert link("<p>Xavier initialisation, Glorot's weights</p>") == (
        "<p>[Xavier initialisation](glorot), Glorot's weights</p>"
    )


def test_a_word_may_go_over_a_line() -> None:
    assert link("<p>vanishing\ngradient</p>") == "<p>[vanishing\ngradient](vanishing)</p>"


@pytest.mark.parametrize("text", ["gradient-free", "non-gradient", "gradiental", "Xavier initialisations5"])
def test_part_of_a_word_is_no_word(text: str) -> None:
    assert link(f"<p>{text}</p>") == f"<p>{text}</p>"


def test_a_page_that_teaches_a_word_does_not_link_it() -> None:
    assert (
        link("<p>Glorot's weights, a gradient</p>", "problem/why.md") == "<p>[Glorot's weights](glorot), a gradient</p>"
    )


def test_a_book_without_a_glossary_stays_as_it_is() -> None:
    assert Glossary.read("").link("<p>A gradient</p>", "index.md", "up/") == "<p>A gradient</p>"


def test_every_entry_of_the_book_leads_to_a_page() -> None:
    taught = Glossary.read((ROOT / f"docs/{PAGE}.md").read_text()).taught
    assert len(taught) >= 40
    assert {entry: pages for entry, pages in taught.items() if not pages} == {}
    assert [page for pages in taught.values() for page in pages if not (ROOT / "docs" / page).is_file()] == []


def test_every_entry_of_the_book_is_read() -> None:
    text = (ROOT / f"docs/{PAGE}.md").read_text()
    assert Glossary.read(text).taught.keys() == set(re.findall(r"\{ #([\w-]+) \}", text))
