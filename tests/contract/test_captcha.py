"""Captchas: the provider of the tests, and the adapter in front of a provider's stand-in."""

import json
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from botocore.exceptions import ClientError

from chalicelib.adapters.captcha import SITEVERIFY, CaptchaProviders
from chalicelib.domain.queue import Captcha
from chalicelib.ports import Captchas
from proof import fakes

CAPTCHA = Captcha("turnstile", "site-key", "/lambdesk/test/captcha")


class StandIn:
    """Speaks the protocol of both providers over HTTP; each token is good once."""

    def __init__(self) -> None:
        self.given: set[str] = set()
        self.secret = "the secret"
        self.asked: list[dict[str, str]] = []
        self.reply: bytes | None = None
        stand_in = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                form = {name: values[0] for name, values in parse_qs(body).items()}
                content = stand_in.reply or json.dumps(stand_in.verdict(form)).encode()
                self.send_response(200)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/siteverify"

    def verdict(self, form: dict[str, str]) -> dict[str, Any]:
        self.asked.append(form)
        if form.get("secret") != self.secret:
            return {"success": False, "error-codes": ["invalid-input-secret"]}
        if form["response"] not in self.given:
            return {"success": False, "error-codes": ["timeout-or-duplicate"]}
        self.given.discard(form["response"])
        return {"success": True, "error-codes": [], "hostname": "shop.example.com"}

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class Parameters:
    """Parameter Store, with one secret."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self.value: str | None = None
        self.read = 0

    def get_parameter(self, *, Name: str, WithDecryption: bool) -> Any:  # noqa: N803
        self.read += 1
        if (Name, WithDecryption) != (CAPTCHA.secret_parameter, True):
            raise ClientError({"Error": {"Code": "ParameterNotFound"}}, "GetParameter")
        return {"Parameter": {"Value": self.value or self._stand_in.secret}}


class Case(ABC):
    captchas: Captchas

    @abstractmethod
    def give(self, token: str) -> None: ...


class FakeCase(Case):
    def __init__(self, _stand_in: StandIn) -> None:
        self._fake = fakes.Captchas()
        self.captchas = self._fake

    def give(self, token: str) -> None:
        self._fake.given.add(token)


class HttpCase(Case):
    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in
        self.captchas = CaptchaProviders(lambda: Parameters(stand_in), stand_in.url)

    def give(self, token: str) -> None:
        self._stand_in.given.add(token)


@pytest.fixture
def stand_in() -> Iterator[StandIn]:
    server = StandIn()
    yield server
    server.stop()


@pytest.fixture(params=[FakeCase, HttpCase])
def case(request: pytest.FixtureRequest, stand_in: StandIn) -> Case:
    made: Case = request.param(stand_in)
    return made


def test_a_token_is_good_once(case: Case) -> None:
    case.give("a & b = ü")
    assert case.captchas.is_solved(CAPTCHA, "a & b = ü")
    assert not case.captchas.is_solved(CAPTCHA, "a & b = ü")


def test_a_token_that_nobody_gave_is_not_good(case: Case) -> None:
    assert not case.captchas.is_solved(CAPTCHA, "made up")


def test_the_secret_is_read_once_and_again_when_it_is_refused(stand_in: StandIn) -> None:
    parameters = Parameters(stand_in)
    captchas = CaptchaProviders(lambda: parameters, stand_in.url)
    stand_in.given |= {"1", "2", "3"}
    assert captchas.is_solved(CAPTCHA, "1")
    assert captchas.is_solved(CAPTCHA, "2")
    assert parameters.read == 1
    stand_in.secret = "another secret"
    assert captchas.is_solved(CAPTCHA, "3")
    assert not captchas.is_solved(CAPTCHA, "4")
    assert parameters.read == 2


@pytest.mark.parametrize("trouble", ["secret", "garbage", "internal-error", "parameter", "nobody"])
def test_who_cannot_be_asked_lets_everybody_through_and_is_logged(
    stand_in: StandIn, caplog: pytest.LogCaptureFixture, trouble: str
) -> None:
    parameters, captcha, url = Parameters(stand_in), CAPTCHA, stand_in.url
    if trouble == "secret":
        parameters.value = "a wrong secret"
    elif trouble == "parameter":
        captcha = Captcha("hcaptcha", "site-key", "/lambdesk/test/none")
    elif trouble == "nobody":
        url = "http://127.0.0.1:9/siteverify"
    elif trouble == "garbage":
        stand_in.reply = b"<html>"
    else:
        stand_in.reply = b'{"success": false, "error-codes": ["internal-error"]}'
    with caplog.at_level(logging.ERROR):
        assert CaptchaProviders(lambda: parameters, url).is_solved(captcha, "token-of-a-person")
    assert len(caplog.records) == 1
    assert "token-of-a-person" not in caplog.text
    assert stand_in.secret not in caplog.text


def test_both_providers_have_an_address() -> None:
    assert all(url.startswith("https://") for url in SITEVERIFY.values())
    assert set(SITEVERIFY) == {"turnstile", "hcaptcha"}
