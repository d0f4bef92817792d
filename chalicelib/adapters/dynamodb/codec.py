"""Between items and the domain."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec

from chalicelib.adapters.dynamodb.models import ConversationItem, DetailsItem, EntryItem
from chalicelib.domain import events
from chalicelib.domain.conversation import (
    Assignment,
    Conversation,
    Details,
    LastMessage,
    Offer,
    Socket,
)
from chalicelib.domain.events import Entry, Event, MessageSent, Participant

_KINDS: dict[str, type[Any]] = {
    "conversation.started": events.ConversationStarted,
    "message.sent": events.MessageSent,
    "message.delivery": events.MessageDelivery,
    "offer.made": events.OfferMade,
    "offer.declined": events.OfferDeclined,
    "offer.expired": events.OfferExpired,
    "offer.revoked": events.OfferRevoked,
    "participant.joined": events.ParticipantJoined,
    "participant.left": events.ParticipantLeft,
    "conversation.ended": events.ConversationEnded,
    "conversation.closed": events.ConversationClosed,
    "customer.opted_out": events.CustomerOptedOut,
    "customer.opted_in": events.CustomerOptedIn,
    "number.voided": events.NumberVoided,
}
"""The stored name of each kind of event: the one that it has on the wire."""

_NAMES = {kind: name for name, kind in _KINDS.items()}

_FORMER_NAMES: dict[str, type[Any]] = {
    "ConversationStarted": events.ConversationStarted,
    "MessageSent": events.MessageSent,
    "MessageDelivery": events.MessageDelivery,
    "OfferMade": events.OfferMade,
    "OfferDeclined": events.OfferDeclined,
    "OfferExpired": events.OfferExpired,
    "OfferRevoked": events.OfferRevoked,
    "ParticipantJoined": events.ParticipantJoined,
    "ParticipantLeft": events.ParticipantLeft,
    "ConversationEnded": events.ConversationEnded,
    "ConversationClosed": events.ConversationClosed,
    "CustomerOptedOut": events.CustomerOptedOut,
    "CustomerOptedIn": events.CustomerOptedIn,
    "NumberVoided": events.NumberVoided,
}
"""Version 0.1 stored these names. Its entries are read for ever; nothing is added here."""

_READ = _KINDS | _FORMER_NAMES

OUTBOUND = "outbound"
WAITING = "waiting"

_OFFER = msgspec.json.Decoder(Offer)
_ASSIGNMENT = msgspec.json.Decoder(Assignment)
_LAST_MESSAGE = msgspec.json.Decoder(LastMessage)


def milliseconds(at: datetime) -> int:
    """Since 1970."""
    return round(at.timestamp() * 1000)


def moment(at: float) -> datetime:
    """The time that many milliseconds after 1970, in UTC."""
    return datetime.fromtimestamp(at / 1000, UTC)


def encode(value: object) -> str:
    """A dataclass as JSON."""
    return msgspec.json.encode(value).decode()


def conversation_key(conversation_id: str) -> str:
    """The partition of a conversation."""
    return f"CONVERSATION#{conversation_id}"


def conversation_id_of(key: str) -> str:
    """The conversation of a partition."""
    return key.partition("#")[2]


def entry_key(seq: int) -> str:
    """The sort key of an entry."""
    return f"ENTRY#{seq:09d}"


def entry_item(conversation_id: str, entry: Entry) -> EntryItem:
    """The item of an entry; a message that has yet to leave is due."""
    item = EntryItem(
        conversation_key(conversation_id),
        entry_key(entry.seq),
        at=milliseconds(entry.at),
        kind=_NAMES[type(entry.event)],
        event=encode(entry.event),
    )
    if isinstance(entry.event, MessageSent) and entry.event.delivery:
        item.delivery = entry.event.delivery
        if entry.event.delivery == "pending":
            item.due_kind, item.due_at = OUTBOUND, item.at
    return item


def read_entry(item: EntryItem) -> Entry:
    """The entry of an item."""
    event: Event = msgspec.json.decode(item.event, type=_READ[item.kind])
    if isinstance(event, MessageSent) and item.delivery != event.delivery:
        event = replace(event, delivery=item.delivery)  # type: ignore[arg-type]
    return Entry(int(item.sk.partition("#")[2]), moment(item.at), event)


def details_item(conversation_id: str, details: Details) -> DetailsItem:
    """The item of a conversation's details."""
    return DetailsItem(conversation_key(conversation_id), details=encode(details))


def read_details(item: DetailsItem) -> Details:
    """The details of an item."""
    return msgspec.json.decode(item.details, type=Details)


def due_of(conversation: Conversation) -> tuple[str | None, int | None]:
    """By when something should have happened to the conversation."""
    if conversation.offer is not None:
        return "offer", milliseconds(conversation.offer.expires_at)
    if conversation.wrap_up_until is not None:
        return "wrap_up", milliseconds(conversation.wrap_up_until)
    if conversation.next_look is not None:
        return WAITING, milliseconds(conversation.next_look)
    return None, None


def conversation_item(conversation: Conversation) -> ConversationItem:
    """The item of a conversation."""
    due_kind, due_at = due_of(conversation)
    return ConversationItem(
        conversation_key(conversation.id),
        queue_id=conversation.queue_id,
        channel=conversation.channel,
        status=conversation.status,
        customer_id=conversation.customer.id,
        customer_name=conversation.customer.name,
        address=conversation.address,
        started_at=milliseconds(conversation.started_at),
        queued_at=milliseconds(conversation.queued_at),
        priority=conversation.priority,
        seq=conversation.seq,
        public_seq=conversation.public_seq,
        attached=conversation.attached,
        settled=conversation.settled,
        opted_out=conversation.opted_out or None,
        offer=conversation.offer and encode(conversation.offer),
        assignment=conversation.assignment and encode(conversation.assignment),
        agent_id=conversation.assignment and conversation.assignment.agent.id,
        last_message=conversation.last_message and encode(conversation.last_message),
        refusals=times(conversation.refusals),
        refused=conversation.refused,
        left_at=conversation.left_at and milliseconds(conversation.left_at),
        agent_read=conversation.agent_read or None,
        keys=times(conversation.keys),
        sockets={id: write_socket(socket) for id, socket in conversation.sockets.items()},
        recent=dict(conversation.recent),
        due_kind=due_kind,
        due_at=due_at,
    )


def read_conversation(item: ConversationItem) -> Conversation:
    """The conversation of an item."""
    return Conversation(
        id=conversation_id_of(item.pk),
        queue_id=item.queue_id,
        channel=item.channel,  # type: ignore[arg-type]
        status=item.status,  # type: ignore[arg-type]
        customer=Participant("customer", item.customer_id, item.customer_name),
        address=item.address,
        started_at=moment(item.started_at),
        queued_at=moment(item.queued_at),
        priority=int(item.priority),
        seq=int(item.seq),
        public_seq=int(item.public_seq),
        attached=int(item.attached),
        settled=int(item.settled or 0),
        opted_out=bool(item.opted_out),
        offer=_OFFER.decode(item.offer) if item.offer else None,
        assignment=_ASSIGNMENT.decode(item.assignment) if item.assignment else None,
        last_message=_LAST_MESSAGE.decode(item.last_message) if item.last_message else None,
        wrap_up_until=moment(item.due_at) if item.due_kind == "wrap_up" else None,
        refusals={id: moment(at) for id, at in item.refusals.items()},
        keys={key: moment(at) for key, at in item.keys.items()},
        sockets={id: read_socket(text) for id, text in item.sockets.items()},
        recent=item.recent,
        refused=int(item.refused or 0),
        left_at=None if item.left_at is None else moment(item.left_at),
        next_look=moment(item.due_at) if item.due_kind == WAITING else None,
        agent_read=int(item.agent_read or 0),
    )


def times(values: Any) -> dict[str, int]:
    """A map to times, as milliseconds."""
    return {name: milliseconds(at) for name, at in values.items()}


def write_socket(socket: Socket) -> str:
    """A socket as one string."""
    return f"{socket.owner} {socket.endpoint} {milliseconds(socket.since)}"


def read_socket(text: str) -> Socket:
    """The socket of such a string."""
    owner, endpoint, since = text.split(" ")
    return Socket(owner, endpoint, moment(int(since)))
