"""Conversations that wait for customers who are gone."""

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from proof.desk import ANSWERS, DEMO_QUEUE, Desk
from proof.fakes import Json
from proof.people import Customer, DeskAgent

ALLOWED = 300


def ending(customer: Customer) -> Json | None:
    """How the customer is told that the conversation ended."""
    ends = [e for e in customer.transcript()["events"] if e["type"] == "conversation.ended"]
    return ends[-1] if ends else None


def pass_seconds(desk: Desk, seconds: int) -> None:
    """With the sweep once a minute."""
    while seconds > 0:
        desk.pass_time(min(60, seconds))
        desk.sweep()
        seconds -= 60


def status_of(desk: Desk, conversation_id: str) -> str:
    return desk.ports.conversations.get(conversation_id).status


def test_a_conversation_whose_customer_stays_away_ends_as_abandoned(desk: Desk) -> None:
    customer = desk.customer()
    pass_seconds(desk, 120)
    customer.socket.close()
    desk.pass_time(ALLOWED - 1)
    desk.sweep()
    assert ending(customer) is None
    desk.pass_time(2)
    desk.sweep()
    end = ending(customer)
    assert end is not None
    assert (end["by"], end["reason"]) == ("bot", "abandoned")
    assert customer.transcript()["conversation"]["status"] == "ended"
    assert status_of(desk, customer.id) == "closed"
    assert list(desk.ports.conversations.waiting("demo")) == []


def test_one_who_never_came_is_counted_from_the_start(desk: Desk) -> None:
    _, body = desk.start(ANSWERS, start_id=secrets.token_urlsafe(24))
    id = body["conversation"]["conversation_id"]
    pass_seconds(desk, ALLOWED)
    assert status_of(desk, id) == "queued"
    pass_seconds(desk, 60)
    assert status_of(desk, id) == "closed"


def test_one_who_is_there_waits_as_long_as_it_takes(desk: Desk) -> None:
    customer = desk.customer()
    for _ in range(4):
        desk.pass_time(240)
        customer.socket.sync()
        desk.sweep()
    assert status_of(desk, customer.id) == "queued"
    assert desk.ready_agent().offered == [customer.id]


def test_one_who_comes_back_in_time_keeps_the_place(desk: Desk) -> None:
    customer = desk.customer()
    customer.socket.close()
    desk.pass_time(ALLOWED - 1)
    customer.socket = customer.open_window()
    newer = desk.customer()
    pass_seconds(desk, 120)
    assert status_of(desk, customer.id) == "queued"
    assert newer.transcript()["conversation"]["ahead"] == 1


def test_the_absence_counts_from_the_last_window(desk: Desk) -> None:
    customer = desk.customer()
    second = customer.open_window()
    customer.socket.close()
    pass_seconds(desk, 240)
    second.sync()
    second.close()
    pass_seconds(desk, 240)
    assert status_of(desk, customer.id) == "queued"
    pass_seconds(desk, 120)
    assert status_of(desk, customer.id) == "closed"


def test_one_who_writes_without_a_socket_is_there(desk: Desk) -> None:
    """An app may do without."""
    customer = desk.customer()
    customer.socket.close()
    for _ in range(4):
        pass_seconds(desk, 180)
        assert customer.say("Still here")[0] == 201
    assert status_of(desk, customer.id) == "queued"
    pass_seconds(desk, ALLOWED + 60)
    assert customer.say("Still here")[0] == 409


def test_a_window_whose_end_nobody_told_of_is_forgotten_and_then_counts(desk: Desk) -> None:
    customer = desk.customer()
    customer.socket.vanish()
    pass_seconds(desk, ALLOWED + 60)
    assert status_of(desk, customer.id) == "queued", "Its socket counts as live for five minutes."
    pass_seconds(desk, ALLOWED + 60)
    assert status_of(desk, customer.id) == "closed"


def test_a_customer_who_comes_back_at_that_moment_wins(desk: Desk) -> None:
    """The socket joins between the look and the end."""
    customer = desk.customer()
    customer.socket.close()
    desk.pass_time(ALLOWED + 1)
    desk.meanwhile(desk.ports.conversations, "commit", customer.open_window)
    desk.sweep()
    assert ending(customer) is None
    assert desk.ready_agent().offered == [customer.id]


def test_a_message_that_comes_at_that_moment_wins(desk: Desk) -> None:
    customer = desk.customer()
    customer.socket.close()
    desk.pass_time(ALLOWED + 1)
    desk.meanwhile(desk.ports.conversations, "commit", lambda: customer.say("I am here"))
    desk.sweep()
    assert ending(customer) is None


def test_a_customer_who_comes_back_later_starts_again(desk: Desk) -> None:
    """I2: the address is free."""
    customer = desk.customer()
    customer.socket.close()
    pass_seconds(desk, ALLOWED + 60)
    again = desk.customer(token=customer.token)
    assert again.id != customer.id
    assert status_of(desk, again.id) == "queued"


def test_a_start_that_is_repeated_late_finds_what_ended(desk: Desk) -> None:
    customer = desk.customer()
    customer.socket.close()
    pass_seconds(desk, ALLOWED + 60)
    assert desk.customer(token=customer.token, start_id=customer.start_id).id == customer.id


@pytest.fixture
def busy(desk: Desk) -> DeskAgent:
    return desk.ready_agent("Grace", capacity=1)


def test_what_is_past_its_time_is_ended_and_not_offered(desk: Desk) -> None:
    """Also before the sweep comes: by an agent who looks for work."""
    gone = desk.customer()
    gone.socket.close()
    desk.pass_time(ALLOWED + 1)
    present = desk.customer()
    agent = desk.ready_agent(capacity=1)
    assert agent.offered == [present.id]
    assert status_of(desk, gone.id) == "closed"


def test_what_is_missed_past_its_time_is_ended_and_not_offered_again(
    desk: Desk, busy: DeskAgent
) -> None:
    """The conversation looks for another agent itself."""
    desk.queues.put(replace(DEMO_QUEUE, abandoned_after=timedelta(seconds=30)))
    desk.pass_time(61)
    gone = desk.customer()
    assert busy.offered == [gone.id]
    gone.socket.close()
    other = desk.ready_agent("Linus", capacity=1)
    desk.pass_time(20)
    assert other.offered == [gone.id]
    desk.pass_time(20)
    assert (busy.offered, other.offered) == ([], [])
    assert status_of(desk, gone.id) == "closed"


def test_what_an_agent_answers_is_not_abandoned(desk: Desk, busy: DeskAgent) -> None:
    customer = desk.customer()
    busy.accept()
    customer.socket.close()
    for _ in range(3):
        desk.pass_time(240)
        busy.socket.sync()
        desk.sweep()
    assert status_of(desk, customer.id) == "active"


def test_a_conversation_handed_back_gives_its_customer_the_whole_time(
    desk: Desk, busy: DeskAgent
) -> None:
    """They left a conversation, not a queue; from now on they are waited for."""
    customer = desk.customer()
    busy.accept()
    customer.socket.close()
    for _ in range(3):
        desk.pass_time(240)
        busy.socket.sync()
    busy.socket.close()
    pass_seconds(desk, 60)
    assert status_of(desk, customer.id) == "queued"
    pass_seconds(desk, ALLOWED - 60)
    assert status_of(desk, customer.id) == "queued"
    pass_seconds(desk, 120)
    assert status_of(desk, customer.id) == "closed"
    assert ending(customer) is not None


def test_texts_are_never_abandoned(desk: Desk) -> None:
    desk.text("+15557654321", "Hello")
    desk.pass_time(24 * 3600)
    desk.sweep()
    assert len(desk.ready_agent().offers) == 1


def test_a_queue_says_how_long_it_waits(desk: Desk) -> None:
    desk.queues.put(replace(DEMO_QUEUE, abandoned_after=timedelta(hours=1)))
    desk.pass_time(61)
    customer = desk.customer()
    customer.socket.close()
    desk.pass_time(3600)
    desk.sweep()
    assert status_of(desk, customer.id) == "queued"
    pass_seconds(desk, 60)
    assert status_of(desk, customer.id) == "closed"


def test_looking_costs_nothing_while_nothing_is_due(desk: Desk) -> None:
    desk.customer()
    before = desk.stored()
    desk.pass_time(ALLOWED - 2)
    desk.sweep()
    assert desk.stored() == before


def test_an_end_that_is_cut_off_is_made_up_for(desk: Desk) -> None:
    customer = desk.customer()
    customer.socket.close()
    desk.pass_time(ALLOWED + 1)
    with desk.crash_before(desk.ports.conversations, "commit"):
        desk.sweep()
    desk.sweep()
    assert ending(customer) is not None
