"""Cold start: the processor's time until the application could answer, beside bare boto3.

Fresh processes, taken in turn, with the interpreter's own start in both. The application is laid
out as its package is: our code and the packages that `requirements.txt` names. A function cannot
write byte code beside its code, so without byte code in the package everything is compiled at
every start; Lambda's own boto3, beside which it is held, has been compiled before.
"""

from __future__ import annotations

import compileall
import os
import re
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.env import ENVIRONMENT

ROOT = Path(__file__).parent.parent
RUNS, FEW = 15, 3
BUDGET = 1.25

BARE = "import boto3; boto3.client('dynamodb')"
APPLICATION = "import app; app.ports()"

_NAME = re.compile(r"[A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Medians: seconds of the processor, and of the ratios of runs that followed one another."""

    name: str
    bare: float
    application: float
    ratio: float
    budget: float | None


def cold_starts() -> list[ColdStart]:
    """With byte code in the package, and without."""
    with TemporaryDirectory() as scratch:
        plain, compiled = Path(scratch, "plain"), Path(scratch, "compiled")
        lay_out(plain)
        shutil.copytree(plain, compiled)
        compileall.compile_dir(compiled, quiet=2)
        return [
            _beside_bare("database client, package with byte code", compiled, RUNS, BUDGET),
            _beside_bare("database client, package without byte code", plain, FEW, None),
        ]


def lay_out(folder: Path) -> None:
    """Our code and the packages that it needs, without byte code."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "chalicelib", folder / "chalicelib", ignore=ignored)
    shutil.copy2(ROOT / "app.py", folder)
    named = re.findall(r"^[A-Za-z0-9._-]+", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    for name in sorted({*_needed(named, set()), "chalice"}):
        for file in distribution(name).files or []:
            if file.suffix != ".pyc" and ".." not in file.parts:
                target = folder / file
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(str(file.locate()), target)


def _needed(names: list[str], known: set[str]) -> Iterator[str]:
    """Installed packages by name, and those that they need."""
    for name in names:
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:
            continue
        if name.lower() in known:
            continue
        known.add(name.lower())
        yield name
        plain = [needed for needed in requires if "extra ==" not in needed]
        yield from _needed([m[0] for m in map(_NAME.match, plain) if m], known)


def _beside_bare(name: str, folder: Path, times: int, budget: float | None) -> ColdStart:
    _seconds(BARE, ROOT), _seconds(APPLICATION, folder)
    runs = [(_seconds(BARE, ROOT), _seconds(APPLICATION, folder)) for _ in range(times)]
    return ColdStart(
        name,
        median(bare for bare, _ in runs),
        median(ours for _, ours in runs),
        median(ours / bare for bare, ours in runs),
        budget,
    )


def _seconds(program: str, folder: Path) -> float:
    fixed = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(  # noqa: S603 - a program of ours
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, **fixed},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
