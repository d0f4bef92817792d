"""The local stack, a browser, and people at both ends."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.client import AgentClient, CustomerClient
from tests.e2e.stack import LocalStack, Phone

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
