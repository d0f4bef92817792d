"""The package that Lambda gets, with its third-party code."""

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

import pytest

from infra import ROOT, build, packaging
from proof.package import OUTPUTS, make_package

MOST_BYTES = 16_000_000
"""Lambda takes three times as much, but fetches it at every cold start."""

LISTENING = """
import sys
compiled = []
def note(event, details):
    if event == "compile" and str(details[1]).endswith(".py"):
        compiled.append(details[1])
sys.addaudithook(note)
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def package(home: Path) -> Path:
    return make_package(home)


@pytest.fixture(scope="module")
def unpacked(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("task")
    ZipFile(package).extractall(folder)
    return folder


def test_it_holds_all_that_the_application_imports_and_compiles_none_of_it(
    package: Path, unpacked: Path
) -> None:
    """Without this environment's packages, the application starts from the package alone."""
    assert package.stat().st_size < MOST_BYTES
    run(
        unpacked,
        "import app; app.ports(); import twilio.request_validator",
        "from chalicelib.adapters.twilio import TwilioTexting",
        "TwilioTexting('AC0', 'secret', '', '')._client.messages",
        "assert compiled == [], compiled",
    )


def test_it_is_seen_when_something_is_compiled(unpacked: Path) -> None:
    run(
        unpacked,
        "import twilio.rest.video",
        "assert any(name.endswith('video/__init__.py') for name in compiled)",
    )


def test_byte_code_is_used_whatever_the_age_of_the_code(unpacked: Path) -> None:
    byte_code = (
        unpacked / "chalicelib" / "__pycache__" / f"config.{sys.implementation.cache_tag}.pyc"
    )
    flags = int.from_bytes(byte_code.read_bytes()[4:8], "little")
    assert flags == 0b01  # by hash, and unchecked (PEP 552)


def test_byte_code_names_files_as_they_are_called_on_lambda(unpacked: Path) -> None:
    byte_codes = [path.read_bytes() for path in unpacked.rglob("*.pyc")]
    assert all(b"/var/task/" in byte_code for byte_code in byte_codes)
    assert not any(str(ROOT).encode() in byte_code for byte_code in byte_codes)


def test_the_same_code_gives_the_same_package(package: Path, home: Path, tmp_path: Path) -> None:
    (made,) = (home / "build" / "prod" / ".chalice" / "deployments").glob("*.zip")
    packaging.finish(made, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == package.read_bytes()


def test_it_knows_the_services_that_the_functions_use_and_no_other(unpacked: Path) -> None:
    sources = "".join(path.read_text() for path in (ROOT / "chalicelib").rglob("*.py"))
    made = re.findall(r'create_client\(\s*"([a-z0-9-]+)"', sources)
    assert len(made) == sources.count("create_client(")
    assert set(made) == set(packaging.SERVICES)
    run(
        unpacked,
        "import botocore.session; session = botocore.session.get_session()",
        f"assert session.get_available_services() == {sorted(packaging.SERVICES)}",
        "hosts = {session.create_client(service, 'eu-west-1').meta.endpoint_url.split('//')[1] "
        "for service in session.get_available_services()}",
        "assert hosts == {f'{host}.eu-west-1.amazonaws.com' "
        "for host in ('execute-api', 'dynamodb', 'sqs', 'ssm')}, hosts",
    )


def run(folder: Path, *lines: str) -> None:
    program = "\n".join((LISTENING, f"sys.path.insert(0, {str(folder)!r})", *lines))
    variables = build.environment(build.placeholders("prod", OUTPUTS))
    account = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
    place = {"AWS_DEFAULT_REGION": "us-east-1", "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [sys.executable, "-S", "-c", program], env=variables | account | place, check=True
    )
