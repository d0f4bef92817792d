"""How queues stand, remembered for some seconds: many ask for the same."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from chalicelib.adapters.dynamodb import codec, transactions
from chalicelib.adapters.dynamodb.agents import read_agent, seats_key
from chalicelib.adapters.dynamodb.client import translated
from chalicelib.adapters.dynamodb.models import SeatItem, WaitingItem
from chalicelib.domain.staff import MOST_COUNTED, Staff, Waiting, staff_of
from chalicelib.ports import Clock

State = TypeVar("State")

KEPT = timedelta(seconds=10)
"""For those who wait: thousands ask, each time for their queue."""

KEPT_FOR_AGENTS = timedelta(seconds=2)
"""Agents ask when their work is done, and must not see as waiting a customer whom they just had."""

MOST_SEATS = 400
"""Looked at to know a queue's staff: less than a page of DynamoDB."""


class StaffingTable:
    """The port ``Staffing``. Its reads are eventually consistent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._staff = _Memory(clock, KEPT, self._load_staff)
        self._waiting = _Memory(clock, KEPT_FOR_AGENTS, _load_waiting)
        self._ready = _Memory(clock, KEPT_FOR_AGENTS, _load_ready)

    def staff(self, queue_id: str) -> Staff | None:
        """Those who serve the queue; None where they are too many to look at."""
        return self._staff.get(queue_id)

    def ready(self, queue_id: str) -> frozenset[str]:
        """The ids of agents who can be offered a conversation of the queue, at most 101."""
        return self._ready.get(queue_id)

    def waiting(self, queue_id: str) -> Waiting:
        """Those who wait in it."""
        return self._waiting.get(queue_id)

    def _load_staff(self, queue_id: str) -> Staff | None:
        with translated():
            found = SeatItem.query(seats_key(queue_id), limit=MOST_SEATS + 1)
            seats = [read_agent(seat.state) for seat in found]
        return None if len(seats) > MOST_SEATS else staff_of(queue_id, seats, self._clock.now())


class _Memory(Generic[State]):
    """What a worker knows of queues."""

    def __init__(self, clock: Clock, good_for: timedelta, load: Callable[[str], State]) -> None:
        self._clock = clock
        self._good_for = good_for
        self._load = load
        self._kept: dict[str, tuple[datetime, State]] = {}

    def get(self, queue_id: str) -> State:
        """What is remembered of the queue, else what is loaded now."""
        now = self._clock.now()
        kept = self._kept.get(queue_id)
        if kept is None or now - kept[0] >= self._good_for:
            kept = self._kept[queue_id] = (now, self._load(queue_id))
        return kept[1]


def _load_ready(queue_id: str) -> frozenset[str]:
    with translated():
        seats = SeatItem.by_rank.query(seats_key(queue_id), limit=MOST_COUNTED + 1)
        return frozenset(seat.sk.partition("#")[2] for seat in seats)


def _load_waiting(queue_id: str) -> Waiting:
    with translated():
        places = WaitingItem.query(transactions.waiting_key(queue_id), limit=MOST_COUNTED)
        queued = [int(place.sk.split("#")[-2]) for place in places]
    return Waiting(len(queued), codec.moment(min(queued)) if queued else None)
