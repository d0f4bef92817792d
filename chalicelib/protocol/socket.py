"""Frames on the socket: commands from clients, and what the server sends.

Each frame is one JSON object with a ``type``. A client sends commands; the server answers each with
exactly one frame that repeats the command's ``ref``: ``synced``, ``ok`` or ``error``.
"""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.agent import Availability
from chalicelib.domain.events import Role
from chalicelib.domain.notices import OfferOutcome
from chalicelib.protocol.events import Event
from chalicelib.protocol.rest import ClientId, ErrorDetail, Text
from chalicelib.protocol.views import Agent, AgentConversation, Offer

FRAME_BYTES = 32_768
"""Most bytes of a frame, either way: the gateway closes a socket that gets a larger one."""

Ref = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=1, le=999_999_999)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class Command(Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """What every command carries: ``ref`` comes back with its answer."""

    ref: Ref


class Sync(Command, frozen=True, kw_only=True, tag="sync"):
    """ "Here I am; where are we?" The first command on every socket, and its heartbeat.

    Nothing that happens before it reaches the server is pushed to the socket, and everything that
    happens after is, even if that overtakes the answer. Send it again at least every five minutes.
    """


class SetAvailability(Command, frozen=True, kw_only=True, tag="availability.set"):
    """The agent declares to be ready, or not ready. Agents only.

    ``reason`` is required for ``not_ready``, one of the desk's ``not_ready_reasons``, and null for
    ``ready``.
    """

    availability: Availability
    reason: Annotated[str, Meta(max_length=64)] | None = None


class LeaveDesk(Command, frozen=True, kw_only=True, tag="agent.leave"):
    """The agent signs out. Agents only; send it before the tokens are forgotten.

    The agent is not ready from now on. What is offered to them is taken back, and their active
    conversations go back to their queues, ahead of those who wait. Wrap-ups stay with them. It is
    about the agent, not the window: their other windows are told, and it may be repeated. Where no
    ``ok`` comes, close the socket all the same: the server finishes what it began.
    """


class AcceptOffer(Command, frozen=True, kw_only=True, tag="offer.accept"):
    """The agent takes the conversation. Agents only."""

    conversation_id: Id
    offer_id: Id


class DeclineOffer(Command, frozen=True, kw_only=True, tag="offer.decline"):
    """The agent passes the conversation on. Agents only."""

    conversation_id: Id
    offer_id: Id


class PostMessage(Command, frozen=True, kw_only=True, tag="message.send"):
    """A message from an agent of the conversation. Answered by ``ok`` with its ``seq``."""

    conversation_id: Id
    message_id: ClientId
    text: Text


class CloseConversation(Command, frozen=True, kw_only=True, tag="conversation.close"):
    """The agent closes the conversation with a disposition of its queue. Agents only."""

    conversation_id: Id
    disposition: Annotated[str, Meta(max_length=64)] | None = None
    note: Annotated[str, Meta(max_length=1000)] | None = None


class ReadConversation(Command, frozen=True, kw_only=True, tag="conversation.read"):
    """The agent has read the conversation up to the event ``seq``. Agents only.

    It only goes forward: less than before changes nothing and is answered by ``ok``. Send it while
    the conversation is on the screen and somebody looks, when there is something new to read, and
    at most once in three seconds for a conversation. It need not be repeated.
    """

    conversation_id: Id
    seq: Number


AnyCommand = (
    Sync
    | SetAvailability
    | LeaveDesk
    | AcceptOffer
    | DeclineOffer
    | PostMessage
    | CloseConversation
    | ReadConversation
)


class Frame(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What the server sends. New types and fields may appear: ignore what you do not know."""


class Synced(Frame, frozen=True, kw_only=True, tag="synced"):
    """The answer to ``sync``.

    ``positions`` gives, for each conversation of this client, the number of the newest event it may
    see: whoever holds less asks for the rest over REST. For agents ``agent`` is their state;
    for customers it is null.
    """

    ref: str
    version: int
    positions: dict[str, int]
    agent: Agent | None = None


class Ok(Frame, frozen=True, kw_only=True, tag="ok"):
    """The command was carried out. ``seq`` numbers the message that it sent, else null."""

    ref: str
    seq: int | None = None


class Refused(Frame, frozen=True, kw_only=True, tag="error"):
    """The command was refused and changed nothing. ``ref`` is null when it could not be read."""

    error: ErrorDetail
    ref: str | None = None


class EventHappened(Frame, frozen=True, kw_only=True, tag="event"):
    """Something happened in a conversation.

    ``after`` is the number of the event before this one among those that the receiver may see.
    A client that holds less than ``after`` has missed something: it shows this event and asks
    for the rest over REST.
    """

    conversation_id: str
    after: int
    event: Event


class QueuePosition(Frame, frozen=True, kw_only=True, tag="queue.position"):
    """What a customer who waits may know of it. Customers only.

    ``ahead``, ``agents`` and ``wait_seconds`` are as in a ``CustomerConversation``.
    """

    conversation_id: str
    ahead: int
    agents: int | None = None
    wait_seconds: int | None = None


class CustomerPresence(Frame, frozen=True, kw_only=True, tag="customer.presence"):
    """The customer came to the page, or left it; they may come back. Agents only."""

    conversation_id: str
    present: bool


class ReadChanged(Frame, frozen=True, kw_only=True, tag="read.changed"):
    """The conversation was read up to the event ``seq``, by ``agent``: this one, in another window.

    It only goes forward: ignore what is less than you know. Agents only.
    """

    conversation_id: str
    by: Role
    seq: int


class OfferPresented(Frame, frozen=True, kw_only=True, tag="offer.presented"):
    """A conversation is offered to this agent."""

    offer: Offer


class OfferResolved(Frame, frozen=True, kw_only=True, tag="offer.resolved"):
    """An offer to this agent is no longer pending."""

    offer_id: str
    conversation_id: str
    outcome: OfferOutcome


class ConversationOpened(Frame, frozen=True, kw_only=True, tag="conversation.opened"):
    """This agent now holds the conversation; its events are fetched over REST."""

    conversation: AgentConversation


class ConversationReleased(Frame, frozen=True, kw_only=True, tag="conversation.released"):
    """This agent no longer holds the conversation."""

    conversation_id: str


class AgentChanged(Frame, frozen=True, kw_only=True, tag="agent.changed"):
    """The agent's own state changed, here or in another window."""

    agent: Agent


AnyFrame = (
    Synced
    | Ok
    | Refused
    | EventHappened
    | QueuePosition
    | CustomerPresence
    | ReadChanged
    | OfferPresented
    | OfferResolved
    | ConversationOpened
    | ConversationReleased
    | AgentChanged
)
