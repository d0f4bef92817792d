"""How many conversations may be started in a time.

Starts are counted in windows that do not overlap: of two windows that meet, a client may use both
within a short time, so the most that can happen in any span as long as a window is twice the limit.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

from chalicelib.domain.queue import Queue

MOST_PARTS = 16
LEAST_OF_PART = 60
"""A count that all starts of a queue share would make them wait for each other."""


@dataclass(frozen=True, slots=True)
class Count:
    """What a start is counted under, until ``ends_at``: ``most`` may be. The key names nobody."""

    key: str
    most: int
    ends_at: datetime


def source_of(address: str, secret: str) -> str:
    """Who asks, without saying who: a hash that nobody can undo without the secret.

    A network hands out IPv6 by the /64, so that is who asks.
    """
    return _hash(secret, _network(address))


def parts_of(queue: Queue) -> int:
    """Into how many parts the queue's own limit is divided."""
    return max(1, min(MOST_PARTS, queue.starts_per_queue // LEAST_OF_PART))


def counts_of_start(
    queue: Queue, source: str, customer_id: str | None, part: int, now: datetime
) -> tuple[Count, ...]:
    """Under what a start counts; ``customer_id`` is None for a customer who is new."""
    return tuple(_counts(queue, source, customer_id, part, now))


def _counts(
    queue: Queue, source: str, customer_id: str | None, part: int, now: datetime
) -> Iterator[Count]:
    window = queue.starts_within
    if queue.starts_per_address:
        yield _count(f"address {queue.id} {source}", queue.starts_per_address, window, now)
    if queue.starts_per_customer and customer_id is not None:
        yield _count(f"customer {queue.id} {customer_id}", queue.starts_per_customer, window, now)
    if queue.starts_per_queue:
        most = -(-queue.starts_per_queue // parts_of(queue))
        yield _count(f"queue {queue.id} {part}", most, window, now)


def _count(subject: str, most: int, window: timedelta, now: datetime) -> Count:
    length = int(window.total_seconds())
    # Windows begin at another moment for each, so that not everybody comes back at once.
    shift = int(_hash("shift", subject)[:8], 16) % length
    number = (int(now.timestamp()) - shift) // length
    ends_at = datetime.fromtimestamp((number + 1) * length + shift, UTC)
    return Count(_hash(str(number), subject), most, ends_at)


def _network(address: str) -> str:
    parsed = ip_address(address)
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ip_network((parsed, 64), strict=False))


def _hash(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
