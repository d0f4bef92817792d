"""The package that Lambda gets, for tests and benchmarks that run it."""

import os
import platform
from pathlib import Path

import pytest

from infra import build
from tests.infra.test_policies import OUTPUTS


def make_package(home: Path) -> Path:
    """Package the application, in this folder, for a machine like this one."""
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    environ = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("LAMBDESK_HOME", str(home))
        values = build.placeholders("prod", OUTPUTS, Architecture=architecture)
        directory = build.prepare("prod", values)
        output = home / "output"
        build.chalice(directory, "package", "--stage", "prod", str(output), environ=environ)
    return output / "deployment.zip"
