"""Tokens, tickets and live sockets in DynamoDB."""

from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from chalicelib.adapters.dynamodb import codec, conditions, connections
from chalicelib.adapters.dynamodb.client import ConditionFailed, dispatch, translated
from chalicelib.adapters.dynamodb.models import ConnectionItem, TicketItem, TokenItem
from chalicelib.adapters.dynamodb.transactions import ticket_item, token_key
from chalicelib.domain.access import Bearer, Connection, CustomerToken, Ticket
from chalicelib.domain.errors import Unauthenticated
from chalicelib.ports import Clock


class AccessTable:
    """The port ``Access``."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def check_token(self, token: CustomerToken) -> None:
        """Raises Unauthenticated when the token is not good, or no longer."""
        try:
            with translated():
                item = TokenItem.get(token_key(token.key), "TOKEN", consistent_read=True)
        except DoesNotExist:
            item = None
        check_token_item(item, token, self._clock)

    def put_ticket(self, ticket: Ticket) -> None:
        """Remember a ticket until it is taken or expires."""
        with translated():
            ticket_item(ticket).save()

    def take_ticket(self, key: str) -> Bearer:
        """Consume a ticket. Raises Unauthenticated when it is unknown, taken or expired."""
        ticket_is_good = conditions.ticket_is_good(codec.milliseconds(self._clock.now()))
        try:
            taken = _delete_ticket(key, ticket_is_good)
        except ConditionFailed:
            raise Unauthenticated("The ticket is not valid.") from None
        return msgspec.json.decode(TicketItem.from_raw_data(taken).bearer, type=Bearer)

    def put_connection(self, connection: Connection) -> None:
        """Remember whose the new socket is."""
        with translated():
            ConnectionItem(
                connections.key(connection.id),
                endpoint=connection.endpoint,
                bearer=codec.encode(connection.bearer),
                seen_at=codec.milliseconds(connection.seen_at),
                due_at=codec.milliseconds(connection.stale_at),
                ttl=connections.ttl(connection),
            ).save()

    def connection(self, connection_id: str) -> Connection:
        """Raises Unauthenticated."""
        try:
            with translated():
                item = ConnectionItem.get(
                    connections.key(connection_id), "CONNECTION", consistent_read=True
                )
        except DoesNotExist:
            raise Unauthenticated("The socket is not known.") from None
        if item.is_closed:
            raise Unauthenticated("The socket is closed.")
        return _connection(connection_id, item)

    def see_connection(self, connection: Connection) -> None:
        """Remember its last sign of life. Raises Unauthenticated when it is closed."""
        try:
            with translated():
                ConnectionItem(connections.key(connection.id)).update(
                    connections.seen(connection), conditions.SOCKET_IS_OPEN
                )
        except ConditionFailed:
            raise Unauthenticated("The socket is closed.") from None

    def close_connection(self, connection_id: str) -> Connection | None:
        """Let the socket do nothing more; what is known of it. It is due until it is forgotten."""
        now = codec.milliseconds(self._clock.now())
        item = ConnectionItem(connections.key(connection_id))
        actions: list[Action] = [ConnectionItem.is_closed.set(True), ConnectionItem.due_at.set(now)]
        try:
            with translated():
                item.update(actions, conditions.SOCKET_IS_KNOWN)
        except ConditionFailed:
            return None
        return _connection(connection_id, item)

    def forget_connection(self, connection_id: str) -> None:
        """The socket is registered nowhere any more."""
        with translated():
            ConnectionItem(connections.key(connection_id)).delete()


def check_token_item(item: TokenItem | None, token: CustomerToken, clock: Clock) -> None:
    """Raises Unauthenticated unless the item is of this token and has not expired."""
    if item is None or item.customer_id != token.customer_id or item.ttl <= clock.now().timestamp():
        raise Unauthenticated("The token is not valid.")


def _delete_ticket(key: str, condition: Condition) -> dict[str, Any]:
    request = TicketItem._get_connection().get_operation_kwargs(
        f"TICKET#{key}", "TICKET", condition=condition, return_values="ALL_OLD"
    )
    return dict(dispatch(TicketItem, "DeleteItem", request)["Attributes"])


def _connection(connection_id: str, item: ConnectionItem) -> Connection:
    bearer = msgspec.json.decode(item.bearer, type=Bearer)
    seen_at = codec.moment(item.seen_at)
    return Connection(connection_id, item.endpoint, bearer, seen_at, bool(item.has_joined))
