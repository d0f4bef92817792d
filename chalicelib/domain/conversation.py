"""Conversations and the steps of their life, each a pure function from what was to what is.

``queued → offered → active → wrap_up → closed``; declined, expired and revoked offers lead back.
"""

import hashlib
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from chalicelib.domain.agent import Agent
from chalicelib.domain.audience import customer_sees
from chalicelib.domain.errors import (
    Conflict,
    ConversationClosed,
    Invalid,
    LambdeskError,
    NotFound,
    OfferGone,
    Unauthenticated,
)
from chalicelib.domain.events import (
    Channel,
    ConversationEnded,
    ConversationStarted,
    Delivery,
    Entry,
    Event,
    MessageDelivery,
    MessageSent,
    OfferDeclined,
    OfferExpired,
    OfferMade,
    OfferRevoked,
    Participant,
    ParticipantJoined,
    Role,
)
from chalicelib.domain.events import ConversationClosed as Closed
from chalicelib.domain.queue import Answer, Queue

Status = Literal["queued", "offered", "active", "wrap_up", "closed"]

OPEN: tuple[Status, ...] = ("queued", "offered", "active")
"""The states in which the customer can write."""

TEXT_CHANNELS: tuple[Channel, ...] = ("sms", "whatsapp", "messenger", "rcs")
"""The channels whose messages leave through Twilio."""

RETRY_WINDOW = 16
"""A message can be repeated safely until its sender has sent this many later ones."""

PREVIEW_LENGTH = 80

REFUSALS_KEPT = 50
"""Of a conversation that is passed on so often, the oldest refusals are forgotten."""


@dataclass(frozen=True, slots=True)
class Socket:
    """A live connection of a participant, and the endpoint that reaches it."""

    owner: str
    endpoint: str


@dataclass(frozen=True, slots=True)
class Offer:
    """A pending offer of the conversation to one agent."""

    id: str
    agent: Participant
    made_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Assignment:
    """An accepted offer: the agent is the primary agent of the conversation."""

    offer_id: str
    agent: Participant
    accepted_at: datetime


@dataclass(frozen=True, slots=True)
class LastMessage:
    """The newest message, cut to a line."""

    role: Role
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a customer."""

    id: str
    name: str
    email: str | None = None
    phone: str | None = None
    account_id: str | None = None


@dataclass(frozen=True, slots=True)
class Website:
    """The page on which the customer opened the widget."""

    url: str
    title: str


@dataclass(frozen=True, slots=True)
class Details:
    """What does not change in a conversation: read when it is shown, not when messages pass."""

    customer: Profile
    answers: tuple[Answer, ...]
    first_message: str
    website: Website | None = None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A contact with one customer.

    ``seq`` numbers its newest entry and so is its version: every change of its life takes a number.
    ``public_seq`` numbers the newest entry that the customer may see.
    ``address`` is where the customer is reached and found again: a web customer and queue, or two
    phone numbers. ``keys`` maps hashes of the customer's tokens to their expiry, ``recent`` the
    marks of recent messages to their numbers, ``refusals`` agents who declined or missed an offer
    to when they did.
    """

    id: str
    queue_id: str
    channel: Channel
    status: Status
    customer: Participant
    address: str
    started_at: datetime
    queued_at: datetime
    seq: int
    public_seq: int
    priority: int = 0
    offer: Offer | None = None
    assignment: Assignment | None = None
    last_message: LastMessage | None = None
    wrap_up_until: datetime | None = None
    refusals: Mapping[str, datetime] = field(default_factory=dict)
    keys: Mapping[str, datetime] = field(default_factory=dict)
    sockets: Mapping[str, Socket] = field(default_factory=dict)
    recent: Mapping[str, int] = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the customer can write."""
        return self.status in OPEN

    @property
    def is_text(self) -> bool:
        """Whether messages to the customer leave through Twilio."""
        return self.channel in TEXT_CHANNELS

    def holds_as_agent(self, agent_id: str) -> bool:
        """Whether this agent is the one the conversation is assigned to."""
        return self.assignment is not None and self.assignment.agent.id == agent_id


@dataclass(frozen=True, slots=True)
class Contact:
    """What an address leads to: the conversation last held there, if any.

    Once that has ended, ``marks`` tells which messages it took.
    """

    conversation_id: str | None = None
    has_ended: bool = False
    marks: frozenset[str] = frozenset()
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes: an agent, or a customer, who shows the key of a token on the web."""

    role: Role
    id: str
    key: str | None = None


@dataclass(frozen=True, slots=True)
class MessageDraft:
    """A message that has no number yet."""

    id: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AgentChange:
    """An agent before and after a step."""

    before: Agent
    after: Agent


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the life of a conversation: written all together or not at all."""

    before: Conversation
    after: Conversation
    entries: tuple[Entry, ...]
    agent: AgentChange | None = None


@dataclass(frozen=True, slots=True)
class Start:
    """A new conversation. ``previous`` is the conversation that its address led to before."""

    conversation: Conversation
    details: Details
    entries: tuple[Entry, ...]
    previous: str | None


def start(
    *,
    conversation_id: str,
    queue_id: str,
    channel: Channel,
    address: str,
    details: Details,
    message_id: str,
    keys: Mapping[str, datetime],
    previous: str | None,
    now: datetime,
) -> Start:
    """A conversation opened by its first message, waiting in its queue."""
    customer = Participant("customer", details.customer.id, details.customer.name)
    message = MessageSent(message_id, customer, details.first_message)
    conversation = Conversation(
        id=conversation_id,
        queue_id=queue_id,
        channel=channel,
        status="queued",
        customer=customer,
        address=address,
        started_at=now,
        queued_at=now,
        seq=2,
        public_seq=2,
        last_message=last_message(message, now),
        keys=keys,
        recent={mark(customer, message_id): 2},
    )
    entries = (Entry(1, now, ConversationStarted(channel)), Entry(2, now, message))
    return Start(conversation, details, entries, previous)


def offer(
    conversation: Conversation, agent: Agent, offer_id: str, queue: Queue, now: datetime
) -> Change:
    """The waiting conversation pushed to a free agent. Raises Conflict when either is not."""
    if conversation.status != "queued" or not agent.is_free:
        raise Conflict
    after = replace(
        conversation,
        status="offered",
        offer=Offer(offer_id, agent.participant, now, now + queue.offer_lasts),
    )
    return _step(
        conversation,
        after,
        [OfferMade(offer_id, agent.participant)],
        now,
        AgentChange(agent, agent.with_work(conversation.id, "offered", now)),
    )


def accept(conversation: Conversation, agent: Agent, offer_id: str, now: datetime) -> Change | None:
    """The agent takes the conversation. None when this very offer was accepted before.

    Raises OfferGone when the offer is no longer pending with this agent.
    """
    assignment = conversation.assignment
    if assignment and assignment.offer_id == offer_id and assignment.agent.id == agent.id:
        return None
    _pending_offer(conversation, agent.id, offer_id)
    sockets = {id: Socket(agent.id, endpoint) for id, endpoint in agent.sockets.items()}
    after = replace(
        conversation,
        status="active",
        offer=None,
        assignment=Assignment(offer_id, agent.participant, now),
        sockets={**conversation.sockets, **sockets},
    )
    return _step(
        conversation,
        after,
        [ParticipantJoined(agent.participant)],
        now,
        AgentChange(agent, agent.with_work(conversation.id, "active", now)),
    )


def decline(conversation: Conversation, agent: Agent, offer_id: str, now: datetime) -> Change:
    """The conversation goes back to its old place in the queue.

    Raises OfferGone when the offer is no longer pending with this agent.
    """
    _pending_offer(conversation, agent.id, offer_id)
    return _back_to_queue(conversation, agent, OfferDeclined(offer_id, agent.participant), now)


def expire(conversation: Conversation, agent: Agent, offer_id: str, now: datetime) -> Change | None:
    """The conversation goes back to its old place in the queue, unless the offer is not due."""
    pending = conversation.offer
    if pending is None or pending.id != offer_id or now < pending.expires_at:
        return None
    return _back_to_queue(conversation, agent, OfferExpired(offer_id, agent.participant), now)


def end(
    conversation: Conversation, agent: Agent | None, by: Role, queue: Queue, now: datetime
) -> Change:
    """Nobody writes any more; an assigned agent goes on to the wrap-up.

    ``agent`` is the one it is offered to or assigned to. Raises ConversationClosed when it ended
    before.
    """
    if not conversation.is_open:
        raise ConversationClosed("The conversation has ended.")
    if conversation.status == "active" and agent is not None:
        after = replace(conversation, status="wrap_up", wrap_up_until=now + queue.wrap_up_lasts)
        wrapping_up = agent.with_work(conversation.id, "wrap_up", now)
        return _step(
            conversation, after, [ConversationEnded(by)], now, AgentChange(agent, wrapping_up)
        )
    events: list[Event] = [ConversationEnded(by), Closed()]
    if conversation.offer is not None:
        events.insert(0, OfferRevoked(conversation.offer.id, conversation.offer.agent))
    after = replace(conversation, status="closed", offer=None)
    if agent is None:
        return _step(conversation, after, events, now, None)
    released = AgentChange(agent, agent.without_work(conversation.id, now))
    return _step(conversation, after, events, now, released)


def close(
    conversation: Conversation,
    agent: Agent,
    queue: Queue,
    disposition: str | None,
    note: str | None,
    now: datetime,
) -> Change:
    """The agent closes the conversation with one of the dispositions of its queue.

    Raises NotFound for others' conversations, ConversationClosed when it is closed already,
    and Invalid, naming ``disposition``.
    """
    if not conversation.holds_as_agent(agent.id):
        raise NotFound("You do not hold this conversation.")
    if conversation.status == "closed":
        raise ConversationClosed("The conversation is closed.")
    _check_disposition(queue, disposition)
    return _close(conversation, agent, Closed(disposition, note), now)


def run_out(conversation: Conversation, agent: Agent, now: datetime) -> Change | None:
    """The wrap-up ends without a disposition when its time is over."""
    if conversation.status != "wrap_up" or conversation.wrap_up_until is None:
        return None
    if now < conversation.wrap_up_until:
        return None
    return _close(conversation, agent, Closed(), now)


def refusal(conversation: Conversation, author: Author, now: datetime) -> LambdeskError | None:
    """Why the author cannot write in the conversation; None when they can."""
    if author.role == "customer":
        return _refusal_of_customer(conversation, author, now)
    if not conversation.holds_as_agent(author.id):
        return NotFound("You do not hold this conversation.")
    if conversation.status != "active":
        return ConversationClosed("The conversation has ended.")
    return None


def with_message(conversation: Conversation, author: Author, draft: MessageDraft) -> Conversation:
    """The conversation with the message under its next number."""
    seq = conversation.seq + 1
    return replace(
        conversation,
        seq=seq,
        public_seq=seq,
        recent={**conversation.recent, mark(author, draft.id): seq},
        last_message=LastMessage(author.role, draft.text[:PREVIEW_LENGTH], draft.at),
    )


def message_entry(
    conversation: Conversation, author: Author, draft: MessageDraft, seq: int
) -> Entry:
    """The transcript's entry of a message; a text to a phone begins as pending."""
    assigned = conversation.assignment
    if author.role == "customer" or assigned is None:
        return Entry(seq, draft.at, MessageSent(draft.id, conversation.customer, draft.text))
    delivery: Delivery | None = "pending" if conversation.is_text else None
    return Entry(seq, draft.at, MessageSent(draft.id, assigned.agent, draft.text, delivery))


def delivery_changed(
    conversation: Conversation,
    message_seq: int,
    delivery: Delivery,
    error: str | None,
    now: datetime,
) -> Change:
    """The conversation told of a message's new delivery status."""
    return _step(
        conversation, conversation, [MessageDelivery(message_seq, delivery, error)], now, None
    )


def last_message(message: MessageSent, at: datetime) -> LastMessage:
    """The line that lists show of a message."""
    return LastMessage(message.sender.role, message.text[:PREVIEW_LENGTH], at)


def mark(sender: Participant | Author, message_id: str) -> str:
    """A short key that is the same whenever this sender sends this message again."""
    digest = hashlib.blake2b(f"{sender.id} {message_id}".encode(), digest_size=9).digest()
    return f"{sender.role[0]}{urlsafe_b64encode(digest).decode()}"


def outdated_marks(conversation: Conversation) -> list[str]:
    """The marks that are not needed any more, once enough have gathered to be worth a write."""
    outdated: list[str] = []
    for role in {mark[0] for mark in conversation.recent}:
        marks = sorted(
            (mark for mark in conversation.recent if mark[0] == role),
            key=lambda mark: conversation.recent[mark],
        )
        if len(marks) > 2 * RETRY_WINDOW:
            outdated += marks[:-RETRY_WINDOW]
    return outdated


def _refusal_of_customer(
    conversation: Conversation, author: Author, now: datetime
) -> LambdeskError | None:
    if author.id != conversation.customer.id:
        return NotFound("There is no such conversation.")
    if author.key is not None:
        expiry = conversation.keys.get(author.key)
        if expiry is None or expiry <= now:
            return Unauthenticated("The token is not valid.")
    if not conversation.is_open:
        return ConversationClosed("The conversation has ended.")
    return None


def _pending_offer(conversation: Conversation, agent_id: str, offer_id: str) -> Offer:
    pending = conversation.offer
    if pending is None or pending.id != offer_id or pending.agent.id != agent_id:
        raise OfferGone("This offer is no longer open.")
    return pending


def _back_to_queue(
    conversation: Conversation, agent: Agent, event: OfferDeclined | OfferExpired, now: datetime
) -> Change:
    refusals = {**conversation.refusals, agent.id: now}
    newest = sorted(refusals, key=lambda agent_id: refusals[agent_id])[-REFUSALS_KEPT:]
    after = replace(
        conversation,
        status="queued",
        offer=None,
        refusals={agent_id: refusals[agent_id] for agent_id in newest},
    )
    released = AgentChange(agent, agent.without_work(conversation.id, now))
    return _step(conversation, after, [event], now, released)


def _close(conversation: Conversation, agent: Agent, closed: Closed, now: datetime) -> Change:
    events: list[Event] = [closed]
    if conversation.status == "active":
        events.insert(0, ConversationEnded(agent.role))
    after = replace(conversation, status="closed", wrap_up_until=None)
    released = AgentChange(agent, agent.without_work(conversation.id, now))
    return _step(conversation, after, events, now, released)


def _check_disposition(queue: Queue, disposition: str | None) -> None:
    if queue.dispositions and disposition is None:
        raise Invalid("Choose a disposition.", "disposition")
    if disposition is not None and disposition not in queue.dispositions:
        raise Invalid("This queue has no such disposition.", "disposition")


def _step(
    before: Conversation,
    after: Conversation,
    events: list[Event],
    now: datetime,
    agent: AgentChange | None,
) -> Change:
    entries = tuple(Entry(before.seq + n, now, event) for n, event in enumerate(events, start=1))
    public = [entry.seq for entry in entries if customer_sees(entry.event)]
    numbered = replace(
        after,
        seq=entries[-1].seq,
        public_seq=public[-1] if public else before.public_seq,
    )
    return Change(before, numbered, entries, agent)
