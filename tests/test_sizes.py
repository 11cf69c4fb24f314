"""The two maxima of ARCHITECTURE.md, types on public functions, nothing unfinished."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.helpers import sources

MODULE_LINES = 400
FUNCTION_LINES = 60
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX)\b|raise NotImplemented")


@pytest.mark.parametrize("path", sources.modules(), ids=sources.name_of)
def test_module_is_not_too_long(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MODULE_LINES


def test_functions_are_not_too_long():
    long = [
        f"{sources.name_of(path)}:{node.lineno} {node.name} has {lines} lines"
        for path in sources.modules()
        for node in sources.functions(path)
        if (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    ]
    assert not long, "\n".join(long)


def test_public_functions_have_types():
    bare = [
        f"{sources.name_of(path)}:{node.lineno} {node.name}"
        for path in sources.modules()
        for node in _public_functions(sources.tree(path))
        if not _typed(node)
    ]
    assert not bare, "\n".join(bare)


def _public_functions(node: ast.Module | ast.ClassDef) -> Iterator[ast.FunctionDef]:
    for child in node.body:
        if getattr(child, "name", "_").startswith("_"):
            continue
        if isinstance(child, ast.FunctionDef):
            yield child
        elif isinstance(child, ast.ClassDef):
            yield from _public_functions(child)


def _typed(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    named = [a for a in arguments if a.arg not in ("self", "cls")]
    return node.returns is not None and all(a.annotation is not None for a in named)


def test_public_things_have_docstrings():
    silent = []
    for path in sources.modules():
        tree = sources.tree(path)
        if ast.get_docstring(tree) is None:
            silent.append(sources.name_of(path))
        for node in tree.body:
            if (
                isinstance(node, (ast.FunctionDef, ast.ClassDef))
                and not node.name.startswith("_")
                and ast.get_docstring(node) is None
            ):
                silent.append(f"{sources.name_of(path)}:{node.lineno} {node.name}")
    assert not silent, "\n".join(silent)


def test_packages_hold_a_docstring_and_no_code():
    catalog = "genstudio/families/__init__.py"
    version = "genstudio/__init__.py"
    for path in sources.modules():
        if path.name == "__init__.py" and sources.name_of(path) not in (catalog, version):
            assert len(sources.tree(path).body) == 1, f"{sources.name_of(path)} holds code"


def test_nothing_is_unfinished():
    marks = [
        f"{sources.name_of(path)}:{number} {line.strip()}"
        for path in sources.modules()
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if UNFINISHED.search(line)
    ]
    assert not marks, "\n".join(marks)


def test_there_is_enough_test_code():
    code = sum(_lines(path) for path in sources.modules())
    tests = sum(_lines(path) for path in sources.modules(sources.ROOT / "tests"))
    assert tests >= 0.8 * code, f"{tests} lines of tests for {code} lines of code"


def _lines(path) -> int:
    return sum(1 for line in path.read_text(encoding="utf-8").splitlines() if line.strip())
