"""Texts that cannot leave at once: tried again soon, in order, and given up visibly in the end."""

from datetime import timedelta
from itertools import pairwise

import pytest

from chalicelib.ports import Text
from proof.desk import Desk
from proof.people import DeskAgent
from tests.handlers.texting import accepted, deliveries, message

FAILED = "The text could not be delivered."
HALF_AN_HOUR = 30 * 60


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


@pytest.fixture
def conversation(desk: Desk, agent: DeskAgent) -> str:
    return accepted(desk, agent)


@pytest.fixture
def tries(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """When each text was handed to the provider, in seconds."""
    times: list[float] = []
    real, begin = desk.phones.send, desk.clock.time

    def send(text: Text) -> None:
        times.append((desk.clock.time - begin).total_seconds())
        real(text)

    monkeypatch.setattr(desk.phones, "send", send)
    return times


def test_a_fault_that_passes_costs_a_second(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.phones.is_down = True
    desk.send_texts()
    assert message(agent, conversation, seq)["delivery"] == "pending"
    desk.phones.is_down = False
    desk.send_texts(within=1)
    assert desk.phones.bodies == ["Good morning"]
    assert deliveries(agent) == [(seq, "sent", None)]


def test_pauses_grow_to_a_minute(
    desk: Desk, agent: DeskAgent, conversation: str, tries: list[float]
) -> None:
    agent.say(conversation, "Good morning")
    desk.phones.is_down = True
    desk.send_texts(within=300)
    pauses = [round(later - earlier) for earlier, later in pairwise(tries)]
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60, 60]


@pytest.mark.parametrize(("asked", "waited"), [(7, 7), (0, 1), (-5, 1), (86_400, 900)])
def test_the_provider_may_ask_for_a_longer_pause(
    desk: Desk,
    agent: DeskAgent,
    conversation: str,
    tries: list[float],
    asked: int,
    waited: int,
) -> None:
    """Up to a quarter of an hour."""
    agent.say(conversation, "Good morning")
    desk.phones.is_down, desk.phones.asked_pause = True, timedelta(seconds=asked)
    desk.send_texts()
    desk.phones.is_down = False
    desk.send_texts(within=1000)
    assert round(tries[1] - tries[0]) == waited
    assert desk.phones.bodies == ["Good morning"]


def test_an_outage_of_ten_minutes_loses_nothing(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """No text overtakes another, whatever the sweep does meanwhile."""
    desk.phones.is_down = True
    for minute in range(10):
        agent.socket.sync()
        agent.say(conversation, f"text {minute}")
        desk.send_texts(within=60)
        desk.sweep()
    desk.phones.is_down = False
    desk.send_texts(within=60)
    assert desk.phones.bodies == [f"text {minute}" for minute in range(10)]
    assert {delivery for _, delivery, _ in deliveries(agent)} == {"sent"}
    desk.send_texts(within=HALF_AN_HOUR)
    assert len(desk.phones.texts) == 10
    assert desk.outbox.messages == desk.outbox.dead == []


def test_a_text_is_given_up_after_half_an_hour(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.phones.is_down = True
    desk.send_texts(within=HALF_AN_HOUR)
    assert deliveries(agent) == []
    desk.send_texts(within=120)
    assert deliveries(agent) == [(seq, "failed", FAILED)]
    assert desk.outbox.messages == desk.outbox.dead == []
    desk.phones.is_down = False
    desk.sweep()
    desk.send_texts(within=HALF_AN_HOUR)
    assert desk.phones.texts == []


def test_a_text_that_waited_behind_another_is_tried_itself(
    desk: Desk, agent: DeskAgent, conversation: str, tries: list[float]
) -> None:
    """It is as old as the one that was given up, and nobody knows whether it can leave."""
    desk.phones.is_down = True
    first = agent.say(conversation, "one")["seq"]
    agent.say(conversation, "two")
    desk.send_texts(within=HALF_AN_HOUR)
    while not deliveries(agent):
        desk.send_texts(within=1)
    assert [seq for seq, _, _ in deliveries(agent)] == [first]
    given_up = len(tries)
    desk.send_texts(within=10)
    assert len(tries) > given_up
    desk.phones.is_down = False
    desk.send_texts(within=60)
    assert desk.phones.bodies == ["two"]


@pytest.mark.parametrize("is_queued", [True, False])
def test_a_text_that_our_code_cannot_send_fails_and_lets_the_next_pass(
    desk: Desk, agent: DeskAgent, conversation: str, is_queued: bool
) -> None:
    """Also when its own place in the queue was lost and it leaves with the one behind it."""
    desk.phones.breaks_at = "one"
    if is_queued:
        agent.say(conversation, "one")
    else:
        with desk.crash_before(desk.ports.outbox, "enqueue"):
            agent.say(conversation, "one")
    agent.say(conversation, "two")
    desk.send_texts(within=30)
    assert [(delivery, error) for _, delivery, error in deliveries(agent)] == [
        ("failed", FAILED),
        ("sent", None),
    ]
    assert desk.phones.bodies == ["two"]
    assert desk.outbox.messages == []
    desk.pass_time(HALF_AN_HOUR)
    desk.sweep()
    assert desk.outbox.messages == [], "Nobody tries it for ever."


def test_a_text_to_an_address_that_cannot_be_read_fails(
    desk: Desk, agent: DeskAgent, conversation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(_key: str) -> None:
        raise ValueError

    monkeypatch.setattr("chalicelib.usecases.texting.send_texts.text_address", unreadable)
    seq = agent.say(conversation, "one")["seq"]
    desk.send_texts(within=30)
    assert deliveries(agent) == [(seq, "failed", FAILED)]


def test_a_text_at_which_every_worker_ends_is_given_up(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """Nothing raises that could be counted: the queue gives it again and again."""
    seq = agent.say(conversation, "one")["seq"]
    agent.say(conversation, "two")
    desk.outbox.messages[0]["receives"] = 15
    desk.pass_time(HALF_AN_HOUR + 1)
    desk.phones.breaks_at = "one"
    desk.send_texts(within=30)
    assert deliveries(agent)[0] == (seq, "failed", FAILED)
    assert desk.phones.bodies == ["two"]


def test_trouble_of_our_own_is_tried_again_soon(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """A table that does not answer is no fault of the text: it is never given up for it."""

    def fail() -> None:
        raise ConnectionError

    agent.say(conversation, "one")
    desk.meanwhile(desk.ports.conversations, "get", fail)
    desk.send_texts()
    assert desk.phones.texts == []
    desk.send_texts(within=1)
    assert desk.phones.bodies == ["one"]


def test_a_text_of_a_conversation_that_is_gone_is_forgotten(desk: Desk) -> None:
    desk.ports.outbox.enqueue("gone", 5)
    desk.send_texts()
    assert desk.outbox.messages == []
