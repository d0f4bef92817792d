"""What Lambda gets: the package that Chalice makes, checked, with less to load, nothing to compile.

Chalice does not compare what it downloads for another machine with the hashes in
requirements.txt; here pip alone downloads, and does.

A function cannot write byte code beside its code, so without byte code in the package everything is
compiled at every cold start. And botocore reads what it knows of every AWS service, in order to
make a client of one.
"""

import gzip
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SERVICES = ("apigatewaymanagementapi", "dynamodb", "sqs", "ssm")
"""The AWS services that the functions make clients of."""

_TASK_ROOT = "/var/task"
_NEVER_IMPORTED = r"/twilio/rest/(?!__init__\.py|api/)"
"""Twilio's products other than messages: two thirds of all byte code, if it were made."""

_OLDEST_GLIBC = 17
"""What the oldest wheels that are still made were built for, manylinux2014."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def install(requirements: Path, target: Path, *, python: str, machine: str, glibc: int) -> None:
    """Unpack the wheels of a lock file that fit a runtime, whatever machine this is.

    `python` is the runtime's version such as 3.13, `machine` its processor as wheels name it, and
    `glibc` the minor version of its glibc 2. Raises CalledProcessError when a wheel is missing or
    is not the one that was locked.
    """
    platforms = [f"manylinux_2_{minor}_{machine}" for minor in range(glibc, _OLDEST_GLIBC - 1, -1)]
    wanted = [option for name in platforms for option in ("--platform", name)]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    runtime = ["--only-binary=:all:", "--implementation", "cp", "--python-version", python]
    place = ["--no-compile", "--target", str(target), "--requirement", str(requirements)]
    subprocess.run([*command, *runtime, *wanted, *place], check=True)
    # Commands that name this machine's interpreter.
    shutil.rmtree(target / "bin", ignore_errors=True)


def finish(package: Path, finished: Path) -> None:
    """Write the package as Lambda should get it: the same file whenever it holds the same code."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        with ZipFile(package) as archive:
            archive.extractall(folder)
        lighten(folder)
        compile_code(folder)
        _zip(folder, finished)


def lighten(folder: Path) -> None:
    """Drop what botocore knows of services that the functions make no clients of."""
    data = folder / "botocore" / "data"
    if not data.exists():
        return
    for service in data.iterdir():
        if service.is_dir() and service.name not in SERVICES:
            shutil.rmtree(service)
    prefixes = {_endpoint_prefix(model) for model in data.glob("*/*/service-2.json.gz")}
    endpoints = json.loads((data / "endpoints.json").read_text())
    for partition in endpoints["partitions"]:
        known = partition["services"]
        partition["services"] = {name: known[name] for name in known if name in prefixes}
    (data / "endpoints.json").write_text(json.dumps(endpoints))


def compile_code(folder: Path) -> None:
    """Put byte code beside the code, to be used without a look at the code.

    It names files as they are called on Lambda. A fresh interpreter compiles, one file after the
    other, because byte code depends a little on what its maker has loaded before.
    """
    options = ["-qq", "-f", "--invalidation-mode", "unchecked-hash"]
    paths = ["-s", str(folder), "-p", _TASK_ROOT, "-x", _NEVER_IMPORTED, str(folder)]
    subprocess.run([sys.executable, "-IS", "-m", "compileall", *options, *paths], check=True)


def _endpoint_prefix(model: Path) -> str:
    prefix: str = json.loads(gzip.decompress(model.read_bytes()))["metadata"]["endpointPrefix"]
    return prefix


def _zip(folder: Path, target: Path) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(file.relative_to(folder).as_posix(), _EARLIEST)
            entry.external_attr = _READABLE
            archive.writestr(entry, file.read_bytes(), ZIP_DEFLATED)
