"""Frames: what the server sends on the socket.

Each frame is one JSON object with a ``type``.
"""

from msgspec import Struct

from chalicelib.domain import notices
from chalicelib.domain.events import Role
from chalicelib.domain.notices import OfferOutcome
from chalicelib.protocol import VERSION
from chalicelib.protocol.errors import ErrorDetail
from chalicelib.protocol.events import Event, event_of
from chalicelib.protocol.views.conversations import AgentConversation, Offer, wait_seconds
from chalicelib.protocol.views.people import Agent

FRAME_BYTES = 32_768
"""Most bytes of a frame, either way: the gateway closes a socket that gets a larger one."""


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


def frame_of(notice: notices.Notice) -> AnyFrame:  # noqa: C901 - one line for each notice
    """The frame that tells of a notice."""
    match notice:
        case notices.EventHappened(id, after, entry):
            return EventHappened(conversation_id=id, after=after, event=event_of(entry))
        case notices.QueuePosition(id, outlook):
            return QueuePosition(
                conversation_id=id,
                ahead=outlook.ahead,
                agents=outlook.agents,
                wait_seconds=wait_seconds(outlook),
            )
        case notices.CustomerPresence(id, is_present):
            return CustomerPresence(conversation_id=id, present=is_present)
        case notices.ReadChanged(id, by, seq):
            return ReadChanged(conversation_id=id, by=by, seq=seq)
        case notices.OfferPresented(conversation, details, queue):
            return OfferPresented(offer=Offer.of(conversation, details, queue))
        case notices.OfferResolved(offer_id, id, outcome):
            return OfferResolved(offer_id=offer_id, conversation_id=id, outcome=outcome)
        case notices.ConversationOpened(conversation, details, queue):
            shown = AgentConversation.of(conversation, details, queue)
            return ConversationOpened(conversation=shown)
        case notices.ConversationReleased(id):
            return ConversationReleased(conversation_id=id)
        case notices.AgentChanged(changed):
            return AgentChanged(agent=Agent.of(changed))
        case notices.Synced(ref, positions, synced):
            return Synced(
                ref=ref,
                version=VERSION,
                positions=dict(positions),
                agent=Agent.of(synced) if synced else None,
            )
        case notices.Done(ref, seq):
            return Ok(ref=ref, seq=seq)
        case notices.Refused(ref, refusal):
            return Refused(ref=ref, error=ErrorDetail.of(refusal))
