"""What an agent has read in one browser is read in all."""

from typing import Any

import pytest

from proof.desk import Desk
from proof.people import Customer, DeskAgent, Socket


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent("Grace")


@pytest.fixture
def customer(desk: Desk, agent: DeskAgent) -> Customer:
    """A customer who talks with the agent; the newest event has the number 4."""
    customer = desk.customer()
    agent.accept()
    return customer


def reads(window: Socket, conversation: Customer, seq: int) -> Any:
    return window.send(type="conversation.read", conversation_id=conversation.id, seq=seq)


def mark(agent: DeskAgent) -> int:
    """Where a browser that is opened now begins."""
    (held,) = agent.screen["conversations"]
    return int(held["read"])


def told(window: Socket) -> list[int]:
    return [frame["seq"] for frame in window.of_type("read.changed")]


def test_other_windows_of_the_agent_are_told_and_a_new_one_begins_there(
    agent: DeskAgent, customer: Customer
) -> None:
    second = agent.open_window()
    assert mark(agent) == 0
    assert reads(agent.socket, customer, 3)["type"] == "ok"
    assert second.of_type("read.changed") == [
        {"type": "read.changed", "conversation_id": customer.id, "by": "agent", "seq": 3}
    ]
    assert told(agent.socket) == []
    assert mark(agent) == 3
    assert agent.transcript(customer.id)["conversation"]["read"] == 3


def test_a_mark_only_goes_forward(agent: DeskAgent, customer: Customer) -> None:
    second = agent.open_window()
    for seq in (3, 2, 3, 4):
        assert reads(agent.socket, customer, seq)["type"] == "ok"
    assert told(second) == [3, 4]
    assert mark(agent) == 4


def test_nothing_can_be_read_that_is_not_there(agent: DeskAgent, customer: Customer) -> None:
    refused = reads(agent.socket, customer, 5)["error"]
    assert (refused["code"], refused["field"]) == ("invalid", "seq")
    assert mark(agent) == 0


@pytest.mark.parametrize("seq", [0, -1, 10**9, "4", 1.5, None])
def test_a_wrong_number_is_named(agent: DeskAgent, customer: Customer, seq: Any) -> None:
    refused = reads(agent.socket, customer, seq)["error"]
    assert (refused["code"], refused["field"]) == ("invalid", "seq")
    assert refused["message"].startswith("This must be")


def test_the_customer_is_not_told(customer: Customer, agent: DeskAgent) -> None:
    before = len(customer.socket.frames)
    position = customer.transcript()["position"]
    reads(agent.socket, customer, 4)
    assert len(customer.socket.frames) == before
    assert customer.transcript()["position"] == position
    assert "read" not in customer.transcript()["conversation"]


def test_a_customer_and_an_agent_who_does_not_hold_it_are_refused(
    desk: Desk, agent: DeskAgent, customer: Customer
) -> None:
    other = desk.agent("Linus")
    assert reads(other.socket, customer, 3)["error"]["code"] == "not_found"
    assert reads(customer.socket, customer, 3)["error"]["code"] == "forbidden"
    command = {"type": "conversation.read", "conversation_id": "none", "seq": 3}
    assert agent.socket.send(**command)["error"]["code"] == "not_found"
    assert mark(agent) == 0


def test_the_next_agent_has_read_nothing(desk: Desk, agent: DeskAgent, customer: Customer) -> None:
    """Also where the mark moves while the conversation is handed on."""
    commit = desk.ports.conversations
    desk.meanwhile(commit, "commit", lambda: reads(agent.open_window(), customer, 4))
    agent.socket.send(type="agent.leave")
    next_agent = desk.ready_agent("Linus")
    next_agent.accept()
    assert mark(next_agent) == 0


def test_reading_makes_no_step_decide_again(
    desk: Desk, agent: DeskAgent, customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mark that moves between a step's decision and its writing is nothing that it rests on."""

    def pause(attempt: int) -> None:
        raise AssertionError(f"Decided again after try {attempt}.")

    second = agent.open_window()
    monkeypatch.setattr(desk.clock, "pause", pause)
    desk.meanwhile(desk.ports.conversations, "commit", lambda: reads(second, customer, 4))
    assert agent.close(customer.id)["type"] == "ok"
