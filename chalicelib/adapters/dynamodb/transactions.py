"""The transactions in which a conversation begins and goes on: all or nothing."""

from collections.abc import Iterator, Sequence
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.connection import Connection
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib.adapters.dynamodb import codec, conditions
from chalicelib.adapters.dynamodb.agents import put_agent
from chalicelib.adapters.dynamodb.client import Cancelled, translated
from chalicelib.adapters.dynamodb.models import (
    AddressItem,
    ConversationItem,
    EntryItem,
    StartsItem,
    TicketItem,
    TokenItem,
    WaitingItem,
)
from chalicelib.domain.access import Entrance, Ticket
from chalicelib.domain.conversation import Change, Consent, Conversation, Start
from chalicelib.domain.errors import TooMany
from chalicelib.domain.events import MessageDelivery, MessageSent
from chalicelib.domain.limits import Count
from chalicelib.domain.messages import customers_marks
from chalicelib.domain.routing import place

BY_ENTRY = frozenset(("sockets", "keys", "recent"))
"""Maps whose entries come and go without a number: a step writes its own, others stay."""

TOGETHER = (("due_kind", "due_at"), ("assignment", "agent_id", "agent_read"))
"""Attributes that are all written when one differs.

``due_at`` and ``agent_read`` move without a number. The value that was read may be an old one, and
the next kind, or the next agent, must not inherit the newer one.
"""

_ATTRIBUTES: dict[str, Attribute[Any]] = {
    name: attribute
    for name, attribute in ConversationItem.get_attributes().items()
    if name not in ("pk", "sk")
}

MOST_CONSENTS = 64
"""Texts of consent that an address knows again; beyond, it knows only the newest."""


def begin(
    connection: Connection, start: Start, entrance: Entrance | None, counts: Sequence[Count]
) -> None:
    """Write a new conversation with its address, its place in the queue and its first entries.

    Raises TooMany when nothing but a count stands against it.
    """
    try:
        _begin(connection, start, entrance, counts)
    except Cancelled as cancelled:
        full = _full(cancelled, counts)
        if not full:
            raise
        ends_at = max(count.ends_at for count in full)
        seconds = (ends_at - start.conversation.started_at).total_seconds()
        raise TooMany("Too many conversations were started. Try again later.", seconds) from None


def _begin(
    connection: Connection, start: Start, entrance: Entrance | None, counts: Sequence[Count]
) -> None:
    conversation = start.conversation
    with translated(), TransactWrite(connection=connection) as transaction:
        transaction.save(codec.conversation_item(conversation), conditions.CONVERSATION_IS_NEW)
        transaction.save(codec.details_item(conversation.id, start.details))
        for entry in start.entries:
            transaction.save(codec.entry_item(conversation.id, entry))
        transaction.save(waiting_item(conversation))
        transaction.update(
            AddressItem(address_key(conversation.address)),
            actions=[
                AddressItem.conversation_id.set(conversation.id),
                AddressItem.has_ended.remove(),
                AddressItem.former.set(codec.encode(start.taken)),
            ],
            condition=conditions.address_still_leads_to(start.previous)
            & conditions.consent_is_still(conversation.opted_out),
        )
        if entrance is not None:
            _let_in(transaction, conversation.id, entrance)
        for count in counts:
            transaction.update(
                StartsItem(f"STARTS#{count.key}"),
                actions=[
                    StartsItem.started.add(1),
                    StartsItem.ttl.set(int(count.ends_at.timestamp())),
                ],
                condition=conditions.start_is_within(count),
            )


def _full(cancelled: Cancelled, counts: Sequence[Count]) -> list[Count]:
    """The counts at their most, where no other write was refused. They are the last ones."""
    of_others = cancelled.reasons[: len(cancelled.reasons) - len(counts)]
    of_counts = cancelled.reasons[len(of_others) :]
    if any(reason != "None" for reason in of_others) or "TransactionConflict" in of_counts:
        return []
    return [
        count
        for count, reason in zip(counts, of_counts, strict=False)
        if reason == "ConditionalCheckFailed"
    ]


def let_in(
    connection: Connection, conversation_id: str, entrance: Entrance, outdated: Sequence[str]
) -> None:
    """Let the customer into a conversation of theirs, with the token and a ticket."""
    with translated(), TransactWrite(connection=connection) as transaction:
        transaction.update(
            ConversationItem(codec.conversation_key(conversation_id)),
            actions=[
                ConversationItem.keys[entrance.token_key].set(
                    codec.milliseconds(entrance.token_expires_at)
                ),
                *(ConversationItem.keys[key].remove() for key in outdated),
            ],
            condition=conditions.is_customers(entrance.customer_id),
        )
        _let_in(transaction, conversation_id, entrance)


def commit(connection: Connection, change: Change) -> None:
    """Write one step: the conversation, its entries, its place in the queue, and the agent."""
    with translated(), TransactWrite(connection=connection) as transaction:
        _write_step(transaction, change)


def commit_delivery(connection: Connection, change: Change, known: MessageSent) -> None:
    """Write a step that tells of a message's delivery together with the message's new status."""
    told = change.entries[0].event
    if not isinstance(told, MessageDelivery):
        raise TypeError("Only a change of delivery is written with its message.")
    with translated(), TransactWrite(connection=connection) as transaction:
        _write_step(transaction, change)
        transaction.update(
            EntryItem(codec.conversation_key(change.after.id), codec.entry_key(told.message_seq)),
            actions=[
                EntryItem.delivery.set(told.delivery),
                EntryItem.due_kind.remove(),
                EntryItem.due_at.remove(),
            ],
            condition=conditions.delivery_is_still(known),
        )


def commit_consent(connection: Connection, consent: Consent, change: Change | None) -> None:
    """Write whether a customer wants no texts, with the step that tells their conversation."""
    with translated(), TransactWrite(connection=connection) as transaction:
        transaction.update(
            AddressItem(address_key(consent.address)),
            actions=[
                AddressItem.opted_out.set(consent.opted_out),
                _with_consent(consent),
            ],
            condition=conditions.consent_is_new(consent)
            & conditions.address_still_leads_where(consent.contact)
            & conditions.consent_is_still(consent.contact.opted_out),
        )
        if change is not None:
            _write_step(transaction, change)


def _with_consent(consent: Consent) -> Action:
    if len(consent.contact.consents) < MOST_CONSENTS:
        return AddressItem.consents.add({consent.sid})
    return AddressItem.consents.set({consent.sid})


def waiting_item(conversation: Conversation) -> WaitingItem:
    """A conversation's place in its queue."""
    return WaitingItem(waiting_key(conversation.queue_id), place(conversation))


def waiting_key(queue_id: str) -> str:
    """The partition of those who wait in a queue."""
    return f"WAITING#{queue_id}"


def address_key(address: str) -> str:
    """The partition of an address."""
    return f"ADDRESS#{address}"


def ticket_item(ticket: Ticket) -> TicketItem:
    """The item of a ticket."""
    return TicketItem(
        f"TICKET#{ticket.key}",
        bearer=codec.encode(ticket.bearer),
        expires_at=codec.milliseconds(ticket.expires_at),
        ttl=int(ticket.expires_at.timestamp()),
    )


def token_key(key: str) -> str:
    """The partition of a token."""
    return f"TOKEN#{key}"


def _let_in(transaction: TransactWrite, conversation_id: str, entrance: Entrance) -> None:
    transaction.save(ticket_item(entrance.ticket_to(conversation_id)))
    transaction.save(
        TokenItem(
            token_key(entrance.token_key),
            customer_id=entrance.customer_id,
            ttl=int(entrance.token_expires_at.timestamp()),
        )
    )


def _write_step(transaction: TransactWrite, change: Change) -> None:
    before, after = change.before, change.after
    transaction.update(
        ConversationItem(codec.conversation_key(after.id)),
        actions=changes(before, after),
        condition=conditions.nothing_happened_since(before),
    )
    for entry in change.entries:
        transaction.save(codec.entry_item(after.id, entry), conditions.NUMBER_IS_UNUSED)
    if after.status == "queued" and before.status != "queued":
        transaction.save(waiting_item(after))
    if before.status == "queued" and after.status != "queued":
        transaction.delete(waiting_item(before))
    if before.is_open and not after.is_open:
        _end_address(transaction, after)
    if change.agent is not None:
        put_agent(transaction, change.agent)


def changes(before: Conversation, after: Conversation) -> list[Action]:
    """What a step changes in the item: each attribute that differs is written, others stay."""
    old, new = codec.conversation_item(before), codec.conversation_item(after)
    changed = {name for name in _ATTRIBUTES if getattr(old, name) != getattr(new, name)}
    for group in TOGETHER:
        if not changed.isdisjoint(group):
            changed.update(group)
    return [
        action
        for name, attribute in _ATTRIBUTES.items()
        if name in changed
        for action in _rewritten(attribute, getattr(old, name), getattr(new, name))
    ]


def _rewritten(attribute: Attribute[Any], old: Any, new: Any) -> Iterator[Action]:
    if attribute.attr_name in BY_ENTRY:
        yield from (attribute[name].remove() for name in old if name not in new)
        yield from (attribute[name].set(new[name]) for name in new if old.get(name) != new[name])
    elif new is None:
        yield attribute.remove()
    else:
        yield attribute.set(new)


def _end_address(transaction: TransactWrite, ended: Conversation) -> None:
    transaction.update(
        AddressItem(address_key(ended.address)),
        actions=[
            AddressItem.has_ended.set(True),
            AddressItem.ended_id.set(ended.id),
            AddressItem.recent.set(customers_marks(ended)),
        ],
        condition=conditions.address_still_leads_to(ended.id),
    )
