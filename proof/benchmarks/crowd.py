"""Many agents and as many waiting conversations, for costs that grow to show.

In the demo's queue all agents are free and nothing waits; in the rush all agents are busy and as
many conversations wait. Both at once in one queue would not last.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.domain import lifecycle
from chalicelib.domain.conversation import AgentChange, Contact, Details, Profile, Start
from chalicelib.domain.queue import Answer
from proof.benchmarks.desk import RUSH, TEXT, BenchDesk, make_agent

FIRST = 1_000_000
"""Numbers of the crowd begin here."""

ENDPOINT = "https://ghijkl5678.execute-api.us-east-1.amazonaws.com/api"


def gather(desk: BenchDesk, size: int) -> None:
    """Write the crowd, which has been there for an hour."""
    for number in range(size):
        _put_free(desk, number)
        _put_busy(desk, number + size)
        desk.ports.conversations.begin(_waiting(desk, number), None)


def _put_free(desk: BenchDesk, number: int) -> None:
    agent = make_agent(FIRST + number, "demo", 3, _since(desk, number))
    desk.agents.create(agent)
    ready = replace(agent, availability="ready", sockets=_socket(number), version=1)
    desk.agents.put(AgentChange(agent, ready))


def _put_busy(desk: BenchDesk, number: int) -> None:
    agent = make_agent(FIRST + number, RUSH, 1, _since(desk, number))
    work = {f"{number:024x}": "active"}
    desk.agents.create(
        replace(agent, availability="ready", sockets=_socket(number), work=work)  # type: ignore[arg-type]
    )


def _since(desk: BenchDesk, number: int) -> datetime:
    """A minute ago, one after the other: nobody has been waiting for too long."""
    return desk.clock.now() - timedelta(minutes=1) + timedelta(milliseconds=number)


def _socket(number: int) -> dict[str, str]:
    return {f"crowd-{number:09d}=": ENDPOINT}


def _waiting(desk: BenchDesk, number: int) -> Start:
    customer = Profile(f"{FIRST + number:024x}", "Ada Lovelace", "ada@example.com")
    return lifecycle.start(
        conversation_id=customer.id,
        queue=desk.queues.get(RUSH),
        channel="web",
        address=f"web:{customer.id}:{RUSH}",
        details=Details(customer, (Answer("email", "E-mail", "ada@example.com"),), TEXT),
        message_id="f" * 32,
        keys={},
        contact=Contact(),
        now=_since(desk, number),
    )
