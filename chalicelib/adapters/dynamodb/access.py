"""Tokens, tickets and live sockets in DynamoDB."""

from datetime import timedelta
from typing import Any

import msgspec
from pynamodb.exceptions import DoesNotExist

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.client import ConditionFailed, dispatch, translated
from chalicelib.adapters.dynamodb.models import ConnectionItem, TicketItem, TokenItem
from chalicelib.adapters.dynamodb.transactions import ticket_item, token_key
from chalicelib.domain.access import Bearer, Connection, CustomerToken, Ticket
from chalicelib.domain.errors import Unauthenticated
from chalicelib.ports import Clock

LONGEST_SOCKET = timedelta(hours=3)
"""API Gateway ends every socket after two hours."""


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
        ticket_is_good = TicketItem.expires_at > codec.milliseconds(self._clock.now())
        try:
            taken = _delete(TicketItem, f"TICKET#{key}", "TICKET", ticket_is_good)
        except ConditionFailed:
            raise Unauthenticated("The ticket is not valid.") from None
        return msgspec.json.decode(TicketItem.from_raw_data(taken).bearer, type=Bearer)

    def put_connection(self, connection: Connection) -> None:
        """Remember whose the socket is, and when it last gave a sign of life."""
        with translated():
            ConnectionItem(
                f"CONNECTION#{connection.id}",
                endpoint=connection.endpoint,
                bearer=codec.encode(connection.bearer),
                seen_at=codec.milliseconds(connection.seen_at),
                due_at=codec.milliseconds(connection.stale_at),
                ttl=int((self._clock.now() + LONGEST_SOCKET).timestamp()),
            ).save()

    def connection(self, connection_id: str) -> Connection:
        """Raises Unauthenticated."""
        try:
            with translated():
                item = ConnectionItem.get(
                    f"CONNECTION#{connection_id}", "CONNECTION", consistent_read=True
                )
        except DoesNotExist:
            raise Unauthenticated("The socket is not known.") from None
        return _connection(connection_id, item)

    def drop_connection(self, connection_id: str) -> Connection | None:
        """Forget a socket; what was known of it."""
        dropped = _delete(ConnectionItem, f"CONNECTION#{connection_id}", "CONNECTION", None)
        if not dropped:
            return None
        return _connection(connection_id, ConnectionItem.from_raw_data(dropped))


def check_token_item(item: TokenItem | None, token: CustomerToken, clock: Clock) -> None:
    """Raises Unauthenticated unless the item is of this token and has not expired."""
    if item is None or item.customer_id != token.customer_id or item.ttl <= clock.now().timestamp():
        raise Unauthenticated("The token is not valid.")


def _delete(
    model: type[TicketItem] | type[ConnectionItem], key: str, sort_key: str, condition: Any
) -> dict[str, Any]:
    request = model._get_connection().get_operation_kwargs(
        key, sort_key, condition=condition, return_values="ALL_OLD"
    )
    return dict(dispatch(model, "DeleteItem", request).get("Attributes", {}))


def _connection(connection_id: str, item: ConnectionItem) -> Connection:
    bearer = msgspec.json.decode(item.bearer, type=Bearer)
    return Connection(connection_id, item.endpoint, bearer, codec.moment(item.seen_at))
