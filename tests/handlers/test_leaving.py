"""An agent signs out with customers in hand: nobody waits for the grace to be over."""

import pytest

from proof.desk import Desk
from proof.people import Customer, DeskAgent

GRACE = 30


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


def leave(agent: DeskAgent) -> None:
    assert agent.socket.send(type="agent.leave")["type"] == "ok"


def test_customers_of_an_agent_who_signs_out_are_offered_to_others_at_once(
    desk: Desk, busy: tuple[DeskAgent, list[Customer]]
) -> None:
    """I11."""
    agent, (wrapping_up, talking, offered) = busy
    waiting = desk.customer()
    other = desk.agent("Linus", capacity=3)
    leave(agent)
    assert agent.state.work == {wrapping_up.id: "wrap_up"}
    other.ready()
    assert other.offered == [talking.id, offered.id, waiting.id]


def test_the_customer_sees_that_they_are_in_the_queue_again(
    busy: tuple[DeskAgent, list[Customer]],
) -> None:
    agent, (_, talking, _) = busy
    leave(agent)
    assert talking.socket.events[-1]["type"] == "participant.left"
    assert talking.transcript()["conversation"]["status"] == "waiting"
    assert talking.socket.sync()["type"] == "synced"
    assert talking.socket.of_type("queue.position")[-1]["ahead"] == 0


def test_other_windows_of_the_agent_are_told(
    busy: tuple[DeskAgent, list[Customer]],
) -> None:
    agent, (_, talking, offered) = busy
    second = agent.open_window()
    leave(agent)
    (resolved,) = second.of_type("offer.resolved")
    assert (resolved["conversation_id"], resolved["outcome"]) == (offered.id, "revoked")
    (released,) = second.of_type("conversation.released")
    assert released["conversation_id"] == talking.id
    told = second.of_type("agent.changed")[-1]["agent"]
    assert (told["availability"], told["load"]) == ("not_ready", 0)
    assert second.of_type("event") == []


def test_the_reason_of_a_break_stays(desk: Desk) -> None:
    agent = desk.ready_agent()
    agent.not_ready("Lunch")
    since = agent.state.since
    desk.pass_time(5)
    leave(agent)
    assert (agent.state.reason, agent.state.since) == ("Lunch", since)


def test_repeating_it_changes_nothing(busy: tuple[DeskAgent, list[Customer]]) -> None:
    agent, _ = busy
    leave(agent)
    left = agent.state
    leave(agent)
    assert agent.state == left


@pytest.mark.parametrize("part", ["agents", "conversations"])
def test_what_is_cut_off_is_finished_by_the_sweep(
    desk: Desk, busy: tuple[DeskAgent, list[Customer]], part: str
) -> None:
    """The agent has another window, so no grace is under way."""
    agent, (wrapping_up, _, _) = busy
    agent.open_window()
    method = {"agents": "free", "conversations": "commit"}[part]
    with desk.crash_before(getattr(desk.ports, part), method):
        leave(agent)
    assert len(agent.state.work) > 1
    desk.pass_time(1)
    desk.sweep()
    assert agent.state.work == {wrapping_up.id: "wrap_up"}


def test_an_agent_who_declares_to_be_ready_is_back(desk: Desk) -> None:
    agent = desk.ready_agent()
    leave(agent)
    agent.ready()
    customer = desk.customer()
    agent.accept()
    desk.pass_time(GRACE)
    desk.sweep()
    assert agent.state.work == {customer.id: "active"}


def test_an_agent_who_signed_out_begins_not_ready(
    busy: tuple[DeskAgent, list[Customer]],
) -> None:
    agent, _ = busy
    leave(agent)
    agent.socket.close()
    agent.socket = agent.open_window()
    assert (agent.state.availability, agent.state.reason) == ("not_ready", None)
    assert agent.offers == []
