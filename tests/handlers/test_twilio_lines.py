"""Our lines and their length: whatever customers write to finds its queue and is answered."""

from dataclasses import replace

import pytest

from proof.desk import DEMO_QUEUE, OUR_NUMBER, Desk
from proof.people import DeskAgent
from tests.handlers.texting import PHONE, accepted


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


LINES = [
    ("12345", PHONE, "sms", PHONE),
    ("messenger:1234567890", "messenger:9876543210123456", "messenger", None),
    ("rcs:brand_x_agent", f"rcs:{PHONE}", "rcs", PHONE),
    ("whatsapp:+15550109999", f"whatsapp:{PHONE}", "whatsapp", PHONE),
    ("+15550108888", "12345", "sms", None),
    ("+15550108888", "A|B%7C 24/7", "sms", None),
]


@pytest.mark.parametrize(("ours", "theirs", "channel", "phone"), LINES)
def test_a_text_to_any_line_finds_its_queue_and_is_answered(
    desk: Desk, agent: DeskAgent, ours: str, theirs: str, channel: str, phone: str | None
) -> None:
    desk.queues.put_number(ours, "demo")
    assert desk.text(theirs, "Hello", To=ours)[0] == 200
    (offer,) = agent.offers
    assert offer["channel"] == channel
    assert offer["customer"]["phone"] == phone
    assert offer["customer"]["name"] == theirs.removeprefix(f"{channel}:")
    agent.accept()
    agent.say(offer["conversation_id"], "Good morning")
    desk.text(theirs, "Are you there?", To=ours)
    desk.send_texts()
    assert agent.socket.texts[-1] == "Are you there?"
    (text,) = desk.phones.texts
    assert (text.sender, text.to) == (ours, theirs)


@pytest.mark.parametrize("channel", ["whatsapp", "rcs"])
def test_a_number_stands_for_all_its_channels(desk: Desk, agent: DeskAgent, channel: str) -> None:
    assert accepted(desk, agent, f"{channel}:{PHONE}", To=f"{channel}:{OUR_NUMBER}")


def test_a_channel_of_a_number_may_have_a_queue_of_its_own(desk: Desk) -> None:
    desk.queues.put(replace(DEMO_QUEUE, id="care"))
    desk.queues.put_number(f"whatsapp:{OUR_NUMBER}", "care")
    agent = desk.agent(queues=("care",))
    agent.ready()
    desk.text(PHONE, "Hello")
    assert agent.offers == []
    desk.text(f"whatsapp:{PHONE}", "Hello", To=f"whatsapp:{OUR_NUMBER}")
    assert [offer["queue_id"] for offer in agent.offers] == ["care"]


@pytest.mark.parametrize("line", ["messenger:123456", "54321", "+15559990000", "rcs:other"])
def test_a_line_that_leads_nowhere_is_not_found(desk: Desk, line: str) -> None:
    before = desk.stored()
    assert desk.text(PHONE, "Hello", To=line)[0] == 404
    assert desk.stored() == before


TOO_LONG = ["a" * 1601, "é" * 1601, "😀" * 801, "a" * 1599 + "😀"]
JUST_RIGHT = ["a" * 1600, "é" * 1600, "😀" * 800, "a" * 1598 + "😀"]


@pytest.mark.parametrize("line", [OUR_NUMBER, f"whatsapp:{OUR_NUMBER}", "messenger:1234567890"])
def test_what_is_too_long_for_a_text_is_said_at_once(
    desk: Desk, agent: DeskAgent, line: str
) -> None:
    desk.queues.put_number(line, "demo")
    prefix = line.rpartition(":")[0]
    theirs = {"": PHONE, "whatsapp": f"whatsapp:{PHONE}", "messenger": "messenger:98765"}[prefix]
    conversation = accepted(desk, agent, theirs, To=line)
    before = desk.stored()
    for text in TOO_LONG:
        error = agent.say(conversation, text)["error"]
        assert (error["code"], error["field"]) == ("too_large", "text")
    assert desk.stored() == before
    for text in JUST_RIGHT:
        assert agent.say(conversation, text)["type"] == "ok"
    desk.send_texts()
    assert desk.phones.bodies == JUST_RIGHT


def test_on_the_web_there_is_more_room(desk: Desk, agent: DeskAgent) -> None:
    customer = desk.customer()
    agent.accept()
    assert agent.say(customer.id, "😀" * 4000)["type"] == "ok"
    assert agent.say(customer.id, "a" * 4001)["type"] == "error"


def test_a_customers_long_text_is_taken(desk: Desk) -> None:
    """Messenger takes 2,000 characters from people."""
    desk.queues.put_number("messenger:1234567890", "demo")
    assert desk.text("messenger:98765", "a" * 2000, To="messenger:1234567890")[0] == 200
