"""How fast one client may ask: a bucket of tokens, of which each request takes one."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Pace:
    """A bucket holds ``burst`` tokens when it is full, and gets ``per_second`` new ones."""

    burst: int
    per_second: float

    @property
    def seconds_to_fill(self) -> float:
        """From empty to full."""
        return self.burst / self.per_second


SOCKET_PACE = Pace(60, 5)
"""Commands on one socket. The fastest honest client empties an outbox, one message at a time."""

CUSTOMER_PACE = Pace(60, 5)
"""Requests with one customer token. The fastest honest client reads a long transcript."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """The tokens of a client at a time. Below none it owes: what was refused is counted as well."""

    tokens: float
    at: datetime

    def after_request(self, pace: Pace, now: datetime) -> "Bucket":
        """The bucket when one more request was made, at most a whole bucket in debt."""
        gained = max(0.0, (now - self.at).total_seconds()) * pace.per_second
        tokens = min(float(pace.burst), self.tokens + gained) - 1
        return Bucket(max(-float(pace.burst), tokens), now)

    @property
    def is_overdrawn(self) -> bool:
        """Whether the request was one too many."""
        return self.tokens < 0

    def wait(self, pace: Pace) -> float:
        """The seconds until a request is taken again."""
        return max(0.0, 1 - self.tokens) / pace.per_second

    def keeps_exceeding(self, pace: Pace) -> bool:
        """Whether the client goes on as if it had not been told to wait."""
        return self.tokens <= -pace.burst
