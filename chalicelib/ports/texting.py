"""The provider that sends texts."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Text:
    """A text to send."""

    sender: str
    to: str
    body: str
    conversation_id: str
    message_seq: int


class TextRefused(Exception):
    """The provider will never send this text; ``code`` is Twilio's number for why."""

    def __init__(self, code: int | None) -> None:
        super().__init__(code)
        self.code = code


class TextDelayed(Exception):
    """The provider cannot take the text now, and will later.

    ``pause`` is how long it asks us to wait, where it does.
    """

    def __init__(self, why: str, pause: timedelta | None = None) -> None:
        super().__init__(why)
        self.pause = pause


class Texting(Protocol):
    """The provider that sends texts."""

    def send(self, text: Text) -> None:
        """Hand the text over. Raises TextRefused or TextDelayed."""
