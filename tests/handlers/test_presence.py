"""Who is there: sockets that come and go, and customers whose agent is gone."""

from dataclasses import replace
from typing import NoReturn

import pytest

from proof.desk import DEMO_QUEUE, Desk
from proof.people import Customer, DeskAgent, Socket

GRACE = 30
STALE = 5 * 60


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent("Grace")


@pytest.fixture
def customer(desk: Desk, agent: DeskAgent) -> Customer:
    """A customer who talks with the agent."""
    customer = desk.customer()
    agent.accept()
    return customer


def types(socket: Socket) -> list[str]:
    return [event["type"] for event in socket.events]


def test_customers_of_an_agent_who_is_gone_are_offered_to_others(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I11."""
    other = desk.ready_agent("Linus")
    agent.socket.close()
    desk.pass_time(GRACE - 1)
    assert other.offers == []
    desk.pass_time(1)
    assert other.offered == [customer.id]
    assert types(customer.socket)[-1] == "participant.left"
    assert agent.state.work == {}
    other.accept()
    customer.say("Are you there?")
    assert other.socket.texts == ["Are you there?"]
    assert customer.transcript()["conversation"]["agent"]["name"] == "Linus"


def test_a_socket_whose_end_was_cut_off_does_not_keep_its_agent_present(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I11: API Gateway tells of the end of a socket once, and nobody writes to it any more."""
    other = desk.ready_agent("Linus")
    with desk.crash_before(desk.ports.agents, "get"):
        agent.socket.close()
    desk.pass_time(1)
    desk.sweep()
    desk.pass_time(GRACE)
    assert other.offered == [customer.id]


def test_a_socket_that_ends_while_it_is_let_in_does_not_keep_its_agent_present(
    desk: Desk, agent: DeskAgent
) -> None:
    agent.socket.close()
    _, body = agent.rest("POST", "/agent/socket-tickets")
    socket = desk.connect(body["socket_ticket"])
    desk.meanwhile(desk.ports.agents, "join", socket.close)
    desk.socket_event("MESSAGE", socket.id, body='{"type": "sync", "ref": "r"}')
    assert agent.state.sockets == {}


def test_an_agent_who_comes_back_in_time_keeps_their_customers(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    other = desk.ready_agent("Linus")
    agent.socket.close()
    desk.pass_time(GRACE - 1)
    agent.socket = agent.open_window()
    desk.pass_time(GRACE)
    desk.sweep()
    assert other.offers == []
    assert agent.state.work == {customer.id: "active"}
    customer.say("Still here")
    assert agent.socket.texts == ["Still here"]


def test_an_agent_who_was_gone_begins_not_ready(desk: Desk, agent: DeskAgent) -> None:
    """Signing in after the night is not the same as declaring to be ready."""
    agent.socket.close()
    waiting = desk.customer()
    desk.pass_time(GRACE)
    agent.socket = agent.open_window()
    assert (agent.state.availability, agent.state.reason) == ("not_ready", None)
    assert agent.offers == []
    agent.ready()
    assert agent.offered == [waiting.id]


@pytest.mark.parametrize(
    ("served", "begins"),
    [(("early",), "ready"), (("early", "demo"), "not_ready"), (("demo", "early"), "not_ready")],
)
def test_an_agent_begins_as_they_left_where_all_their_queues_say_so(
    desk: Desk, served: tuple[str, ...], begins: str
) -> None:
    desk.queues.put(replace(DEMO_QUEUE, id="early", begins_ready=True))
    agent = desk.agent("Grace", queues=served)
    agent.ready()
    agent.socket.close()
    desk.pass_time(2 * GRACE)
    agent.socket = agent.open_window()
    assert agent.state.availability == begins


def test_a_break_goes_on_over_the_night_whatever_the_queues_say(desk: Desk) -> None:
    desk.queues.put(replace(DEMO_QUEUE, id="early", begins_ready=True))
    agent = desk.agent("Grace", queues=("early",))
    agent.not_ready()
    agent.socket.close()
    desk.pass_time(2 * GRACE)
    agent.socket = agent.open_window()
    assert (agent.state.availability, agent.state.reason) == ("not_ready", "Break")


def test_queues_are_asked_only_about_who_was_gone_while_ready(
    desk: Desk, agent: DeskAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_queue_id: str) -> NoReturn:
        raise AssertionError("A queue was asked.")

    back_soon = desk.agent("Linus")
    back_soon.ready()
    agent.not_ready()
    agent.socket.close()
    desk.pass_time(2 * GRACE)
    back_soon.socket.close()
    desk.pass_time(1)
    monkeypatch.setattr(desk.queues, "get", refuse)
    assert [who.open_window().frames[0]["type"] for who in (agent, back_soon)] == 2 * ["synced"]


def test_an_agent_who_reloads_the_desktop_stays_ready(desk: Desk, agent: DeskAgent) -> None:
    agent.socket.close()
    desk.pass_time(GRACE - 1)
    agent.socket = agent.open_window()
    assert agent.state.availability == "ready"
    customer = desk.customer()
    assert agent.offered == [customer.id]


def test_a_break_goes_on_over_the_night(desk: Desk, agent: DeskAgent) -> None:
    agent.not_ready()
    reason = agent.state.reason
    agent.socket.close()
    desk.pass_time(2 * GRACE)
    agent.socket = agent.open_window()
    assert (agent.state.availability, agent.state.reason) == ("not_ready", reason)


def test_another_window_is_enough(desk: Desk, customer: Customer, agent: DeskAgent) -> None:
    second = agent.open_window()
    agent.socket.close()
    desk.pass_time(2 * GRACE)
    desk.sweep()
    assert agent.state.work == {customer.id: "active"}
    customer.say("Hello")
    assert second.texts == ["Hello"]


def test_two_windows_that_open_at_once_both_listen(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I10: neither takes the other for a window that is gone."""
    opened: list[Socket] = []
    desk.meanwhile(desk.ports.conversations, "get_many", lambda: opened.append(agent.open_window()))
    opened.append(agent.open_window())
    customer.say("Hello")
    assert [window.texts for window in opened] == [["Hello"], ["Hello"]]


def test_who_was_under_way_is_offered_before_all_who_wait(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    agent.not_ready()
    desk.pass_time(1)
    waiting = desk.customer(name="Bea")
    agent.socket.close()
    desk.pass_time(GRACE)
    assert desk.ready_agent("Linus").offered == [customer.id, waiting.id]


def test_an_offer_to_an_agent_who_is_gone_is_taken_back(desk: Desk) -> None:
    agent = desk.agent("Grace")
    customer = desk.customer()
    agent.ready()
    desk.timers.messages.clear()
    agent.socket.close()
    desk.pass_time(GRACE)
    assert desk.ready_agent("Linus").offered == [customer.id]


def test_the_sweep_notices_when_the_timer_is_lost(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I11."""
    other = desk.ready_agent("Linus")
    agent.socket.close()
    desk.timers.messages.clear()
    desk.pass_time(GRACE - 1)
    desk.sweep()
    assert other.offers == []
    desk.pass_time(2)
    desk.sweep()
    assert other.offered == [customer.id]


def test_a_socket_that_vanished_without_a_word_is_noticed(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I11: nobody tells when a laptop is closed."""
    agent.socket.vanish()
    desk.pass_time(STALE + 1)
    desk.sweep()
    other = desk.ready_agent("Linus")
    desk.pass_time(GRACE)
    assert other.offered == [customer.id]


def test_heartbeats_once_a_minute_are_enough(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """Browsers wake background tabs about once a minute."""
    for _ in range(2 * STALE // 60):
        desk.pass_time(65)
        agent.socket.sync()
        desk.sweep()
    assert agent.state.work == {customer.id: "active"}
    assert agent.state.state == "ready"


def test_an_agent_who_is_gone_is_offered_nothing(desk: Desk, agent: DeskAgent) -> None:
    agent.socket.close()
    customer = desk.customer()
    assert agent.state.state == "offline"
    agent.socket = agent.open_window()
    assert agent.offered == [customer.id]


def test_a_conversation_in_wrap_up_stays_with_its_agent(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    customer.end()
    agent.socket.close()
    desk.pass_time(2 * GRACE)
    desk.sweep()
    assert agent.state.work == {customer.id: "wrap_up"}


def test_a_grace_of_an_earlier_absence_does_nothing(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    agent.socket.close()
    desk.pass_time(20)
    agent.socket = agent.open_window()
    agent.socket.close()
    desk.pass_time(15)
    assert agent.state.work == {customer.id: "active"}
    desk.pass_time(15)
    assert agent.state.work == {}


def test_the_agent_sees_the_customer_leave_and_come_back(
    customer: Customer, agent: DeskAgent
) -> None:
    second = customer.open_window()
    customer.socket.close()
    assert agent.socket.of_type("customer.presence") == []
    second.close()
    customer.open_window()
    told = [frame["present"] for frame in agent.socket.of_type("customer.presence")]
    assert told == [False, True]
    assert agent.transcript(customer.id)["conversation"]["customer_present"] is True
