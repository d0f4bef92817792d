"""What is told to a live socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation, Details
from chalicelib.domain.errors import LambdeskError
from chalicelib.domain.events import Entry, Role
from chalicelib.domain.queue import Queue
from chalicelib.domain.staff import Outlook

OfferOutcome = Literal["accepted", "declined", "expired", "revoked"]


@dataclass(frozen=True, slots=True)
class EventHappened:
    """An entry, already as its receiver may see it, and the number they should hold before it."""

    conversation_id: str
    after: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class QueuePosition:
    """What a customer who waits may know of it."""

    conversation_id: str
    outlook: Outlook


@dataclass(frozen=True, slots=True)
class CustomerPresence:
    """The customer came, or left the page; they may come back."""

    conversation_id: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class ReadChanged:
    """A participant of this role has read up to this number, in another window."""

    conversation_id: str
    by: Role
    seq: int


@dataclass(frozen=True, slots=True)
class OfferPresented:
    """A conversation is offered to the agent."""

    conversation: Conversation
    details: Details
    queue: Queue


@dataclass(frozen=True, slots=True)
class OfferResolved:
    """An offer to the agent is no longer pending."""

    offer_id: str
    conversation_id: str
    outcome: OfferOutcome


@dataclass(frozen=True, slots=True)
class ConversationOpened:
    """The agent now holds the conversation."""

    conversation: Conversation
    details: Details
    queue: Queue


@dataclass(frozen=True, slots=True)
class ConversationReleased:
    """The agent no longer holds the conversation."""

    conversation_id: str


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """The agent's own state changed."""

    agent: Agent


@dataclass(frozen=True, slots=True)
class Synced:
    """The answer to ``sync``: the newest number of each conversation, and the agent's state."""

    ref: str
    positions: Mapping[str, int]
    agent: Agent | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A command was carried out; ``seq`` numbers the message it sent."""

    ref: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """A command was refused."""

    ref: str | None
    error: LambdeskError


Notice = (
    EventHappened
    | QueuePosition
    | CustomerPresence
    | ReadChanged
    | OfferPresented
    | OfferResolved
    | ConversationOpened
    | ConversationReleased
    | AgentChanged
    | Synced
    | Done
    | Refused
)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A notice on its way to one connection."""

    connection_id: str
    endpoint: str
    notice: Notice
