"""What is written of a live socket, in calls of its own and in transactions."""

from datetime import timedelta

from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.models import ConnectionItem
from chalicelib.domain.access import Connection

LONGEST_SOCKET = timedelta(hours=3)
"""API Gateway ends every socket after two hours."""


def key(connection_id: str) -> str:
    """The partition of a socket."""
    return f"CONNECTION#{connection_id}"


def seen(connection: Connection) -> list[Action]:
    """The socket gave a sign of life."""
    return [
        ConnectionItem.seen_at.set(codec.milliseconds(connection.seen_at)),
        ConnectionItem.due_at.set(codec.milliseconds(connection.stale_at)),
        ConnectionItem.ttl.set(ttl(connection)),
    ]


def joined(connection: Connection) -> list[Action]:
    """The socket is one of its agent's."""
    return [*seen(connection), ConnectionItem.has_joined.set(True)]


def ttl(connection: Connection) -> int:
    """When DynamoDB may delete what the sweep has missed, in seconds since 1970."""
    return int((connection.seen_at + LONGEST_SOCKET).timestamp())
