"""Cold start: the processor's time until the application could answer, beside bare boto3.

Fresh processes, taken in turn, with the interpreter's own start in both. The application runs from
its package, made as it is made for Lambda; boto3, beside which it is held, has been compiled
before, as Lambda's own has.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from proof.benchmarks.env import ENVIRONMENT
from proof.package import make_package

ROOT = Path(__file__).parents[2]
RUNS = 15
BUDGET = 1.25

BARE = "import boto3; boto3.client('dynamodb')"
APPLICATION = "import app; app.ports()"


@dataclass(frozen=True, slots=True)
class ColdStart:
    """Medians: seconds of the processor, and of the ratios of runs that followed one another."""

    name: str
    bare: float
    application: float
    ratio: float
    budget: float = BUDGET


def cold_starts() -> list[ColdStart]:
    """The start that every function has in common."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch, "task")
        ZipFile(make_package(Path(scratch, "home"))).extractall(folder)
        return [_beside_bare("database client", folder)]


def _beside_bare(name: str, folder: Path) -> ColdStart:
    _seconds(BARE, ROOT), _seconds(APPLICATION, folder)
    runs = [(_seconds(BARE, ROOT), _seconds(APPLICATION, folder)) for _ in range(RUNS)]
    return ColdStart(
        name,
        median(bare for bare, _ in runs),
        median(ours for _, ours in runs),
        median(ours / bare for bare, ours in runs),
    )


def _seconds(program: str, folder: Path) -> float:
    fixed = {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(folder)}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT, **fixed},
        check=True,
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
