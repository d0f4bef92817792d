"""Who is shown what: the security boundary between customers and the desk.

Customers know the people at the desk by a name and by an id that is theirs in public. The id with
which an agent signs in stays inside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from chalicelib.domain.events import (
    ConversationClosed,
    ConversationEnded,
    ConversationStarted,
    CustomerOptedIn,
    CustomerOptedOut,
    Entry,
    Event,
    MessageDelivery,
    MessageSent,
    NumberVoided,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    Participant,
    ParticipantJoined,
    ParticipantLeft,
)

if TYPE_CHECKING:
    from chalicelib.domain.conversation import Conversation

Viewer = Literal["customer", "agent"]

Audience = Literal["everybody", "agents"]

AUDIENCE: Mapping[type[Event], Audience] = {
    ConversationStarted: "everybody",
    MessageSent: "everybody",
    MessageDelivery: "agents",
    OfferMade: "agents",
    OfferDeclined: "agents",
    OfferExpired: "agents",
    OfferRevoked: "agents",
    ParticipantJoined: "everybody",
    ParticipantLeft: "everybody",
    ConversationEnded: "everybody",
    ConversationClosed: "agents",
    CustomerOptedOut: "agents",
    CustomerOptedIn: "agents",
    NumberVoided: "everybody",
}
"""Who may know of an event of each kind. A kind that is missing here is kept from customers, and
``python -m tools.protocol check`` fails.
"""


@dataclass(frozen=True, slots=True)
class Recipient:
    """A live connection and whose eyes are behind it."""

    connection_id: str
    endpoint: str
    viewer: Viewer


def customer_sees(event: Event) -> bool:
    """Whether the customer may know of the event at all."""
    return AUDIENCE.get(type(event)) == "everybody"


def as_seen_by(viewer: Viewer, entry: Entry) -> Entry | None:
    """The entry as this viewer may see it; None when they may not."""
    if viewer == "agent":
        return entry
    if not customer_sees(entry.event):
        return None
    return replace(entry, event=_in_public(entry.event))


def participant_in_public(who: Participant) -> Participant:
    """The participant as customers know them."""
    if who.role == "customer":
        return who
    return replace(who, id=hashlib.sha256(f"in public {who.id}".encode()).hexdigest()[:16])


def _in_public(event: Event) -> Event:
    match event:
        case MessageSent():
            return replace(event, sender=participant_in_public(event.sender), delivery=None)
        case ParticipantJoined() | ParticipantLeft():
            return replace(event, participant=participant_in_public(event.participant))
        case _:
            return event


def recipients(conversation: Conversation) -> Iterator[Recipient]:
    """The live connections of the conversation's customer and of its agent, and no others."""
    for connection_id, socket in conversation.sockets.items():
        if socket.owner == conversation.customer.id:
            yield Recipient(connection_id, socket.endpoint, "customer")
        elif conversation.holds_as_agent(socket.owner):
            yield Recipient(connection_id, socket.endpoint, "agent")
