"""Results on disk: one folder a result, readable by people, written whole or not at all, checked when read."""

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

RECORDS = {"runs": "run.json", "figures": "figure.json", "labs": "lab.json"}
"""The kinds of result, and the file of each that says what it is and holds the digests of the others."""


WRITING = ".writing-"
"""How the name of a folder begins that is not finished."""


class StoreError(Exception):
    """A result that could not be written; the sentence says where and why."""


@dataclass(frozen=True)
class Entry:
    """One stored result: its folder, and what its record says."""

    folder: Path
    record: Mapping[str, Any]

    def text(self, name: str) -> str:
        """One of its files, as text."""
        return self.bytes(name).decode()

    def bytes(self, name: str) -> bytes:
        """One of its files."""
        return (self.folder / name).read_bytes()


class Store:
    """A folder of results. Several builds may use it at once: a result appears by renaming, finished.

    `say` is called with one sentence for every entry found damaged; such an entry is removed.
    """

    def __init__(self, folder: Path, say: Callable[[str], None] = print) -> None:
        self.folder = folder
        self._say = say

    def put(self, kind: str, name: str, key: str, record: Mapping[str, Any], files: Mapping[str, bytes]) -> Entry:
        """Keep a result under its key, and remember it as the latest of its name and label.

        Raises StoreError if it cannot be written; then nothing of it is left.
        """
        full = {**record, "key": key, "digests": {file: _sha(content) for file, content in sorted(files.items())}}
        full = json.loads(json.dumps(full, sort_keys=True))  # as it will be read again, in that order
        full["digest"] = _digest(full)
        text = json.dumps(full, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        target = self._folder(kind, name, key)
        try:
            _write_folder(target, {**files, RECORDS[kind]: text.encode()})
            self._remember(kind, name, str(record.get("label", "")), key)
        except OSError as error:
            raise StoreError(f"it could not be kept in {self.folder} ({error.strerror}): make room there") from error
        return Entry(target, full)

    def get(self, kind: str, name: str, key: str) -> Entry | None:
        """The result kept under a key, or None; a damaged one is removed and said so."""
        folder = self._folder(kind, name, key)
        if not folder.exists():
            return None
        trouble = _trouble(folder, RECORDS[kind], key)
        if trouble:
            self._say(f"the store entry {kind}/{name}/{folder.name} is damaged ({trouble}): it will be made again")
            shutil.rmtree(folder, ignore_errors=True)
            return None
        return Entry(folder, json.loads((folder / RECORDS[kind]).read_text()))

    def latest(self, kind: str, name: str, label: str) -> Entry | None:
        """The last result that was kept for a name and label, whatever its key."""
        pointer = self._pointer(kind, name, label)
        return self.get(kind, name, pointer.read_text().strip()) if pointer.exists() else None

    def prune(self, keep: Collection[Path]) -> tuple[int, int]:
        """Remove all results but these folders and the latest of each name; their number and bytes.

        What another build may be writing now stays; what one left behind a day ago goes.
        """
        pointed = {pointer.parent / pointer.read_text().strip()[:20] for pointer in self.folder.glob("*/*/latest-*")}
        entries = [path for kind in RECORDS for path in self.folder.glob(f"{kind}/*/*") if path.is_dir()]
        gone = [path for path in entries if path not in pointed and path not in keep and not _being_written(path)]
        size = sum(file.stat().st_size for path in gone for file in path.iterdir())
        for path in gone:
            shutil.rmtree(path, ignore_errors=True)
        return len(gone), size

    def _remember(self, kind: str, name: str, label: str, key: str) -> None:
        pointer = self._pointer(kind, name, label)
        temporary = pointer.with_name(f".{pointer.name}-{os.getpid()}")
        temporary.write_text(key + "\n")
        temporary.replace(pointer)

    def _folder(self, kind: str, name: str, key: str) -> Path:
        return self.folder / kind / name / key[:20]

    def _pointer(self, kind: str, name: str, label: str) -> Path:
        return self.folder / kind / name / f"latest-{label.replace(' ', '-')}.txt"


def _being_written(folder: Path) -> bool:
    return folder.name.startswith(WRITING) and time.time() - folder.stat().st_mtime < 24 * 3600


def _write_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Write it beside its place and rename it; where another build was faster, its result stands and ours goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(prefix=WRITING, dir=target.parent))
    try:
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        with suppress(OSError):
            temporary.rename(target)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _digest(record: Mapping[str, Any]) -> str:
    plain = {name: value for name, value in record.items() if name != "digest"}
    return _sha(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode())


def _trouble(folder: Path, record_name: str, key: str) -> str:
    """What is wrong with an entry, in words, or nothing."""
    try:
        record = json.loads((folder / record_name).read_text())
        if record["digest"] != _digest(record) or record["key"] != key:
            return f"{record_name} does not match its digest"
        for file, digest in record["digests"].items():
            if _sha((folder / file).read_bytes()) != digest:
                return f"{file} does not match its digest"
    except (OSError, ValueError, KeyError, TypeError) as error:
        return f"{record_name} cannot be read: {type(error).__name__}"
    return ""
