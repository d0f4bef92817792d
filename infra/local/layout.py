"""Ports, folders and fixed names of the local stack."""

import json
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from infra.build import home
from infra.cloud import Cloud
from infra.errors import OperatorError

STAGE = "local"
REGION = "us-east-1"
REST_API = "lambdesk-rest"
SOCKET_API = "lambdesk-socket"
API_STAGE = "api"


@dataclass(frozen=True)
class Layout:
    """Where one local stack listens and keeps its things."""

    base_port: int
    folder: Path

    @classmethod
    def from_environment(cls) -> "Layout":
        """The layout that `LAMBDESK_PORT` and `LAMBDESK_HOME` ask for."""
        text = os.environ.get("LAMBDESK_PORT") or "4566"
        if not text.isdecimal() or not 1024 <= int(text) <= 65000:
            raise OperatorError(f"LAMBDESK_PORT is {text!r}.", "Use a port from 1024 to 65000.")
        return cls(int(text), home())

    @property
    def ports(self) -> dict[str, int]:
        """Who listens where."""
        names = ("AWS emulator", "web clients", "demo site", "phone")
        return {name: self.base_port + offset for offset, name in enumerate(names)}

    @property
    def emulator_url(self) -> str:
        """The endpoint of every AWS service."""
        return f"http://localhost:{self.base_port}"

    @property
    def edge_url(self) -> str:
        """The stand-in for CloudFront."""
        return f"http://localhost:{self.base_port + 1}"

    @property
    def demo_url(self) -> str:
        """The demo company's site."""
        return f"http://localhost:{self.base_port + 2}"

    @property
    def phone_url(self) -> str:
        """The stand-in for Twilio."""
        return f"http://localhost:{self.base_port + 3}"

    @property
    def rest_url(self) -> str:
        """The base of the REST API."""
        return f"{self.emulator_url}/_aws/execute-api/{REST_API}/{API_STAGE}"

    @property
    def socket_endpoint(self) -> str:
        """The base of the socket API's `@connections`."""
        return f"{self.emulator_url}/_aws/execute-api/{SOCKET_API}/{API_STAGE}"

    @property
    def socket_url(self) -> str:
        """What clients open."""
        return self.socket_endpoint.replace("http://", "ws://")

    @property
    def stack_file(self) -> Path:
        """Describes the running stack to tests and tools; exists while it runs."""
        return self.folder / "stack.json"

    @cached_property
    def cloud(self) -> Cloud:
        """The emulator as its root user."""
        return Cloud(REGION, self.emulator_url, "test", "test")

    def running(self) -> dict[str, Any]:
        """The description of the running stack."""
        try:
            description: dict[str, Any] = json.loads(self.stack_file.read_text())
        except FileNotFoundError:
            raise OperatorError("The local stack is not running.", "Start it: make run") from None
        return description
