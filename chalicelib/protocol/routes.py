"""The REST routes and what they carry."""

from dataclasses import dataclass
from typing import Literal

from msgspec import Struct

from chalicelib.protocol import rest
from chalicelib.protocol.views.conversations import CustomerConversation
from chalicelib.protocol.views.queues import QueueForm

Credential = Literal["none", "optional customer token", "customer token", "agent", "signature"]


@dataclass(frozen=True)
class Route:
    """One REST operation. ``errors`` are codes of ``domain.errors``."""

    method: Literal["GET", "POST"]
    path: str
    summary: str
    credential: Credential
    status: int
    errors: tuple[str, ...]
    request: type[Struct] | None = None
    reply: type[Struct] | None = None
    query: tuple[str, ...] = ()


_BODY = ("malformed", "unsupported_media_type", "invalid", "too_large")
_CUSTOMER = ("unauthenticated", "not_found")

ROUTES = (
    Route(
        "GET",
        "/widget/queues/{queue_id}",
        "What to ask a customer before writing to this queue.",
        "none",
        200,
        ("not_found",),
        reply=QueueForm,
    ),
    Route(
        "POST",
        "/widget/conversations",
        "Open a conversation with its first message. A customer who sends a token and still has an "
        "open conversation in the queue gets that one, and the message is added to it.",
        "optional customer token",
        201,
        (*_BODY, *_CUSTOMER, "conversation_closed", "too_many", "busy"),
        request=rest.StartConversation,
        reply=rest.ConversationStart,
    ),
    Route(
        "POST",
        "/widget/conversations/{conversation_id}/messages",
        "Send a message. Repeating a message_id is harmless and gives the same receipt.",
        "customer token",
        201,
        (*_BODY, *_CUSTOMER, "conversation_closed", "too_many", "busy"),
        request=rest.SendMessage,
        reply=rest.MessageReceipt,
    ),
    Route(
        "GET",
        "/widget/conversations/{conversation_id}/messages",
        "The conversation, and what happened in it after a number.",
        "customer token",
        200,
        ("invalid", *_CUSTOMER, "too_many"),
        reply=rest.CustomerTranscript,
        query=("after",),
    ),
    Route(
        "POST",
        "/widget/conversations/{conversation_id}/end",
        "End the conversation.",
        "customer token",
        200,
        (*_CUSTOMER, "conversation_closed", "busy"),
        reply=CustomerConversation,
    ),
    Route(
        "POST",
        "/widget/conversations/{conversation_id}/socket-tickets",
        "A ticket to open a socket for this conversation.",
        "customer token",
        201,
        (*_CUSTOMER, "too_many"),
        reply=rest.SocketTicket,
    ),
    Route(
        "POST",
        "/agent/socket-tickets",
        "A ticket to open an agent's socket.",
        "agent",
        201,
        ("unauthenticated", "forbidden"),
        reply=rest.SocketTicket,
    ),
    Route(
        "GET",
        "/agent/desk",
        "The agent, their pending offers and the conversations they hold.",
        "agent",
        200,
        ("unauthenticated", "forbidden", "invalid"),
        reply=rest.Desk,
        query=("page",),
    ),
    Route(
        "GET",
        "/agent/queues",
        "How the queues of the agent stand, and what the agent served lately.",
        "agent",
        200,
        ("unauthenticated", "forbidden"),
        reply=rest.AgentQueues,
    ),
    Route(
        "GET",
        "/agent/conversations/{conversation_id}/events",
        "A conversation that the agent holds, and what happened in it after or before a number.",
        "agent",
        200,
        ("unauthenticated", "forbidden", "not_found", "invalid"),
        reply=rest.AgentTranscript,
        query=("after", "before"),
    ),
    Route(
        "POST",
        "/twilio/messages",
        "Twilio's webhook for inbound messages; answers empty TwiML.",
        "signature",
        200,
        ("forbidden", "not_found", "unsupported_media_type", "invalid", "too_large", "busy"),
    ),
    Route(
        "POST",
        "/twilio/status",
        "Twilio's callback for the delivery status of an outbound message.",
        "signature",
        204,
        ("forbidden", "unsupported_media_type", "invalid", "too_large", "busy"),
    ),
)
