"""The build directory of a stage: the application with its rendered Chalice settings.

Chalice wants values such as a queue's ARN in files beside the application. They are known
only once the stack exists, so `.chalice/` in the repository holds templates and each stage
gets its own directory, made again here before every packaging.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any

from infra import ROOT
from infra.errors import OperatorError

_KEPT_PACKAGES = 3


def home() -> Path:
    """The folder for everything that is generated: `.lambdesk`, or `LAMBDESK_HOME`."""
    return Path(os.environ.get("LAMBDESK_HOME") or ROOT / ".lambdesk").resolve()


def directory(stage: str) -> Path:
    """The build directory of a stage."""
    return home() / "build" / stage


def placeholders(stage: str, outputs: Mapping[str, str], **given: str) -> dict[str, str]:
    """The value of every placeholder; what is not known yet is empty, or any."""
    unknown = {
        "Architecture": "arm64",
        "PublicBaseUrl": "",
        "SocketEndpoint": "",
        "SocketApi": "*",
        "TwilioAccountSid": "",
        "TwilioAuthToken": "",
        "TwilioApiUrl": "",
        "CaptchaUrl": "",
    }
    return {**unknown, **outputs, **given, "Stage": stage}


def environment(values: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of the functions."""
    config = json.loads(render((ROOT / ".chalice" / "config.json").read_text(), values))
    variables: dict[str, str] = config["environment_variables"]
    return variables


def function_settings() -> dict[str, dict[str, Any]]:
    """Chalice's settings of each function, whatever the stage."""
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    functions: dict[str, dict[str, Any]] = config["stages"]["${Stage}"]["lambda_functions"]
    return functions


def render(text: str, values: Mapping[str, str]) -> str:
    """Fill the `${Name}` placeholders of a JSON text."""
    escaped = {name: json.dumps(value)[1:-1] for name, value in values.items()}
    try:
        return Template(text).substitute(escaped)
    except KeyError as error:
        raise OperatorError(f"No value for the placeholder {error.args[0]}.") from error


def prepare(stage: str, values: Mapping[str, str], *, vendor: bool = True) -> Path:
    """Lay out the build directory of a stage and return it.

    With `vendor` false the package carries no third-party code, for workers that run in this
    interpreter's environment, where the same pins are installed and start ten times faster.
    """
    target = directory(stage)
    settings = target / ".chalice"
    settings.mkdir(parents=True, exist_ok=True)
    _copy_application(target)
    requirements = (ROOT / "requirements.txt").read_text() if vendor else ""
    (target / "requirements.txt").write_text(requirements)
    for source in sorted((ROOT / ".chalice").glob("*.json")):
        _write_private(settings / source.name, render(source.read_text(), values))
    return target


def reserve_nothing(folder: Path) -> None:
    """Let the functions of a build directory share what the account has."""
    file = folder / ".chalice" / "config.json"
    config = json.loads(file.read_text())
    for stage in config["stages"].values():
        for function in stage["lambda_functions"].values():
            function.pop("reserved_concurrency", None)
    file.write_text(json.dumps(config, indent=2))


def chalice(folder: Path, *arguments: str, environ: Mapping[str, str]) -> None:
    """Run one chalice command in a build directory."""
    paths = f"{folder}{os.pathsep}{ROOT}"
    done = subprocess.run(
        [sys.executable, "-m", "infra.chalice_command", *arguments],
        cwd=folder,
        # Byte code written while packaging would end up in the package, and checked at every start.
        env={**environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise OperatorError(f"chalice {arguments[0]} failed:\n\n{done.stdout.strip()}")
    _prune_packages(folder)


def _copy_application(target: Path) -> None:
    if not (ROOT / "app.py").exists():
        raise OperatorError(f"There is no app.py in {ROOT}.")
    shutil.copy2(ROOT / "app.py", target / "app.py")
    shutil.rmtree(target / "chalicelib", ignore_errors=True)
    shutil.copytree(
        ROOT / "chalicelib", target / "chalicelib", ignore=shutil.ignore_patterns("__pycache__")
    )


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text)


def _prune_packages(folder: Path) -> None:
    packages = (folder / ".chalice" / "deployments").glob("*.zip")
    for stale in sorted(packages, key=lambda p: p.stat().st_mtime, reverse=True)[_KEPT_PACKAGES:]:
        stale.unlink()
