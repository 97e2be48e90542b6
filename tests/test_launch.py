"""Labs on the machines of others: offered where the repository is known, and nowhere else."""

import ast
import json
import re
from pathlib import Path

import pytest
import yaml

from tests.checkout import ROOT, Checkout, small_book
from vgcore.press import launch

REPOSITORY = "https://github.com/ada/book"
LAB = "# %% [markdown]\n# # Toss\n\n# %%\nprint('heads')\n"


@pytest.mark.parametrize("repository", ["", "https://example.org/ada/book", "https://github.com/ada"])
def test_without_a_repository_on_github_nothing_is_offered(repository: str) -> None:
    assert launch.links(repository, "toss") == {}
    assert launch.installing([["code", "1"]], "[[]]", repository, "abc") == ([["code", "1"]], "[[]]")


def test_a_cell_installs_what_the_notebook_was_made_with() -> None:
    ((kind, source), *rest), outputs = launch.installing([["code", "1"]], '[["out"]]', REPOSITORY, "abc-dirty")
    assert (kind, rest, outputs) == ("code", [["code", "1"]], '[[], ["out"]]')
    ast.parse(source.replace("%pip install --quiet", "pip_install ="))
    assert f'"vgcore[tensorflow] @ git+{REPOSITORY}@abc"' in source


def built(book: Checkout, repository: str) -> str:
    """The page of the small book's lab."""
    book.write("docs/labs/toss.py", LAB)
    book.replace("mkdocs.yml", "search, press", 'search, press, mkdocs-jupyter: {ignore: ["*.md", "data/*"]}')
    book.replace("mkdocs.yml", "strict: true", f"strict: true\nrepo_url: '{repository}'")
    result = book.mkdocs("build")
    assert result.returncode == 0, result.stderr
    return (book.root / "site/labs/toss/index.html").read_text()


def test_a_lab_opens_elsewhere_and_asks_nobody_before(tmp_path: Path) -> None:
    book = small_book(tmp_path)
    page = built(book, REPOSITORY)
    for name, target in launch.links(REPOSITORY, "toss").items():
        assert f'<a href="{target}">Open in {name}</a>' in page
    assert 'class="md-source"' in page
    assert 'data-md-component="source"' not in page, "the theme would ask GitHub for stars"
    cells = json.loads((book.root / "site/data/toss.ipynb").read_text())["cells"]
    assert [cell["source"].splitlines()[0] for cell in cells] == [
        "# Where vgcore is missing, as in Colab: install it as it was when this notebook was made.",
        "# Toss",
        "print('heads')",
    ]
    assert cells[2]["outputs"][0]["text"] == "heads\n"


def test_a_lab_of_a_book_without_a_repository_is_only_taken_away(tmp_path: Path) -> None:
    page = built(small_book(tmp_path), "")
    assert "Download this lab as a notebook</a></p>" in page
    assert not re.search("colab|mybinder", page)


def test_the_notebooks_are_published_where_the_links_lead() -> None:
    steps = yaml.safe_load((ROOT / ".github/workflows/pages.yml").read_text())["jobs"]["build"]["steps"]
    (script,) = [step["run"] for step in steps if "notebooks" in step.get("run", "")]
    assert f"--initial-branch={launch.BRANCH}\n" in script
    assert f'"$REPO_URL" {launch.BRANCH}\n' in script
