"""Bodies of REST requests and replies."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from chalicelib.domain.queue import MESSAGE_LENGTH
from chalicelib.protocol.events import Event
from chalicelib.protocol.views.conversations import AgentConversation, CustomerConversation, Offer
from chalicelib.protocol.views.people import Agent, Served, Timestamp
from chalicelib.protocol.views.queues import AgentQueue

BODY_BYTES = 65_536
"""Most bytes of a request body."""

REPLY_BYTES = 1_000_000
"""Most bytes of a reply, as the function hands it over: text escaped inside text."""

URL_BYTES = 2_000
"""Most bytes of the address of a page, in UTF-8."""

ClientId = Annotated[str, Meta(min_length=8, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
"""An id that a client makes, new for each thing it names and the same when it tries again."""

Text = Annotated[str, Meta(min_length=1, max_length=MESSAGE_LENGTH)]
"""Of this something must be left to see, after all that the document's rules for text leave out."""


class WebsiteInput(Struct, frozen=True, forbid_unknown_fields=True):
    """The page on which the customer opened the widget."""

    url: Annotated[str, Meta(max_length=URL_BYTES)]
    title: Annotated[str, Meta(max_length=200)] = ""


class StartConversation(Struct, frozen=True, forbid_unknown_fields=True):
    """Opens a conversation, or finds the one that this request opened before.

    ``start_id`` makes the request repeatable: choose at least 128 random bits, keep it secret and
    send the same one when trying again. ``answers`` maps variables of the queue's form to values;
    ``message``, the first message, is always required. Where the queue's form has a ``captcha``,
    its provider's script gives the ``captcha_token``; each is good once, for a few minutes.
    """

    start_id: Annotated[str, Meta(min_length=22, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
    queue_id: Annotated[str, Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_-]+$(?!\n)")]
    answers: dict[str, str]
    channel: Literal["web", "app"] = "web"
    website: WebsiteInput | None = None
    captcha_token: Annotated[str, Meta(max_length=8192)] | None = None


class ConversationStart(Struct, frozen=True):
    """A conversation to talk in.

    ``customer_token`` proves who the customer is, now and in later conversations. It is null when
    the request was made with a token: that one stays good. ``socket_ticket`` opens one socket
    within 30 seconds.
    """

    conversation: CustomerConversation
    socket_ticket: str
    customer_token: str | None = None


class SendMessage(Struct, frozen=True, forbid_unknown_fields=True):
    """A message from the customer."""

    message_id: ClientId
    text: Text


class MessageReceipt(Struct, frozen=True):
    """The message is in the transcript, under ``seq``, and will not be lost."""

    message_id: str
    seq: int


class SocketTicket(Struct, frozen=True):
    """Opens one socket, once, before it expires."""

    socket_ticket: str
    expires_at: Timestamp


class CustomerTranscript(Struct, frozen=True):
    """The events after the number asked for, oldest first.

    ``position`` is the number to ask after next time: everything up to it has been given.
    Where ``more`` is true and ``position`` is higher than what was asked for, ask again at once.
    """

    conversation: CustomerConversation
    events: list[Event]
    position: int
    more: bool


class AgentTranscript(Struct, frozen=True):
    """As ``CustomerTranscript``, for an agent of the conversation.

    In the answer to ``before``, ``more`` tells that there are older events: ask next time with the
    number of the first of these. Nothing is missing from there up to ``position``.
    """

    conversation: AgentConversation
    events: list[Event]
    position: int
    more: bool


class Desk(Struct, frozen=True):
    """All that an agent's screen needs to begin with.

    ``next_page`` is null in most cases. Where the conversations are too large for one reply, ask
    again with it as ``page``: the other offers and conversations are in the replies to come, and
    everything else is as in the last of them.

    ``at`` is the time of the server when it answered: compare the times in here with it.
    """

    at: Timestamp
    agent: Agent
    offers: list[Offer]
    conversations: list[AgentConversation]
    not_ready_reasons: list[str]
    next_page: str | None = None


class AgentQueues(Struct, frozen=True):
    """How the agent's queues stand, for a screen with nothing else to show.

    ``ready`` counts the colleagues of all queues together, each once, at most 100. ``served`` lists
    the half hours of the last 25 hours in which the agent closed conversations: add up those since
    the midnight of the screen. ``at`` is the time of the server when it answered.
    """

    at: Timestamp
    queues: list[AgentQueue]
    ready: int
    served: list[Served]
