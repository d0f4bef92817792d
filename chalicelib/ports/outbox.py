"""Texts that have to leave."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OutboundText:
    """The message that has to leave."""

    conversation_id: str
    message_seq: int


class Outbox(Protocol):
    """The queue of texts that have to leave, in order per conversation."""

    def enqueue(self, conversation_id: str, message_seq: int) -> None:
        """Have the message sent."""

    def postpone(self, receipt: str, pause: timedelta) -> None:
        """Have what was given out under this receipt given out again after the pause.

        Until then nothing else of its conversation is given out.
        """
