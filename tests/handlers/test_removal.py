"""An agent works here no longer."""

import json

import pytest

from chalicelib.domain.conversation import AgentChange
from chalicelib.usecases.presence.removing import remove_agent
from proof.desk import Desk
from proof.people import Customer, DeskAgent


@pytest.fixture
def busy(desk: Desk) -> tuple[DeskAgent, list[Customer]]:
    """An agent with a wrap-up, a talk and an offer, and their customers."""
    agent = desk.ready_agent()
    customers = []
    for _ in range(3):
        customers.append(desk.customer())
        if len(customers) < 3:
            agent.accept()
    customers[0].end()
    assert sorted(agent.state.work.values()) == ["active", "offered", "wrap_up"]
    return agent, customers


def test_a_good_token_lets_a_removed_agent_in_nowhere(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    _, ticket = agent.rest("POST", "/agent/socket-tickets")
    remove_agent(desk.ports, agent.id)
    for method, path in (("POST", "/agent/socket-tickets"), ("GET", "/agent/desk")):
        status, reply = agent.rest(method, path)
        assert (status, reply["error"]["code"]) == (403, "forbidden")
    assert agent.read(customer.id)[0] == 404
    late = desk.connect(ticket["socket_ticket"])
    for command in (
        {"type": "sync"},
        {"type": "availability.set", "availability": "ready"},
        {
            "type": "message.send",
            "conversation_id": customer.id,
            "message_id": 8 * "m",
            "text": "?",
        },
        {"type": "conversation.close", "conversation_id": customer.id, "disposition": "Solved"},
    ):
        assert late.send(**command)["type"] == "error"
    assert customer.texts == ["Where is my bike?"]


def test_the_sockets_of_a_removed_agent_are_ended(desk: Desk) -> None:
    agent = desk.ready_agent()
    second = agent.open_window()
    remove_agent(desk.ports, agent.id)
    assert sorted(desk.gateway.closed) == sorted([agent.socket.id, second.id])
    assert agent.state.sockets == {}
    before = len(second.frames)
    desk.socket_event("MESSAGE", second.id, body=json.dumps({"type": "sync", "ref": "1"}))
    assert len(second.frames) == before
    desk.socket_event("DISCONNECT", second.id)
    assert "CONNECTION#" + second.id not in desk.stored()


def test_what_a_removed_agent_had_in_hand_goes_to_others(
    desk: Desk, busy: tuple[DeskAgent, list[Customer]]
) -> None:
    agent, (ended, talking, waiting) = busy
    remove_agent(desk.ports, agent.id)
    states = [desk.ports.conversations.get(customer.id) for customer in (ended, talking, waiting)]
    assert [state.status for state in states] == ["closed", "queued", "queued"]
    assert agent.state.work == {}
    other = desk.ready_agent("Linus")
    assert other.offered == [talking.id, waiting.id]


def test_a_removed_agent_is_offered_nothing(desk: Desk) -> None:
    agent = desk.ready_agent()
    remove_agent(desk.ports, agent.id)
    customer = desk.customer()
    desk.sweep()
    assert desk.ports.conversations.get(customer.id).status == "queued"
    assert "SEATS#demo" not in desk.stored()


@pytest.mark.parametrize("part", ["close_connection", "get_with_details"])
def test_a_removal_that_is_cut_off_is_finished_by_the_sweep(
    desk: Desk, busy: tuple[DeskAgent, list[Customer]], part: str
) -> None:
    agent, _ = busy
    port = desk.ports.access if part == "close_connection" else desk.ports.conversations
    with desk.crash_before(port, part):
        remove_agent(desk.ports, agent.id)
    assert agent.state.work
    desk.pass_time(1)
    desk.sweep()
    assert agent.state.work == {}
    assert agent.state.sockets == {}
    assert desk.gateway.closed == [agent.socket.id]
    assert "AWAY#" not in desk.stored()


def test_a_removal_that_is_cut_off_goes_on_when_a_window_closes_meanwhile(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    second = agent.open_window()
    with desk.crash_before(desk.ports.access, "close_connection"):
        remove_agent(desk.ports, agent.id)
    agent.socket.close()
    desk.pass_time(1)
    desk.sweep()
    assert desk.gateway.closed == [second.id]
    assert desk.ports.conversations.get(customer.id).status == "queued"


def test_removing_again_changes_nothing(desk: Desk) -> None:
    agent = desk.ready_agent()
    remove_agent(desk.ports, agent.id)
    before = desk.stored()
    remove_agent(desk.ports, agent.id)
    assert desk.stored() == before


def test_the_address_of_a_removed_agent_is_forgotten(desk: Desk) -> None:
    agent = desk.ready_agent()
    remove_agent(desk.ports, agent.id)
    assert "grace@example.com" not in desk.stored()


def test_a_removed_agent_reads_nothing_of_what_they_had_closed(
    desk: Desk, busy: tuple[DeskAgent, list[Customer]]
) -> None:
    agent, (ended, _, _) = busy
    agent.socket.send(type="conversation.close", conversation_id=ended.id, disposition="Solved")
    assert agent.read(ended.id)[0] == 200
    remove_agent(desk.ports, agent.id)
    assert agent.read(ended.id)[0] == 404


def test_who_is_added_again_before_their_removal_went_on_keeps_what_they_hold(desk: Desk) -> None:
    agent = desk.ready_agent()
    customer = desk.customer()
    agent.accept()
    with desk.crash_before(desk.ports.access, "close_connection"):
        remove_agent(desk.ports, agent.id)
    removed = agent.state
    added = removed.described(removed.name, "grace@example.com", "agent", 2, ("demo",))
    desk.ports.agents.put(AgentChange(removed, added))
    desk.pass_time(40)
    desk.sweep()
    assert desk.ports.conversations.get(customer.id).status == "active"
    assert "AWAY#" not in desk.stored()
