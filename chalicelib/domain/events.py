"""What can happen in a conversation: the bodies of its transcript's entries."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Channel = Literal["web", "sms", "whatsapp", "messenger", "rcs", "app"]
Role = Literal["customer", "agent", "supervisor", "bot"]
Delivery = Literal["pending", "sent", "delivered", "read", "failed"]
EndReason = Literal["abandoned"]
"""Why nobody ended a conversation, and it ended all the same."""

DELIVERY_ORDER: dict[Delivery, int] = {
    "pending": 0,
    "sent": 1,
    "delivered": 2,
    "failed": 2,
    "read": 3,
}
"""A delivery status only ever moves to a higher place in this order."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A customer, agent, supervisor or bot in a conversation."""

    role: Role
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class ConversationStarted:
    """The customer wrote for the first time."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class MessageSent:
    """A message; ``delivery`` is None where nothing beyond Lambdesk has to deliver it."""

    message_id: str
    sender: Participant
    text: str
    delivery: Delivery | None = None


@dataclass(frozen=True, slots=True)
class MessageDelivery:
    """The delivery status of the message numbered ``message_seq`` changed."""

    message_seq: int
    delivery: Delivery
    error: str | None = None


@dataclass(frozen=True, slots=True)
class OfferMade:
    """The conversation was pushed to an agent."""

    offer_id: str
    agent: Participant


@dataclass(frozen=True, slots=True)
class OfferDeclined:
    """The agent declined the offer."""

    offer_id: str
    agent: Participant


@dataclass(frozen=True, slots=True)
class OfferExpired:
    """The agent did not answer the offer in time."""

    offer_id: str
    agent: Participant


@dataclass(frozen=True, slots=True)
class OfferRevoked:
    """The offer was taken back before the agent answered."""

    offer_id: str
    agent: Participant


@dataclass(frozen=True, slots=True)
class ParticipantJoined:
    """An agent accepted the conversation."""

    participant: Participant


@dataclass(frozen=True, slots=True)
class ParticipantLeft:
    """A participant left the conversation."""

    participant: Participant


@dataclass(frozen=True, slots=True)
class ConversationEnded:
    """Nobody can write any more.

    ``reason`` is None where a participant ended it. ``abandoned`` tells that its customer was gone
    for too long while it waited.
    """

    by: Role
    reason: EndReason | None = None


@dataclass(frozen=True, slots=True)
class ConversationClosed:
    """The disposition was recorded, or none was needed."""

    disposition: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class CustomerOptedOut:
    """The customer wants no more texts: none can be written until they opt in again."""


@dataclass(frozen=True, slots=True)
class CustomerOptedIn:
    """The customer wants texts again."""


@dataclass(frozen=True, slots=True)
class NumberVoided:
    """Nothing happened under this number: its sender was cut off before the text was stored."""


Event = (
    ConversationStarted
    | MessageSent
    | MessageDelivery
    | OfferMade
    | OfferDeclined
    | OfferExpired
    | OfferRevoked
    | ParticipantJoined
    | ParticipantLeft
    | ConversationEnded
    | ConversationClosed
    | CustomerOptedOut
    | CustomerOptedIn
    | NumberVoided
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An event with its number and time. Numbers start at 1 and leave no gap."""

    seq: int
    at: datetime
    event: Event
