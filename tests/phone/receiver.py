"""A webhook of an application, which checks every signature and keeps what it got."""

import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from twilio.request_validator import RequestValidator

EMPTY_TWIML = "<Response/>"
T = TypeVar("T")


def until(condition: Callable[[], T], timeout: float = 5.0) -> T:
    """Wait until the condition is truthy and return its value."""
    deadline = time.monotonic() + timeout
    while not (value := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.002)
    return value


class Receiver:
    """Listens on a free port; `answers` are used up first, then 200 with empty TwiML."""

    def __init__(self, auth_token: str) -> None:
        self.forms: list[dict[str, str]] = []
        self.headers: list[dict[str, str]] = []
        self.is_signed: list[bool] = []
        self.answers: list[tuple[int, str]] = []
        self._validator = RequestValidator(auth_token)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.url = f"{self.origin}/stage/twilio/messages"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def statuses(self) -> list[str]:
        return [form["MessageStatus"] for form in self.forms]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                status, twiml = receiver.take(self.path, dict(self.headers), body)
                self.send_response(status)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(twiml)))
                self.end_headers()
                self.wfile.write(twiml.encode())

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def take(self, path: str, headers: dict[str, str], body: str) -> tuple[int, str]:
        form = dict(parse_qsl(body, keep_blank_values=True, strict_parsing=True))
        signature = headers.get("X-Twilio-Signature", "")
        self.is_signed.append(self._validator.validate(self.origin + path, form, signature))
        self.headers.append(headers)
        self.forms.append(form)
        return self.answers.pop(0) if self.answers else (200, EMPTY_TWIML)
