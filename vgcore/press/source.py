"""One Python file as the press sees it: what it defines, what each definition refers to, what it says in words.

Everything here is read from the syntax tree, without comments, docstrings and formatting, and without importing.
"""

import ast
import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any


@dataclass(frozen=True)
class Definition:
    """A top-level function, class or constant: a digest of its code, and the dotted names it refers to."""

    digest: str
    references: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One file. `body` is what importing it executes besides definitions; `literals` are its plain constants."""

    definitions: dict[str, Definition]
    imports: dict[str, str]
    body: Definition | None
    docstring: str = ""
    literals: dict[str, Any] = field(default_factory=dict)
    keys: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The keys of each constant that is a dictionary, in order: the names of a figure's claims."""
    parameters: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """The parameters of each function."""
    lazy: dict[str, str] = field(default_factory=dict)
    """Names that a package loads on first use, and the dotted names they stand for."""

    @cached_property
    def names(self) -> dict[str, str]:
        """Every name that stands for something of another module, and that thing's dotted name."""
        return self.imports | self.lazy

    def to_json(self) -> dict[str, Any]:
        """The file as plain values."""
        return asdict(self)

    @staticmethod
    def from_json(data: dict[str, Any]) -> "Source":
        """The file from plain values."""
        body = data["body"]
        return Source(
            definitions={name: _definition(value) for name, value in data["definitions"].items()},
            imports=data["imports"],
            body=_definition(body) if body else None,
            docstring=data["docstring"],
            literals=data["literals"],
            keys={name: tuple(value) for name, value in data["keys"].items()},
            parameters={name: tuple(value) for name, value in data["parameters"].items()},
            lazy=data["lazy"],
        )


def _definition(data: dict[str, Any]) -> Definition:
    return Definition(data["digest"], tuple(data["references"]))


def read(text: str, package: str, file: str = "<text>") -> Source:
    """Read a file's text; `package` is the package that its relative imports start from."""
    tree = ast.parse(text, file)
    docstring = ast.get_docstring(tree) or ""
    imports = dict(_imports(tree, package))
    tree = _Plain().visit(tree)
    groups: dict[str, list[ast.stmt]] = {}
    rest: list[ast.stmt] = []
    for statement in tree.body:
        names = list(_defined(statement))
        for name in names:
            groups.setdefault(name, []).append(statement)
        if not names and not isinstance(statement, ast.Import | ast.ImportFrom | ast.Pass):
            rest.append(statement)
    return Source(
        definitions={name: _digest(statements) for name, statements in groups.items()},
        imports=imports,
        body=_digest(rest) if rest else None,
        docstring=docstring,
        literals=dict(_literals(tree)),
        keys=dict(_keys(tree)),
        parameters=dict(_parameters(tree)),
    )


class _Plain(ast.NodeTransformer):
    """Drops docstrings, wherever they stand."""

    def visit_Expr(self, node: ast.Expr) -> ast.stmt | None:
        if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            return None
        return node


def _defined(statement: ast.stmt) -> Iterator[str]:
    """The names a statement defines, for the kinds of statement that do nothing else."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        yield statement.name
    elif isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from (node.id for node in ast.walk(target) if isinstance(node, ast.Name))
    elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
        yield statement.target.id


def _digest(statements: list[ast.stmt]) -> Definition:
    text = "\n".join(ast.dump(statement) for statement in statements)
    references = sorted({name for statement in statements for name in _references(statement)})
    return Definition(hashlib.sha256(text.encode()).hexdigest()[:16], tuple(references))


def _references(node: ast.AST) -> Iterator[str]:
    """Every dotted name in a piece of code, as long as it is dotted: `models.mlp`, not `models`."""
    name = _dotted(node)
    if name:
        yield name
        return
    for child in ast.iter_child_nodes(node):
        yield from _references(child)


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        head = _dotted(node.value)
        return f"{head}.{node.attr}" if head else ""
    return ""


def _imports(tree: ast.Module, package: str) -> Iterator[tuple[str, str]]:
    """Local names and the dotted names they stand for, also those imported inside functions."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield (alias.asname, alias.name) if alias.asname else (alias.name.split(".")[0],) * 2
                yield f"import {alias.name}", alias.name
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, package)
            for alias in node.names:
                yield alias.asname or alias.name, f"{base}.{alias.name}"


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    parts = package.split(".")
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, node.module] if node.module else parts)


def _constants(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign | ast.AnnAssign) and statement.value is not None:
            for name in _defined(statement):
                yield name, statement.value


def _literals(tree: ast.Module) -> Iterator[tuple[str, Any]]:
    for name, value in _constants(tree):
        try:
            literal = ast.literal_eval(value)
            json.dumps(literal)
        except (ValueError, TypeError):
            continue
        yield name, list(literal) if isinstance(literal, tuple) else literal


def _keys(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, value in _constants(tree):
        if isinstance(value, ast.Dict):
            yield name, tuple(str(key.value) for key in value.keys if isinstance(key, ast.Constant))


def _parameters(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    for statement in tree.body:
        if isinstance(statement, ast.FunctionDef):
            yield statement.name, tuple(argument.arg for argument in statement.args.args)
