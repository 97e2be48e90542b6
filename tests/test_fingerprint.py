import os
from pathlib import Path

import pytest

from vgcore.press.fingerprint import Sources, closure
from vgcore.press.project import state_of_code

FILES = {
    "vgcore/__init__.py": "",
    "vgcore/__init__.pyi": "from .probes import measure as measure\n",
    "vgcore/probes.py": "from vgcore import models\n\ndef measure(): return models.build()\n",
    "vgcore/models.py": "SIZE = 3\n\ndef build(): return SIZE\n\ndef other(): return 1\n",
    "vgcore/dynamic.py": "from vgcore import models\n\ndef pick(name): return getattr(models, name)\n",
    "vgcore/lazy.py": "import vgcore\n\ndef use(): return vgcore.measure()\n",
    "vgcore/loose.py": "from vgcore import noisy\n\ndef use(): return 1\n",
    "vgcore/noisy.py": "import keras\n\nkeras.config.set_floatx('float64')\n",
    "vgcore/classes.py": (
        "class Base:\n    def go(self): return helper()\n\ndef helper(): return 1\n\n"
        "class Child(Base):\n    pass\n\ndef make(): return Child().go()\n"
    ),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def parts(root: Path, module: str, name: str) -> set[str]:
    return set(closure(Sources(root), module, [name]).parts)


def test_it_follows_calls_into_other_modules(root: Path) -> None:
    reached = {"vgcore.probes:measure", "vgcore.models:build", "vgcore.models:SIZE"}
    assert parts(root, "vgcore.probes", "measure") == reached


def test_a_name_only_running_could_resolve_takes_the_whole_module(root: Path) -> None:
    assert "vgcore.models:other" in parts(root, "vgcore.dynamic", "pick")


def test_a_lazily_loaded_name_is_found_through_the_stub(root: Path) -> None:
    assert "vgcore.models:SIZE" in parts(root, "vgcore.lazy", "use")


def test_what_an_imported_module_does_on_import_counts(root: Path) -> None:
    assert "vgcore.noisy:" in parts(root, "vgcore.loose", "use")


def test_a_class_brings_its_bases_and_what_their_methods_use(root: Path) -> None:
    assert {"vgcore.classes:Base", "vgcore.classes:helper"} <= parts(root, "vgcore.classes", "make")


def test_the_path_to_a_piece_of_code_is_named(root: Path) -> None:
    found = closure(Sources(root), "vgcore.probes", ["measure"])
    assert found.path_to("vgcore.models:SIZE") == "vgcore.probes:measure → vgcore.models:build → vgcore.models:SIZE"


def test_an_unchanged_tree_is_not_parsed_again(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = root / "cache.json"
    first = Sources(root, cache)
    before = closure(first, "vgcore.probes", ["measure"]).key
    first.save()
    monkeypatch.setattr("vgcore.press.source.ast.parse", lambda *_: pytest.fail("parsed"))
    assert closure(Sources(root, cache), "vgcore.probes", ["measure"]).key == before


def test_a_damaged_cache_is_made_again(root: Path) -> None:
    cache = root / "cache.json"
    cache.write_text("{half")
    assert closure(Sources(root, cache), "vgcore.probes", ["measure"]).key


def test_another_seed_has_another_key(root: Path) -> None:
    found = closure(Sources(root), "vgcore.probes", ["measure"])
    assert found.with_parts(seed="0").key != found.with_parts(seed="1").key


def test_it_names_the_libraries_that_the_code_imports(root: Path) -> None:
    assert closure(Sources(root), "vgcore.loose", ["use"]).libraries == {"keras"}


def test_importing_a_package_does_not_import_what_it_loads_on_first_use(root: Path) -> None:
    (root / "vgcore/probes.py").write_text("import keras\n\ndef measure(): return keras\n")
    assert "keras" not in closure(Sources(root), "vgcore.models", ["build"]).libraries
    assert "keras" in closure(Sources(root), "vgcore.lazy", ["use"]).libraries


def test_an_edit_is_noticed_though_size_and_time_are_what_they_were(root: Path) -> None:
    path = root / "vgcore/models.py"
    time = path.stat().st_mtime_ns
    before = state_of_code(root)
    path.write_text(path.read_text().replace("SIZE = 3", "SIZE = 4"))
    os.utime(path, ns=(time, time))
    assert path.stat().st_mtime_ns == time
    assert state_of_code(root).keys() == before.keys()
    assert state_of_code(root) != before


def test_a_file_of_code_that_appears_is_noticed(root: Path) -> None:
    before = state_of_code(root)
    (root / "vgcore/new.py").write_text("")
    assert state_of_code(root) != before
