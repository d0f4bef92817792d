"""The local stack, a browser, and people at both ends."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect

from clients.python import AgentClient, CustomerClient
from proof.stack import LocalStack, Phone
from tests.e2e.building import build
from tests.e2e.desks import FakeServer
from tests.e2e.engines.playwright import PlaywrightWindow
from tests.e2e.engines.webkit import DRIVER, Screen, WebKitWindow
from tests.e2e.engines.window import Window

CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

RIGHT_TO_LEFT = (
    "addEventListener('DOMContentLoaded', () => { document.documentElement.dir = 'rtl'; });"
)

# A loaded machine is slow, and nothing here is measured.
expect.set_options(timeout=30_000)

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
def clean_desk(request: pytest.FixtureRequest) -> Iterator[None]:
    """After each test on the stack nobody waits, is ready or holds a conversation."""
    yield
    if "stack" not in request.fixturenames:
        return
    stack: Json = request.getfixturevalue("stack")
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
    _serve_who_waits(stack)


def _serve_who_waits(stack: Json) -> None:
    """A conversation that a test declined would come to the agent of a later one."""
    if not _somebody_waits(stack):
        return
    who = stack["agents"][0]
    with AgentClient(stack, who["email"], who["password"]) as client:
        client.connect()
        client.ready()
        while client.offers or _somebody_waits(stack):
            held = client.accept(client.wait_for_offer())["conversation_id"]
            client.close(held, "Solved")
        client.not_ready("Break")


def _somebody_waits(stack: Json) -> bool:
    aws = stack["aws"]
    database = boto3.Session(
        aws["access_key_id"], aws["secret_access_key"], region_name=aws["region"]
    ).client("dynamodb", endpoint_url=aws["endpoint_url"])
    places = database.query(
        TableName=stack["tables"]["conversations"],
        KeyConditionExpression="pk = :queue",
        ExpressionAttributeValues={":queue": {"S": f"WAITING#{stack['queue']}"}},
        ConsistentRead=True,
    )
    return bool(places["Items"])


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
    path = _installed("Chromium", "chromium", "google-chrome", "chromium-browser")
    return {"executable_path": path, "args": list(CHROMIUM_FLAGS)}


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """The machine's own Firefox, over WebDriver BiDi."""
    path = _installed("Firefox", "firefox-esr", "firefox")
    browser = playwright.firefox.launch(channel="moz-firefox", executable_path=path)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def screen() -> Iterator[Screen]:
    """What WebKit needs to show its windows on."""
    _installed("WebKit's driver", DRIVER)
    _installed("Xvfb", "Xvfb")
    screen = Screen()
    yield screen
    screen.close()


@pytest.fixture(params=["chromium", "firefox", "webkit"])
def engine(request: pytest.FixtureRequest) -> Callable[[], Window]:
    """Opens windows of one engine."""
    if request.param == "webkit":
        screen = request.getfixturevalue("screen")
        return lambda: WebKitWindow(screen)
    browser = request.getfixturevalue("firefox" if request.param == "firefox" else "browser")
    return lambda: PlaywrightWindow(browser)


def _installed(what: str, *names: str) -> str:
    """The path of a program; without it, a test is skipped, and fails where nothing may be."""
    path = next(filter(None, map(shutil.which, names)), None)
    if path is not None:
        return path
    if os.environ.get("CI") == "true":
        pytest.fail(f"There is no {what}, and here a skipped browser test is a failure.")
    pytest.skip(f"{what} is missing. The README says how to install it.")


OpenDesk = Callable[..., FakeServer]


@pytest.fixture(scope="session")
def built_desktop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The desktop as it is published."""
    return build("desktop", tmp_path_factory.mktemp("desktop"))


@pytest.fixture
def open_desk(browser: Browser, built_desktop: Path) -> Iterator[OpenDesk]:
    """Desks with a server of their own, not opened yet. Errors on a page fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def open_desk(
        width: int = 1280, height: int = 860, rtl: bool = False, **look: Any
    ) -> FakeServer:
        context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **look
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        if rtl:
            page.add_init_script(RIGHT_TO_LEFT)
        return FakeServer(page, built_desktop)

    yield open_desk
    for context in contexts:
        context.close()
    assert not errors
