"""The package that Lambda gets, with its third-party code."""

import os
import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra import build
from tests.infra.test_build import OUTPUTS

MOST_BYTES = 50_000_000
"""Lambda takes no larger package directly."""


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package for a machine like this one."""
    folder = tmp_path_factory.mktemp("package")
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    environ = {**os.environ, "AWS_DEFAULT_REGION": "us-east-1"}
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("LAMBDESK_HOME", str(folder))
        values = build.placeholders("prod", OUTPUTS, Architecture=architecture)
        directory = build.prepare("prod", values)
        output = folder / "output"
        build.chalice(directory, "package", "--stage", "prod", str(output), environ=environ)
    return output / "deployment.zip"


def test_it_holds_all_that_the_application_imports(package: Path, tmp_path: Path) -> None:
    """Without this environment's packages, the application starts from the package alone."""
    assert package.stat().st_size < MOST_BYTES
    zipfile.ZipFile(package).extractall(tmp_path)
    start = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import app; app.ports(); "
        "import chalicelib.adapters.twilio, twilio.request_validator"
    )
    variables = build.environment(build.placeholders("prod", OUTPUTS))
    place = {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-S", "-c", start], env=variables | place, check=True)
