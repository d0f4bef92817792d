"""Conversations in DynamoDB."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from pynamodb.connection import Connection as Database
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb import codec, conditions, read_marks, transactions
from chalicelib.adapters.dynamodb.client import ConditionFailed, dispatch, translated
from chalicelib.adapters.dynamodb.models import (
    ConversationItem,
    DetailsItem,
    EntryItem,
    WaitingItem,
)
from chalicelib.adapters.dynamodb.reading import batch_get
from chalicelib.domain import messages
from chalicelib.domain.access import Connection, Entrance
from chalicelib.domain.conversation import (
    Author,
    Change,
    Consent,
    Conversation,
    Details,
    LastMessage,
    MessageDraft,
    Socket,
    Start,
)
from chalicelib.domain.errors import Conflict, NotFound, Unauthenticated
from chalicelib.domain.events import Entry, MessageSent
from chalicelib.domain.limits import Count
from chalicelib.domain.messages import mark
from chalicelib.domain.routing import place
from chalicelib.domain.staff import MOST_COUNTED
from chalicelib.ports import Clock, Due, DueKind, Numbered

PAGE = 30


class ConversationTable:
    """The port ``Conversations``."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def begin(self, start: Start, entrance: Entrance | None, counts: Sequence[Count] = ()) -> None:
        """Write a new conversation, its address and queue place, and the customer's entrance."""
        transactions.begin(self._database, start, entrance, counts)

    def let_in(self, conversation_id: str, entrance: Entrance, outdated: Sequence[str]) -> None:
        """Let the customer into a conversation of theirs, with their token in place of others."""
        transactions.let_in(self._database, conversation_id, entrance, outdated)

    def commit(self, change: Change) -> None:
        """Write one step of a conversation's life."""
        transactions.commit(self._database, change)

    def commit_delivery(self, change: Change, known: MessageSent) -> None:
        """Write a message's new delivery status with the entry that tells of it."""
        transactions.commit_delivery(self._database, change, known)

    def commit_consent(self, consent: Consent, change: Change | None) -> None:
        """Write whether a customer wants no texts, with the step that tells their conversation."""
        transactions.commit_consent(self._database, consent, change)

    def number(self, conversation_id: str, author: Author, message: MessageDraft) -> Numbered:
        """Give the message its number, once."""
        is_new = conditions.mark_is_new(mark(author, message.id))
        try:
            return self._number(conversation_id, author, message, is_new)
        except ConditionFailed as failed:
            return self._numbered_before(failed, author, message, voided=None)

    def renumber(
        self, conversation_id: str, author: Author, message: MessageDraft, voided: int
    ) -> Numbered:
        """Give the message another number, once, where its first one was voided."""
        is_still_voided = conditions.mark_is_still_of(mark(author, message.id), voided)
        try:
            return self._number(conversation_id, author, message, is_still_voided)
        except ConditionFailed as failed:
            return self._numbered_before(failed, author, message, voided)

    def put_message(self, conversation: Conversation, entry: Entry) -> Entry | None:
        """Store the entry under its number; what is there already, or None if nothing was."""
        item = codec.entry_item(conversation.id, entry)
        request = item.get_save_kwargs_from_instance(
            conditions.NUMBER_IS_UNUSED, return_values_on_condition_failure="ALL_OLD"
        )
        try:
            dispatch(EntryItem, "PutItem", request)
        except ConditionFailed as failed:
            return codec.read_entry(EntryItem.from_raw_data(failed.item or {}))
        return None

    def void(self, conversation_id: str, entry: Entry) -> bool:
        """Fill a number that was given out and never used; whether it was still unused."""
        try:
            with translated():
                codec.entry_item(conversation_id, entry).save(conditions.NUMBER_IS_UNUSED)
        except ConditionFailed:
            return False
        return True

    def forget_marks(self, conversation_id: str, marks: Sequence[str]) -> None:
        """Drop marks of old messages."""
        self._update(
            conversation_id,
            [ConversationItem.recent[mark].remove() for mark in marks],
            conditions.CONVERSATION_EXISTS,
        )

    def get(self, conversation_id: str) -> Conversation:
        """Raises NotFound."""
        key = codec.conversation_key(conversation_id)
        try:
            with translated():
                item = ConversationItem.get(key, "CONVERSATION", consistent_read=True)
        except DoesNotExist:
            raise NotFound("There is no such conversation.") from None
        return codec.read_conversation(item)

    def get_many(self, ids: Iterable[str]) -> dict[str, Conversation]:
        """Those of the conversations that exist, by id."""
        keys = [(codec.conversation_key(id), "CONVERSATION") for id in ids]
        items = map(ConversationItem.from_raw_data, batch_get(keys))
        return {item.id: item for item in map(codec.read_conversation, items)}

    def get_with_details(self, ids: Iterable[str]) -> dict[str, tuple[Conversation, Details]]:
        """Those of the conversations that exist, by id."""
        keys = [
            (codec.conversation_key(id), sort_key)
            for id in ids
            for sort_key in ("CONVERSATION", "DETAILS")
        ]
        conversations: dict[str, Conversation] = {}
        details: dict[str, Details] = {}
        for item in batch_get(keys):
            id = codec.conversation_id_of(item["pk"]["S"])
            if item["sk"]["S"] == "DETAILS":
                details[id] = codec.read_details(DetailsItem.from_raw_data(item))
            else:
                conversations[id] = codec.read_conversation(ConversationItem.from_raw_data(item))
        return {id: (conversations[id], details[id]) for id in conversations if id in details}

    def entries(self, conversation_id: str, after: int, limit: int) -> Iterator[Entry]:
        """Entries with higher numbers, in order, read as far as they are looked at: 1 MB a call."""
        with translated():
            items = EntryItem.query(
                codec.conversation_key(conversation_id),
                EntryItem.sk.between(codec.entry_key(after + 1), "ENTRY#~"),
                consistent_read=True,
                limit=limit,
            )
            yield from map(codec.read_entry, items)

    def entries_before(self, conversation_id: str, before: int, limit: int) -> Iterator[Entry]:
        """Entries with lower numbers, newest first, read as far as they are looked at."""
        with translated():
            items = EntryItem.query(
                codec.conversation_key(conversation_id),
                EntryItem.sk.between(codec.entry_key(0), codec.entry_key(max(before - 1, 0))),
                consistent_read=True,
                scan_index_forward=False,
                limit=limit,
            )
            yield from map(codec.read_entry, items)

    def message(self, conversation_id: str, seq: int) -> Entry | None:
        """The entry under this number."""
        key = codec.conversation_key(conversation_id)
        try:
            with translated():
                item = EntryItem.get(key, codec.entry_key(seq), consistent_read=True)
        except DoesNotExist:
            return None
        return codec.read_entry(item)

    def attach(
        self, conversation_id: str, connection: Connection, crowded_out: Sequence[str]
    ) -> Conversation:
        """Add a live connection in place of others."""
        socket = Socket(connection.bearer.id, connection.endpoint, self._clock.now())
        try:
            changed = self._update(
                conversation_id,
                [
                    ConversationItem.sockets[connection.id].set(codec.write_socket(socket)),
                    ConversationItem.attached.set(ConversationItem.attached + 1),
                    *(ConversationItem.sockets[id].remove() for id in crowded_out),
                ],
                conditions.is_theirs(connection.bearer),
            )
        except ConditionFailed:
            raise NotFound("There is no such conversation.") from None
        return codec.read_conversation(ConversationItem.from_raw_data(changed))

    def detach(
        self, conversation_id: str, connection_ids: Iterable[str], left_at: datetime | None = None
    ) -> Conversation | None:
        """Remove connections; the conversation without them, if there is one."""
        actions: list[Action] = [ConversationItem.sockets[id].remove() for id in connection_ids]
        if left_at is not None:
            actions.append(ConversationItem.left_at.set(codec.milliseconds(left_at)))
        try:
            changed = self._update(conversation_id, actions, conditions.CONVERSATION_EXISTS)
        except ConditionFailed:
            return None
        return codec.read_conversation(ConversationItem.from_raw_data(changed))

    def mark_read(self, conversation_id: str, agent_id: str, seq: int) -> Conversation | None:
        """The conversation, up to this number of which its agent has read; None if they had before.

        Raises NotFound unless they hold it, and Invalid for a number that nothing has yet.
        """
        return read_marks.raise_mark(conversation_id, agent_id, seq)

    def waiting(self, queue_id: str) -> Iterator[str]:
        """Places of the conversations that wait in the queue, in the order to offer them."""
        key = transactions.waiting_key(queue_id)
        with translated():
            for item in WaitingItem.query(key, consistent_read=True, page_size=PAGE):
                yield item.sk

    def count_ahead(self, conversation: Conversation) -> int:
        """How many wait before this one, at most 100."""
        with translated():
            ahead = WaitingItem.query(
                transactions.waiting_key(conversation.queue_id),
                WaitingItem.sk < place(conversation),
                consistent_read=True,
                limit=MOST_COUNTED,
            )
            return sum(1 for _ in ahead)

    def look_again(self, looked_at: Conversation) -> None:
        """Put off the look at a waiting conversation; nothing if it waits there no more."""
        if looked_at.next_look is None:
            return
        at = codec.milliseconds(looked_at.next_look)
        with suppress(ConditionFailed):
            self._update(looked_at.id, [ConversationItem.due_at.set(at)], conditions.STILL_WAITS)

    def due(self, kind: DueKind, before: datetime) -> list[Due]:
        """What should have happened before that time and has not."""
        with translated():
            items = ConversationItem.due.query(
                kind, ConversationItem.due_at < codec.milliseconds(before)
            )
            return [_due(kind, item.pk, item.sk) for item in items]

    def _number(
        self, conversation_id: str, author: Author, message: MessageDraft, is_due: Condition
    ) -> Numbered:
        next_number = ConversationItem.seq + 1
        last = codec.encode(LastMessage(author.role, messages.preview(message.text), message.at))
        request = _update_request(
            conversation_id,
            [
                ConversationItem.seq.set(next_number),
                ConversationItem.public_seq.set(next_number),
                ConversationItem.recent[mark(author, message.id)].set(next_number),
                ConversationItem.last_message.set(last),
            ],
            conditions.may_write(author, message) & is_due,
            "ALL_OLD",
        )
        old = dispatch(ConversationItem, "UpdateItem", request)["Attributes"]
        before = codec.read_conversation(ConversationItem.from_raw_data(old))
        after = messages.with_message(before, author, message)
        return Numbered(after, after.seq, before.public_seq, is_repeated=False)

    def _numbered_before(
        self, failed: ConditionFailed, author: Author, message: MessageDraft, voided: int | None
    ) -> Numbered:
        """What became of a message whose number was given out by an earlier try."""
        if not failed.item:
            raise NotFound("There is no such conversation.")
        conversation = codec.read_conversation(ConversationItem.from_raw_data(failed.item))
        refusal = messages.refusal_of(conversation, author, message)
        seq = conversation.recent.get(mark(author, message.id))
        was_numbered = seq is not None and seq != voided
        # A mark is of one sender: who has one there was let in when the number was given out.
        if seq and was_numbered and not isinstance(refusal, Unauthenticated):
            return Numbered(conversation, seq, seq - 1, is_repeated=True)
        raise refusal or Conflict

    def _update(
        self, conversation_id: str, actions: list[Action], condition: Condition
    ) -> dict[str, Any]:
        request = _update_request(conversation_id, actions, condition, "ALL_NEW")
        return dict(dispatch(ConversationItem, "UpdateItem", request)["Attributes"])


def _update_request(
    conversation_id: str, actions: list[Action], condition: Condition, return_values: str
) -> dict[str, Any]:
    return ConversationItem._get_connection().get_operation_kwargs(
        codec.conversation_key(conversation_id),
        "CONVERSATION",
        actions=actions,
        condition=condition,
        return_values=return_values,
        return_values_on_condition_failure="ALL_OLD",
    )


def _due(kind: DueKind, pk: str, sk: str) -> Due:
    seq = int(sk.partition("#")[2]) if kind == "outbound" else None
    return Due(kind, codec.conversation_id_of(pk), seq)
