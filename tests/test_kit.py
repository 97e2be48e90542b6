"""The teaching kit: what it holds, and that the same book gives the same bytes."""

import io
import re
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.checkout import Checkout
from vgcore.press import kit

DATA = {"coins.svg": b"<svg/>", "coins.csv": b"a,b\n", "toss.ipynb": b"{}", "other.zip": b"PK"}


@pytest.fixture
def members() -> dict[str, bytes]:
    return kit.members(DATA, "what is what\n", b"CC BY")


def test_every_kind_of_file_has_a_folder(members: dict[str, bytes]) -> None:
    assert set(members) == {"figures/coins.svg", "tables/coins.csv", "labs/toss.ipynb", "README.md", "LICENSE"}


def test_an_archive_gives_back_its_files(members: dict[str, bytes]) -> None:
    with ZipFile(io.BytesIO(kit.archive(members))) as made:
        assert made.testzip() is None
        assert {name: made.read(name) for name in made.namelist()} == members


def test_an_archive_knows_neither_time_nor_order(members: dict[str, bytes]) -> None:
    backwards = dict(reversed(members.items()))
    assert kit.archive(backwards) == kit.archive(members)
    with ZipFile(io.BytesIO(kit.archive(members))) as made:
        assert {info.date_time for info in made.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert made.namelist() == sorted(members)


def test_an_archive_is_made_once(members: dict[str, bytes], tmp_path: Path) -> None:
    first = kit.kept(members, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"kept")
    assert kit.kept(members, tmp_path) == b"kept"
    assert kit.kept({**members, "README.md": b"another"}, tmp_path) != first


def test_a_site_offers_its_kit_with_its_size(checkout: Checkout) -> None:
    checkout.write("LICENSE", "CC BY\n")
    checkout.write("docs/learn/kit.md", "# Kit\n\n{{ kit }}\n")
    result = checkout.mkdocs("build")
    assert result.returncode == 0, result.stderr
    page = (checkout.root / "site/learn/kit/index.html").read_text()
    assert '<a href="../../data/teaching-kit.zip" download>Download the teaching kit</a> (ZIP, 0.0 MB)' in page
    with ZipFile(checkout.root / "site/data/teaching-kit.zip") as made:
        assert {"figures/coins.svg", "tables/coins.csv", "README.md", "LICENSE"} == set(made.namelist())
        line = r"- `figures/coins\.svg`: The loaded coin shows heads \d+% of the time\. <http://localhost:8000/coins/>"
        assert re.search(line, made.read("README.md").decode())
