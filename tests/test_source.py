from vgcore.press.source import read

CODE = '''"""A module."""
import numpy as np
from vgcore import models
from . import theory

LIMIT = 3


def double(x):
    """Twice."""
    return 2 * x  # a comment


def use(x):
    return models.mlp(double(x), np.sqrt(LIMIT))


print("loose")
'''


def digest(text: str, name: str = "double") -> str:
    return read(text, "vgcore").definitions[name].digest


def test_comments_docstrings_and_layout_are_no_part_of_a_definition() -> None:
    other = CODE.replace("  # a comment", "").replace('    """Twice."""\n', "").replace("2 * x", "(2 *\n      x)")
    assert digest(other) == digest(CODE)


def test_a_changed_number_changes_the_definition() -> None:
    assert digest(CODE.replace("2 * x", "3 * x")) != digest(CODE)


def test_a_change_elsewhere_leaves_a_definition_alone() -> None:
    assert digest(CODE.replace("LIMIT = 3", "LIMIT = 4")) == digest(CODE)


def test_references_are_dotted_as_far_as_they_go() -> None:
    assert read(CODE, "vgcore").definitions["use"].references == ("LIMIT", "double", "models.mlp", "np.sqrt", "x")


def test_a_relative_import_starts_from_the_package() -> None:
    assert read(CODE, "vgcore").imports["theory"] == "vgcore.theory"


def test_loose_statements_are_the_body() -> None:
    body = read(CODE, "vgcore").body
    assert body is not None
    assert body.references == ("print",)


def test_an_import_inside_a_function_counts() -> None:
    assert read("def f():\n    from vgcore import data\n", "vgcore").imports["data"] == "vgcore.data"


def test_constants_are_read_without_running() -> None:
    source = read('experiment = ("a", "b")\nclaims = {"x": f(1), "y": g(2)}\n', "figures")
    assert (source.literals["experiment"], source.keys["claims"]) == (["a", "b"], ("x", "y"))


def test_a_file_survives_the_cache() -> None:
    source = read(CODE, "vgcore")
    assert source.from_json(source.to_json()) == source
