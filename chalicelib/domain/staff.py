"""Who serves a queue, how fast, and how long its customers may expect to wait."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.agent import Agent
from chalicelib.domain.record import MOST_TAKEN, PACE_WINDOW

ENOUGH_TAKEN = 3
"""Of fewer acceptances no pace is told."""

MOST_COUNTED = 100
"""Customers who wait, and agents who are there, are counted no further."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Those who serve a queue, at one moment.

    ``present`` counts the agents who are online and not "not ready". ``taken`` counts what they
    accepted in the queue lately, and ``pace`` is how many conversations they take in a second.
    """

    present: int = 0
    taken: int = 0
    pace: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many wait in a queue, at most ``MOST_COUNTED``, and since when the first of them does."""

    count: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a customer who waits may know.

    ``ahead`` counts those who wait before them, ``agents`` those who are there, each at most
    ``MOST_COUNTED``. ``agents`` and ``wait``, how long it may take, are None where they are not
    known.
    """

    ahead: int
    agents: int | None = None
    wait: timedelta | None = None


def outlook(staff: Staff | None, ahead: int) -> Outlook:
    """What a customer with so many before them may know of this staff, if it is known."""
    if staff is None:
        return Outlook(ahead)
    return Outlook(ahead, min(staff.present, MOST_COUNTED), expected_wait(staff, ahead))


def staff_of(queue_id: str, seats: Iterable[Agent], now: datetime) -> Staff:
    """The staff of a queue, from its seats.

    Who has left takes no more, so the pace is of those who are there.
    """
    present = [agent for agent in seats if agent.sockets and agent.availability == "ready"]
    return Staff(
        present=len(present),
        taken=sum(len(_recent(agent, queue_id, now)) for agent in present),
        pace=sum(_pace(agent, queue_id, now) for agent in present),
    )


def expected_wait(staff: Staff, ahead: int) -> timedelta | None:
    """How long a customer with so many before them may expect to wait.

    None where that cannot be told: nobody is there, too little was accepted lately, or more wait
    before them than are counted.
    """
    if not staff.present or staff.taken < ENOUGH_TAKEN or ahead >= MOST_COUNTED:
        return None
    return timedelta(seconds=round((ahead + 1) / staff.pace))


def _recent(agent: Agent, queue_id: str, now: datetime) -> list[int]:
    begins = now.timestamp() - PACE_WINDOW.total_seconds()
    return [at for taken_of, at in agent.taken if taken_of == queue_id and at > begins]


def _pace(agent: Agent, queue_id: str, now: datetime) -> float:
    """Conversations in a second. A full record reaches back only to the oldest that it kept."""
    recent = _recent(agent, queue_id, now)
    window = PACE_WINDOW.total_seconds()
    if len(agent.taken) >= MOST_TAKEN:
        window = min(window, max(now.timestamp() - agent.taken[0].at, 1.0))
    return len(recent) / window
