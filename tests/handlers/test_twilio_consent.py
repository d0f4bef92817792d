"""Customers who want no more texts: nothing leaves, and the agent knows why."""

import pytest

from proof.desk import OUR_NUMBER, Desk
from proof.people import DeskAgent
from tests.handlers.texting import PHONE, accepted, deliveries

WORDS = "The customer opted out of texts."


@pytest.fixture
def agent(desk: Desk) -> DeskAgent:
    return desk.ready_agent()


@pytest.fixture
def conversation(desk: Desk, agent: DeskAgent) -> str:
    return accepted(desk, agent)


def is_closed(agent: DeskAgent, conversation: str) -> bool:
    """Whether a fresh screen says that the customer opted out."""
    (held,) = [c for c in agent.screen["conversations"] if c["conversation_id"] == conversation]
    assert held["opted_out"] == agent.transcript(conversation)["conversation"]["opted_out"]
    return bool(held["opted_out"])


def told(agent: DeskAgent) -> list[str]:
    """What the agent's window was told of it, as it happened."""
    return [e["type"] for e in agent.socket.events if e["type"].startswith("customer.")]


@pytest.mark.parametrize("word", ["STOP", " unsubscribe "])
def test_nothing_leaves_after_an_opt_out(
    desk: Desk, agent: DeskAgent, conversation: str, word: str
) -> None:
    """I8: not even what was said before, and not sent yet."""
    before = agent.say(conversation, "Good morning")["seq"]
    desk.text(PHONE, word)
    answer = agent.say(conversation, "Are you there?")
    assert (answer["type"], answer["error"]["code"]) == ("error", "opted_out")
    desk.send_texts()
    assert desk.phones.texts == []
    assert deliveries(agent) == [(before, "failed", WORDS)]


def test_the_agent_is_told_when_it_happens(desk: Desk, agent: DeskAgent, conversation: str) -> None:
    assert not is_closed(agent, conversation)
    desk.text(PHONE, "STOP")
    assert told(agent) == ["customer.opted_out"]
    assert is_closed(agent, conversation)
    desk.text(PHONE, "stop")
    assert told(agent) == ["customer.opted_out"], "It says nothing new."
    desk.text(PHONE, "Start")
    assert told(agent) == ["customer.opted_out", "customer.opted_in"]
    assert not is_closed(agent, conversation)
    assert agent.say(conversation, "Welcome back")["type"] == "ok"
    desk.send_texts()
    assert desk.phones.bodies == ["Welcome back"]


def test_an_opt_out_outlasts_the_conversation(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8: the agent who takes the next one sees it from the beginning."""
    desk.text(PHONE, "STOP")
    agent.close(conversation)
    desk.text(PHONE, "One more thing")
    (second,) = agent.offered
    agent.accept()
    opened = agent.socket.of_type("conversation.opened")[-1]["conversation"]
    assert opened["opted_out"]
    assert is_closed(agent, second)
    assert agent.say(second, "Yes?")["error"]["code"] == "opted_out"
    desk.text(PHONE, "START")
    assert agent.say(second, "Yes?")["type"] == "ok"


def test_a_word_that_opens_a_conversation_counts_in_it(desk: Desk, agent: DeskAgent) -> None:
    desk.text(PHONE, "STOP")
    (conversation,) = agent.offered
    agent.accept()
    assert is_closed(agent, conversation)


def test_a_message_taken_before_the_opt_out_may_be_repeated_after_it(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I1: its answer was lost."""
    first = agent.say(conversation, "Good morning", "12345678")
    desk.text(PHONE, "STOP")
    again = agent.say(conversation, "Good morning", "12345678")
    assert (again["type"], again["seq"]) == ("ok", first["seq"])


def test_a_text_on_its_way_when_the_customer_opts_out_fails(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """The step that tells of the opt-out meets a message that took the next number."""
    desk.meanwhile(
        desk.ports.conversations,
        "commit_consent",
        lambda: agent.say(conversation, "Good morning"),
    )
    desk.text(PHONE, "STOP")
    desk.send_texts()
    assert desk.phones.texts == []
    assert [(delivery, error) for _, delivery, error in deliveries(agent)] == [("failed", WORDS)]
    assert is_closed(agent, conversation)


def test_an_opt_out_meets_the_end_of_the_conversation(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    desk.meanwhile(desk.ports.conversations, "commit_consent", lambda: agent.close(conversation))
    desk.text(PHONE, "STOP")
    desk.text(PHONE, "One more thing")
    (second,) = agent.offered
    agent.accept()
    assert is_closed(agent, second)


def test_a_word_within_a_text_is_no_opt_out(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    desk.text(PHONE, "Please stop the delivery")
    agent.say(conversation, "Stopped")
    desk.send_texts()
    assert desk.phones.bodies == ["Stopped"]


@pytest.mark.parametrize("channel", ["whatsapp", "messenger"])
def test_where_no_carrier_acts_on_words_they_are_words(
    desk: Desk, agent: DeskAgent, channel: str
) -> None:
    """A customer of WhatsApp who writes "end" wants something to end."""
    theirs, ours = f"{channel}:{PHONE}", f"{channel}:{OUR_NUMBER}"
    if channel == "messenger":
        theirs, ours = "messenger:987654321", "messenger:1234567890"
        desk.queues.put_number(ours, "demo")
    conversation = accepted(desk, agent, theirs, To=ours)
    for word in ("end", "Cancel", "STOP"):
        desk.text(theirs, word, To=ours)
    assert not is_closed(agent, conversation)
    assert agent.say(conversation, "I have cancelled it")["type"] == "ok"
    desk.send_texts()
    assert desk.phones.bodies == ["I have cancelled it"]


def test_the_carriers_words_count_in_rcs(desk: Desk, agent: DeskAgent) -> None:
    desk.queues.put_number("rcs:brand_x_agent", "demo")
    conversation = accepted(desk, agent, f"rcs:{PHONE}", To="rcs:brand_x_agent")
    desk.text(f"rcs:{PHONE}", "STOP", To="rcs:brand_x_agent")
    assert is_closed(agent, conversation)


@pytest.mark.parametrize("channel", ["", "whatsapp:"])
def test_what_twilio_takes_for_an_opt_out_is_one(
    desk: Desk, agent: DeskAgent, channel: str
) -> None:
    """With Advanced Opt-Out the words can be chosen, also for other channels."""
    theirs, ours = f"{channel}{PHONE}", f"{channel}{OUR_NUMBER}"
    conversation = accepted(desk, agent, theirs, To=ours)
    desk.text(theirs, "Arrêt", To=ours, OptOutType="STOP")
    assert is_closed(agent, conversation)
    desk.text(theirs, "Stop?", To=ours, OptOutType="HELP")
    assert is_closed(agent, conversation)
    desk.text(theirs, "Encore", To=ours, OptOutType="START")
    assert not is_closed(agent, conversation)


def test_a_repeated_opt_in_does_not_undo_a_later_opt_out(
    desk: Desk, agent: DeskAgent, conversation: str
) -> None:
    """I8: Twilio tried the first webhook again."""
    start = "SM" + 32 * "a"
    desk.text(PHONE, "START", start)
    desk.text(PHONE, "STOP")
    desk.text(PHONE, "START", start)
    assert is_closed(agent, conversation)
    assert agent.say(conversation, "Welcome back")["type"] == "error"


def test_a_customer_of_the_web_is_not_concerned(desk: Desk, agent: DeskAgent) -> None:
    customer = desk.customer()
    agent.accept()
    customer.say("STOP")
    assert not is_closed(agent, customer.id)
    assert agent.say(customer.id, "Stopped")["type"] == "ok"
