"""What the use cases need of the world outside."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from chalicelib.domain.access import Bearer, Connection, CustomerToken, Entrance, Ticket
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import (
    AgentChange,
    Author,
    Change,
    Consent,
    Contact,
    Conversation,
    Details,
    MessageDraft,
    Start,
)
from chalicelib.domain.events import Entry, MessageSent
from chalicelib.domain.limits import Count
from chalicelib.domain.notices import Parcel
from chalicelib.domain.pace import Pace
from chalicelib.domain.queue import Captcha, Queue

DueKind = Literal["offer", "wrap_up", "outbound", "away", "stale", "waiting"]


@dataclass(frozen=True, slots=True)
class Due:
    """Something whose time has come.

    ``id`` is of a conversation, of an agent who is away, or of a connection that is stale.
    ``waiting`` is a conversation of which it has to be looked whether its customer is there.
    """

    kind: DueKind
    id: str
    message_seq: int | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A message that has its number.

    ``conversation`` is as it became by it. ``after`` is the number of the entry before it that the
    customer may see, or lower. ``is_repeated`` tells that an earlier try was given the number.
    """

    conversation: Conversation
    seq: int
    after: int
    is_repeated: bool


class Conversations(Protocol):
    """Conversations, their entries and the queues they wait in.

    All reads but ``due`` are strongly consistent. ``begin`` and ``commit`` write all
    or nothing and raise Conflict when something they rest on has changed.
    """

    def begin(self, start: Start, entrance: Entrance | None, counts: Sequence[Count] = ()) -> None:
        """Write a new conversation, its address and queue place, and the customer's entrance.

        Raises TooMany when one of the counts is at its most, as far as can be told: it may be that
        something changed as well.
        """

    def commit(self, change: Change) -> None:
        """Write one step of a conversation's life."""

    def number(self, conversation_id: str, author: Author, message: MessageDraft) -> Numbered:
        """Give the message its number, once. Raises what ``refusal_of`` says."""

    def renumber(
        self, conversation_id: str, author: Author, message: MessageDraft, voided: int
    ) -> Numbered:
        """Give the message another number, once, where its first one was voided."""

    def put_message(self, conversation: Conversation, entry: Entry) -> Entry | None:
        """Store the entry under its number; what is there already, or None if nothing was."""

    def void(self, conversation_id: str, entry: Entry) -> bool:
        """Fill a number that was given out and never used; whether it was still unused."""

    def forget_marks(self, conversation_id: str, marks: Sequence[str]) -> None:
        """Drop marks of old messages."""

    def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""

    def get_many(self, ids: Iterable[str]) -> dict[str, Conversation]:
        """Those of the conversations that exist, by id."""

    def get_with_details(self, ids: Iterable[str]) -> dict[str, tuple[Conversation, Details]]:
        """Those of the conversations that exist, by id."""

    def entries(self, conversation_id: str, after: int, limit: int) -> Iterator[Entry]:
        """Entries with higher numbers, in order, read as far as they are looked at."""

    def message(self, conversation_id: str, seq: int) -> Entry | None:
        """The entry under this number."""

    def commit_delivery(self, change: Change, known: MessageSent) -> None:
        """Write a message's new delivery status with the entry that tells of it.

        Raises Conflict when the message's status is no longer the one ``known``.
        """

    def commit_consent(self, consent: Consent, change: Change | None) -> None:
        """Write whether a customer wants no texts, with the step that tells their conversation.

        Raises Conflict also when their address changed, or the same text was taken before.
        """

    def attach(
        self, conversation_id: str, connection: Connection, crowded_out: Sequence[str]
    ) -> Conversation:
        """Add a live connection in place of others.

        Raises NotFound if it is not its bearer's conversation.
        """

    def detach(
        self, conversation_id: str, connection_ids: Iterable[str], left_at: datetime | None = None
    ) -> Conversation | None:
        """Remove connections; the conversation without them, if there is one.

        ``left_at`` is when they closed, if they are the customer's.
        """

    def look_again(self, looked_at: Conversation) -> None:
        """Put off the look at a conversation to its ``next_look``, if it still waits."""

    def let_in(self, conversation_id: str, entrance: Entrance, outdated: Sequence[str]) -> None:
        """Let the customer into a conversation of theirs, with their token in place of others.

        Raises Conflict when it is not theirs.
        """

    def waiting(self, queue_id: str) -> Iterator[str]:
        """Ids of the conversations that wait in the queue, in the order to offer them."""

    def count_ahead(self, conversation: Conversation) -> int:
        """How many wait before this one, at most 100."""

    def due(self, kind: DueKind, before: datetime) -> list[Due]:
        """What should have happened before that time and has not."""


class Addresses(Protocol):
    """Where customers are found again: web customers by queue, others by their and our address."""

    def contact(self, address: str, begins: str | None = None) -> Contact:
        """What the address leads to, and whether the conversation ``begins`` has begun."""

    def contact_of(self, token: CustomerToken, address: str, begins: str, queue_id: str) -> Contact:
        """The same for who shows a token; the same look makes the queue's settings known.

        Raises Unauthenticated when the token is not good.
        """

    def recall(self, address: str, lines: Sequence[str]) -> Contact:
        """What the address leads to, or led to when this worker last looked.

        A look makes the settings of the queue known to which our line leads; ``lines`` are its
        names.
        """


class Agents(Protocol):
    """Agents and the queues that find them free. All reads are strongly consistent."""

    def get(self, agent_id: str) -> Agent:
        """Raises NotFound."""

    def put(self, change: AgentChange) -> None:
        """Write an agent's new state. Raises Conflict when it is not as it was before."""

    def join(self, change: AgentChange, connection: Connection) -> None:
        """The same for an agent with one more socket. Raises Conflict also when it is closed."""

    def free(self, queue_id: str) -> Iterator[Agent]:
        """Agents with a free slot for the queue, in the order to offer them something."""


class Queues(Protocol):
    """The settings of queues; what is given may be a minute old."""

    def get(self, queue_id: str) -> Queue:
        """Raises NotFound."""

    def of_line(self, lines: Sequence[str]) -> Queue:
        """The queue of a line, by the first of its names that leads to one. Raises NotFound."""

    def all_ids(self) -> list[str]:
        """The ids of all queues."""


class Access(Protocol):
    """Tokens, tickets and live sockets."""

    def check_token(self, token: CustomerToken) -> None:
        """Raises Unauthenticated when the token is not good, or no longer."""

    def put_ticket(self, ticket: Ticket) -> None:
        """Remember a ticket until it is taken or expires."""

    def take_ticket(self, key: str) -> Bearer:
        """Consume a ticket. Raises Unauthenticated when it is unknown, taken or expired."""

    def put_connection(self, connection: Connection) -> None:
        """Remember whose the new socket is."""

    def connection(self, connection_id: str) -> Connection:
        """Raises Unauthenticated."""

    def see_connection(self, connection: Connection) -> None:
        """Remember its last sign of life. Raises Unauthenticated when it is closed."""

    def close_connection(self, connection_id: str) -> Connection | None:
        """Let the socket do nothing more; what is known of it. It is due until it is forgotten."""

    def forget_connection(self, connection_id: str) -> None:
        """The socket is registered nowhere any more."""


class Push(Protocol):
    """Frames to live sockets."""

    def send(self, parcels: Iterable[Parcel]) -> set[str]:
        """Send each parcel once, best effort; the connections that turned out to be gone."""

    def close(self, connection_id: str, endpoint: str) -> None:
        """End a socket, best effort. It is forgotten when API Gateway tells that it is gone."""


class Pacing(Protocol):
    """How fast clients ask."""

    def take(self, client: str, pace: Pace) -> bool:
        """Count a request; False from one who goes on asking whatever they are told.

        Raises TooMany when the client has to wait.
        """


@dataclass(frozen=True, slots=True)
class Timer:
    """What a delayed message is about: an offer of a conversation, or an agent who is away."""

    kind: Literal["offer", "away"]
    subject: str
    offer_id: str = ""


class Timers(Protocol):
    """Delayed messages."""

    def schedule(self, timer: Timer, delay: timedelta) -> None:
        """Deliver the timer after the delay, at least once."""


@dataclass(frozen=True, slots=True)
class OutboundText:
    """The message that has to leave."""

    conversation_id: str
    message_seq: int


class Outbox(Protocol):
    """The queue of texts that have to leave, in order per conversation."""

    def enqueue(self, conversation_id: str, message_seq: int) -> None:
        """Have the message sent."""

    def postpone(self, receipt: str, pause: timedelta) -> None:
        """Have what was given out under this receipt given out again after the pause.

        Until then nothing else of its conversation is given out.
        """


@dataclass(frozen=True, slots=True)
class Text:
    """A text to send."""

    sender: str
    to: str
    body: str
    conversation_id: str
    message_seq: int


class TextRefused(Exception):
    """The provider will never send this text; ``code`` is Twilio's number for why."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class TextDelayed(Exception):
    """The provider cannot take the text now, and will later.

    ``pause`` is how long it asks us to wait, where it does.
    """

    def __init__(self, why: str, pause: timedelta | None = None) -> None:
        super().__init__(why)
        self.pause = pause


class Texting(Protocol):
    """The provider that sends texts."""

    def send(self, text: Text) -> None:
        """Hand the text over. Raises TextRefused or TextDelayed."""


class Captchas(Protocol):
    """Providers that tell people from programs."""

    def is_solved(self, captcha: Captcha, token: str) -> bool:
        """Whether the provider takes the token; yes where it cannot be asked."""


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """Now, in UTC, in whole milliseconds."""

    def pause(self, attempt: int) -> None:
        """Wait a moment before the next attempt, longer and more random with each."""


class Ids(Protocol):
    """Randomness."""

    def new(self) -> str:
        """A new id."""

    def secret(self) -> str:
        """A new secret of at least 128 random bits."""

    def below(self, bound: int) -> int:
        """A random number from 0 to just below the bound."""


@dataclass(frozen=True, slots=True)
class Ports:
    """All of them, as the use cases get them."""

    conversations: Conversations
    addresses: Addresses
    agents: Agents
    queues: Queues
    access: Access
    push: Push
    pacing: Pacing
    timers: Timers
    outbox: Outbox
    texting: Texting
    captchas: Captchas
    clock: Clock
    ids: Ids
