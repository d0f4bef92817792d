"""The items of the two tables. ``docs/architecture.md`` lists keys and access patterns."""

from typing import Any

from pynamodb.attributes import (
    Attribute,
    BooleanAttribute,
    NumberAttribute,
    UnicodeAttribute,
    UnicodeSetAttribute,
)
from pynamodb.constants import MAP
from pynamodb.indexes import (
    AllProjection,
    GlobalSecondaryIndex,
    KeysOnlyProjection,
    LocalSecondaryIndex,
)
from pynamodb.models import Model


class FlatMapAttribute(Attribute[dict[str, Any]]):
    """A map from names to numbers or strings, whose entries can be updated one by one."""

    attr_type = MAP

    def serialize(self, value: dict[str, Any]) -> dict[str, dict[str, str]]:
        """As DynamoDB writes it."""
        return {
            name: {"N": str(entry)} if isinstance(entry, int) else {"S": entry}
            for name, entry in value.items()
        }

    def deserialize(self, value: dict[str, dict[str, str]]) -> dict[str, Any]:
        """As DynamoDB reads it."""
        return {
            name: int(entry["N"]) if "N" in entry else entry["S"] for name, entry in value.items()
        }


class DueIndex(GlobalSecondaryIndex["ConversationItem"]):  # type: ignore[no-untyped-call]
    """What should have happened by when. Sparse: only what is under way is in it."""

    class Meta:
        """Where the index is."""

        index_name = "due"
        projection = KeysOnlyProjection()

    due_kind = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class RankIndex(LocalSecondaryIndex["SeatItem"]):  # type: ignore[no-untyped-call]
    """The free agents of a queue, in the order to offer them something. Sparse."""

    class Meta:
        """Where the index is."""

        index_name = "rank"
        projection = AllProjection()

    pk = UnicodeAttribute(hash_key=True)
    rank = UnicodeAttribute(range_key=True)


class ConversationItem(Model):
    """A conversation: what changes while messages pass. Kept small, for every message writes it."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="CONVERSATION")
    queue_id = UnicodeAttribute()
    channel = UnicodeAttribute()
    status = UnicodeAttribute()
    customer_id = UnicodeAttribute()
    customer_name = UnicodeAttribute()
    address = UnicodeAttribute()
    started_at = NumberAttribute()
    queued_at = NumberAttribute()
    priority = NumberAttribute()
    seq = NumberAttribute()
    public_seq = NumberAttribute()
    attached = NumberAttribute()
    settled = NumberAttribute(null=True)
    opted_out = BooleanAttribute(null=True)
    offer = UnicodeAttribute(null=True)
    assignment = UnicodeAttribute(null=True)
    agent_id = UnicodeAttribute(null=True)
    last_message = UnicodeAttribute(null=True)
    refusals = FlatMapAttribute()
    refused = NumberAttribute(null=True)
    left_at = NumberAttribute(null=True)
    agent_read = NumberAttribute(null=True)
    keys = FlatMapAttribute()
    sockets = FlatMapAttribute()
    recent = FlatMapAttribute()
    due_kind = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)

    due = DueIndex()


class DetailsItem(Model):
    """What does not change in a conversation."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="DETAILS")
    details = UnicodeAttribute()


class EntryItem(Model):
    """An entry of a transcript. ``delivery`` is kept apart, for it changes."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    at = NumberAttribute()
    kind = UnicodeAttribute()
    event = UnicodeAttribute()
    delivery = UnicodeAttribute(null=True)
    due_kind = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)


class WaitingItem(Model):
    """A conversation's place in its queue."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)


class AddressItem(Model):
    """Where a customer is found again: the conversation last held there.

    ``recent`` are the marks that ``ended_id`` has taken, the last one that ended; ``former`` those
    that others took before it, with their conversations.
    """

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="ADDRESS")
    conversation_id = UnicodeAttribute(null=True)
    has_ended = BooleanAttribute(null=True)
    opted_out = BooleanAttribute(null=True)
    ended_id = UnicodeAttribute(null=True)
    recent = FlatMapAttribute(null=True)
    former = UnicodeAttribute(null=True)
    consents = UnicodeSetAttribute(null=True)


class TokenItem(Model):
    """A customer's token, by its hash."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="TOKEN")
    customer_id = UnicodeAttribute()
    ttl = NumberAttribute()


class TicketItem(Model):
    """A socket ticket, by its hash."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="TICKET")
    bearer = UnicodeAttribute()
    expires_at = NumberAttribute()
    ttl = NumberAttribute()


class ConnectionItem(Model):
    """Whose a live socket is."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="CONNECTION")
    endpoint = UnicodeAttribute()
    bearer = UnicodeAttribute()
    seen_at = NumberAttribute()
    is_closed = BooleanAttribute(null=True)
    has_joined = BooleanAttribute(null=True)
    due_kind = UnicodeAttribute(default="stale")
    due_at = NumberAttribute()
    ttl = NumberAttribute()


class AwayItem(Model):
    """An agent who has customers and no live socket. It is in the index ``due``."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="AWAY")
    due_kind = UnicodeAttribute(default="away")
    due_at = NumberAttribute()


class StartsItem(Model):
    """How many conversations were started under one count. The key names nobody."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="STARTS")
    started = NumberAttribute()
    ttl = NumberAttribute()


class QueueItem(Model):
    """The settings of a queue."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True, default="QUEUES")
    sk = UnicodeAttribute(range_key=True)
    settings = UnicodeAttribute()


class NumberItem(Model):
    """The queue that a line of ours leads to, with a copy of its settings."""

    class Meta:
        """Where the item is."""

        table_name = "conversations"

    pk = UnicodeAttribute(hash_key=True, default="NUMBERS")
    sk = UnicodeAttribute(range_key=True)
    queue_id = UnicodeAttribute()
    settings = UnicodeAttribute()


class AgentItem(Model):
    """An agent."""

    class Meta:
        """Where the item is."""

        table_name = "agents"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True, default="AGENT")
    state = UnicodeAttribute()
    version = NumberAttribute()


class SeatItem(Model):
    """A copy of an agent in a queue that they serve; ``rank`` only while they are free."""

    class Meta:
        """Where the item is."""

        table_name = "agents"

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    state = UnicodeAttribute()
    rank = UnicodeAttribute(null=True)

    by_rank = RankIndex()


CONVERSATION_MODELS: tuple[type[Model], ...] = (
    ConversationItem,
    DetailsItem,
    EntryItem,
    WaitingItem,
    AddressItem,
    TokenItem,
    TicketItem,
    ConnectionItem,
    AwayItem,
    StartsItem,
    QueueItem,
    NumberItem,
)
AGENT_MODELS: tuple[type[Model], ...] = (AgentItem, SeatItem)
