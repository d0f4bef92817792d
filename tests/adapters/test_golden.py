"""Items as earlier versions stored them are read for ever. Files are added here, never changed."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chalicelib.adapters.dynamodb import agents, codec
from chalicelib.adapters.dynamodb.models import (
    AgentItem,
    ConnectionItem,
    ConversationItem,
    DetailsItem,
    EntryItem,
    QueueItem,
    SeatItem,
    TicketItem,
)
from chalicelib.domain import events
from chalicelib.domain.access import Bearer
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import (
    Assignment,
    Conversation,
    Details,
    LastMessage,
    Offer,
    Profile,
    Socket,
    Website,
)
from chalicelib.domain.events import Participant
from chalicelib.domain.queue import Answer, Captcha, FormField, Queue
from chalicelib.domain.record import Taken

GOLDEN = Path(__file__).parent / "golden"
AT = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LATER = AT + timedelta(minutes=1, milliseconds=7)
ENDPOINT = "https://sockets.example.test/api"
ADA = Participant("customer", "ada", "Ada")
GRACE = Participant("agent", "grace", "Grace")

CONVERSATIONS = {
    "conversation-offered": Conversation(
        id="c1",
        queue_id="care",
        channel="sms",
        status="offered",
        customer=ADA,
        address="sms|+15550100000|+15550100001",
        started_at=AT,
        queued_at=LATER,
        seq=12,
        public_seq=11,
        attached=3,
        settled=9,
        opted_out=True,
        priority=4,
        offer=Offer("o1", GRACE, AT, LATER),
        last_message=LastMessage("customer", "Hello", AT),
        refusals={"alan": AT},
        keys={"key": LATER},
        sockets={"s1": Socket("ada", ENDPOINT, AT)},
        recent={"cmark": 2},
        refused=1,
        left_at=AT,
    ),
    "conversation-queued": Conversation(
        id="c2",
        queue_id="care",
        channel="web",
        status="queued",
        customer=ADA,
        address="web:ada:care",
        started_at=AT,
        queued_at=AT,
        seq=2,
        public_seq=2,
        next_look=LATER,
    ),
    "conversation-wrapping-up": Conversation(
        id="c3",
        queue_id="care",
        channel="web",
        status="wrap_up",
        customer=ADA,
        address="web:ada:care",
        started_at=AT,
        queued_at=AT,
        seq=20,
        public_seq=19,
        assignment=Assignment("o1", GRACE, AT),
        wrap_up_until=LATER,
        agent_read=18,
    ),
}

EVENTS: list[events.Event] = [
    events.ConversationStarted("web"),
    events.MessageSent("m1", GRACE, "Hello", "pending"),
    events.MessageDelivery(2, "failed", "30003"),
    events.OfferMade("o1", GRACE),
    events.OfferDeclined("o1", GRACE),
    events.OfferExpired("o1", GRACE),
    events.OfferRevoked("o1", GRACE),
    events.ParticipantJoined(GRACE),
    events.ParticipantLeft(GRACE),
    events.ConversationEnded("bot", "abandoned"),
    events.ConversationClosed("Solved", "A note"),
    events.CustomerOptedOut(),
    events.CustomerOptedIn(),
    events.NumberVoided(),
]
ENTRIES = [events.Entry(seq, AT, event) for seq, event in enumerate(EVENTS, start=1)]

DETAILS = Details(
    Profile("ada", "Ada", "ada@example.test", "+15550100001", "account"),
    (Answer("name", "Name", "Ada"),),
    "Where is my bike?",
    Website("https://www.example.test/", "Bikes"),
)

AGENT = Agent(
    id="grace",
    name="Grace",
    email="grace@example.test",
    role="agent",
    capacity=3,
    queues=("care",),
    since=AT,
    idle_since=AT,
    availability="not_ready",
    reason="Break",
    work={"c1": "active", "c3": "wrap_up"},
    sockets={"s2": ENDPOINT},
    away_since=AT,
    left_at=LATER,
    is_removed=False,
    version=7,
    missed=1,
    taken=(Taken("care", 1_700_000_000),),
    served={944_444: 2},
)

QUEUE = Queue(
    id="care",
    name="Customer care",
    form=(FormField("topic", "Topic", "select", False, ("Order", "Return")),),
    dispositions=("Solved",),
    not_ready_reasons=("Break",),
    offer_lasts=timedelta(seconds=30),
    begins_ready=True,
    captcha=Captcha("turnstile", "site-key", "/desk/secret"),
)

BEARER = Bearer("customer", "ada", "c1")

Read = Callable[[Any], Any]

ITEMS: dict[str, tuple[type[Any], Read, Any]] = {
    **{
        name: (ConversationItem, codec.read_conversation, conversation)
        for name, conversation in CONVERSATIONS.items()
    },
    "details": (DetailsItem, codec.read_details, DETAILS),
    "agent": (AgentItem, lambda item: agents.read_agent(item.state), AGENT),
    "seat": (SeatItem, lambda item: agents.read_agent(item.state), AGENT),
    "queue": (QueueItem, lambda item: msgspec.json.decode(item.settings, type=Queue), QUEUE),
    "ticket": (TicketItem, lambda item: msgspec.json.decode(item.bearer, type=Bearer), BEARER),
    "connection": (
        ConnectionItem,
        lambda item: msgspec.json.decode(item.bearer, type=Bearer),
        BEARER,
    ),
}


def golden(name: str) -> Any:
    """What DynamoDB held."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


@pytest.mark.parametrize("name", ITEMS)
def test_an_item_is_read(name: str) -> None:
    model, read, expected = ITEMS[name]
    assert read(model.from_raw_data(golden(name))) == expected


@pytest.mark.parametrize("name", ["entries-by-class-name", "entries-by-wire-name"])
def test_transcripts_are_read(name: str) -> None:
    stored = [EntryItem.from_raw_data(item) for item in golden(name)]
    assert [codec.read_entry(item) for item in stored] == ENTRIES


def test_every_kind_of_event_is_golden() -> None:
    assert {type(event) for event in EVENTS} == set(events.Event.__args__)
