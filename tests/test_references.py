"""The literature: citations become links, what is missing or unused is named, and the list says who cites what."""

from collections.abc import Iterator

import pytest

from tests.checkout import Checkout
from tests.folders import LABS, PAGES, ROOT
from vgcore.press import references
from vgcore.press.project import ProjectError
from vgcore.press.references import FILE, Bibliography, Use
from vgcore.press.texts import Texts

BIB = """% Three works.

@inproceedings{deep2017,
  author = {Deep, Ann B. and Wide, Carl and van der Long, Eve},
  title = {Deep & Wide},
  booktitle = {ICLR},
  year = {2017},
  eprint = {1611.01232},
  doi = {10.1/deep},
}

@article{old1994,
  author = {Öld, Zoe},
  title = {Old},
  journal = {Nature},
  year = {1994},
  doi = {10.1109/72.279181},
}

@misc{web2019,
  author = {Web, Ida and {The Team}},
  title = {Web},
  year = {2019},
  url = {https://example.org/web.pdf},
}
"""
BOOK = Bibliography(references.read(BIB))


def uses(text: str) -> list[Use]:
    return list(BOOK.uses("docs/page.md", text))


def problems(text: str) -> list[str]:
    every = "{{ cite: deep2017 }} {{ cite: old1994 }} {{ cite: web2019 }}"
    return list(references.problems(uses(f"{text}\n{every}"), BOOK))


@pytest.mark.parametrize(
    ("text", "linked"),
    [
        ("by {{ cite: deep2017 }}.", "by [Deep et al., 2017](https://arxiv.org/abs/1611.01232)."),
        ("{{ cite: old1994 }}", "[Öld, 1994](https://doi.org/10.1109/72.279181)"),
        ("({{cite:web2019}})", "([Web and The Team, 2019](https://example.org/web.pdf))"),
        ("[as Deep says](cite:deep2017)", "[as Deep says](https://arxiv.org/abs/1611.01232)"),
        ("`{{ cite: deep2017 }}`", "`{{ cite: deep2017 }}`"),
        ("```\n{{ cite: deep2017 }}\n```", "```\n{{ cite: deep2017 }}\n```"),
        ("{{ cite: nobody }} [a](cite:nobody)", "{{ cite: nobody }} [a](cite:nobody)"),
    ],
)
def test_a_citation_becomes_a_link(text: str, linked: str) -> None:
    assert BOOK.linked(text) == linked


@pytest.mark.parametrize(
    "link",
    [
        "https://arxiv.org/abs/1611.01232",
        "http://arxiv.org/abs/1611.01232v2",
        "https://www.arxiv.org/pdf/1611.01232v1.pdf",
        "https://arxiv.org/abs/1611.01232#S3",
        "https://dx.doi.org/10.1/deep",
    ],
)
def test_a_plain_link_to_an_entry_is_a_citation(link: str) -> None:
    (use,) = uses(f"See [Deep, 2017]({link}).")
    assert use.key == "deep2017"


@pytest.mark.parametrize("text", ["[Keras](https://keras.io/api/)", "`https://arxiv.org/abs/1611.01232`"])
def test_a_link_elsewhere_is_no_citation(text: str) -> None:
    assert uses(text) == []


def test_a_key_that_is_missing_is_named_with_page_line_and_the_nearest() -> None:
    (found,) = problems("\n{{ cite: deep2016 }}")
    assert found.startswith("docs/page.md:2: there is no reference 'deep2016': did you mean deep2017")


def test_a_plain_link_to_what_is_in_no_entry_proposes_one() -> None:
    (found,) = problems("See [Shallow et al., 2018](https://arxiv.org/abs/1801.00001v3).")
    assert found == (
        f"docs/page.md:1: https://arxiv.org/abs/1801.00001 is in no entry of {FILE}: "
        "add `@misc{shallow2018,` with its author, title, year and `eprint = {1801.00001},`"
    )


def test_an_entry_that_nothing_cites_is_named_with_its_line() -> None:
    found = list(references.problems(uses("{{ cite: deep2017 }} {{ cite: web2019 }}"), BOOK))
    assert found == [f"{FILE}:12: no page cites old1994: cite it, or take it out"]


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("  doi = {10.1109/72.279181},\n", "", 12, "old1994 has no address"),
        ("  title = {Old},\n", "", 12, "old1994 lacks title"),
        ("@article{old1994,", "@article{deep2017,", 12, "'deep2017' is given twice"),
        ("  journal = {Nature},", "  jornal = {Nature},", 15, "unknown field 'jornal': did you mean journal"),
        ("  journal = {Nature},", "  journal = Nature", 15, "is no line of an entry"),
    ],
)
def test_an_entry_that_lacks_something_is_named_with_its_line(old: str, new: str, line: int, said: str) -> None:
    with pytest.raises(ProjectError, match=said) as error:
        references.read(BIB.replace(old, new))
    assert str(error.value).startswith(f"{FILE}:{line}: ")


def test_the_list_is_sorted_and_links_each_citing_page_once() -> None:
    cited = uses("{{ cite: web2019 }}\n{{ cite: old1994 }}\n[again](cite:old1994)\n{{ cite: deep2017 }}")
    html = references.listing(BOOK, cited, lambda page: f"Page {page}", lambda page: f"../{page}/")
    assert [html.index(f'<li id="{key}">') for key in ("deep2017", "old1994", "web2019")] == sorted(
        html.index(f'<li id="{key}">') for key in BOOK.entries
    )
    assert html.count("Cited in <a href=") == 3
    assert '<a href="https://arxiv.org/abs/1611.01232">Deep &amp; Wide</a>' in html
    assert "Ann B. Deep, Carl Wide, Eve van der Long. ICLR. arXiv:1611.01232." in html


def test_two_works_of_the_same_authors_and_year_are_told_apart_by_a_letter() -> None:
    twice = BIB + BIB.replace("deep2017", "deeper2017").replace("old1994", "older").replace("{1994}", "{1995}").replace(
        "web2019", "webb"
    ).replace("{2019}", "{2020}")
    labels = {key: entry.label for key, entry in references.read(twice).items()}
    assert (labels["deep2017"], labels["deeper2017"]) == ("Deep et al., 2017a", "Deep et al., 2017b")
    assert (labels["old1994"], labels["older"]) == ("Öld, 1994", "Öld, 1995")


@pytest.mark.parametrize(("title", "shown"), [("Why?", "Why?</a> "), ("Why", "Why</a>. ")])
def test_a_title_that_asks_has_no_full_stop(title: str, shown: str) -> None:
    book = Bibliography(references.read(BIB.replace("{Old}", f"{{{title}}}")))
    assert shown in references.listing(book, [], str, str)


def test_a_site_fails_on_a_link_to_what_the_bibliography_lacks(checkout: Checkout) -> None:
    checkout.replace("docs/index.md", "or so.", "or so ([A, 2018](https://arxiv.org/abs/1801.00001)).")
    result = checkout.mkdocs("build")
    assert result.returncode == 1
    assert "docs/index.md:7: https://arxiv.org/abs/1801.00001 is in no entry of docs/references.bib" in result.stderr


def test_a_site_lists_its_literature_with_the_pages_that_cite_it(checkout: Checkout) -> None:
    checkout.write(FILE, BIB.split("\n@article", maxsplit=1)[0])
    checkout.replace("docs/index.md", "or so.", "or so ({{ cite: deep2017 }}).")
    checkout.write("docs/learn/references.md", "# References\n\n{{ references }}\n")
    result = checkout.mkdocs("build")
    assert result.returncode == 0, result.stderr
    page = (checkout.root / "site/learn/references/index.html").read_text()
    assert 'Cited in <a href="../../">Home</a>' in page
    home = (checkout.root / "site/index.html").read_text()
    assert '(<a href="https://arxiv.org/abs/1611.01232">Deep et al., 2017</a>)' in home
    ledger = (checkout.root / "site/evidence/claims/home/index.html").read_text()
    assert "or so (Deep et al., 2017)." in ledger


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("---\nhide: [toc]\ntitle: Depth\n---\n\n# How deep\n", "Depth"),
        ("# How deep\n\n## And how far\n", "How deep"),
        ("# %% [markdown]\n# # Lab: a network\n#\n# You build one.\n", "Lab: a network"),
    ],
)
def test_a_page_is_called_by_its_title(text: str, title: str) -> None:
    assert Texts(pages={"page": text}, labs={}, bibliography=BOOK).title("page") == title


def links() -> Iterator[Use]:
    bibliography = Bibliography.of(ROOT)
    for name in (*PAGES, *(f"docs/labs/{lab}.py" for lab in LABS)):
        yield from bibliography.uses(name, (ROOT / name).read_text())


def test_every_citation_of_the_book_is_in_its_bibliography_and_every_entry_is_cited() -> None:
    assert list(references.problems(links(), Bibliography.of(ROOT))) == []
