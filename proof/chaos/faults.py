"""Faults: workers of the functions are killed, sockets cut, at random."""

import os
import re
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from clients.python import AgentClient, CustomerClient
from proof.chaos.world import Person, World

BETWEEN_KILLS = 0.5
BETWEEN_CUTS = 1.0
"""Seconds, on average; a kill takes the time to find a worker at work on top."""

WEIGHTS = {"api_handler": 4, "websocket_message": 4, "text_outbound": 4, "timer_due": 2}
"""How often each function is hit; the others have 1."""

AIMED = 0.75
"""How probable it is that a kill waits for a worker that is at work."""

AIMS_FOR = 3.0
"""Seconds to wait for one."""

INTO_WORK = 0.02
"""Seconds at most between seeing a worker at work and killing it, if it still is."""

_WORKER = re.compile(r"ministack-lambda-lambdesk-local(?:-(?P<function>\w+))?-[^-/]+/_worker\.py$")


@dataclass(frozen=True)
class Worker:
    """A process of the emulator in which a function runs."""

    pid: int
    function: str

    @property
    def is_at_work(self) -> bool:
        """Whether it does something else than wait for an event on its standard input.

        False also where the system does not tell: then kills are not aimed, but still happen.
        """
        try:
            waits_in = Path(f"/proc/{self.pid}/wchan").read_text()
        except OSError:
            return False
        return "pipe" not in waits_in

    def kill(self) -> bool:
        """End it at once; whether it was still there."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
            return True
        return False


def emulator_of(home: Path) -> int:
    """The process of the emulator of the stack in this folder."""
    children = (line.split() for line in (home / "children").read_text().splitlines())
    return next(int(pid) for pid, mark in children if mark == "ministack")


def workers_of(emulator: int) -> list[Worker]:
    """The workers that are running now."""
    found = []
    for child in psutil.Process(emulator).children():
        with suppress(psutil.Error):
            matches = map(_WORKER.search, child.cmdline())
            if match := next(filter(None, matches), None):
                found.append(Worker(child.pid, match["function"] or "api_handler"))
    return found


class Killer(Person):
    """Kills workers.

    A crash of the emulator itself would be a fault that AWS does not have, so only its workers
    are killed: what happens then is what happens on AWS when a function's process dies. The gateway
    answers 502, a socket is told of an error that is no frame of ours, and a message from a queue
    comes back after its visibility timeout. Two things are worse here than on AWS: a sweep that
    died is not repeated before the next minute, and a socket whose worker died while starting is
    closed.
    """

    def __init__(self, world: World, home: Path) -> None:
        super().__init__(world, "killer")
        self._emulator = emulator_of(home)

    def live(self) -> None:
        """Kill, as long as people write."""
        while self.world.pause(self.random.expovariate(1 / BETWEEN_KILLS)):
            if not self.world.is_writing:
                return
            self._kill_one()

    def _kill_one(self) -> None:
        workers = workers_of(self._emulator)
        if not workers:
            return
        # First the function: those with few workers would hardly be met otherwise.
        functions = sorted({worker.function for worker in workers})
        weights = [WEIGHTS.get(function, 1) for function in functions]
        (function,) = self.random.choices(functions, weights)
        those = sorted(
            (worker for worker in workers if worker.function == function), key=lambda w: w.pid
        )
        victim = None
        if self.random.random() < AIMED:
            victim = self._one_at_work(those)
            self.world.ledger.count("killed at work", victim is not None)
        victim = victim or self.random.choice(those)
        if self.world.is_writing and victim.kill():
            self.world.ledger.kill(function)

    def _one_at_work(self, workers: Sequence[Worker]) -> Worker | None:
        deadline = time.monotonic() + AIMS_FOR
        while time.monotonic() < deadline:
            time.sleep(0.002)
            for worker in workers:
                if worker.is_at_work:
                    time.sleep(self.random.uniform(0, INTO_WORK))
                    if worker.is_at_work:
                        return worker
        return None


class Cutter(Person):
    """Cuts sockets: breaks the connection off, or closes it with a close frame."""

    def __init__(
        self, world: World, clients: Callable[[], list[AgentClient | CustomerClient]]
    ) -> None:
        super().__init__(world, "cutter")
        self._clients = clients

    def live(self) -> None:
        """Cut, as long as people write."""
        while self.world.pause(self.random.expovariate(1 / BETWEEN_CUTS)):
            if not self.world.is_writing:
                return
            client = self.random.choice(self._clients())
            how = self.random.choice(("broken off", "closed"))
            if client.lose_socket(close_frame=how == "closed"):
                self.world.ledger.count(f"sockets {how}")
