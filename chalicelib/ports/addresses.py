"""Where customers are found again."""

from collections.abc import Sequence
from typing import Protocol

from chalicelib.domain.access import CustomerToken
from chalicelib.domain.conversation import Contact


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
