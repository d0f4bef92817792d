"""Each target of the Makefile sets up what it needs, in a fresh clone, wherever that is."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from infra import ROOT

PYTHON = "-m venv"
NODE = "web --loglevel=error --no-audit --no-fund ci"

NEEDS = {
    "run": {PYTHON},
    "redeploy": {PYTHON},
    "watch": {PYTHON},
    "reset": {PYTHON},
    "check": {PYTHON, NODE},
    "test-python": {PYTHON},
    "test-e2e": {PYTHON, NODE},
    "test-web": {NODE},
    "bench": {PYTHON, NODE},
    "simulate": {PYTHON},
    "defects": {PYTHON},
    "chaos": {PYTHON},
    "screenshots": {PYTHON, NODE},
    "deploy": {PYTHON},
}


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What make looks at, in a folder with a long name, spaces and umlauts."""
    folder = tmp_path_factory.mktemp("clone") / "Gespräche mit Kunden" / ("y" * 60)
    (folder / "web").mkdir(parents=True)
    names = ("Makefile", "requirements.txt", "requirements-dev.txt", "web/package-lock.json")
    for name in names:
        shutil.copy(ROOT / name, folder / name)
    return folder


def dry_run(clone: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["make", "--dry-run", "PYTHON=python3", *arguments],  # noqa: S607
        cwd=clone,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


@pytest.mark.parametrize("target", NEEDS)
def test_a_fresh_clone_needs_no_other_target_first(clone: Path, target: str) -> None:
    planned = dry_run(clone, target, "STAGE=production")
    assert {need for need in (PYTHON, NODE) if need in planned} == NEEDS[target]


def test_every_target_that_is_offered_was_looked_at() -> None:
    offered = set(re.findall(r"@echo 'make (\S+) ", (ROOT / "Makefile").read_text()))
    assert offered - {"test", "lock"} <= NEEDS.keys()


def test_an_interpreter_may_have_spaces_in_its_path(clone: Path) -> None:
    planned = dry_run(clone, "test-python", "PYTHON=/opt/my python/python3")
    assert '"/opt/my python/python3" -m venv' in planned
