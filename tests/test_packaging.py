"""What is handed to readers, contributors and continuous integration holds together."""

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PurePosixPath

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import vgcore

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
HEAVY = ["keras", "matplotlib", "mkdocs", "numpy", "pandas", "scipy", "sklearn", "tensorflow", "typer"]
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = {"linux": ("linux", "x86_64"), "macos": ("darwin", "arm64"), "windows": ("win32", "AMD64")}


def run(*command: str, directory: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=directory, capture_output=True, text=True, check=False)


# The wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder))
    assert built.returncode == 0, built.stdout + built.stderr
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_has_every_file_of_the_package(names: set[str]) -> None:
    written = (path for path in (ROOT / "vgcore").rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    assert {path.relative_to(ROOT).as_posix() for path in written} <= names


def test_wheel_has_nothing_but_the_package(names: set[str]) -> None:
    assert {PurePosixPath(name).parts[0] for name in names} == {"vgcore", f"vgcore-{vgcore.__version__}.dist-info"}


def test_wheel_says_that_it_is_typed(names: set[str]) -> None:
    assert "vgcore/py.typed" in names


def test_wheel_carries_the_formula_renderer_with_its_licence(names: set[str]) -> None:
    assert {"vgcore/press/vendor/temml.min.js", "vgcore/press/vendor/temml.LICENSE"} <= names


def test_wheel_carries_the_licence(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        shipped = archive.read(f"vgcore-{vgcore.__version__}.dist-info/licenses/LICENSE").decode()
    assert shipped == (ROOT / "LICENSE").read_text()


def test_wheel_imports_without_any_other_library(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); sys.modules.update(dict.fromkeys({HEAVY}))\n"
        "import vgcore; print(vgcore.__file__)"
    )
    imported = run(sys.executable, "-I", "-c", code, directory=tmp_path)
    assert imported.stdout.strip() == str(tmp_path / "vgcore" / "__init__.py"), imported.stderr


# The lock


def locked() -> Iterator[tuple[Requirement, str]]:
    """Every requirement of the lock, with the lines that follow it."""
    text = re.sub(r"^#.*\n", "", (ROOT / "requirements.lock").read_text(), flags=re.MULTILINE)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        requirement, _, rest = entry.partition(" \\\n")
        yield Requirement(requirement), rest


def test_lock_has_a_hash_for_every_requirement() -> None:
    assert [str(requirement) for requirement, rest in locked() if "--hash=sha256:" not in rest] == []


def test_lock_pins_every_requirement_to_one_version() -> None:
    specifiers = {str(requirement): str(requirement.specifier) for requirement, _ in locked()}
    assert {name: bounds for name, bounds in specifiers.items() if not re.fullmatch(r"==[^,*]+", bounds)} == {}


def test_lock_names_no_address() -> None:
    assert "://" not in (ROOT / "requirements.lock").read_text()


def test_lock_is_made_by_the_command_of_the_makefile() -> None:
    recipe = run("make", "--dry-run", "lock").stdout.replace("\\\n", " ")
    command = re.search(r"^uv pip compile .*-o requirements.lock", recipe, re.MULTILINE)
    assert command is not None
    assert " ".join(command[0].split()) in (ROOT / "requirements.lock").read_text()


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("python", PYTHONS)
def test_lock_satisfies_the_project(python: str, platform: str) -> None:
    system, machine = PLATFORMS[platform]
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": system,
        "platform_machine": machine,
    }

    def applies(requirement: Requirement) -> bool:
        return requirement.marker is None or requirement.marker.evaluate(environment)

    versions = {canonicalize_name(pin.name): str(pin.specifier)[2:] for pin, _ in locked() if applies(pin)}
    extras = PROJECT["optional-dependencies"]
    needed = filter(applies, map(Requirement, [*PROJECT["dependencies"], *extras["site"], *extras["dev"]]))
    found = {need: versions.get(canonicalize_name(need.name), "absent") for need in needed}
    assert {str(need): version for need, version in found.items() if version not in need.specifier} == {}


# The commands


def test_make_alone_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony is not None
    assert re.findall(r"^make ([\w-]+)", run("make").stdout, re.MULTILINE) == phony[1].split()


def test_make_refuses_an_old_python_in_one_sentence(tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\nshift; exec "$REAL" -c "import sys; sys.version_info = (3, 10, 1); $1"\n')
    old.chmod(0o755)
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        (tmp_path / name).symlink_to(ROOT / name)
    environment = os.environ | {"REAL": sys.executable}
    refused = subprocess.run(
        ["make", f"PYTHON={old}", "site"], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
    )
    assert refused.returncode != 0
    assert refused.stderr.splitlines()[0] == (
        f"This project needs Python 3.11, 3.12 or 3.13, but {old} is 3.10: try make PYTHON=python3.12"
    )


def test_ci_runs_the_commands_that_readme_names() -> None:
    sentence = re.search(r"then\s+runs\s+(.*?)\.\n", (ROOT / "README.md").read_text(), re.DOTALL)
    assert sentence is not None
    ran = re.findall(r"^make \w+$", (ROOT / ".ci/run").read_text(), re.MULTILINE)
    assert ran == re.findall(r"`(make \w+)`", sentence[1])


def test_ci_script_can_be_executed() -> None:
    assert os.access(ROOT / ".ci/run", os.X_OK)


# What people and other programs read


@pytest.mark.parametrize(("page", "limit"), [("README.md", 79), ("CONTRIBUTING.md", 40)])
def test_page_is_short(page: str, limit: int) -> None:
    assert len((ROOT / page).read_text().splitlines()) <= limit


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_to_files_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text())
    assert [link for link in links if "://" not in link and not (ROOT / link).exists()] == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_commands_named_in_a_page_exist(page: str) -> None:
    named = set(re.findall(r"make ([a-z]+)", " ".join(code_of((ROOT / page).read_text()))))
    assert named <= set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))


def code_of(page: str) -> list[str]:
    """The code in a Markdown page: fenced blocks and words between backticks."""
    return re.findall(r"```.*?```|`[^`]+`", page, re.DOTALL)


def test_workflows_fit_the_schema_of_github() -> None:
    workflows = map(str, sorted((ROOT / ".github/workflows").glob("*.yml")))
    checked = run(sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", *workflows)
    assert checked.returncode == 0, checked.stdout


def test_ci_covers_every_python_of_the_project() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text())
    assert tuple(workflow["jobs"]["book"]["strategy"]["matrix"]["python"]) == PYTHONS


def test_pages_are_built_from_an_empty_store() -> None:
    assert ".cache" not in (ROOT / ".github/workflows/pages.yml").read_text()


def test_package_knows_the_version_of_the_project() -> None:
    assert vgcore.__version__ == metadata.version("vgcore")


def test_citation_names_the_version_of_the_project() -> None:
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == vgcore.__version__
