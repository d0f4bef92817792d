"""Conversations end, are wrapped up and are closed."""

import pytest

from chalicelib.domain.queue import FormField, Queue
from proof.desk import Desk
from proof.people import Customer, DeskAgent

MINUTE = 60


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent(capacity=1)


@pytest.fixture
def customer(desk: Desk, agent: DeskAgent) -> Customer:
    """A customer who talks with the agent."""
    customer = desk.customer()
    agent.accept()
    return customer


def test_a_customer_who_waits_ends(desk: Desk) -> None:
    customer = desk.customer()
    status, body = customer.end()
    assert (status, body["status"], body["ahead"]) == (200, "ended", None)
    assert desk.ready_agent().offers == []
    assert customer.socket.events[-1]["type"] == "conversation.ended"


def test_a_customer_who_is_offered_ends(desk: Desk, agent: DeskAgent) -> None:
    customer = desk.customer()
    waiting = desk.customer()
    (offer,) = agent.offers
    customer.end()
    assert agent.socket.of_type("offer.resolved")[-1]["outcome"] == "revoked"
    assert agent.offered == [waiting.id]
    assert agent.state.load == 1
    assert agent.accept(offer)["error"]["code"] == "offer_gone"


def test_a_customer_who_is_served_ends(desk: Desk, customer: Customer, agent: DeskAgent) -> None:
    waiting = desk.customer()
    assert customer.end()[1]["status"] == "ended"
    assert agent.socket.events[-1] == {
        "type": "conversation.ended",
        "seq": 5,
        "at": "2026-11-22T09:00:00.002000Z",
        "by": "customer",
        "reason": None,
    }
    (held,) = agent.screen["conversations"]
    assert held["status"] == "wrap_up"
    assert agent.offered == [waiting.id]
    assert agent.say(customer.id, "Wait")["error"]["code"] == "conversation_closed"


def test_a_customer_ends_only_once(desk: Desk, customer: Customer) -> None:
    customer.end()
    before = desk.stored()
    status, reply = customer.end()
    assert (status, reply["error"]["code"]) == (409, "conversation_closed")
    assert desk.stored() == before


def test_an_end_and_a_close_at_once_close_it_once(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    desk.meanwhile(desk.ports.conversations, "commit", lambda: agent.close(customer.id))
    assert customer.end()[0] == 409
    types = [event["type"] for event in agent.transcript(customer.id)["events"]]
    assert types[-2:] == ["conversation.ended", "conversation.closed"]
    assert types.count("conversation.ended") == 1


def test_an_agent_closes_with_a_disposition(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    command = {"type": "conversation.close", "conversation_id": customer.id}
    answer = agent.socket.send(**command, disposition="Passed on", note="To the workshop")
    assert answer["type"] == "ok"
    closed = agent.transcript(customer.id)["events"][-1]
    assert (closed["disposition"], closed["note"]) == ("Passed on", "To the workshop")
    assert agent.socket.of_type("conversation.released") == [
        {"type": "conversation.released", "conversation_id": customer.id}
    ]
    assert agent.screen["conversations"] == []
    assert customer.socket.events[-1]["by"] == "agent"
    assert desk.ports.agents.get(agent.id).load == 0


def test_a_close_needs_a_known_disposition(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    before = desk.stored()
    for disposition in (None, "Unknown", ""):
        error = agent.close(customer.id, disposition)["error"]
        assert (error["code"], error["field"]) == ("invalid", "disposition")
    assert desk.stored() == before


def test_a_queue_without_dispositions_asks_for_none(desk: Desk) -> None:
    desk.queues.put(Queue("demo", "Demo", (FormField("message", "?", "textarea", True),), (), ()))
    desk.pass_time(61)
    agent = desk.ready_agent()
    _, body = desk.start({"message": "Hello"}, start_id=24 * "s")
    agent.accept()
    conversation_id = body["conversation"]["conversation_id"]
    assert agent.close(conversation_id, "Solved")["error"]["field"] == "disposition"
    assert agent.close(conversation_id, None)["type"] == "ok"


def test_a_closed_conversation_cannot_be_closed_again(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    agent.close(customer.id)
    before = desk.stored()
    assert agent.close(customer.id)["error"]["code"] == "conversation_closed"
    assert desk.stored() == before


def test_a_wrap_up_does_not_take_a_slot(desk: Desk, customer: Customer, agent: DeskAgent) -> None:
    """I4."""
    customer.end()
    assert (agent.state.load, agent.state.state) == (0, "wrap_up")
    another = desk.customer()
    assert agent.offered == [another.id]


def test_an_agent_closes_after_the_customer_ended(customer: Customer, agent: DeskAgent) -> None:
    customer.end()
    assert agent.close(customer.id)["type"] == "ok"
    types = [event["type"] for event in agent.transcript(customer.id)["events"]]
    assert types[-2:] == ["conversation.ended", "conversation.closed"]
    assert agent.state.work == {}


def test_a_wrap_up_runs_out(desk: Desk, customer: Customer, agent: DeskAgent) -> None:
    customer.end()
    desk.pass_time(10 * MINUTE - 1)
    desk.sweep()
    assert agent.state.work == {customer.id: "wrap_up"}
    agent.socket = agent.open_window()
    desk.pass_time(2)
    desk.sweep()
    assert agent.state.work == {}
    closed = agent.transcript(customer.id)["events"][-1]
    assert (closed["type"], closed["disposition"]) == ("conversation.closed", None)
    assert len(agent.socket.of_type("conversation.released")) == 1


def test_an_ended_conversation_can_still_be_read(customer: Customer, agent: DeskAgent) -> None:
    agent.close(customer.id)
    assert customer.texts == ["Where is my bike?"]
    assert customer.transcript()["conversation"]["status"] == "ended"
