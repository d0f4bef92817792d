import json
import re
import stat
from pathlib import Path

import pytest

from infra import ROOT, build
from infra.errors import OperatorError
from proof.package import OUTPUTS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAMBDESK_HOME", str(tmp_path))
    return tmp_path


def test_values_are_escaped_as_json() -> None:
    rendered = build.render('{"token": "${Token}"}', {"Token": 'a"b\\c\n'})
    assert json.loads(rendered) == {"token": 'a"b\\c\n'}


def test_a_missing_value_is_named() -> None:
    with pytest.raises(OperatorError, match="Forgotten"):
        build.render('{"a": "${Forgotten}"}', {})


def test_the_environment_has_what_the_application_reads() -> None:
    variables = build.environment(build.placeholders("prod", OUTPUTS, PublicBaseUrl="https://x"))
    assert variables["CONVERSATIONS_TABLE"] == OUTPUTS["ConversationsTable"]
    assert variables["PUBLIC_BASE_URL"] == "https://x"
    # Not set on AWS: the application then takes them from the event and from Twilio's SDK.
    assert variables["SOCKET_ENDPOINT"] == variables["TWILIO_API_URL"] == ""
    source = "".join(
        path.read_text() for path in (ROOT / "app.py", ROOT / "chalicelib" / "config.py")
    )
    read = set(re.findall(r'environ(?:\.get\(|\[)"(\w+)"', source))
    assert len(read) > 10
    assert read == variables.keys()


def test_a_build_directory_is_the_application_with_rendered_settings(home: Path) -> None:
    folder = build.prepare("prod", build.placeholders("prod", OUTPUTS, TwilioAuthToken="secret"))
    assert folder == home / "build" / "prod"
    assert (folder / "app.py").read_bytes() == (ROOT / "app.py").read_bytes()
    assert (folder / "chalicelib" / "config.py").exists()
    assert (folder / "requirements.txt").read_text() == (ROOT / "requirements.txt").read_text()
    assert not list(folder.rglob("__pycache__"))
    config = folder / ".chalice" / "config.json"
    assert list(json.loads(config.read_text())["stages"]) == ["prod"]
    assert stat.S_IMODE(config.stat().st_mode) == 0o600


@pytest.mark.usefixtures("home")
def test_preparing_again_follows_the_sources_and_keeps_what_was_deployed() -> None:
    values = build.placeholders("prod", OUTPUTS)
    folder = build.prepare("prod", values)
    (folder / "chalicelib" / "gone.py").touch()
    deployed = folder / ".chalice" / "deployed" / "prod.json"
    deployed.parent.mkdir()
    deployed.write_text("{}")
    build.prepare("prod", values, vendor=False)
    assert not (folder / "chalicelib" / "gone.py").exists()
    assert (folder / "requirements.txt").read_text() == ""
    assert deployed.read_text() == "{}"


def test_chalices_own_words_are_passed_on_when_it_fails(home: Path) -> None:
    with pytest.raises(OperatorError, match="No such command"):
        build.chalice(home, "misspelt", environ={})
