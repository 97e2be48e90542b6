"""The words of the book: its examples run and print what they say, and no measured number in it was typed by hand."""

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jupytext
import pytest

from tests.folders import DRAWN, LABS, PAGES, ROOT, published
from vgcore.press.project import Project
from vgcore.press.workers import QUIET, SETTINGS

MOST_WORDS = 900
LOOKED_UP = ("docs/learn/glossary.md", "docs/learn/quiz.md")
"""Pages of many small pieces, which nobody reads from top to bottom."""

pages = pytest.mark.parametrize("page", [*PAGES, *(f"docs/labs/{lab}.py" for lab in LABS)])
labs = pytest.mark.parametrize("lab", LABS)

FENCE = re.compile(r"^([ ]*)```(\w*)[^\n]*\n(.*?)^\1```\s*$", re.DOTALL | re.MULTILINE)


def markdown(page: str) -> str:
    """A page's Markdown, or that of a lab's text cells, without the front matter."""
    text = (ROOT / page).read_text()
    if page.endswith(".py"):
        cells = jupytext.reads(text, fmt="py:percent").cells
        return "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    return re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.DOTALL)


# Examples


def blocks(text: str) -> list[str]:
    """The Python blocks of a page."""
    return [code for _, language, code in FENCE.findall(text) if language == "python"]


RUNNER = """
import contextlib, io, json, sys
printed = []
for block in json.load(sys.stdin):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        exec(compile(block, "the page", "exec"), {"__name__": "__main__"})
    printed.append(out.getvalue())
print(json.dumps(printed))
"""


def printed(code: list[str]) -> list[str]:
    """What each block prints, all run in one fresh interpreter, none seeing the names of another."""
    environment = {**os.environ, **SETTINGS, **QUIET}
    run = subprocess.run(
        [sys.executable, "-c", RUNNER], cwd=ROOT, env=environment, input=json.dumps(code), capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr[-2000:]
    return list(json.loads(run.stdout.splitlines()[-1]))


def promised(block: str) -> str:
    """What a block says that it prints: the comments behind its calls of print, and those with a line of their own."""
    return "".join(f"{words}\n" for words in re.findall(r"^(?: *print\(.*\)  )?# (.+)$", block, re.MULTILINE))


EXAMPLES = {page: blocks((ROOT / page).read_text()) for page in PAGES}


@pytest.mark.parametrize("page", [page for page, code in EXAMPLES.items() if code])
def test_every_example_runs_and_prints_what_it_says(page: str) -> None:
    assert printed(EXAMPLES[page]) == [promised(block) for block in EXAMPLES[page]]


def test_the_output_of_an_example_is_read_from_its_comments() -> None:
    page = "Try:\n\n```python\nx = 'a # b'  # two\nprint(x)  # a # b\nprint(2)\n# 3\n```\n\n```bash\nls\n```\n"
    assert [promised(block) for block in blocks(page)] == ["a # b\n3\n"]
    assert printed(blocks(page)) == ["a # b\n2\n"]


def test_an_example_does_not_see_the_names_of_the_one_before() -> None:
    assert printed(["x = 1\n", "print('x' in globals())\n"]) == ["", "False\n"]


# Prose

NOT_PROSE = re.compile(
    r"""```.*?^\s*```        # blocks of code
    |`[^`\n]*`               # and code in a line
    |<code>[^<]*</code>      # also where HTML is written
    |\$\$.*?\$\$|\$[^$\n]+\$ # formulas
    |\{\{.*?\}\}             # what the press puts in
    |^\|[^\n]*              # tables
    |<[^<>]*>                # tags and their attributes
    |\]\([^)]*\)             # the targets of links
    |^:::[^\n]*             # what mkdocstrings puts in
    """,
    re.DOTALL | re.MULTILINE | re.VERBOSE,
)
TYPED = re.compile(r"\d+[.,]\d+|\d+\s?(?:%|‰|per\s?cent\b)|\d+e-?\d+|10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+")
ALLOWED = {"docs/learn/teaching-kit.md": {"4.0"}}
"""Numbers that a page may hold although they look measured: a licence's version, a paper's result with its citation."""


def prose(text: str) -> str:
    """What a page says in its own words."""
    return NOT_PROSE.sub(" ", text)


def typed_numbers(text: str) -> list[str]:
    """The numbers in a text that look as if they had been measured and then typed."""
    return TYPED.findall(prose(text))


@pages
def test_no_measured_number_is_typed_into_a_page(page: str) -> None:
    assert sorted(set(typed_numbers(markdown(page))) - ALLOWED.get(page, set())) == []


@pytest.mark.parametrize("figure", DRAWN)
def test_no_measured_number_is_typed_into_the_words_of_a_figure(figure: str) -> None:
    words = Project(ROOT).figures[figure]
    assert typed_numbers(f"{words.message} {words.caption} {words.alt} {words.title}") == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("It loses 12.0 decades, or 40 % of 3e-7.", ["12.0", "40 %", "3e-7"]),
        ("Twenty layers of 64 units with 32-bit numbers, from 2010.", []),
        ("It loses {{ claim: a.b }}, `x = 0.5`, $\\chi = 0.2$, [so](https://a.org/1.2).", []),
        ("```python\nx = 0.5\n```\nand 0.7", ["0.7"]),
        ("| a | 0.5 |\n\nAbout 5 per cent or 10⁻⁷.", ["5 per cent", "10⁻⁷"]),
        ("::: vgcore.a\n\n0.3", ["0.3"]),
        ("<p>The one with <code>x = 0.9</code>, not 0.8.</p>", ["0.8"]),
        ("$$\nx = 0.5\n$$\n\n<p style='width: 1.5em'>1.5</p>", ["1.5"]),
    ],
)
def test_a_typed_number_is_told_from_code_formulas_and_settings(text: str, numbers: list[str]) -> None:
    assert typed_numbers(text) == numbers


def count(text: str) -> int:
    return len(re.findall(r"\w[\w’'-]*", prose(text)))


@pages
def test_a_page_is_read_in_one_go(page: str) -> None:
    assert page in LOOKED_UP or count(markdown(page)) <= MOST_WORDS


def test_words_are_counted_without_code() -> None:
    assert count("One two.\n\n```python\nthree\n```\n\n[four](five.md) `six` don't") == 4


def title(page: str) -> str:
    """A page's title: of its front matter, or a lab's first heading."""
    text = (ROOT / page).read_text()
    pattern = r"^# # (.+)$" if page.endswith(".py") else r"\A---\n(?:.*\n)*?title: *(.+)\n(?:.*\n)*?---\n"
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found else ""


@pages
def test_every_page_has_a_title(page: str) -> None:
    assert title(page)


def test_no_two_pages_share_a_title() -> None:
    titles = [title(page) for page in PAGES]
    assert sorted(set(titles)) == sorted(titles)


# Labs


def cells(lab: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The code cells of a lab with the outputs that the store keeps for them."""
    read = jupytext.read(ROOT / f"docs/labs/{lab}.py", fmt="py:percent").cells
    code = [cell.source for cell in read if cell.cell_type == "code"]
    yield from zip(code, json.loads(published().fresh().labs[lab].text("outputs.json")), strict=True)


@labs
def test_every_cell_of_a_lab_that_shows_something_has_run(lab: str) -> None:
    silent = [code for code, outputs in cells(lab) if isinstance(ast.parse(code).body[-1], ast.Expr) and not outputs]
    assert silent == []


@labs
def test_no_cell_of_a_lab_failed_or_complained(lab: str) -> None:
    outputs = [output for _, outputs in cells(lab) for output in outputs]
    assert outputs
    assert [output for output in outputs if output["output_type"] == "error" or output.get("name") == "stderr"] == []
