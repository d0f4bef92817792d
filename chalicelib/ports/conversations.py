"""Conversations, their transcripts and the queues they wait in."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from chalicelib.domain.access import Connection, Entrance
from chalicelib.domain.conversation import (
    Author,
    Change,
    Consent,
    Conversation,
    Details,
    MessageDraft,
    Start,
)
from chalicelib.domain.events import Entry, MessageSent
from chalicelib.domain.limits import Count

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

    def entries_before(self, conversation_id: str, before: int, limit: int) -> Iterator[Entry]:
        """Entries with lower numbers, newest first, read as far as they are looked at."""

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

    def mark_read(self, conversation_id: str, agent_id: str, seq: int) -> Conversation | None:
        """The conversation, up to this number of which its agent has read; None if they had before.

        Raises NotFound unless they hold it, and Invalid for a number that nothing has yet.
        """

    def look_again(self, looked_at: Conversation) -> None:
        """Put off the look at a conversation to its ``next_look``, if it still waits."""

    def let_in(self, conversation_id: str, entrance: Entrance, outdated: Sequence[str]) -> None:
        """Let the customer into a conversation of theirs, with their token in place of others.

        Raises Conflict when it is not theirs.
        """

    def waiting(self, queue_id: str) -> Iterator[str]:
        """Places of the conversations that wait in the queue, in the order to offer them."""

    def count_ahead(self, conversation: Conversation) -> int:
        """How many wait before this one, at most 100."""

    def due(self, kind: DueKind, before: datetime) -> list[Due]:
        """What should have happened before that time and has not."""
