"""How fast clients may ask."""

from typing import Protocol

from chalicelib.domain.pace import Pace


class Pacing(Protocol):
    """How fast clients ask."""

    def take(self, client: str, pace: Pace) -> bool:
        """Count a request; False from one who goes on asking whatever they are told.

        Raises TooMany when the client has to wait.
        """
