"""Conversations on the packaged application, seen by clients written from the protocol alone."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from clients.python import AgentClient, CustomerClient, Refused
from proof.stack import Phone
from tests.e2e.waiting import comes_true

Json = dict[str, Any]
SignIn = Callable[[int], AgentClient]
Start = Callable[..., CustomerClient]


def test_web_conversation(sign_in: SignIn, customer: Start) -> None:
    agent = sign_in(0)
    agent.ready()
    ada = customer("Where is my bike?")
    offer = agent.wait_for_offer()
    assert (offer["customer"]["name"], offer["first_message"]) == ("Ada", "Where is my bike?")
    held = agent.accept(offer)["conversation_id"]
    agent.say(held, "On its way.")
    ada.wait_for(lambda client: "On its way." in client.texts)
    ada.send("Thank you!")
    agent.wait_for(lambda client: "Thank you!" in client.transcript(held).texts)
    agent.close(held, "Solved")
    ada.wait_for(lambda client: client.events[-1]["type"] == "conversation.ended")
    with pytest.raises(Refused, match="conversation_closed"):
        ada.send("Hello?")


def test_text_conversation(sign_in: SignIn, phone: Callable[[str], Phone]) -> None:
    agent = sign_in(0)
    agent.ready()
    bob = phone("+15550107001")
    assert bob.type("Do you repair wheels?")["webhook"]["status"] == 200
    offer = agent.wait_for_offer()
    assert (offer["channel"], offer["customer"]["phone"]) == ("sms", bob.number)
    held = agent.accept(offer)["conversation_id"]
    bob.type("It is a front wheel.")
    agent.wait_for(lambda client: "It is a front wheel." in client.transcript(held).texts)
    for text in ("Yes, we do.", "Bring it on Monday."):
        agent.say(held, text)
    delivered = [("message.delivery", "delivered")] * 2
    agent.wait_for(lambda client: _deliveries(client, held)[-2:] == delivered or None, seconds=30)
    assert [text["body"] for text in bob.received] == ["Yes, we do.", "Bring it on Monday."]
    agent.close(held, "Solved")


def test_a_text_that_arrives_twice_is_one_message(
    sign_in: SignIn, phone: Callable[[str], Phone]
) -> None:
    agent = sign_in(0)
    agent.ready()
    bob = phone("+15550107002")
    sid = bob.type("Hello")["sid"]
    bob.type("Hello", sid)
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    agent.resume(held)
    assert agent.transcript(held).texts == ["Hello"]


def test_a_declined_offer_goes_to_the_next_agent(sign_in: SignIn, customer: Start) -> None:
    first, second = sign_in(0), sign_in(1)
    first.ready()
    second.ready()
    customer()
    offer = first.wait_for_offer()
    assert not second.offers
    first.decline(offer)
    assert second.wait_for_offer()["conversation_id"] == offer["conversation_id"]
    assert not first.offers


def test_an_offer_expires_and_goes_to_the_next_agent(sign_in: SignIn, customer: Start) -> None:
    first, second = sign_in(0), sign_in(1)
    first.ready()
    second.ready()
    customer()
    offer = first.wait_for_offer()
    second.wait_for_offer(seconds=offer["seconds"] + 15)
    with pytest.raises(Refused, match="offer_gone"):
        first.accept(offer)


def test_a_customer_waits_until_an_agent_is_ready(sign_in: SignIn, customer: Start) -> None:
    agent = sign_in(0)
    ada, bea = customer("First", "Ada"), customer("Second", "Bea")
    assert ada.status == "waiting"
    bea.wait_for(lambda client: any(f["type"] == "queue.position" for f in client.frames))
    agent.ready()
    offers = agent.wait_for(lambda client: len(client.offers) == 2 and client.offers)
    assert [offer["first_message"] for offer in offers.values()] == ["First", "Second"]


def test_who_waits_and_who_is_there_are_told(sign_in: SignIn, customer: Start) -> None:
    """Also that the policies allow to look."""
    agent = sign_in(0)
    ada = customer()
    _beat_until(ada, lambda client: client.agents == 0)
    assert comes_true(lambda: agent.queues()["queues"][0]["waiting"] == 1, 60, 1)
    agent.ready()
    _beat_until(ada, lambda client: client.agents is None)
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    agent.close(held, "Solved")
    assert sum(stretch["count"] for stretch in agent.queues()["served"]) >= 1


def test_two_conversations_at_once_stay_apart(sign_in: SignIn, customer: Start) -> None:
    agent = sign_in(0)
    agent.ready()
    ada, bea = customer("I am Ada", "Ada"), customer("I am Bea", "Bea")
    held = {}
    for _ in range(2):
        offer = agent.wait_for_offer()
        held[offer["customer"]["name"]] = agent.accept(offer)["conversation_id"]
    agent.say(held["Ada"], "Hello Ada")
    agent.say(held["Bea"], "Hello Bea")
    ada.wait_for(lambda client: "Hello Ada" in client.texts)
    bea.wait_for(lambda client: "Hello Bea" in client.texts)
    assert "Hello Bea" not in ada.texts
    assert "Hello Ada" not in bea.texts


def test_a_customer_who_was_away_misses_nothing(sign_in: SignIn, customer: Start) -> None:
    agent = sign_in(0)
    agent.ready()
    ada = customer()
    held = agent.accept(agent.wait_for_offer())["conversation_id"]
    ada.disconnect()
    for number in range(5):
        agent.say(held, f"Message {number}")
    ada.connect()
    ada.resume()
    assert ada.texts[1:] == [f"Message {number}" for number in range(5)]


def test_another_customers_conversation_is_not_found(customer: Start) -> None:
    ada, bea = customer("Mine", "Ada"), customer("Hers", "Bea")
    ada.conversation_id = bea.conversation_id
    with pytest.raises(Refused, match="not_found"):
        ada.send("Let me in")
    for client in (ada, bea):
        with suppress(Refused):
            client.end()


def _beat_until(customer: CustomerClient, is_told: Callable[[CustomerClient], bool]) -> None:
    """The customer's heartbeats, until one of them tells it: a worker remembers for a while."""

    def beat() -> bool:
        customer.sync()
        return is_told(customer)

    assert comes_true(beat, 60, 1)


def _deliveries(client: AgentClient, conversation_id: str) -> list[tuple[str, str]]:
    return [
        (event["type"], event["delivery"])
        for event in client.transcript(conversation_id).events
        if event["type"] == "message.delivery" and event["delivery"] == "delivered"
    ]
