"""Texts to phones: sent in order, and followed to their delivery."""

import pytest

from proof.desk import Desk
from proof.people import DeskAgent
from tests.handlers.texting import PHONE, accepted, deliveries, message


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


@pytest.fixture
def conversation(desk: Desk, agent: DeskAgent) -> str:
    return accepted(desk, agent)


def report(desk: Desk, conversation: str, seq: int, status: str, **fields: str) -> int:
    """Twilio's callback: what became of a text."""
    query = {"conversation": conversation, "message": str(seq)}
    form = {"MessageSid": "SM1", "MessageStatus": status, **fields}
    return desk.webhook("/twilio/status", form, query)[0]


def test_a_reply_leaves_once(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    """I8."""
    seq = agent.say(conversation, "Good morning", "12345678")["seq"]
    agent.say(conversation, "Good morning", "12345678")
    assert desk.phones.texts == []
    desk.send_texts()
    desk.send_texts()
    (text,) = desk.phones.texts
    assert (text.sender, text.to, text.body) == ("+15550100000", PHONE, "Good morning")
    assert (text.conversation_id, text.message_seq) == (conversation, seq)
    assert deliveries(agent) == [(seq, "sent", None)]
    assert message(agent, conversation, seq)["delivery"] == "sent"


def test_replies_leave_in_order(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    """I8."""
    said = [f"text {number}" for number in range(4)]
    for text in said:
        agent.say(conversation, text)
    desk.send_texts()
    assert desk.phones.bodies == said


def test_replies_leave_in_order_after_trouble(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8."""
    desk.phones.is_down = True
    for text in ("one", "two"):
        agent.say(conversation, text)
    desk.send_texts()
    desk.phones.is_down = False
    agent.say(conversation, "three")
    desk.send_texts(within=5)
    assert desk.phones.bodies == ["one", "two", "three"]


def test_a_text_that_fell_out_of_its_queue_leaves_before_later_ones(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8: however much was said meanwhile."""
    with desk.crash_before(desk.ports.outbox, "enqueue"):
        agent.say(conversation, "one")
    for number in range(30):
        desk.text(PHONE, f"More {number}")
    agent.say(conversation, "two")
    desk.send_texts()
    assert desk.phones.bodies == ["one", "two"]


def test_a_text_that_is_being_stored_is_not_overtaken(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8: another window sends between its number and its entry."""

    def overtake() -> None:
        agent.say(conversation, "two")
        desk.send_texts()

    desk.meanwhile(desk.ports.conversations, "put_message", overtake)
    agent.say(conversation, "one")
    desk.send_texts()
    assert desk.phones.bodies == ["two", "one"]
    written = [e for e in agent.transcript(conversation)["events"] if e["type"] == "message.sent"]
    assert [event["text"] for event in written] == ["Hello", "two", "one"]


def test_a_customers_own_texts_do_not_leave(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    desk.text(PHONE, "More")
    desk.send_texts()
    assert agent.socket.texts == ["More"]
    assert conversation
    assert desk.phones.texts == []


def test_a_refused_text_fails_with_words(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    for code, words in (
        (21610, "opted out"),
        (21614, "not a mobile"),
        (63016, "24 hours"),
        (99999, "99999"),
    ):
        seq = agent.say(conversation, "Good morning")["seq"]
        desk.phones.refuse_with = code
        desk.send_texts()
        told, delivery, error = deliveries(agent)[-1]
        assert (told, delivery) == (seq, "failed")
        assert words in (error or "")
        assert desk.outbox.messages == []


def test_a_crash_before_the_text_left_does_not_lose_it(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8."""
    agent.say(conversation, "Good morning")
    (queued,) = desk.outbox.messages
    with desk.crash_before(desk.phones, "send"):
        desk.send_texts()
    desk.outbox.messages = [queued]
    desk.send_texts(within=120)
    assert desk.phones.bodies == ["Good morning"]


def test_statuses_never_go_backwards(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    """I9: out of order, and each twice."""
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.send_texts()
    for status in ("queued", "delivered", "delivered", "sent", "sending", "read", "delivered"):
        assert report(desk, conversation, seq, status) == 204
    assert deliveries(agent) == [
        (seq, "sent", None),
        (seq, "delivered", None),
        (seq, "read", None),
    ]
    assert message(agent, conversation, seq)["delivery"] == "read"


def test_a_status_may_overtake_our_own_record(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I9."""
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.meanwhile(
        desk.ports.conversations,
        "commit_delivery",
        lambda: report(desk, conversation, seq, "delivered"),
    )
    desk.send_texts()
    assert deliveries(agent) == [(seq, "delivered", None)]
    assert message(agent, conversation, seq)["delivery"] == "delivered"


def test_a_text_that_was_not_delivered_fails_with_words(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    first, second = (agent.say(conversation, text)["seq"] for text in ("one", "two"))
    desk.send_texts()
    report(desk, conversation, first, "undelivered", ErrorCode="30003")
    report(desk, conversation, second, "failed")
    assert deliveries(agent)[-2:] == [
        (first, "failed", "The phone is switched off or out of reach."),
        (second, "failed", "The text could not be delivered."),
    ]


def test_a_status_arrives_after_the_close(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.send_texts()
    agent.close(conversation)
    assert report(desk, conversation, seq, "delivered") == 204
    assert message(agent, conversation, seq)["delivery"] == "delivered"


def test_a_status_of_no_text_of_ours_changes_nothing(desk: Desk, conversation: str) -> None:
    before = desk.stored()
    for seq in (0, 1, 2, 999_999_999):
        assert report(desk, conversation, seq, "delivered") == 204
    assert report(desk, "unknown", 5, "delivered") == 204
    form = {"MessageSid": "SM1", "MessageStatus": "delivered"}
    assert desk.webhook("/twilio/status", form)[0] == 204
    assert desk.stored() == before


@pytest.mark.parametrize("status", ["accepted", "queued", "sending", "sent"])
def test_a_text_of_which_twilio_tells_does_not_leave_again(
    desk: Desk, agent: DeskAgent, conversation: str, status: str
) -> None:
    """I8: Twilio has it, though the answer to our request was lost."""
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.phones.is_down = True
    desk.send_texts()
    assert report(desk, conversation, seq, status) == 204
    desk.phones.is_down = False
    desk.send_texts(within=60)
    assert desk.phones.texts == []
    assert deliveries(agent) == [(seq, "sent", None)]


def test_a_text_whose_record_meets_conflicts_leaves_once(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8: the customer writes on and on while the text is handed over."""
    agent.say(conversation, "Good morning")
    written = 0

    def write() -> None:
        nonlocal written
        written += 1
        desk.text(PHONE, f"More {written}")
        if written < 10:
            desk.meanwhile(desk.ports.conversations, "commit_delivery", write)

    desk.meanwhile(desk.ports.conversations, "commit_delivery", write)
    desk.send_texts()
    desk.send_texts()
    assert desk.phones.bodies == ["Good morning"]
