"""What is true of a queue: told to customers who wait, and to agents with nothing to do."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters.dynamodb.staffing import KEPT
from chalicelib.domain.queue import Queue
from chalicelib.usecases.presence.removing import remove_agent
from proof.desk import DEMO_QUEUE, Desk
from proof.fakes import Json
from proof.people import Customer, DeskAgent

TOLD = ("ahead", "agents", "wait_seconds")


def told(customer: Customer) -> tuple[Any, ...]:
    """What the customer learns by a heartbeat, which is what a reply tells as well."""
    before = len(customer.socket.of_type("queue.position"))
    customer.socket.sync()
    (frame,) = customer.socket.of_type("queue.position")[before:]
    shown = customer.transcript()["conversation"]
    assert [frame[key] for key in TOLD] == [shown[key] for key in TOLD]
    return tuple(frame[key] for key in TOLD)


def queues(agent: DeskAgent) -> Json:
    status, reply = agent.rest("GET", "/agent/queues")
    assert status == 200, reply
    return dict(reply)


def serve(desk: Desk, agent: DeskAgent, count: int) -> None:
    """The agent accepts and closes so many conversations."""
    for _ in range(count):
        customer = desk.customer()
        agent.accept()
        agent.close(customer.id)


def test_a_customer_learns_that_nobody_is_there(desk: Desk) -> None:
    desk.agent()
    ada, bea = desk.customer(), desk.customer()
    assert told(ada) == (0, 0, None)
    assert told(bea) == (1, 0, None)
    shown = ada.transcript()["conversation"]
    assert shown["away_seconds"] == DEMO_QUEUE.abandoned_after.total_seconds()


def test_a_customer_learns_who_is_there_and_how_long_it_takes(desk: Desk) -> None:
    grace = desk.ready_agent(capacity=1)
    serve(desk, grace, 3)
    desk.customer()
    grace.accept()
    desk.agent("Linus")
    bea, cyd = desk.customer(), desk.customer()
    assert told(bea) == (0, 1, 450)
    assert told(cyd) == (1, 1, 900)


def test_of_a_pace_that_is_not_known_nothing_is_promised(desk: Desk) -> None:
    grace = desk.ready_agent(capacity=1)
    serve(desk, grace, 1)
    desk.customer()
    grace.accept()
    assert told(desk.customer()) == (0, 1, None)


def test_no_wait_is_told_when_those_who_took_conversations_have_left(desk: Desk) -> None:
    grace = desk.ready_agent(capacity=1)
    serve(desk, grace, 5)
    grace.not_ready()
    assert told(desk.customer()) == (0, 0, None)


def test_a_customer_whom_an_agent_is_offered_is_not_told_that_nobody_is_there(desk: Desk) -> None:
    ada = desk.customer()
    assert told(ada) == (0, 0, None)
    grace = desk.ready_agent()
    assert told(ada) == (0, None, None)
    grace.accept()
    assert ada.transcript()["conversation"]["ahead"] is None


def test_who_is_there_is_not_asked_for_when_a_conversation_begins(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its customer learns it by their first heartbeat."""
    asked: list[str] = []
    monkeypatch.setattr(desk.ports.staffing, "staff", asked.append)
    started = {"name": "Ada", "email": "ada@example.com", "message": "Hello"}
    _, reply = desk.start(started, start_id="1234567890123456789012")
    assert (reply["conversation"]["ahead"], reply["conversation"]["agents"]) == (0, None)
    assert asked == []


def test_an_agent_sees_who_waits_and_who_could_help(desk: Desk) -> None:
    grace = desk.agent()
    desk.customer()
    desk.pass_time(5)
    desk.customer()
    shown = queues(grace)
    (demo,) = shown["queues"]
    assert (demo["queue_id"], demo["queue_name"]) == ("demo", "Demo")
    assert (demo["waiting"], demo["ready"], shown["ready"]) == (2, 0, 0)
    first = desk.clock.now() - timedelta(seconds=5)
    assert demo["waiting_since"].startswith(f"{first:%Y-%m-%dT%H:%M}")
    desk.pass_time(KEPT.total_seconds())
    grace.ready()
    desk.ready_agent("Linus")
    shown = queues(grace)
    (demo,) = shown["queues"]
    assert (demo["waiting"], demo["waiting_since"]) == (0, None)
    assert (demo["ready"], shown["ready"]) == (1, 1)


def test_a_colleague_in_two_queues_is_one(desk: Desk) -> None:
    for other in ("care", "orders"):
        desk.queues.put(_named(other))
    grace = desk.agent("Grace", queues=("care", "orders"))
    linus = desk.agent("Linus", queues=("care", "orders"))
    linus.ready()
    shown = queues(grace)
    assert [queue["ready"] for queue in shown["queues"]] == [1, 1]
    assert shown["ready"] == 1


def test_an_agent_sees_what_they_served(desk: Desk) -> None:
    grace, linus = desk.ready_agent(), desk.agent("Linus")
    assert queues(grace)["served"] == []
    serve(desk, grace, 2)
    desk.pass_time(1800)
    grace.ready()
    serve(desk, grace, 1)
    assert [one["count"] for one in queues(grace)["served"]] == [2, 1]
    assert queues(linus)["served"] == []


def test_who_was_removed_sees_no_queues(desk: Desk) -> None:
    grace = desk.agent()
    remove_agent(desk.ports, grace.id)
    status, reply = grace.rest("GET", "/agent/queues")
    assert (status, reply["error"]["code"]) == (403, "forbidden")


def _named(id: str) -> Queue:
    return replace(DEMO_QUEUE, id=id, name=id.title())
