"""Time and randomness."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """Now, in UTC, in whole milliseconds."""

    def pause(self, attempt: int) -> None:
        """Wait a moment before the next attempt, longer and more random with each."""


class Ids(Protocol):
    """Randomness."""

    def new(self) -> str:
        """A new id."""

    def secret(self) -> str:
        """A new secret of at least 128 random bits."""

    def below(self, bound: int) -> int:
        """A random number from 0 to just below the bound."""
