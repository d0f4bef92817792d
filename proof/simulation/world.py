"""One seed: a desk, its people, its weather, and what came of it."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("USER_POOL_ARN", "arn:aws:cognito-idp:us-east-1:123456789012:userpool/test")
os.environ.setdefault("TIMER_QUEUE_ARN", "arn:aws:sqs:us-east-1:123456789012:timers")
os.environ.setdefault("OUTBOUND_QUEUE_ARN", "arn:aws:sqs:us-east-1:123456789012:outbound.fifo")

import botocore.session

import app
from chalicelib.adapters.dynamodb.agents import AgentTable
from chalicelib.adapters.dynamodb.client import connect
from chalicelib.adapters.dynamodb.queues import QueueTable
from chalicelib.domain import agent as agents_domain
from chalicelib.domain import conversation as conversations_domain
from chalicelib.domain.agent import Agent
from chalicelib.ports import Text
from chalicelib.usecases.routing import matching
from proof.desk import OUR_NUMBER, SETTINGS
from proof.simulation.checks.invariants import Safety
from proof.simulation.checks.liveness import Liveness
from proof.simulation.cloud.cloud import Clock, Cloud, _Session
from proof.simulation.cloud.database import DynamoClient
from proof.simulation.cloud.history import History
from proof.simulation.cloud.mirror import Mirror
from proof.simulation.cloud.scheduler import Scheduler
from proof.simulation.cloud.services import OutboundQueue, Sockets, TimerQueue, Twilio
from proof.simulation.cloud.settings import QUEUES
from proof.simulation.cloud.tables import Tables
from proof.simulation.cloud.weather import CALM, Sky, draw
from proof.simulation.ledger import Ledger, Violation
from proof.simulation.people.agents import AgentPerson
from proof.simulation.people.clients import Network
from proof.simulation.people.crowd import Crowd
from proof.simulation.people.customers import PhoneCustomer, Script, WebCustomer
from proof.simulation.people.intruder import Intruder
from proof.simulation.people.operator import Operator
from proof.simulation.rarities import rarities_of

BUSY = 100.0
"""Seconds of faults and work."""

HEALING = 490.0
FIRST_CHECK = 125.0
CHECKED_EVERY = 45.0
"""Seconds after which everything must be as if there had been no faults."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a seed came to. ``violation`` is None when everything held."""

    seed: int
    violation: str | None
    history: History
    calls: int
    messages: int
    conversations: int


class World:
    """Everything that a seed makes."""

    def __init__(self, seed: int) -> None:
        self.history = History()
        self.scheduler = Scheduler(seed, self.history)
        self.rarities = rarities_of(seed)
        self.sky = Sky(self.scheduler)
        # So small a desk has few pairs: in some seeds fewer are looked at than there are.
        self.paired_at_once = self.scheduler.random.choice((1, 2, 30))
        self.tables = Tables(lambda: self.scheduler.elapsed)
        self.database = DynamoClient(self.scheduler, self.sky, self.tables)
        self.timers = TimerQueue(self.scheduler, self.sky, lambda: self.cloud)
        self.outbound = OutboundQueue(self.scheduler, self.sky, lambda: self.cloud)
        self.sockets = Sockets(self.scheduler, self.sky, lambda: self.cloud)
        self.twilio = Twilio(self.scheduler, self.sky, lambda: self.cloud)
        self.cloud = Cloud(
            self.scheduler,
            self.sky,
            self.database,
            lambda: (self.timers, self.outbound, self.sockets, self.twilio),
        )
        self.mirror = Mirror(self.tables)
        self.ledger = Ledger(lambda: self.scheduler.elapsed)
        self.safety = Safety(
            self.scheduler, self.cloud, self.mirror, self.ledger, self.sockets.is_live
        )
        self.network = Network(self.scheduler, self.sky, self.cloud, self.sockets, self.ledger)
        self._watch()
        self.agents = self._make_agents()
        self.customers, self.phones = self._make_customers()

    def run(self) -> None:
        """Work and faults, then healing. Raises Violation."""
        scheduler = self.scheduler
        self.tables.forget_writes()
        self.sky.weather = self.sky.season = draw(scheduler)
        self.history.add(0, "world", f"{self.sky.weather}")
        scheduler.spawn("gremlin", self._break_sockets)
        scheduler.spawn("schedule", self._sweep)
        Intruder(self.network, self.mirror, self.customers, self.agents).begin()
        self._begin_rarities()
        scheduler.run(BUSY)
        self.sky.weather = CALM
        self.network.is_healing = True
        self.history.add(scheduler.elapsed, "world", "the faults stop")
        self._heal()

    def _begin_rarities(self) -> None:
        if self.rarities.removes_agents:
            Operator(self.network, self.mirror, self.agents).begin()
        if self.rarities.is_crowded:
            people: list[WebCustomer | AgentPerson] = [*self.customers, *self.agents]
            Crowd(self.network, people, self.rarities.most_windows).begin()

    def _heal(self) -> None:
        """Let everything come to rest; as soon as it has, it is well."""
        liveness = Liveness(self.scheduler, self.mirror, self.ledger, self.safety.fairness)
        end = self.scheduler.seconds + HEALING
        self.scheduler.run(FIRST_CHECK)
        while self.scheduler.seconds < end:
            try:
                liveness.check(self.customers, self.agents)
            except Violation as found:
                self.history.add(self.scheduler.elapsed, "world", f"not yet well: {found}")
                self.scheduler.run(CHECKED_EVERY)
            else:
                return
        liveness.check(self.customers, self.agents)

    def _watch(self) -> None:
        self.database.wrote = self.safety.wrote
        self.database.read = self.safety.read
        self.sockets.posting = self.safety.posting
        self.sockets.posted = self.safety.posted
        self.sky.struck = self.cloud.fault
        self.sky.is_doomed = self.cloud.is_doomed
        self.ledger.acknowledged = self.safety.acknowledged
        self.ledger.handed_over = self.safety.handed_over
        self.twilio.took = self._text_taken
        self.twilio.cut_off = self.safety.text_was_cut_off
        self.twilio.may_fail = self.safety.text_may_fail
        self.cloud.heard = self.safety.heard

    def _text_taken(self, text: Text) -> None:
        self.safety.text_taken(text)
        invocation = self.cloud.current()
        if invocation is not None:
            invocation.sent.append(text)

    def _make_agents(self) -> list[AgentPerson]:
        scheduler, clock = self.scheduler, Clock(self.scheduler)
        table = AgentTable(connect(_Session(self.database), "conversations", "agents"))
        queues = QueueTable(clock)
        for queue in QUEUES.values():
            queues.put(queue)
        queues.put_number(OUR_NUMBER, "demo")
        people: list[AgentPerson] = []
        for number in range(scheduler.random.randrange(1, 4)):
            id, now = f"agent-{number + 1}", clock.now()
            served = scheduler.random.choice((("demo",), ("demo", "sales"), ("sales", "demo")))
            capacity = scheduler.random.randrange(1, 4)
            table.create(
                Agent(id, id, f"{id}@x.test", "agent", capacity, served, since=now, idle_since=now)
            )
            # Somebody stays, or nothing would get done any more.
            is_faithful = number == 0
            stored = partial(self.mirror.agents.__getitem__, id)
            people.append(AgentPerson(self.network, id, stored, is_faithful=is_faithful))
            people[-1].begin(scheduler.between(0, 25))
        return people

    def _make_customers(self) -> tuple[list[WebCustomer], list[PhoneCustomer]]:
        scheduler = self.scheduler
        vanishes = scheduler.choice_of(0, 0, 0.2, 0.6)
        web = [
            WebCustomer(
                self.network,
                number + 1,
                scheduler.random.choice(("demo", "demo", "sales")),
                self.mirror.conversations.__contains__,
                vanishes,
            )
            for number in range(scheduler.random.randrange(0, 6))
        ]
        web += [
            Script(
                self.network,
                number + 101,
                scheduler.random.choice(("demo", "demo", "sales")),
                self.mirror.conversations.__contains__,
            )
            for number in range(round(scheduler.choice_of(0, 0, 0, 2, 7)))
        ]
        phones = [
            PhoneCustomer(self.network, number + 1)
            for number in range(scheduler.random.randrange(0 if web else 1, 3))
        ]
        # In some seeds they come one after another, in others all at the same moment.
        rush = scheduler.choice_of(0.05, 3, 35)
        at = scheduler.between(0, 35 - rush)
        for customer in web:
            customer.begin(at + scheduler.between(0, rush))
        for phone in phones:
            phone.begin(at + scheduler.between(0, rush))
        return web, phones

    def _break_sockets(self) -> None:
        people: list[WebCustomer | AgentPerson] = [*self.customers, *self.agents]
        while not self.network.is_healing:
            self.scheduler.sleep(3)
            if self.sky.happens("outage"):
                person = self.scheduler.random.choice(people)
                self.scheduler.note(f"{person.name} is cut off from everything")
                for window in person.windows:
                    window.is_woken = True
                    window.dropped()
            for window in [window for person in people for window in person.windows]:
                if not window.is_connected or window.connection_id is None:
                    continue
                if self.scheduler.chance(self.sky.weather.socket_vanishes / 20):
                    self.scheduler.note(f"{window.connection_id} vanishes")
                    self.sockets.vanish(window.connection_id)
                elif self.scheduler.chance(self.sky.weather.socket_closes / 20):
                    self.scheduler.note(f"{window.connection_id} is cut off")
                    window.dropped()

    def _sweep(self) -> None:
        self.scheduler.sleep(self.scheduler.between(0, 60))
        while True:
            self.cloud.sweep()
            self.scheduler.sleep(60)


@contextmanager
def _app_of(world: World) -> Iterator[None]:
    """The application's entrances lead into this world."""
    ours: dict[tuple[object, str], object] = {
        (app, "ports"): world.cloud.ports,
        (app, "settings"): lambda: SETTINGS,
        (matching, "MOST_PAIRS"): world.paired_at_once,
        (agents_domain, "MOST_WINDOWS"): world.rarities.most_windows,
        (conversations_domain, "MOST_SOCKETS"): world.rarities.most_windows,
        (botocore.session, "get_session"): lambda: _Session(world.database),
    }
    real = {(module, name): getattr(module, name) for module, name in ours}
    logging.disable(logging.CRITICAL)
    try:
        for (module, name), replacement in ours.items():
            setattr(module, name, replacement)
        yield
    finally:
        for (module, name), original in real.items():
            setattr(module, name, original)
        logging.disable(logging.NOTSET)


def simulate(seed: int) -> Result:
    """Run one seed from beginning to end."""
    world = World(seed)
    violation: str | None = None
    with _app_of(world):
        try:
            world.run()
        except Violation as found:
            violation = str(found)
        finally:
            world.scheduler.stop()
    swallowed = world.safety.verdict.violation
    if violation is None and swallowed is not None:
        violation = str(swallowed)
    return Result(
        seed,
        violation,
        world.history,
        calls=sum(" → " in line for _, _, line in world.history.lines),
        messages=len(world.ledger.messages),
        conversations=len(world.mirror.conversations),
    )
