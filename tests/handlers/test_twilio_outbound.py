"""Texts to phones: sent in order, followed to their delivery, never after an opt-out."""

import pytest

from tests.desk import Desk
from tests.fakes import Json
from tests.people import DeskAgent

PHONE = "+15557654321"


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


@pytest.fixture
def conversation(desk: Desk, agent: DeskAgent) -> str:
    """A conversation of the agent with a phone."""
    desk.text(PHONE, "Hello")
    (conversation_id,) = agent.offered
    agent.accept()
    return conversation_id


def report(desk: Desk, conversation: str, seq: int, status: str, **fields: str) -> int:
    """Twilio's callback: what became of a text."""
    query = {"conversation": conversation, "message": str(seq)}
    form = {"MessageSid": "SM1", "MessageStatus": status, **fields}
    return desk.webhook("/twilio/status", form, query)[0]


def message(agent: DeskAgent, conversation: str, seq: int) -> Json:
    events = agent.transcript(conversation)["events"]
    return next(dict(event) for event in events if event["seq"] == seq)


def deliveries(agent: DeskAgent) -> list[tuple[int, str, str | None]]:
    """What the agent was told of their texts."""
    told = [event for event in agent.socket.events if event["type"] == "message.delivery"]
    return [(event["message_seq"], event["delivery"], event["error"]) for event in told]


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
    desk.send_texts()
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


def test_of_texts_that_cannot_leave_the_first_is_given_up(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """The one behind it has not been tried."""
    with desk.crash_before(desk.ports.outbox, "enqueue"):
        agent.say(conversation, "one")
    second = agent.say(conversation, "two")["seq"]
    desk.phones.is_down = True
    for _ in range(5):
        desk.send_texts()
    desk.phones.is_down = False
    assert [delivery for _, delivery, _ in deliveries(agent)] == ["failed"]
    assert message(agent, conversation, second)["delivery"] == "pending"
    desk.pass_time(300)
    desk.sweep()
    desk.send_texts()
    assert desk.phones.bodies == ["two"]


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


def test_a_text_is_tried_again_while_twilio_is_down(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.phones.is_down = True
    for _ in range(4):
        desk.send_texts()
    assert message(agent, conversation, seq)["delivery"] == "pending"
    desk.phones.is_down = False
    desk.send_texts()
    assert desk.phones.bodies == ["Good morning"]
    assert deliveries(agent) == [(seq, "sent", None)]


def test_a_text_is_given_up_after_five_tries(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    seq = agent.say(conversation, "Good morning")["seq"]
    desk.phones.is_down = True
    for _ in range(5):
        desk.send_texts()
    assert deliveries(agent) == [(seq, "failed", "The text could not be delivered.")]
    assert desk.outbox.messages == desk.outbox.dead == []
    desk.phones.is_down = False
    desk.pass_time(3600)
    desk.sweep()
    desk.send_texts()
    assert desk.phones.texts == []


def test_a_crash_before_the_text_left_does_not_lose_it(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8."""
    agent.say(conversation, "Good morning")
    (queued,) = desk.outbox.messages
    with desk.crash_before(desk.phones, "send"):
        desk.send_texts()
    desk.outbox.messages = [queued]
    desk.send_texts()
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


@pytest.mark.parametrize("word", ["STOP", " unsubscribe "])
def test_nothing_leaves_after_an_opt_out(
    desk: Desk, agent: DeskAgent, conversation: str, word: str
) -> None:
    """I8: not even what was said before, and not sent yet."""
    before = agent.say(conversation, "Good morning")["seq"]
    desk.text(PHONE, word)
    after = agent.say(conversation, "Are you there?")["seq"]
    desk.send_texts()
    assert desk.phones.texts == []
    words = "The customer opted out of texts."
    assert deliveries(agent) == [(before, "failed", words), (after, "failed", words)]


def test_texts_leave_again_after_an_opt_in(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    """I8."""
    desk.text(PHONE, "STOP")
    desk.text(PHONE, "Start")
    agent.say(conversation, "Welcome back")
    desk.send_texts()
    assert desk.phones.bodies == ["Welcome back"]


def test_an_opt_out_outlasts_the_conversation(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8."""
    desk.text(PHONE, "STOP")
    agent.close(conversation)
    desk.text(PHONE, "One more thing")
    (second,) = agent.offered
    agent.accept()
    agent.say(second, "Yes?")
    desk.send_texts()
    assert desk.phones.texts == []


def test_a_word_within_a_text_is_no_opt_out(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    desk.text(PHONE, "Please stop the delivery")
    agent.say(conversation, "Stopped")
    desk.send_texts()
    assert desk.phones.bodies == ["Stopped"]


def test_a_repeated_opt_in_does_not_undo_a_later_opt_out(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8: Twilio tried the first webhook again."""
    start = "SM" + 32 * "a"
    desk.text(PHONE, "START", start)
    desk.text(PHONE, "STOP")
    desk.text(PHONE, "START", start)
    agent.say(conversation, "Welcome back")
    desk.send_texts()
    assert desk.phones.texts == []
