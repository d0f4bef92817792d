"""Phones on the page, the page itself, and the process."""

import json
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from twilio.rest import Client

from infra.local.phone.segments import count_segments
from infra.local.phone.server import PhoneServer
from tests.phone.conftest import OUR_NUMBER, Control

CUSTOMER = "+15550101234"
ROOT = Path(__file__).parents[2]


def test_phones_are_added_changed_and_removed(control: Control) -> None:
    status, made = control.call("POST", "/phones", {"name": "Ada"})
    assert (status, made["number"], made["name"]) == (201, CUSTOMER, "Ada")
    assert control.call("POST", "/phones", {})[1]["number"] == "+15550101235"

    status, changed = control.call(
        "PATCH", f"/phones/{CUSTOMER}", {"name": "Bo", "number": "+44 20 7946 0018"}
    )
    assert (status, changed["number"], changed["name"]) == (200, "+442079460018", "Bo")
    assert control.call("DELETE", "/phones/+15550101235")[0] == 204

    phones = control.call("GET", "/phones")[1]["phones"]
    assert [phone["name"] for phone in phones] == ["Bo"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"number": "12345"}, 400),
        ({"number": OUR_NUMBER}, 400),
        ({"number": CUSTOMER}, 409),
        ([], 400),
    ],
)
def test_a_phone_that_cannot_be_is_refused(control: Control, body: Any, status: int) -> None:
    control.call("POST", "/phones", {"number": CUSTOMER})

    assert control.call("POST", "/phones", body)[0] == status
    assert len(control.call("GET", "/phones")[1]["phones"]) == 1


@pytest.mark.parametrize(
    "draft",
    [
        {"body": ""},
        {"body": 5},
        {"body": "x" * 1601},
        {"body": "x", "message_sid": "SM1"},
        {"body": "x", "media": [{"content_type": "image/png", "content": "no base64!"}]},
        {"body": "x", "fields": "a=b"},
    ],
)
def test_a_message_that_cannot_be_is_refused(control: Control, draft: dict[str, Any]) -> None:
    status, answer = control.call("POST", f"/phones/{CUSTOMER}/messages", draft)

    assert status == 400
    assert answer["error"]


def test_other_sites_cannot_post_here(server: PhoneServer) -> None:
    form = urllib.request.Request(
        f"{server.url}/phones/{CUSTOMER}/messages",
        data=b'{"body": "x"}',
        headers={"Content-Type": "text/plain"},
    )

    with pytest.raises(urllib.error.HTTPError, match="415"):
        urllib.request.urlopen(form)


def test_the_page_hears_of_every_change(
    server: PhoneServer, client: Client, control: Control
) -> None:
    with urllib.request.urlopen(f"{server.url}/events", timeout=5) as events:
        assert events.readline().startswith(b"data: ")
        events.readline()
        client.messages.create(to=CUSTOMER, from_=OUR_NUMBER, body="Your bike is ready")
        assert events.readline().startswith(b"data: ")

    state = control.call("GET", "/state")[1]
    assert state["number"] == OUR_NUMBER
    assert [one["body"] for one in state["phones"][0]["messages"]] == ["Your bike is ready"]


@pytest.mark.parametrize("path", ["/", "/static/phones.css", "/static/phones.js"])
def test_the_page_is_served(server: PhoneServer, path: str) -> None:
    with urllib.request.urlopen(server.url + path) as response:
        assert response.status == 200
        assert "default-src 'self'" in response.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/static/..%2Fstore.py", "/static/nothing.js", "/nowhere"])
def test_nothing_else_is_served(server: PhoneServer, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(server.url + path)


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("x" * 160, 1),
        ("x" * 161, 2),
        ("x" * 306, 2),
        ("x" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("x" * 152 + "€" + "x" * 152 + "x", 3),
        ("å" * 160, 1),
        ("й" * 70, 1),
        ("й" * 71, 2),
        ("👋" * 35, 1),
        ("👋" * 36, 2),
        ("й" * 134, 2),
        ("й" * 135, 3),
    ],
)
def test_segments(text: str, segments: int) -> None:
    assert count_segments(text) == segments


def _start(folder: Path, port: int) -> "subprocess.Popen[str]":
    options = {
        "--port": str(port),
        "--account-sid": "AC" + "0" * 32,
        "--auth-token": "secret",
        "--number": OUR_NUMBER,
        "--webhook-url": "http://127.0.0.1:9/twilio/messages",
        "--data": str(folder),
    }
    words = [word for option in options.items() for word in option]
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local.phone", *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_process_refuses_a_busy_port_and_stops_when_told(tmp_path: Path) -> None:
    first = _start(tmp_path / "first", 0)
    try:
        assert first.stdout is not None
        url = first.stdout.readline().split()[-1]
        with urllib.request.urlopen(f"{url}/phones") as response:
            assert len(json.loads(response.read())["phones"]) == 1

        second = _start(tmp_path / "second", int(url.rpartition(":")[2]))
        output, complaint = second.communicate(timeout=20)
        assert (second.returncode, output) == (1, "")
        assert complaint.count("\n") == 1
        assert "in use" in complaint
    finally:
        first.send_signal(signal.SIGTERM)
        output, complaint = first.communicate(timeout=5)
    assert (first.returncode, complaint) == (0, "")
