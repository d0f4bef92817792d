"""A local stack of one's own, and the phones on it: for the end-to-end tests and for tools."""

import json
import os
import random
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import urllib3

ROOT = Path(__file__).parents[1]
START_SECONDS = 240

Json = dict[str, Any]


class StackNotStarted(Exception):
    """The local stack did not come up; with what it said."""


class LocalStack:
    """A local stack of its own, with its own ports and data."""

    def __init__(self, home: Path, *, with_web: bool = True) -> None:
        self.home = home
        self.port = free_ports()
        self._arguments = [] if with_web else ["--without-web"]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def description(self) -> Json:
        """What ``stack.json`` says."""
        return dict(json.loads((self.home / "stack.json").read_text()))

    def start(self) -> None:
        """Start it and wait until it is ready. Raises StackNotStarted."""
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            "LAMBDESK_HOME": str(self.home),
            "LAMBDESK_PORT": str(self.port),
        }
        with (self.home / "up.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "infra", "local", "up", *self._arguments],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C is for the tests, which then stop the stack in order.
                start_new_session=True,
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
        raise StackNotStarted(f"The local stack did not start:\n{log}")


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


def free_ports() -> int:
    """The first of four free ports in a row.

    From 7000 to 9000 there is none that browsers refuse to speak to:
    https://fetch.spec.whatwg.org/#port-blocking
    """
    # Not always from the lowest on: somebody else may be looking for ports at this moment.
    bases = random.sample(range(7000, 9000, 10), 200)
    for base in bases:
        if all(_is_free(base + offset) for offset in range(4)):
            return base
    raise StackNotStarted("There are no four free ports in a row.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0
