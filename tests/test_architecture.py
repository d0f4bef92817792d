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
# What no person can do: texts set at once, events without a key or a pointer, clicks on what
# cannot be seen, and waiting for a time instead of for something that shows.
SHORTCUTS = {
    "tests/e2e/**/*.py": re.compile(
        r"\.fill\(|set_input_value|insert_text\(|dispatch_event\(|dispatchEvent\("
        r"|\.value = |evaluate\(.*\.click\(\)|force=True|wait_for_timeout"
    ),
    "tests/e2e/test_*.py": re.compile(r"\bsleep\("),
    "web/**/*.test.ts*": re.compile(
        r"\bfireEvent\b|\?\.click\(\)|\.paste\(([\"'`])[^\"'`]*\1\)|pointerEventsCheck"
        r"|dispatchEvent\(\s*new (Input|Keyboard|Mouse|Pointer|Submit)Event\("
        r"|new Event\(\s*[\"'](input|change|submit|click)\b"
    ),
}
# Each of these must be found, or the search is blind.
EXAMPLES = {
    "tests/e2e/**/*.py": (
        'page.get_by_label("Name").fill("Ada")',
        "page.evaluate(\"document.querySelector('input').value = 'Ada'\")",
        "page.evaluate(\"document.querySelector('button').click()\")",
        "page.evaluate(\"box.dispatchEvent(new Event('input'))\")",
        'element.set_input_value("Ada")',
        'box.dispatch_event("click")',
        "button.click(force=True)",
        "page.wait_for_timeout(500)",
        'page.keyboard.insert_text("Ada")',
    ),
    "tests/e2e/test_*.py": ("time.sleep(1)", "sleep(0.5)"),
    "web/**/*.test.ts*": (
        'fireEvent.input(box, { target: { value: "Ada" } });',
        "fireEvent.click(button);",
        'await userEvent.paste("Ada");',
        'box.dispatchEvent(new Event("input"));',
        'box.dispatchEvent(new KeyboardEvent("keydown", { key: "a" }));',
        "button()?.click();",
        "userEvent.setup({ pointerEventsCheck: 0 });",
    ),
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
        for folder in ("chalicelib", "clients", "infra", "proof", "tools")
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


def shortcuts_forbidden_in() -> list[tuple[Path, re.Pattern[str]]]:
    """The tests that act like people, with the shortcuts that are forbidden in them."""
    return [
        (path, pattern)
        for folder, pattern in SHORTCUTS.items()
        for path in sorted(ROOT.glob(folder))
        if "node_modules" not in path.parts
    ]


def test_people_type_key_by_key_in_tests() -> None:
    """A shortcut hides what happens from one key to the next, and what nobody can reach."""
    tests = shortcuts_forbidden_in()
    assert {pattern for _, pattern in tests} == set(SHORTCUTS.values())
    shortcuts = [
        f"{name_of(path)}:{number}: {line.strip()}"
        for path, pattern in tests
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if pattern.search(line)
    ]
    assert shortcuts == []


@pytest.mark.parametrize("folder", SHORTCUTS)
def test_every_known_shortcut_is_found(folder: str) -> None:
    missed = [line for line in EXAMPLES[folder] if not SHORTCUTS[folder].search(line)]
    assert missed == []
