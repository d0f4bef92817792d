"""Delayed messages."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal, Protocol


@dataclass(frozen=True, slots=True)
class Timer:
    """What a delayed message is about: an offer of a conversation, or an agent who is away."""

    kind: Literal["offer", "away"]
    subject: str
    offer_id: str = ""


class Timers(Protocol):
    """Delayed messages."""

    def schedule(self, timer: Timer, delay: timedelta) -> None:
        """Deliver the timer after the delay, at least once."""
