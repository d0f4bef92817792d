"""The pace of a queue's staff, the wait that follows from it, and what agents served."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chalicelib.domain import lifecycle, record
from chalicelib.domain.agent import Agent
from chalicelib.domain.record import MOST_TAKEN, PACE_WINDOW, SERVED_FOR, STRETCH
from chalicelib.domain.staff import (
    ENOUGH_TAKEN,
    MOST_COUNTED,
    Outlook,
    Staff,
    expected_wait,
    outlook,
    staff_of,
)
from tests.domain import samples
from tests.domain.samples import (
    NOW,
    QUEUE,
    SECOND,
    active,
    agent_after,
    free_agent,
    make_agent,
    make_waiting,
)

MINUTE = timedelta(minutes=1)
OTHER = "another queue"

ages = st.lists(
    st.integers(0, 2 * int(PACE_WINDOW.total_seconds())).map(lambda s: timedelta(seconds=s)),
    max_size=20,
)
crowds = st.lists(st.tuples(st.sampled_from(["here", "not_ready", "gone"]), ages), max_size=6)


def who_took(*ages: timedelta, id: str = "grace", queue_id: str = QUEUE.id, **how: Any) -> Agent:
    """An agent who accepted conversations so long before now."""
    agent = free_agent(id, **how)
    for age in sorted(ages, reverse=True):
        agent = agent.having_taken(queue_id, NOW - age)
    return agent


def crowd_of(described: list[tuple[str, list[timedelta]]]) -> list[Agent]:
    how: dict[str, Any] = {
        "here": {},
        "not_ready": {"availability": "not_ready"},
        "gone": {"sockets": {}},
    }
    return [
        who_took(*taken, id=f"agent-{number}", **how[kind])
        for number, (kind, taken) in enumerate(described)
    ]


def staff(*seats: Agent) -> Staff:
    return staff_of(QUEUE.id, seats, NOW)


@given(crowds, st.integers(0, MOST_COUNTED))
@example([("here", [MINUTE, MINUTE])], 0)
@example([("here", [MINUTE, MINUTE, MINUTE])], 0)
def test_nothing_is_promised_without_reason(
    described: list[tuple[str, list[timedelta]]], ahead: int
) -> None:
    crowd = crowd_of(described)
    here = [taken for kind, taken in described if kind == "here"]
    found = staff(*crowd)
    assert found.present == len(here)
    recent = sum(
        len([age for age in sorted(taken)[:MOST_TAKEN] if age < PACE_WINDOW]) for taken in here
    )
    assert found.taken == recent
    wait = expected_wait(found, ahead)
    assert (wait is not None) == (recent >= ENOUGH_TAKEN and ahead < MOST_COUNTED)
    assert wait is None or wait >= timedelta(0)


@given(crowds, st.integers(0, MOST_COUNTED - 2))
def test_who_is_further_behind_waits_no_less(
    described: list[tuple[str, list[timedelta]]], ahead: int
) -> None:
    found = staff(*crowd_of(described))
    wait, longer = expected_wait(found, ahead), expected_wait(found, ahead + 1)
    assert wait is None or (longer is not None and longer >= wait)


@given(crowds)
def test_who_is_not_there_makes_no_wait_shorter(
    described: list[tuple[str, list[timedelta]]],
) -> None:
    crowd = crowd_of(described)
    those_here = [agent for agent in crowd if agent.state not in ("offline", "not_ready")]
    assert staff(*crowd) == staff(*those_here)


@given(crowds, st.integers(0, MOST_COUNTED - 1))
def test_one_more_who_takes_conversations_makes_no_wait_longer(
    described: list[tuple[str, list[timedelta]]], ahead: int
) -> None:
    crowd = crowd_of(described)
    wait = expected_wait(staff(*crowd), ahead)
    helped = expected_wait(staff(*crowd, who_took(MINUTE, id="one more")), ahead)
    assert wait is None or (helped is not None and helped <= wait)


def test_the_wait_is_the_place_by_the_pace() -> None:
    """Six in half an hour are one in five minutes."""
    found = staff(
        who_took(MINUTE, 9 * MINUTE), who_took(*[n * MINUTE for n in range(2, 6)], id="b")
    )
    assert expected_wait(found, 0) == 5 * MINUTE
    assert expected_wait(found, 2) == 15 * MINUTE


def test_a_full_record_tells_of_a_pace_that_is_higher() -> None:
    """Eight in eight minutes are one a minute, though nothing older is kept."""
    found = staff(who_took(*[n * MINUTE for n in range(1, 21)]))
    assert expected_wait(found, 4) == 5 * MINUTE


def test_other_queues_do_not_count() -> None:
    elsewhere = who_took(MINUTE, 2 * MINUTE, 3 * MINUTE, queue_id=OTHER)
    assert expected_wait(staff(elsewhere), 0) is None


def test_nobody_is_there_when_all_are_not_ready_or_gone() -> None:
    away = make_agent("away", availability="ready")
    paused = free_agent("paused", availability="not_ready")
    assert outlook(staff(away, paused), 0) == Outlook(0, 0, None)


def test_who_is_full_is_there() -> None:
    full = free_agent(capacity=1).with_work("c1", "active", NOW)
    assert outlook(staff(full), 3).agents == 1


def test_of_an_unknown_staff_nothing_is_said() -> None:
    assert outlook(None, 3) == Outlook(3, None, None)


def test_accepting_is_remembered_with_its_queue() -> None:
    agent = agent_after(active(make_waiting(), free_agent()))
    assert agent.taken == ((QUEUE.id, int(NOW.timestamp())),)


def test_closing_is_counted_when_it_happens() -> None:
    change = active(make_waiting(), free_agent())
    later = NOW + 40 * MINUTE
    closed = lifecycle.close(change.after, agent_after(change), QUEUE, "Solved", None, later)
    assert record.served_since(agent_after(closed).served) == [(NOW + STRETCH, 1)]


def test_a_wrap_up_that_runs_out_is_counted_once() -> None:
    change = active(make_waiting(), free_agent())
    ended = lifecycle.end(change.after, agent_after(change), "customer", QUEUE, NOW)
    assert agent_after(ended).served == {}
    over = NOW + QUEUE.wrap_up_lasts + SECOND
    run_out = lifecycle.run_out(ended.after, agent_after(ended), over)
    assert run_out is not None
    assert sum(agent_after(run_out).served.values()) == 1


@given(st.lists(st.integers(0, 60), min_size=1, max_size=200))
@example([60] * 40)
def test_what_was_served_is_all_counted_for_a_day_and_then_forgotten(pauses: list[int]) -> None:
    agent, now, closed = make_agent(), NOW, list[datetime]()
    for minutes in pauses:
        now += timedelta(minutes=minutes)
        closed.append(now)
        agent = agent.having_served(now)
    counted = record.served_since(agent.served)
    assert sum(count for _, count in counted) >= sum(at > now - SERVED_FOR for at in closed)
    assert all(since > now - SERVED_FOR - STRETCH for since, _ in counted)
    assert len(counted) <= SERVED_FOR / STRETCH + 1


@pytest.mark.parametrize("hours", [-11.0, -3.5, 0.0, 5.5, 9.5, 14.0])
def test_midnight_falls_between_two_stretches(hours: float) -> None:
    """In a time zone so far from UTC."""
    midnight = datetime(2026, 11, 22, tzinfo=UTC) - timedelta(hours=hours)
    agent = make_agent().having_served(midnight - SECOND).having_served(midnight)
    assert record.served_since(agent.served)[-1] == (midnight, 1)


@given(samples.agents, samples.moments)
def test_the_record_of_acceptances_stays_short(agent: Agent, now: datetime) -> None:
    after = agent.having_taken(QUEUE.id, now)
    assert len(after.taken) <= MOST_TAKEN
    assert after.taken[-1] == (QUEUE.id, int(now.timestamp()))
