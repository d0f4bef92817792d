"""Who sees what: invariant I7, and that nobody misses what they may see."""

import json

import pytest

from clients.python import Transcript
from proof.desk import Desk
from proof.fakes import Json

AGENTS_ONLY = (
    "offer.made",
    "offer.declined",
    "offer.expired",
    "offer.revoked",
    "conversation.closed",
    "message.delivery",
)


def secrets_in(frames: list[Json]) -> list[str]:
    text = json.dumps(frames)
    return [word for word in (*AGENTS_ONLY, "note", "disposition", "Solved", "@") if word in text]


def test_a_customer_never_learns_of_what_is_for_agents(desk: Desk) -> None:
    """I7: over a whole life, with every kind of offer."""
    customer = desk.customer()
    first = desk.ready_agent("Grace")
    first.decline()
    second = desk.ready_agent("Linus")
    desk.pass_time(20)
    assert second.offers == []
    desk.pass_time(1)
    second.ready()
    second.accept()
    customer.say("Thank you")
    customer.end()
    note = {"disposition": "Solved", "note": "A note about the customer"}
    second.socket.send(type="conversation.close", conversation_id=customer.id, **note)
    shown = [*customer.socket.frames, customer.transcript()]
    assert secrets_in(shown) == []
    assert not any(agent.id in json.dumps(shown) for agent in (first, second))
    assert [event["type"] for event in customer.transcript()["events"]] == [
        "conversation.started",
        "message.sent",
        "participant.joined",
        "message.sent",
        "conversation.ended",
    ]


def test_a_customer_knows_an_agent_by_one_public_id(desk: Desk) -> None:
    """In frames, transcripts and the conversation itself, in all conversations, after leaving."""
    agent = desk.ready_agent()
    seen = []
    for _ in range(2):
        customer = desk.customer()
        agent.accept()
        agent.say(customer.id, "Hello")
        sent = agent.transcript(customer.id)["events"][-1]
        assert sent["sender"]["id"] == agent.id == agent.screen["agent"]["agent_id"]
        transcript = customer.transcript()
        seen.append(transcript["conversation"]["agent"])
        shown = [*customer.socket.events, *transcript["events"]]
        seen += [event["participant"] for event in shown if event["type"] == "participant.joined"]
        seen += [event["sender"] for event in shown if event.get("text") == "Hello"]
        ended = customer.end()[1]
        seen.append(ended["agent"])
        agent.close(customer.id)
        seen.append(customer.transcript()["conversation"]["agent"])
        assert agent.id not in json.dumps([*customer.socket.frames, transcript, ended])
    assert len(seen) == 14
    assert {json.dumps(who, sort_keys=True) for who in seen} == {
        json.dumps({"role": "agent", "id": seen[0]["id"], "name": "Grace"}, sort_keys=True)
    }


def test_a_customer_whose_agent_is_gone_was_never_shown_who_it_is(desk: Desk) -> None:
    customer = desk.customer()
    agent = desk.ready_agent()
    agent.accept()
    agent.socket.close()
    desk.pass_time(31)
    shown = [*customer.socket.frames, customer.transcript()]
    assert "participant.left" in json.dumps(shown)
    assert agent.id not in json.dumps(shown)


def test_the_agent_sees_all_of_it(desk: Desk) -> None:
    customer = desk.customer()
    desk.ready_agent("Grace").decline()
    agent = desk.ready_agent("Linus")
    agent.accept()
    agent.close(customer.id)
    types = {event["type"] for event in agent.transcript(customer.id)["events"]}
    assert {"offer.made", "offer.declined", "participant.joined", "conversation.closed"} <= types


def test_a_client_knows_that_it_missed_nothing(desk: Desk) -> None:
    """Numbers hidden from the customer are no gaps to them."""
    customer = desk.customer()
    agent = desk.agent()
    transcript = Transcript()
    transcript.take(customer.transcript())
    for _ in range(2):
        agent.ready()
        agent.decline()
        desk.pass_time(1)
    agent.ready()
    agent.accept()
    customer.say("Hello")
    agent.say(customer.id, "Good morning")
    customer.end()
    behind = [transcript.push(frame) for frame in customer.socket.of_type("event")]
    assert behind == 4 * [False]
    assert transcript.position == customer.transcript()["conversation"]["position"]
    assert transcript.events == customer.transcript()["events"]


def test_a_client_knows_that_it_missed_something(desk: Desk) -> None:
    customer = desk.customer()
    agent = desk.ready_agent()
    agent.accept()
    for text in ("one", "two", "three"):
        customer.say(text)
    transcript = Transcript()
    transcript.take(agent.transcript(customer.id))
    held = transcript.position
    customer.say("four")
    customer.say("five")
    newest = agent.socket.of_type("event")[-1]
    assert newest["after"] == held + 1
    assert transcript.push(newest)


def test_a_socket_misses_nothing_from_its_sync_on(desk: Desk) -> None:
    """A window that syncs while an agent accepts hears of it."""
    customer = desk.customer()
    agent = desk.ready_agent()
    _, body = customer.rest("POST", "/socket-tickets")
    window = desk.connect(body["socket_ticket"])
    desk.meanwhile(desk.ports.conversations, "number", window.sync)
    customer.say("Hello")
    assert window.texts == ["Hello"]
    agent.accept()
    assert [event["type"] for event in window.events] == ["message.sent", "participant.joined"]


def test_a_socket_that_syncs_during_a_step_misses_nothing(desk: Desk) -> None:
    customer = desk.customer()
    agent = desk.ready_agent()
    _, body = customer.rest("POST", "/socket-tickets")
    window = desk.connect(body["socket_ticket"])
    desk.meanwhile(desk.ports.conversations, "commit", window.sync)
    agent.accept()
    assert window.sync()["positions"][customer.id] == 4
    assert [event["type"] for event in window.events] == ["participant.joined"]


def test_an_agent_neither_reads_nor_writes_the_conversations_of_others(desk: Desk) -> None:
    """I7."""
    customer = desk.customer()
    desk.ready_agent("Grace").accept()
    other = desk.ready_agent("Linus")
    status, reply = other.read(customer.id)
    assert (status, reply["error"]["code"]) == (404, "not_found")
    before = desk.stored()
    assert other.say(customer.id, "Hello")["error"]["code"] == "not_found"
    assert other.close(customer.id)["error"]["code"] == "not_found"
    assert desk.stored() == before
    customer.say("For Grace only")
    assert other.socket.of_type("event") == []


def test_an_agent_who_is_offered_a_conversation_does_not_read_it_yet(desk: Desk) -> None:
    """I7: they are no participant before they accept."""
    customer = desk.customer()
    agent = desk.ready_agent()
    assert agent.read(customer.id)[0] == 404
    assert agent.say(customer.id, "Hello")["error"]["code"] == "not_found"
    customer.say("More")
    assert agent.socket.of_type("event") == []


@pytest.mark.parametrize("seconds", [0, 20])
def test_an_agent_who_declined_or_missed_it_does_not_read_it(desk: Desk, seconds: int) -> None:
    """I7."""
    customer = desk.customer()
    agent = desk.ready_agent()
    if seconds:
        desk.pass_time(seconds)
    else:
        agent.decline()
    assert agent.read(customer.id)[0] == 404
    assert customer.id not in json.dumps(agent.screen)


def test_unknown_conversations_look_like_those_of_others(desk: Desk) -> None:
    """I12: nobody learns which conversations there are."""
    customer, stranger = desk.customer(), desk.customer()
    agent = desk.agent()
    assert agent.read(customer.id) == agent.read("no-such-conversation")
    url = "/widget/conversations/{}/messages"
    theirs = desk.rest("GET", url.format(customer.id), token=stranger.token)
    assert theirs == desk.rest("GET", url.format("no-such-conversation"), token=stranger.token)


def test_a_customer_does_not_learn_how_a_text_was_delivered(desk: Desk) -> None:
    """I7: the agent does."""
    agent = desk.ready_agent()
    desk.text("+15557654321", "Hello")
    (conversation_id,) = agent.offered
    agent.accept()
    agent.say(conversation_id, "Good morning")
    sent = agent.transcript(conversation_id)["events"][-1]
    assert sent["delivery"] == "pending"
