"""Commands: what clients send on the socket, and who may send it.

Each command is one JSON object with a ``type``. The server answers with exactly one frame that
repeats the command's ``ref``: ``synced``, ``ok`` or ``error``.
"""

from typing import Annotated

from msgspec import Meta, Struct

from chalicelib.domain.agent import Availability
from chalicelib.protocol.rest import ClientId, Text

Ref = Annotated[str, Meta(min_length=1, max_length=64)]
Number = Annotated[int, Meta(ge=1, le=999_999_999)]
Id = Annotated[str, Meta(min_length=1, max_length=64)]


class Command(Struct, frozen=True, kw_only=True, tag_field="type", forbid_unknown_fields=True):
    """What every command carries: ``ref`` comes back with its answer."""

    ref: Ref


class AgentCommand(Command, frozen=True, kw_only=True):
    """A command that only agents may send."""


class Sync(Command, frozen=True, kw_only=True, tag="sync"):
    """ "Here I am; where are we?" The first command on every socket, and its heartbeat.

    Nothing that happens before it reaches the server is pushed to the socket, and everything that
    happens after is, even if that overtakes the answer. Send it again at least every five minutes.
    """


class SetAvailability(AgentCommand, frozen=True, kw_only=True, tag="availability.set"):
    """The agent declares to be ready, or not ready.

    ``reason`` is required for ``not_ready``, one of the desk's ``not_ready_reasons``, and null for
    ``ready``.
    """

    availability: Availability
    reason: Annotated[str, Meta(max_length=64)] | None = None


class LeaveDesk(AgentCommand, frozen=True, kw_only=True, tag="agent.leave"):
    """The agent signs out. Send it before the tokens are forgotten.

    The agent is not ready from now on. What is offered to them is taken back, and their active
    conversations go back to their queues, ahead of those who wait. Wrap-ups stay with them. It is
    about the agent, not the window: their other windows are told, and it may be repeated. Where no
    ``ok`` comes, close the socket all the same: the server finishes what it began.
    """


class AcceptOffer(AgentCommand, frozen=True, kw_only=True, tag="offer.accept"):
    """The agent takes the conversation."""

    conversation_id: Id
    offer_id: Id


class DeclineOffer(AgentCommand, frozen=True, kw_only=True, tag="offer.decline"):
    """The agent passes the conversation on."""

    conversation_id: Id
    offer_id: Id


class PostMessage(AgentCommand, frozen=True, kw_only=True, tag="message.send"):
    """A message from an agent of the conversation. Answered by ``ok`` with its ``seq``."""

    conversation_id: Id
    message_id: ClientId
    text: Text


class CloseConversation(AgentCommand, frozen=True, kw_only=True, tag="conversation.close"):
    """The agent closes the conversation with a disposition of its queue."""

    conversation_id: Id
    disposition: Annotated[str, Meta(max_length=64)] | None = None
    note: Annotated[str, Meta(max_length=1000)] | None = None


class ReadConversation(AgentCommand, frozen=True, kw_only=True, tag="conversation.read"):
    """The agent has read the conversation up to the event ``seq``.

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
