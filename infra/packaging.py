"""What Lambda gets: the package that Chalice makes, with less to load and nothing to compile.

A function cannot write byte code beside its code, so without byte code in the package everything is
compiled at every cold start. And botocore reads what it knows of every AWS service, in order to
make a client of one.

`python -m infra.packaging` is Chalice's command, except that it packages like this.
"""

import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

SERVICES = ("apigatewaymanagementapi", "dynamodb", "sqs", "ssm")
"""The AWS services that the functions make clients of."""

WITHOUT_BYTE_CODE = (
    "Lambda does not run the version of Python that packages here: "
    "the package has no byte code, and functions start slower."
)

_TASK_ROOT = "/var/task"
_NEVER_IMPORTED = r"/twilio/rest/(?!__init__\.py|api/)"
"""Twilio's products other than messages: two thirds of all byte code, if it were made."""

_EARLIEST = (1980, 1, 1, 0, 0, 0)
_READABLE = 0o100644 << 16


def finish(package: Path, finished: Path, runtime: str) -> None:
    """Write the package as Lambda should get it: the same file whenever it holds the same code."""
    with TemporaryDirectory() as scratch:
        folder = Path(scratch).resolve()
        with ZipFile(package) as archive:
            archive.extractall(folder)
        lighten(folder)
        if runtime == _this_runtime():
            compile_code(folder)
        else:
            sys.stdout.write(f"{WITHOUT_BYTE_CODE}\n")
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


def main() -> int:
    """Run Chalice's command."""
    # Slow to import, and needed by no other command of the operator's.
    from chalice import cli
    from chalice.deploy.packager import LambdaDeploymentPackager

    packager = LambdaDeploymentPackager
    # Chalice has no hook between making a package and sending it off.
    packager.create_deployment_package = _finishing(  # type: ignore[method-assign]
        packager.create_deployment_package
    )
    status: int = cli.main()
    return status


def _finishing(package: Callable[..., str]) -> Callable[..., str]:
    def package_and_finish(packager: Any, project_dir: str, python_version: str) -> str:
        # What Chalice made stays as it is: it is used again while code and pins are the same.
        made = package(packager, project_dir, python_version)
        finished = Path(project_dir, ".chalice", "package.zip")
        finish(Path(made), finished, python_version)
        return str(finished)

    return package_and_finish


def _this_runtime() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _endpoint_prefix(model: Path) -> str:
    prefix: str = json.loads(gzip.decompress(model.read_bytes()))["metadata"]["endpointPrefix"]
    return prefix


def _zip(folder: Path, target: Path) -> None:
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        for file in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = ZipInfo(file.relative_to(folder).as_posix(), _EARLIEST)
            entry.external_attr = _READABLE
            archive.writestr(entry, file.read_bytes(), ZIP_DEFLATED)


if __name__ == "__main__":
    sys.exit(main())
