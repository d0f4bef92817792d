"""Messages are in the transcript exactly once and in one order, whatever is repeated or cut off."""

import secrets

import pytest

from proof.desk import Desk
from proof.people import Customer, DeskAgent, texts_of

MESSAGE_ID = "0123456789abcdef"


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


@pytest.fixture
def customer(desk: Desk, agent: DeskAgent) -> Customer:
    """A customer who talks with the agent."""
    customer = desk.customer()
    agent.accept()
    return customer


def cut_off(desk: Desk, customer: Customer, text: str = "Lost?") -> None:
    """The customer's message gets its number, and is not stored."""
    with desk.crash_before(desk.ports.conversations, "put_message"):
        customer.say(text, MESSAGE_ID)


def test_a_message_is_pushed_to_both_sides(customer: Customer, agent: DeskAgent) -> None:
    status, receipt = customer.say("Hello", MESSAGE_ID)
    assert (status, receipt) == (201, {"message_id": MESSAGE_ID, "seq": 5})
    assert agent.say(customer.id, "Good morning")["seq"] == 6
    assert customer.socket.texts == agent.socket.texts == ["Hello", "Good morning"]


def test_a_repeated_message_is_there_once_and_pushed_once(
    customer: Customer, agent: DeskAgent
) -> None:
    """I1."""
    receipts = [customer.say("Hello", MESSAGE_ID) for _ in range(3)]
    assert receipts == 3 * [(201, {"message_id": MESSAGE_ID, "seq": 5})]
    answers = [agent.say(customer.id, "Good morning", MESSAGE_ID)["seq"] for _ in range(3)]
    assert answers == [6, 6, 6]
    assert customer.texts == ["Where is my bike?", "Hello", "Good morning"]
    assert agent.socket.texts == customer.socket.texts == ["Hello", "Good morning"]


def test_a_message_repeated_with_another_text_stays_as_it_was(customer: Customer) -> None:
    """I1: what was acknowledged does not change."""
    customer.say("Hello", MESSAGE_ID)
    customer.say("Goodbye", MESSAGE_ID)
    assert customer.texts == ["Where is my bike?", "Hello"]


def test_two_senders_may_choose_the_same_message_id(customer: Customer, agent: DeskAgent) -> None:
    customer.say("Hello", MESSAGE_ID)
    agent.say(customer.id, "Good morning", MESSAGE_ID)
    assert customer.texts[1:] == ["Hello", "Good morning"]


def test_a_message_repeated_while_it_is_being_sent_is_there_once(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I1: two tabs share an outbox."""
    receipts = []

    def say() -> None:
        receipts.append(customer.say("Hello", MESSAGE_ID)[1]["seq"])

    desk.meanwhile(desk.ports.conversations, "put_message", say)
    say()
    assert receipts == [5, 5]
    assert customer.texts[1:] == ["Hello"]
    # The try that was overtaken cannot tell whether the other one still lives to push it.
    assert set(agent.socket.texts) == {"Hello"}


def test_a_repeat_after_the_end_is_acknowledged_again(customer: Customer, agent: DeskAgent) -> None:
    """I1: the sender learns that the message arrived in time."""
    customer.say("Hello", MESSAGE_ID)
    agent.close(customer.id)
    assert customer.say("Hello", MESSAGE_ID) == (201, {"message_id": MESSAGE_ID, "seq": 5})
    status, reply = customer.say("Too late")
    assert (status, reply["error"]["code"]) == (409, "conversation_closed")
    answer = agent.say(customer.id, "Too late")
    assert answer["error"]["code"] == "conversation_closed"


@pytest.mark.parametrize("part", ["conversations.number", "conversations.put_message", "push.send"])
def test_a_crash_and_a_retry_leave_one_copy(
    desk: Desk, customer: Customer, agent: DeskAgent, part: str
) -> None:
    """I1: between any two calls."""
    port, _, method = part.partition(".")
    with desk.crash_before(getattr(desk.ports, port), method):
        customer.say("Hello", MESSAGE_ID)
    assert customer.say("Hello", MESSAGE_ID)[0] == 201
    assert customer.texts[1:] == texts_of(agent.transcript(customer.id))[1:] == ["Hello"]


def test_a_message_cut_off_is_pushed_when_it_is_repeated(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    cut_off(desk, customer)
    assert agent.socket.texts == []
    customer.say("Lost?", MESSAGE_ID)
    assert agent.socket.texts == ["Lost?"]


def test_a_message_cut_off_keeps_its_place_when_it_is_repeated_soon(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    cut_off(desk, customer)
    agent.say(customer.id, "Are you there?")
    page = customer.transcript()
    assert (page["position"], texts_of(page)[1:]) == (4, ["Are you there?"])
    customer.say("Lost?", MESSAGE_ID)
    page = customer.transcript()
    assert (page["position"], texts_of(page)[1:]) == (6, ["Lost?", "Are you there?"])


def test_readers_get_past_a_message_that_never_comes(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    cut_off(desk, customer)
    agent.say(customer.id, "Are you there?")
    desk.pass_time(59)
    assert agent.transcript(customer.id)["position"] == 4
    desk.pass_time(2)
    for transcript in (agent.transcript(customer.id), customer.transcript()):
        assert transcript["position"] == 6
        assert [event["type"] for event in transcript["events"]][-2:] == [
            "number.voided",
            "message.sent",
        ]


def test_readers_get_past_a_last_message_that_never_comes(desk: Desk, customer: Customer) -> None:
    cut_off(desk, customer)
    desk.pass_time(61)
    position = customer.socket.sync()["positions"][customer.id]
    assert customer.transcript()["position"] == position


def test_a_very_late_repeat_leaves_one_copy(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I1: its number was voided meanwhile, so it gets another."""
    cut_off(desk, customer)
    agent.say(customer.id, "Are you there?")
    desk.pass_time(61)
    customer.transcript()
    receipts = [customer.say("Lost?", MESSAGE_ID)[1]["seq"] for _ in range(2)]
    assert receipts == [7, 7]
    assert customer.texts[1:] == ["Are you there?", "Lost?"]
    assert agent.socket.texts == ["Are you there?", "Lost?"]
    assert customer.transcript()["position"] == 7


def test_two_very_late_repeats_at_once_leave_one_copy(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I1."""
    cut_off(desk, customer)
    agent.say(customer.id, "Are you there?")
    desk.pass_time(61)
    customer.transcript()
    desk.meanwhile(desk.ports.conversations, "renumber", lambda: customer.say("Lost?", MESSAGE_ID))
    customer.say("Lost?", MESSAGE_ID)
    assert customer.texts[1:] == ["Are you there?", "Lost?"]


def test_a_very_late_repeat_after_the_end_is_not_acknowledged(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I1: what is not in the transcript is not acknowledged."""
    cut_off(desk, customer)
    agent.say(customer.id, "Are you there?")
    desk.pass_time(61)
    customer.transcript()
    agent.close(customer.id)
    status, _ = customer.say("Lost?", MESSAGE_ID)
    assert (status, "Lost?" in customer.texts) in ((409, False), (201, True))


def test_messages_keep_their_order(customer: Customer, agent: DeskAgent) -> None:
    said = [f"text {number}" for number in range(6)]
    for text in said[::2]:
        customer.say(text)
        agent.say(customer.id, said[said.index(text) + 1])
    assert customer.texts[1:] == said
    numbers = [event["seq"] for event in agent.transcript(customer.id)["events"]]
    assert numbers == list(range(1, 11))


def test_repeats_within_the_last_16_messages_are_harmless(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    """I1: also while the marks of older messages are dropped."""
    ids = [secrets.token_hex(8) for _ in range(40)]
    for id in ids:
        customer.say(f"message {id}", id)
    before = len(customer.socket.texts)
    for id in ids[-16:]:
        assert customer.say(f"message {id}", id)[0] == 201
    assert customer.texts[1:] == [f"message {id}" for id in ids]
    assert len(customer.socket.texts) == len(agent.socket.texts) == before
    assert len(desk.ports.conversations.get(customer.id).recent) < 40


def test_a_long_transcript_comes_in_pages(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.usecases.conversations.read_conversation.PAGE", 3)
    for number in range(4):
        customer.say(f"text {number}")
    events, position, more = [], 0, True
    while more:
        page = customer.transcript(position)
        events += page["events"]
        position, more = page["position"], page["more"]
    assert [event["seq"] for event in events] == [1, 2, 4, 5, 6, 7, 8]
    assert position == 8


def test_an_agent_reads_a_long_transcript_backwards(
    customer: Customer, agent: DeskAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        customer.say(f"text {number}")
    monkeypatch.setattr("chalicelib.usecases.conversations.read_conversation.PAGE", 4)
    found, before = [], 999_999_999
    while before > 1:
        page = agent.read_back(customer.id, str(before))[1]
        numbers = [event["seq"] for event in page["events"]]
        found.append(numbers)
        assert page["position"] == numbers[-1]
        assert page["more"] == (numbers[0] > 1)
        before = numbers[0]
    assert found == [[5, 6, 7, 8], [1, 2, 3, 4]]


def test_reading_backwards_tells_of_a_gap_and_fills_one_that_is_dead(
    desk: Desk, customer: Customer, agent: DeskAgent
) -> None:
    cut_off(desk, customer)
    agent.say(customer.id, "Are you there?")
    page = agent.read_back(customer.id, "7")[1]
    assert [event["seq"] for event in page["events"]] == [1, 2, 3, 4, 6]
    assert (page["position"], page["more"]) == (4, False)
    desk.pass_time(61)
    page = agent.read_back(customer.id, "7")[1]
    assert [event["seq"] for event in page["events"]] == [1, 2, 3, 4, 5, 6]
    assert page["events"][4]["type"] == "number.voided"
    assert page["position"] == 6


def test_nothing_is_before_the_first_number(customer: Customer, agent: DeskAgent) -> None:
    for before in ("0", "1"):
        page = agent.read_back(customer.id, before)[1]
        assert (page["events"], page["position"], page["more"]) == ([], 0, False)


def test_an_agent_who_does_not_hold_it_does_not_read_back(desk: Desk, customer: Customer) -> None:
    assert desk.agent("Linus").read_back(customer.id, "9")[0] == 404


@pytest.mark.parametrize("text", ["ä🚲 <b>\"'\\", "x" * 4000, "\n .\t"])
def test_any_text_arrives_as_it_was_written(
    customer: Customer, agent: DeskAgent, text: str
) -> None:
    assert customer.say(text)[0] == 201
    assert customer.texts[1:] == agent.socket.texts == [text]
