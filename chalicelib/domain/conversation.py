"""Conversations and what belongs to them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from chalicelib.domain.agent import Agent
from chalicelib.domain.errors import Invalid, LambdeskError, NotFound
from chalicelib.domain.events import Channel, Entry, Participant, Role
from chalicelib.domain.queue import Answer
from chalicelib.domain.texting import TEXT_CHANNELS

Status = Literal["queued", "offered", "active", "wrap_up", "closed"]

MOST_SOCKETS = 12
"""Of one participant in a conversation; who opens more loses the oldest."""

MOST_KEYS = 8
"""Tokens of a customer that are good in one conversation; the oldest give way."""

OPEN: tuple[Status, ...] = ("queued", "offered", "active")
"""The states in which the customer can write."""


@dataclass(frozen=True, slots=True)
class Socket:
    """A live connection of a participant, and the endpoint that reaches it."""

    owner: str
    endpoint: str
    since: datetime


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
    ``attached`` counts the sockets that ever joined, so that a step knows all who listen.
    Up to ``settled`` every number is used, and every text to a phone has left or failed.
    ``address`` is where the customer is reached and found again: a web customer and queue, or the
    key of a ``TextAddress``. ``opted_out`` tells that the customer wants no texts there.
    ``keys`` maps hashes of the customer's tokens to their expiry, ``recent`` the marks of recent
    messages to their numbers, ``refusals`` agents who declined or missed an offer to when they did;
    ``refused`` counts how often anybody did. ``left_at`` is when a window of the customer last
    closed, or when a conversation under way came back to its queue. ``next_look`` is when it is
    next looked whether the customer of a conversation that waits is still there. Up to
    ``agent_read`` the agent it is assigned to has read; it changes without a number.
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
    attached: int = 0
    settled: int = 0
    opted_out: bool = False
    priority: int = 0
    offer: Offer | None = None
    assignment: Assignment | None = None
    last_message: LastMessage | None = None
    wrap_up_until: datetime | None = None
    refusals: Mapping[str, datetime] = field(default_factory=dict)
    keys: Mapping[str, datetime] = field(default_factory=dict)
    sockets: Mapping[str, Socket] = field(default_factory=dict)
    recent: Mapping[str, int] = field(default_factory=dict)
    refused: int = 0
    left_at: datetime | None = None
    next_look: datetime | None = None
    agent_read: int = 0

    @property
    def is_open(self) -> bool:
        """Whether the customer can write."""
        return self.status in OPEN

    @property
    def is_closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.status == "closed"

    @property
    def is_text(self) -> bool:
        """Whether messages to the customer leave through Twilio."""
        return self.channel in TEXT_CHANNELS

    def crowded_out(self, owner: str, coming: int) -> list[str]:
        """The owner's oldest connections, which have to make room for those that are coming."""
        own = {id: socket for id, socket in self.sockets.items() if socket.owner == owner}
        oldest_first = sorted(own, key=lambda connection_id: own[connection_id].since)
        return oldest_first[: max(0, len(own) - MOST_SOCKETS + coming)]

    def outdated_keys(self) -> list[str]:
        """The oldest of the customer's keys, which have to make room for one more."""
        oldest_first = sorted(self.keys, key=lambda key: self.keys[key])
        return oldest_first[: max(0, len(oldest_first) - MOST_KEYS + 1)]

    @property
    def customer_is_present(self) -> bool:
        """Whether the customer has a live socket."""
        return any(socket.owner == self.customer.id for socket in self.sockets.values())

    @property
    def gone_since(self) -> datetime | None:
        """Since when the customer is gone; None while they are there, or where one cannot know.

        Who writes without a socket is there at that moment.
        """
        if self.is_text or self.customer_is_present:
            return None
        left_at = self.left_at or self.started_at
        last = self.last_message
        return max(left_at, last.at) if last and last.role == "customer" else left_at

    def holds_as_agent(self, agent_id: str) -> bool:
        """Whether this agent is the one the conversation is assigned to."""
        return self.assignment is not None and self.assignment.agent.id == agent_id

    def refuses_mark(self, agent_id: str, seq: int) -> LambdeskError | None:
        """Why this agent cannot have read up to this number. None also when they had before."""
        if not self.holds_as_agent(agent_id):
            return NotFound("You do not hold this conversation.")
        if seq > self.seq:
            return Invalid("Nothing has this number yet.", "seq")
        return None


@dataclass(frozen=True, slots=True)
class Contact:
    """What an address leads to: the conversation last held there, if any.

    ``taken`` maps the marks of the newest messages that conversations which ended there have taken
    to these conversations, the oldest first.
    ``opted_out`` tells whether the customer wants no texts, as they said last; ``consents`` are the
    texts in which they ever said so.
    ``has_begun`` tells that there is a conversation which the message at hand has begun.
    ``is_recalled`` tells that this was read a while ago.
    """

    conversation_id: str | None = None
    has_ended: bool = False
    taken: Mapping[str, str] = field(default_factory=dict)
    opted_out: bool = False
    consents: frozenset[str] = frozenset()
    has_begun: bool = False
    is_recalled: bool = False


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
class Consent:
    """What a customer said of texts, in the text ``sid``; ``contact`` is what was known before."""

    address: str
    opted_out: bool
    sid: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class Start:
    """A new conversation.

    ``previous`` is the conversation that its address led to before, ``taken`` what the address goes
    on knowing of earlier ones.
    """

    conversation: Conversation
    details: Details
    entries: tuple[Entry, ...]
    previous: str | None
    taken: Mapping[str, str]
