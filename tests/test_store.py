import json
from pathlib import Path

import pytest

from vgcore.press.store import Store

KEY = "a" * 64


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def store(tmp_path: Path, said: list[str]) -> Store:
    made = Store(tmp_path, say=said.append)
    made.put("runs", "coins", KEY, {"label": "published"}, {"table.csv": b"a,b\n1,2\n"})
    return made


def folder(store: Store) -> Path:
    return store.folder / "runs" / "coins" / KEY[:20]


def test_what_was_put_is_got(store: Store) -> None:
    entry = store.get("runs", "coins", KEY)
    assert entry is not None
    assert entry.text("table.csv") == "a,b\n1,2\n"


def test_a_record_is_read_in_the_order_in_which_it_was_put(store: Store) -> None:
    record = {"label": "published", "config": {"second": 2, "first": {"b": 1, "a": 0}}}
    put = store.put("runs", "dice", KEY, record, {})
    got = store.get("runs", "dice", KEY)
    assert got is not None
    assert json.dumps(put.record["config"]) == json.dumps(got.record["config"])


def test_another_key_is_not_there(store: Store) -> None:
    assert store.get("runs", "coins", "b" * 64) is None


@pytest.mark.parametrize("file", ["table.csv", "run.json"])
def test_a_changed_file_is_damage(store: Store, said: list[str], file: str) -> None:
    path = folder(store) / file
    path.write_text(path.read_text().replace("1", "2"))
    assert store.get("runs", "coins", KEY) is None
    assert "damaged" in said[0]
    assert "will be made again" in said[0]


@pytest.mark.parametrize("file", ["table.csv", "run.json"])
def test_a_missing_file_is_damage(store: Store, said: list[str], file: str) -> None:
    (folder(store) / file).unlink()
    assert store.get("runs", "coins", KEY) is None
    assert len(said) == 1


def test_a_half_written_record_is_damage(store: Store) -> None:
    record = folder(store) / "run.json"
    record.write_text(record.read_text()[:40])
    assert store.get("runs", "coins", KEY) is None


def test_a_damaged_entry_can_be_put_again(store: Store) -> None:
    (folder(store) / "table.csv").unlink()
    store.get("runs", "coins", KEY)
    store.put("runs", "coins", KEY, {"label": "published"}, {"table.csv": b"x\n"})
    assert store.get("runs", "coins", KEY) is not None


def test_the_faster_of_two_builds_wins(store: Store) -> None:
    store.put("runs", "coins", KEY, {"label": "published"}, {"table.csv": b"other\n"})
    entry = store.get("runs", "coins", KEY)
    assert entry is not None
    assert entry.text("table.csv") == "a,b\n1,2\n"


def test_nothing_half_written_is_left(store: Store) -> None:
    assert not list(store.folder.rglob(".writing-*"))


def test_the_latest_result_is_remembered_by_label(store: Store) -> None:
    store.put("runs", "coins", "c" * 64, {"label": "published"}, {"table.csv": b"newer\n"})
    latest = store.latest("runs", "coins", "published")
    assert latest is not None
    assert latest.text("table.csv") == "newer\n"


def test_another_label_has_no_latest(store: Store) -> None:
    assert store.latest("runs", "coins", "smoke") is None
