"""What happened in a conversation: the entries of its transcript.

Every event has a number, ``seq``, unique in its conversation and growing with time. Customers are
shown only some of the events, so the numbers they see have gaps. ``domain/audience.py`` says which.

An event here has the name and the fields of the event in ``domain/events.py`` that it shows.
"""

from collections.abc import Mapping
from typing import Any, get_args

from msgspec import Struct

from chalicelib.domain import events as happened
from chalicelib.domain.events import Channel, Delivery, EndReason, Role
from chalicelib.protocol.views.people import Participant, Timestamp


class Entry(Struct, frozen=True, kw_only=True, tag_field="type"):
    """What every event carries."""

    seq: int
    at: Timestamp


class ConversationStarted(Entry, frozen=True, kw_only=True, tag="conversation.started"):
    """The customer wrote for the first time."""

    channel: Channel


class MessageSent(Entry, frozen=True, kw_only=True, tag="message.sent"):
    """A message. ``message_id`` is the id its sender gave it.

    ``delivery`` is null where there is nothing beyond Lambdesk to deliver to (the web), and
    for customers.
    """

    message_id: str
    sender: Participant
    text: str
    delivery: Delivery | None = None


class MessageDelivery(Entry, frozen=True, kw_only=True, tag="message.delivery"):
    """The delivery status of an earlier message changed."""

    message_seq: int
    delivery: Delivery
    error: str | None = None


class OfferMade(Entry, frozen=True, kw_only=True, tag="offer.made"):
    """The conversation was pushed to an agent."""

    offer_id: str
    agent: Participant


class OfferDeclined(Entry, frozen=True, kw_only=True, tag="offer.declined"):
    """The agent declined; the conversation is back in its queue."""

    offer_id: str
    agent: Participant


class OfferExpired(Entry, frozen=True, kw_only=True, tag="offer.expired"):
    """The agent did not answer in time."""

    offer_id: str
    agent: Participant


class OfferRevoked(Entry, frozen=True, kw_only=True, tag="offer.revoked"):
    """The offer was taken back before the agent answered."""

    offer_id: str
    agent: Participant


class ParticipantJoined(Entry, frozen=True, kw_only=True, tag="participant.joined"):
    """An agent accepted the conversation."""

    participant: Participant


class ParticipantLeft(Entry, frozen=True, kw_only=True, tag="participant.left"):
    """A participant left the conversation."""

    participant: Participant


class ConversationEnded(Entry, frozen=True, kw_only=True, tag="conversation.ended"):
    """Nobody can write any more; the agent may still have to record the disposition.

    ``reason`` is null where a participant ended it. It is ``abandoned``, and ``by`` is ``bot``,
    where the customer was away for longer than the queue allows while the conversation waited.
    """

    by: Role
    reason: EndReason | None = None


class ConversationClosed(Entry, frozen=True, kw_only=True, tag="conversation.closed"):
    """The disposition was recorded, or none was needed."""

    disposition: str | None = None
    note: str | None = None


class CustomerOptedOut(Entry, frozen=True, kw_only=True, tag="customer.opted_out"):
    """The customer wants no more texts: messages to them are refused."""


class CustomerOptedIn(Entry, frozen=True, kw_only=True, tag="customer.opted_in"):
    """The customer wants texts again."""


class NumberVoided(Entry, frozen=True, kw_only=True, tag="number.voided"):
    """Nothing happened under this number: its sender was cut off and never came back."""


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

_CARRIED = len(Entry.__struct_fields__)
_BY_NAME: Mapping[str, type[Any]] = {shown.__name__: shown for shown in get_args(Event)}


def event_of(entry: happened.Entry) -> Event:
    """An entry of the transcript as it is shown. Raises KeyError for an event with no struct."""
    event = entry.event
    shown = _BY_NAME[type(event).__name__]
    fields = {name: _shown(getattr(event, name)) for name in shown.__struct_fields__[_CARRIED:]}
    return shown(seq=entry.seq, at=entry.at, **fields)  # type: ignore[no-any-return]


def _shown(value: object) -> object:
    return Participant.of(value) if isinstance(value, happened.Participant) else value
