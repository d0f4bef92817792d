"""The desk of the tests, on tables that bill, with every call of AWS on record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from chalicelib.adapters.dynamodb.addresses import AddressTable
from chalicelib.adapters.dynamodb.queues import QueueTable
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import AgentChange
from chalicelib.ports import Text
from proof import desk as desk_module
from proof.benchmarks.calls import Call, Json, Meter
from proof.benchmarks.tables import Tables
from proof.desk import DEMO_QUEUE, OUR_NUMBER, Desk
from proof.fakes import Clock, Gateway, Phones, Sqs
from proof.people import DeskAgent

TEXT = "Where is my bike? " * 11 + "??"
"""200 bytes, as the budgets say."""

LONG_AGO = timedelta(days=1)

OWN, RUSH = "own", "rush"
"""Queues beside the demo's: of one agent only, and where everybody is busy and many wait."""


class MeteredGateway(Gateway):
    """Sockets, with every post on record."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        """Post a frame."""
        self._meter.wait()
        frame = json.loads(Data)
        self._meter.record(Call("sockets", "PostToConnection", ConnectionId, frame=frame))
        super().post_to_connection(ConnectionId=ConnectionId, Data=Data)


class MeteredSqs(Sqs):
    """A queue, with everything sent on record."""

    def __init__(self, meter: Meter, clock: Clock, name: str) -> None:
        super().__init__(clock)
        self._meter = meter
        self._name = name

    def send_message(self, **message: Any) -> None:
        """Send a message."""
        self._meter.wait()
        self._meter.record(Call("sqs", "SendMessage", self._name))
        super().send_message(**message)


class MeteredPhones(Phones):
    """Twilio, with every text on record."""

    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    def send(self, text: Text) -> None:
        """Send a text."""
        self._meter.wait()
        self._meter.record(Call("twilio", "CreateMessage", text.to))
        super().send(text)


class BenchDesk(Desk):
    """A desk that counts."""

    def __init__(self, meter: Meter, tables: Tables, patch: pytest.MonkeyPatch) -> None:
        patch.setattr(desk_module, "shared_client", lambda: tables)
        super().__init__(patch)
        self.meter = meter
        self.gateway = MeteredGateway(meter)
        self.timers = MeteredSqs(meter, self.clock, "timers")
        self.outbox = MeteredSqs(meter, self.clock, "outbound")
        self.ports = replace(self.ports, texting=MeteredPhones(meter))
        self.queues.put(replace(DEMO_QUEUE, id=OWN))
        self.queues.put(replace(DEMO_QUEUE, id=RUSH))
        self.entrances: Counter[str] = Counter()
        self._connections = count(1000)
        self._people = count(1)

    def request(self, *args: Any, **kwargs: Any) -> Json:
        """The reply to a request, which is counted."""
        self.entrances["REST"] += 1
        return super().request(*args, **kwargs)

    def socket_event(self, type: str, *args: Any, **kwargs: Any) -> Json:
        """The answer to a socket's event, which is counted."""
        self.entrances[type] += 1
        return super().socket_event(type, *args, **kwargs)

    def hire(self, queue_id: str = "demo", capacity: int = 1) -> DeskAgent:
        """A new agent of one queue with a window open, whose turn comes before all others'."""
        long_ago = self.clock.now() - LONG_AGO
        agent = make_agent(next(self._people), queue_id, capacity, long_ago)
        self.agents.create(replace(agent, availability="ready"))
        return DeskAgent(self, agent.id)

    def seat_free_agent(self, queue_id: str) -> None:
        """A free agent who has not looked for work, as a crash would leave them."""
        agent = make_agent(next(self._people), queue_id, 1, self.clock.now() - LONG_AGO)
        self.agents.create(agent)
        sockets = {"connection-999=": "https://ghijkl5678.execute-api.us-east-1.amazonaws.com/api"}
        ready = replace(agent, availability="ready", sockets=sockets, version=1)
        self.agents.put(AgentChange(agent, ready))

    def start_worker(self) -> None:
        """From now on a worker answers that has just started and remembers nothing."""
        queues = QueueTable(self.clock)
        self.ports = replace(self.ports, addresses=AddressTable(self.clock, queues), queues=queues)

    def warm_worker(self) -> None:
        """The worker remembers the settings of all queues."""
        for queue_id in ("demo", OWN, RUSH):
            self.ports.queues.get(queue_id)
        self.ports.queues.of_line((OUR_NUMBER,))


def make_agent(number: int, queue_id: str, capacity: int, idle_since: datetime) -> Agent:
    """An agent with an id as long as Cognito's."""
    id = str(UUID(int=number, version=4))
    email = f"agent-{number}@example.com"
    queues = (queue_id,)
    return Agent(id, f"Agent {number}", email, "agent", capacity, queues, idle_since, idle_since)


@contextmanager
def open_desk(meter: Meter, tables: Tables) -> Iterator[BenchDesk]:
    """A desk on these tables for a while."""
    with pytest.MonkeyPatch.context() as patch:
        yield BenchDesk(meter, tables, patch)


def answers(text: str = TEXT) -> Json:
    """What a customer fills in."""
    return {"name": "Ada Lovelace", "email": "ada@example.com", "message": text}
