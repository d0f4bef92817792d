"""What the code's shape promises: imports run one way, and everything is found where it belongs."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "chalicelib").rglob("*.py"))
LONGEST_MODULE = 350
FORBIDDEN_WORDS = {"Service", "Manager", "Helper", "Util", "Utils"}
SET_AT_ONCE = {
    "tests/e2e/**/*.py": re.compile(r"\.fill\("),
    "web/**/*.test.ts*": re.compile(r"fireEvent\.(input|change)\b"),
}


def name_of(module: Path) -> str:
    return module.relative_to(ROOT).as_posix()


def parsed(module: Path) -> ast.Module:
    return ast.parse(module.read_text(), module)


def classes(module: Path) -> Iterator[str]:
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ClassDef):
            yield node.name


def handlers() -> list[ast.FunctionDef]:
    """The functions of app.py that AWS calls."""
    body = parsed(ROOT / "app.py").body
    return [node for node in body if isinstance(node, ast.FunctionDef)]


def test_imports_run_one_way() -> None:
    command = [
        sys.executable,
        "-c",
        "from importlinter.cli import lint_imports_command as lint; lint()",
    ]
    linted = subprocess.run(
        [*command, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert linted.returncode == 0, linted.stdout + linted.stderr
    assert " 0 broken" in linted.stdout


@pytest.mark.parametrize("handler", handlers(), ids=lambda handler: handler.name)
def test_app_holds_no_logic(handler: ast.FunctionDef) -> None:
    """Each handler is decorated and makes one call; nothing else is decided in app.py."""
    assert handler.decorator_list
    (statement,) = handler.body
    assert isinstance(statement, ast.Return | ast.Expr)
    call = statement.value
    assert isinstance(call, ast.Call)
    assert isinstance(call.func, ast.Attribute), "The call is to a module of handlers."
    for argument in [*call.args, *[keyword.value for keyword in call.keywords]]:
        for node in ast.walk(argument):
            assert isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.expr_context)


def test_app_defines_only_handlers() -> None:
    allowed = (ast.Expr, ast.Import, ast.ImportFrom, ast.Assign, ast.FunctionDef)
    assert all(isinstance(node, allowed) for node in parsed(ROOT / "app.py").body)


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_no_module_is_long(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= LONGEST_MODULE


def test_no_class_is_named_after_nothing() -> None:
    named = [
        f"{name_of(module)}: {name}"
        for folder in ("chalicelib", "infra", "tools")
        for module in sorted((ROOT / folder).rglob("*.py"))
        for name in classes(module)
        if FORBIDDEN_WORDS & set(re.findall("[A-Z][a-z]*", name))
    ]
    assert named == []


@pytest.mark.parametrize("module", MODULES, ids=name_of)
def test_only_the_composition_roots_know_the_adapters(module: Path) -> None:
    """What puts the parts together is named; everything else gets its ports."""
    inside = name_of(module).startswith("chalicelib/adapters/")
    if inside or module.stem in ("bootstrap", "provisioning"):
        return
    for node in ast.walk(parsed(module)):
        if isinstance(node, ast.ImportFrom):
            assert not (node.module or "").startswith("chalicelib.adapters"), node.module


def typed_tests() -> list[tuple[Path, re.Pattern[str]]]:
    """The tests that act like people, with what would set a text at once."""
    return [
        (path, pattern)
        for folder, pattern in SET_AT_ONCE.items()
        for path in sorted(ROOT.glob(folder))
        if "node_modules" not in path.parts
    ]


def test_people_type_key_by_key_in_tests() -> None:
    """A text that is set at once hides what happens from one key to the next."""
    tests = typed_tests()
    assert {pattern for _, pattern in tests} == set(SET_AT_ONCE.values())
    set_at_once = [name_of(path) for path, pattern in tests if pattern.search(path.read_text())]
    assert set_at_once == []
