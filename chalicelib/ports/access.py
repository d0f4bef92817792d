"""Tokens, tickets and live sockets."""

from typing import Protocol

from chalicelib.domain.access import Bearer, Connection, CustomerToken, Ticket


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
