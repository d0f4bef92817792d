"""`local up`: start everything, say where it is, and stop it in order."""

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from infra.console import bold, dim, say, step
from infra.local import lock, seed
from infra.local.deployment import deploy
from infra.local.description import describe, webhook_url
from infra.local.edge import Edge
from infra.local.emulator import start_emulator
from infra.local.layout import Layout
from infra.local.processes import (
    Child,
    require_free,
    start,
    stop_leftovers,
    wait_until_answering,
)

# Ctrl-C, a polite kill, and the terminal being closed.
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Stop(BaseException):
    """One of the signals that end the stack arrived."""


def up(layout: Layout, *, with_web: bool = True) -> None:
    """Run the stack until Ctrl-C or SIGTERM."""
    with ExitStack() as stack:
        stack.enter_context(lock.held(layout.folder))
        stack.enter_context(_stop_on_signal())
        pids = layout.folder / "children"
        stop_leftovers(pids)
        layout.stack_file.unlink(missing_ok=True)
        require_free(layout.ports)
        say(f"\n{bold('Lambdesk')}, local stack {dim(f'(state in {_short(layout.folder)})')}\n")
        began = time.monotonic()
        try:
            children = _start_all(layout, stack, pids, with_web=with_web)
            _announce(layout, time.monotonic() - began)
            _watch(children)
        except _Stop:
            # The terminal has just echoed ^C at the start of a line.
            say()
        finally:
            _stop_all(layout, stack, pids)


def _start_all(layout: Layout, stack: ExitStack, pids: Path, *, with_web: bool) -> list[Child]:
    children: list[Child] = []

    def keep(child: Child, mark: str) -> None:
        stack.callback(child.stop)
        children.append(child)
        with pids.open("a") as file:
            file.write(f"{child.process.pid} {mark}\n")

    with step("AWS emulator"):
        keep(start_emulator(layout), "ministack")
    values = deploy(layout, with_web=with_web)
    with step("Demo desk"):
        seed.seed(layout, values)
    with step("Demo site and phone"):
        edge = Edge(layout.ports["web clients"], layout.cloud.client("s3"), values["WebBucket"])
        stack.callback(edge.stop)
        for name, url, command in _stand_ins(layout):
            log = layout.folder / "logs" / f"{name.replace(' ', '-')}.log"
            child = start(name, [sys.executable, "-m", *command], log, os.environ)
            keep(child, command[0])
            wait_until_answering(child, url)
    describe(layout, values)
    return children


def _stand_ins(layout: Layout) -> Iterator[tuple[str, str, list[str]]]:
    """The processes that play the outside world: name, address, module and arguments."""
    twilio = seed.credentials(layout)
    phone = {
        "--port": str(layout.ports["phone"]),
        "--account-sid": twilio["account_sid"],
        "--auth-token": twilio["auth_token"],
        "--number": seed.NUMBER,
        "--webhook-url": webhook_url(layout),
        "--data": str(layout.folder / "phone"),
    }
    yield "phone", layout.phone_url, ["infra.local.phone", *_flat(phone)]
    demo = {
        "--port": str(layout.ports["demo site"]),
        "--edge-url": layout.edge_url,
        "--queue": seed.QUEUE,
        "--phone-url": layout.phone_url,
        "--number": seed.NUMBER,
    }
    yield "demo site", layout.demo_url, ["infra.local.demo", *_flat(demo)]


def _flat(options: Mapping[str, str]) -> list[str]:
    return [word for option in options.items() for word in option]


def _announce(layout: Layout, seconds: float) -> None:
    say(f"\n{bold('Ready')} {dim(f'after {seconds:.1f} s')}\n")
    for title, url in (
        ("Demo site with the widget", layout.demo_url),
        ("Agent desktop", f"{layout.edge_url}/desktop/"),
        ("Phone", layout.phone_url),
    ):
        say(f"  {title:<26} {url}")
    say(f"\n  {'Sign in to the desktop as':<26} password {bold(seed.PASSWORD)}")
    for agent in seed.AGENTS:
        say(f"  {agent['email']:<26} {agent['name']}, {agent['role']}")
    say(f"\n{dim('Ctrl-C stops it and keeps the data.')}\n")


def _watch(children: list[Child]) -> None:
    while True:
        for child in children:
            if child.process.poll() is not None:
                raise child.failure()
        time.sleep(0.5)


def _stop_all(layout: Layout, stack: ExitStack, pids: Path) -> None:
    # The emulator is writing the state: another Ctrl-C must not cut that short.
    for number in _ENDING:
        signal.signal(number, signal.SIG_IGN)
    layout.stack_file.unlink(missing_ok=True)
    with step("Stopping, keeping the data"):
        stack.pop_all().close()
    pids.unlink(missing_ok=True)


@contextmanager
def _stop_on_signal() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise _Stop

    before = {number: signal.signal(number, stop) for number in _ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _short(folder: Path) -> str:
    here = Path.cwd()
    return str(folder.relative_to(here)) if folder.is_relative_to(here) else str(folder)
