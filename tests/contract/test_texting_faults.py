"""What Twilio's client makes of each answer, and of none."""

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs

import pytest

from chalicelib.adapters.twilio import TwilioTexting
from chalicelib.ports import Text, TextDelayed, TextRefused

TEXT = Text("+15550100000", "+15550101234", "Hello", "c1", 5)
TAKEN = json.dumps({"sid": "SM1", "status": "queued"})


class Scripted(BaseHTTPRequestHandler):
    """Twilio, as a test wants it."""

    status: ClassVar[int] = 201
    body: ClassVar[str] = TAKEN
    headers_sent: ClassVar[dict[str, str]] = {}
    breaks_off: ClassVar[bool] = False
    answers: ClassVar[threading.Event] = threading.Event()
    forms: ClassVar[list[dict[str, list[str]]]] = []

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.forms.append(parse_qs(self.rfile.read(length).decode()))
        if self.breaks_off:
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        self.answers.wait()
        self.send_response(self.status)
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        with suppress(OSError):  # Who asked may be gone.
            self.end_headers()
            self.wfile.write(self.body.encode())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def twilio(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., TwilioTexting]]:
    """Makes the client of a Twilio that answers so."""
    server = HTTPServer(("127.0.0.1", 0), Scripted)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    monkeypatch.setattr(Scripted, "forms", [])
    Scripted.answers.set()

    def answering(**answer: object) -> TwilioTexting:
        for name, value in answer.items():
            monkeypatch.setattr(Scripted, name, value)
        return TwilioTexting("AC1", "token", f"http://127.0.0.1:{server.server_port}", "https://x")

    yield answering
    server.shutdown()
    thread.join()
    server.server_close()


def refusal(code: int, status: int) -> str:
    return json.dumps({"code": code, "message": "No.", "more_info": "", "status": status})


Answers = Callable[..., TwilioTexting]


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (429, 20429),
        (500, 20500),
        (502, None),
        (503, 20503),
        (504, None),
        (401, 20003),
        (403, 20003),
        (408, None),
        (400, 21611),
        (400, 63018),
    ],
)
def test_what_passes_is_tried_again(twilio: Answers, status: int, code: int | None) -> None:
    """Also a wrong token, which the operator can replace, and an answer in HTML."""
    body = refusal(code, status) if code else "<html>Bad gateway</html>"
    with pytest.raises(TextDelayed) as delayed:
        twilio(status=status, body=body).send(TEXT)
    assert delayed.value.pause is None


@pytest.mark.parametrize("code", [21211, 21610, 21614, 21617, 63016])
def test_what_never_passes_is_refused(twilio: Answers, code: int) -> None:
    with pytest.raises(TextRefused) as refused:
        twilio(status=400, body=refusal(code, 400)).send(TEXT)
    assert refused.value.code == code


def test_an_error_in_the_new_form_is_understood(twilio: Answers) -> None:
    """RFC 9457, which Twilio's client raises as another exception."""
    problem = {"type": "https://x", "title": "No.", "status": 400, "code": 21614}
    with pytest.raises(TextRefused) as refused:
        twilio(status=400, body=json.dumps(problem)).send(TEXT)
    assert refused.value.code == 21614
    with pytest.raises(TextDelayed):
        twilio(status=503, body=json.dumps({**problem, "status": 503})).send(TEXT)


@pytest.mark.parametrize("status", [429, 503])
def test_twilio_may_ask_for_a_pause(twilio: Answers, status: int) -> None:
    answer = {"status": status, "body": refusal(20429, status)}
    with pytest.raises(TextDelayed) as delayed:
        twilio(**answer, headers_sent={"Retry-After": "7"}).send(TEXT)
    assert delayed.value.pause == timedelta(seconds=7)
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with pytest.raises(TextDelayed) as delayed:
        twilio(**answer, headers_sent={"Retry-After": later}).send(TEXT)
    assert delayed.value.pause is not None
    assert timedelta(seconds=60) < delayed.value.pause <= timedelta(seconds=90)


@pytest.mark.parametrize("asked", ["soon", "-1", "1.5", "٣", "99999999999999999999"])
def test_a_pause_that_makes_no_sense_delays_all_the_same(twilio: Answers, asked: str) -> None:
    raw = asked.encode().decode("latin-1")
    with pytest.raises(TextDelayed):
        twilio(status=429, body=refusal(20429, 429), headers_sent={"Retry-After": raw}).send(TEXT)


def test_no_answer_passes(twilio: Answers) -> None:
    """Broken off, and nobody there."""
    with pytest.raises(TextDelayed):
        twilio(breaks_off=True).send(TEXT)
    with pytest.raises(TextDelayed):
        TwilioTexting("AC1", "token", "http://127.0.0.1:9", "https://x").send(TEXT)


def test_a_slow_answer_passes(twilio: Answers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.adapters.twilio.TIMEOUT_SECONDS", 0.05)
    Scripted.answers.clear()
    try:
        with pytest.raises(TextDelayed):
            twilio().send(TEXT)
    finally:
        Scripted.answers.set()


def test_a_yes_that_cannot_be_read_is_a_yes(twilio: Answers) -> None:
    """To ask again would send the text twice."""
    twilio(body='{"sid": "SM').send(TEXT)
    assert len(Scripted.forms) == 1


def test_what_our_own_code_cannot_send_is_neither(twilio: Answers) -> None:
    """Half of an emoji has no place in a request."""
    broken = Text(TEXT.sender, TEXT.to, "\ud83d", TEXT.conversation_id, TEXT.message_seq)
    with pytest.raises(UnicodeEncodeError):
        twilio().send(broken)
    assert Scripted.forms == []


def test_a_text_is_not_delivered_a_day_later(twilio: Answers) -> None:
    twilio().send(TEXT)
    (form,) = Scripted.forms
    assert form["ValidityPeriod"] == ["14400"]
    assert (form["To"], form["From"], form["Body"]) == ([TEXT.to], [TEXT.sender], ["Hello"])
