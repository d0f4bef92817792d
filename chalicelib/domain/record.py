"""What an agent has done lately, in so few bytes that every copy of them can carry it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

MOST_TAKEN = 8
"""Of those that an agent accepted, the newest are kept."""

PACE_WINDOW = timedelta(minutes=30)
"""What was accepted before tells nothing of the pace now."""

SERVED_FOR = timedelta(hours=25)
"""As long as a day gets, on the day on which clocks go back."""

STRETCH = timedelta(minutes=30)
"""What was served is counted by stretches: midnight falls between two in nearly all time zones."""


class Taken(NamedTuple):
    """A conversation that an agent accepted; ``at`` is in seconds since 1970."""

    queue_id: str
    at: int


def with_taken(taken: Sequence[Taken], queue_id: str, now: datetime) -> tuple[Taken, ...]:
    """The newest acceptances, with one more."""
    second = int(now.timestamp())
    begins = second - int(PACE_WINDOW.total_seconds())
    recent = [one for one in taken if one.at > begins]
    return (*recent, Taken(queue_id, second))[-MOST_TAKEN:]


def with_served(served: Mapping[int, int], now: datetime) -> dict[int, int]:
    """How many were closed in each stretch, with one more now."""
    stretch = _stretch(now)
    kept = {at: count for at, count in served.items() if at >= _stretch(now - SERVED_FOR)}
    return {**kept, stretch: kept.get(stretch, 0) + 1}


def served_since(served: Mapping[int, int]) -> list[tuple[datetime, int]]:
    """When each stretch began, and how many were closed in it; the oldest first."""
    seconds = int(STRETCH.total_seconds())
    return [
        (datetime.fromtimestamp(stretch * seconds, UTC), served[stretch])
        for stretch in sorted(served)
    ]


def _stretch(at: datetime) -> int:
    """The number of the stretch since 1970."""
    return int(at.timestamp()) // int(STRETCH.total_seconds())
