"""Many conversations that arrive at once, interleaved at every call of AWS, always alike.

Each arrival is an invocation of its own. A call takes a while, in which the others go on; who
waits least goes next. So the same seed gives the same history.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.adapters.system import FIRST_PAUSE, LONGEST_PAUSE
from chalicelib.domain.agent import Availability
from chalicelib.domain.conversation import AgentChange
from chalicelib.usecases.conversations.start_conversation import Opening, start_conversation
from chalicelib.usecases.presence import presence
from proof.benchmarks.calls import Meter
from proof.benchmarks.crowd import ENDPOINT
from proof.benchmarks.desk import BenchDesk, answers, make_agent, open_desk
from proof.benchmarks.tables import Tables
from proof.fakes import Clock

CALL = 0.005
"""Seconds that a call of AWS is assumed to take; in all but the first run up to twice as much."""

RUNS = 3


CLAIMS_PER_ASSIGNMENT = None
"""No budget, but a number to watch: one would mean that nobody is in anybody's way."""


@dataclass(frozen=True, slots=True)
class Rush:
    """What came of a rush: claims tried, offers made, and how long it took."""

    name: str
    seed: int
    could_be_served: int
    claims: int
    served: int
    seconds: float
    calls: int

    @property
    def claims_per_assignment(self) -> float:
        """One where nobody is in anybody's way."""
        return self.claims / max(1, self.served)

    @property
    def faults(self) -> list[str]:
        """Whom it left standing beside each other."""
        missed = self.could_be_served - self.served
        return [f"{self.name}, order {self.seed}: {missed} not served"] if missed else []


class Interleaved:
    """Runs invocations one at a time, each until its next call of AWS; the clock is its own."""

    def __init__(self, seed: int, clock: Clock) -> None:
        self._random = random.Random(seed)  # noqa: S311 - it must repeat, and guards nothing
        self._is_even = seed == 0
        self._clock = clock
        self._began = clock.time
        self._turns: dict[int, threading.Semaphore] = {}
        self._due: dict[int, float] = {}
        self._returned = threading.Semaphore(0)
        self._failures: list[BaseException] = []
        self.elapsed = 0.0

    def run(self, invocations: Sequence[Callable[[], object]]) -> None:
        """Run them all to their ends."""
        threads = [
            threading.Thread(target=self._invoke, args=(action,), daemon=True)
            for action in invocations
        ]
        for thread in threads:
            thread.start()
            self._returned.acquire()
        while self._due:
            turn = min(self._due, key=lambda turn: (self._due[turn], turn))
            self.elapsed = max(self.elapsed, self._due.pop(turn))
            self._clock.time = self._began + timedelta(seconds=self.elapsed)
            self._turns[turn].release()
            self._returned.acquire()
        if self._failures:
            raise ExceptionGroup("Arrivals failed.", self._failures)  # type: ignore[type-var]

    def before_call(self) -> None:
        """The invocation waits for its call to arrive."""
        self._sleep(CALL if self._is_even else CALL * self._random.uniform(1, 2))

    def pause(self, attempt: int) -> None:
        """As the port ``Clock`` has it."""
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        self._sleep(self._random.uniform(0, longest))

    def now(self) -> datetime:
        """As the port ``Clock`` has it."""
        now = self._clock.now()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def _sleep(self, seconds: float) -> None:
        id = threading.get_ident()
        if id not in self._turns:
            return
        self._due[id] = self.elapsed + seconds
        self._returned.release()
        self._turns[id].acquire()

    def _invoke(self, action: Callable[[], object]) -> None:
        self._turns[threading.get_ident()] = threading.Semaphore(0)
        self._sleep(0)
        try:
            action()
        except BaseException as failure:
            self._failures.append(failure)
        self._returned.release()


def rushes() -> list[Rush]:
    """In step, and in disorder."""
    return [
        rush
        for seed in range(RUNS)
        for rush in (arrivals(seed), as_many_arrivals(seed), morning(seed))
    ]


def arrivals(seed: int, customers: int = 100, agents: int = 50) -> Rush:
    """More customers write at once than agents are free."""
    with _desk(agents, "ready") as desk:
        name = f"{customers} arrive, {agents} agents are free"
        served = min(customers, agents)
        return _run(desk, name, seed, served, [_arrival(desk, n) for n in range(customers)])


def as_many_arrivals(seed: int) -> Rush:
    """Nobody has to wait, if nobody gives up."""
    return arrivals(seed, 100, 100)


def morning(seed: int, customers: int = 100, agents: int = 50) -> Rush:
    """Customers have waited for agents, who all become ready at once."""
    with _desk(agents, "not_ready") as desk:
        for number in range(customers):
            _arrival(desk, number)()
        name = f"{customers} wait, {agents} agents become ready"
        served = min(customers, agents)
        return _run(desk, name, seed, served, [_getting_ready(desk, n) for n in range(agents)])


@contextmanager
def _desk(agents: int, availability: Availability) -> Iterator[BenchDesk]:
    meter = Meter()
    with open_desk(meter, Tables(meter)) as desk:
        desk.warm_worker()
        for number in range(agents):
            _seat(desk, number, availability)
        yield desk


def _run(
    desk: BenchDesk, name: str, seed: int, could_be_served: int, acts: list[Callable[[], object]]
) -> Rush:
    """Each act writes once for itself; all its other transactions are claims."""
    interleaved = Interleaved(seed, desk.clock)
    desk.ports = replace(desk.ports, clock=interleaved)
    desk.meter.take()
    desk.meter.before_call = interleaved.before_call
    interleaved.run(acts)
    desk.meter.before_call = None
    calls = desk.meter.take()
    transactions = sum(call.operation == "TransactWriteItems" for call in calls)
    served = sum(call.shows("offer.presented") for call in calls)
    claims = transactions - len(acts)
    return Rush(name, seed, could_be_served, claims, served, interleaved.elapsed, len(calls))


def _seat(desk: BenchDesk, number: int, availability: Availability) -> None:
    since = desk.clock.now() - timedelta(hours=1) + timedelta(milliseconds=number)
    agent = make_agent(number, "demo", 1, since)
    desk.agents.create(agent)
    sockets = {f"window-{number:07d}=": ENDPOINT}
    after = replace(agent, availability=availability, sockets=sockets, version=1)
    desk.agents.put(AgentChange(agent, after))


def _arrival(desk: BenchDesk, number: int) -> Callable[[], object]:
    opening = Opening(
        f"start-of-customer-{number:06d}", "demo", "web", answers(), None, f"network {number}"
    )
    return lambda: start_conversation(desk.ports, opening, None)


def _getting_ready(desk: BenchDesk, number: int) -> Callable[[], object]:
    agent_id = make_agent(number, "demo", 1, desk.clock.now()).id
    return lambda: presence.set_availability(desk.ports, agent_id, "ready", None)
