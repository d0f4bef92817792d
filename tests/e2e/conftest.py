"""The local stack, a browser, and people at both ends."""

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import urllib3

from tests.client import AgentClient, CustomerClient

ROOT = Path(__file__).parents[2]
START_SECONDS = 240

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

Json = dict[str, Any]


class LocalStack:
    """A local stack of its own, with its own ports and data."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.port = _free_ports()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def description(self) -> Json:
        """What ``stack.json`` says."""
        return dict(json.loads((self.home / "stack.json").read_text()))

    def start(self) -> None:
        """Start it and wait until it is ready."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "LAMBDESK_HOME": str(self.home),
            "LAMBDESK_PORT": str(self.port),
        }
        log = (self.home / "up.log").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "infra", "local", "up"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop it as Ctrl-C does."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(60)

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            log = (self.home / "up.log").read_text(errors="replace")
            if "Ready after" in log:
                return
            if process.poll() is not None:
                break
            time.sleep(0.2)
        pytest.fail(f"The local stack did not start:\n{log}")


class Phone:
    """A customer's phone on the stand-in for Twilio."""

    def __init__(self, url: str, number: str) -> None:
        self._url = f"{url}/phones/{number}/messages"
        self._http = urllib3.PoolManager()
        self.number = number

    def type(self, body: str, message_sid: str | None = None) -> Json:
        """Send a text; what became of it."""
        content: Json = {"body": body}
        if message_sid is not None:
            content["message_sid"] = message_sid
        reply = self._http.request("POST", self._url, json=content)
        assert reply.status == 201, reply.data
        return dict(reply.json())

    @property
    def received(self) -> list[Json]:
        """Our texts to this phone, oldest first."""
        messages: list[Json] = self._http.request("GET", self._url).json()["messages"]
        return [message for message in messages if message["direction"] == "outbound-api"]


@pytest.fixture(scope="session")
def local_stack() -> Iterator[LocalStack]:
    """One local stack for all tests."""
    home = Path(tempfile.mkdtemp(prefix="lambdesk-e2e-"))
    stack = LocalStack(home)
    try:
        stack.start()
        yield stack
    finally:
        stack.stop()
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def stack(local_stack: LocalStack) -> Json:
    """The description of the running stack."""
    return local_stack.description


@pytest.fixture
def sign_in(stack: Json) -> Iterator[Callable[[int], AgentClient]]:
    """Signs in the agents of the demo desk; afterwards all are not ready and hold nothing."""
    clients: list[AgentClient] = []

    def sign_in(number: int) -> AgentClient:
        who = stack["agents"][number]
        client = AgentClient(stack, who["email"], who["password"])
        client.connect()
        clients.append(client)
        return client

    yield sign_in
    for client in clients:
        client.disconnect()


@pytest.fixture(autouse=True)
def clean_desk(stack: Json) -> Iterator[None]:
    """After each test nobody is ready and nobody holds a conversation."""
    yield
    for who in stack["agents"]:
        client = AgentClient(stack, who["email"], who["password"])
        client.connect()
        client.not_ready("Break")
        client.take_desk()
        for offer in list(client.offers.values()):
            client.accept(offer)
        for conversation_id in list(client.conversations):
            client.close(conversation_id, "Solved")
        client.disconnect()


@pytest.fixture
def customer(stack: Json) -> Iterator[Callable[..., CustomerClient]]:
    """Customers on the web who have started a conversation and are connected."""
    clients: list[CustomerClient] = []

    def customer(message: str = "Where is my bike?", name: str = "Ada") -> CustomerClient:
        client = CustomerClient(stack)
        answers = {"name": name, "email": f"{name.lower()}@example.com", "message": message}
        client.start(stack["queue"], answers)
        client.connect()
        clients.append(client)
        return client

    yield customer
    for client in clients:
        client.disconnect()


@pytest.fixture
def phone(stack: Json) -> Callable[[str], Phone]:
    """Phones by their number."""
    return lambda number: Phone(stack["phone_url"], number)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> Json:
    """The machine's own Chromium."""
    known = ("chromium", "google-chrome", "chromium-browser")
    chromium = next(filter(None, map(shutil.which, known)), None)
    if chromium is None and os.environ.get("CI") == "true":
        pytest.fail("There is no Chromium, and here a skipped browser test is a failure.")
    if chromium is None:
        pytest.skip("Browser tests need Chromium (on Debian: apt-get install chromium).")
    return {"executable_path": chromium, "args": list(CHROMIUM_FLAGS)}


def _free_ports() -> int:
    """The first of four free ports in a row."""
    for base in range(5000, 9000, 10):
        if all(_is_free(base + offset) for offset in range(4)):
            return base
    pytest.fail("There are no four free ports in a row.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
