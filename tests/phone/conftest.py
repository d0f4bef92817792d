"""A phone server and a webhook, both on free ports, with nothing to wait for."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from infra.local.phone.server import PhoneServer
from infra.local.phone.settings import PhoneSettings
from tests.phone.receiver import Receiver

ACCOUNT_SID = "AC" + "0" * 31 + "1"
AUTH_TOKEN = "token-of-the-tests"
OUR_NUMBER = "+15550100000"


class LocalHttpClient(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's HTTP client with another base URL."""

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    def request(self, method: str, url: str, *args: Any, **options: Any) -> Any:
        url = url.replace("https://api.twilio.com", self._base_url)
        return super().request(method, url, *args, **options)


class Control:
    """The phones' JSON API as a test uses it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def call(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        request = urllib.request.Request(self.url + path, data, headers, method=method)
        try:
            with urllib.request.urlopen(request, timeout=5) as response:
                return response.status, json.loads(response.read() or "null")
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def write(self, number: str, body: str, **more: Any) -> Any:
        status, answer = self.call("POST", f"/phones/{number}/messages", {"body": body, **more})
        assert status == 201, answer
        return answer

    def messages(self, number: str) -> list[Any]:
        status, answer = self.call("GET", f"/phones/{number}/messages")
        assert status == 200, answer
        return list(answer["messages"])


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    receiver = Receiver(AUTH_TOKEN)
    yield receiver
    receiver.stop()


@pytest.fixture
def settings(tmp_path: Path, receiver: Receiver) -> PhoneSettings:
    return PhoneSettings(
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        number=OUR_NUMBER,
        webhook_url=receiver.url,
        data=tmp_path / "phone",
        step_delay=0,
        retry_delay=0,
        timeout=2,
    )


@pytest.fixture
def server(settings: PhoneSettings) -> Iterator[PhoneServer]:
    server = PhoneServer(settings)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def control(server: PhoneServer) -> Control:
    return Control(server.url)


@pytest.fixture
def client(server: PhoneServer) -> Client:
    return Client(ACCOUNT_SID, AUTH_TOKEN, http_client=LocalHttpClient(server.url))


@pytest.fixture
def unreachable(settings: PhoneSettings) -> PhoneSettings:
    """Settings whose webhook nobody listens to."""
    return replace(settings, webhook_url="http://127.0.0.1:9/twilio/messages")
