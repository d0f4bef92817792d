"""What each participant is shown (I7)."""

import re
from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given

from chalicelib.domain import events
from chalicelib.domain.audience import (
    Recipient,
    as_seen_by,
    customer_sees,
    participant_in_public,
    recipients,
)
from chalicelib.domain.conversation import Conversation, Socket
from chalicelib.domain.events import Entry, Event, Participant
from tests.domain.samples import (
    NOW,
    active,
    conversations,
    entries,
    free_agent,
    make_waiting,
    offered,
    participants,
)

AGENT = Participant("agent", "grace", "Grace")
CUSTOMER = Participant("customer", "ada", "Ada")

FOR_CUSTOMERS: list[Event] = [
    events.ConversationStarted("web"),
    events.MessageSent("m", CUSTOMER, "Hello"),
    events.ParticipantJoined(AGENT),
    events.ParticipantLeft(AGENT),
    events.ConversationEnded("agent"),
    events.NumberVoided(),
]
FOR_AGENTS_ONLY: list[Event] = [
    events.MessageDelivery(4, "failed", "No phone."),
    events.OfferMade("o", AGENT),
    events.OfferDeclined("o", AGENT),
    events.OfferExpired("o", AGENT),
    events.OfferRevoked("o", AGENT),
    events.ConversationClosed("Solved", "A difficult customer"),
    events.CustomerOptedOut(),
    events.CustomerOptedIn(),
]


def test_every_kind_of_event_is_decided_on_here() -> None:
    decided = {type(event) for event in (*FOR_CUSTOMERS, *FOR_AGENTS_ONLY)}
    assert decided == set(get_args(Event))


@pytest.mark.parametrize("event", FOR_CUSTOMERS, ids=lambda event: type(event).__name__)
def test_what_customers_see(event: Event) -> None:
    assert customer_sees(event)
    seen = as_seen_by("customer", Entry(1, NOW, event))
    assert seen is not None
    assert (seen.seq, seen.at, type(seen.event)) == (1, NOW, type(event))


@pytest.mark.parametrize("event", FOR_AGENTS_ONLY, ids=lambda event: type(event).__name__)
def test_what_only_agents_see(event: Event) -> None:
    assert not customer_sees(event)
    assert as_seen_by("customer", Entry(1, NOW, event)) is None


@given(entries)
def test_agents_see_everything_and_customers_no_delivery(entry: Entry) -> None:
    assert as_seen_by("agent", entry) == entry
    seen = as_seen_by("customer", entry)
    if seen is None:
        return
    for field in fields(seen.event):
        shown, meant = getattr(seen.event, field.name), getattr(entry.event, field.name)
        if isinstance(meant, Participant):
            assert shown == participant_in_public(meant)
        elif field.name == "delivery":
            assert shown is None
        else:
            assert shown == meant
            assert field.name not in ("note", "disposition")


@given(participants)
def test_in_public_nobody_at_the_desk_has_the_id_they_sign_in_with(who: Participant) -> None:
    shown = participant_in_public(who)
    assert (shown.role, shown.name) == (who.role, who.name)
    assert shown == participant_in_public(who)
    if who.role == "customer":
        assert shown == who
    else:
        assert re.fullmatch("[0-9a-f]{16}", shown.id)
        assert shown.id != who.id
        assert shown.id != participant_in_public(replace(who, id=who.id + "x")).id


@given(conversations())
def test_only_the_customer_and_the_assigned_agent_are_told(conversation: Conversation) -> None:
    assigned = conversation.assignment.agent.id if conversation.assignment else None
    for recipient in recipients(conversation):
        owner = conversation.sockets[recipient.connection_id].owner
        expected = "customer" if owner == conversation.customer.id else "agent"
        assert recipient.viewer == expected
        assert owner in (conversation.customer.id, assigned)


def test_sockets_of_others_hear_nothing() -> None:
    accepted = active(make_waiting(), free_agent()).after
    crowded = replace(
        accepted,
        sockets={
            "customer": Socket("ada", "https://one", NOW),
            "agent": Socket("grace", "https://two", NOW),
            "former agent": Socket("alan", "https://three", NOW),
            "stranger": Socket("eve", "https://four", NOW),
        },
    )
    assert list(recipients(crowded)) == [
        Recipient("customer", "https://one", "customer"),
        Recipient("agent", "https://two", "agent"),
    ]


def test_an_agent_is_not_told_before_they_accept() -> None:
    sockets = {"agent": Socket("grace", "https://two", NOW)}
    made = offered(make_waiting(sockets=sockets), free_agent())
    assert list(recipients(made.after)) == []
