"""In which order agents are offered conversations, and conversations wait (I6)."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation, LastMessage, Socket
from chalicelib.domain.routing import (
    id_at,
    is_abandoned,
    pairs,
    place,
    rank,
    refuses,
    was_refused,
)
from tests.domain.samples import NOW, QUEUE, SECOND, free_agent, make_agent, make_waiting, moments

free_agents = st.builds(
    lambda name, load, idle: free_agent(
        name, capacity=1000, idle_since=idle, work={f"c{n}": "active" for n in range(load)}
    ),
    st.sampled_from("abcdef"),
    st.integers(0, 12),
    moments,
)
waiting = st.builds(
    lambda name, priority, refused, at: make_waiting(
        name, priority=priority, refused=refused, queued_at=at
    ),
    st.sampled_from("abcdef"),
    st.integers(0, 9),
    st.integers(0, 200),
    moments,
)


@given(st.lists(free_agents, max_size=8))
def test_least_load_first_then_longest_idle(agents: list[Agent]) -> None:
    ranked = sorted(agents, key=lambda agent: rank(agent) or "")
    wanted = sorted(agents, key=lambda agent: (agent.load, agent.idle_since))
    assert [(a.load, a.idle_since) for a in ranked] == [(a.load, a.idle_since) for a in wanted]


@given(st.lists(waiting, max_size=8))
def test_highest_priority_first_then_refused_least_often_then_the_oldest(
    conversations: list[Conversation],
) -> None:
    placed = sorted(conversations, key=place)
    wanted = sorted(conversations, key=lambda c: (-c.priority, c.refused, c.queued_at, c.id))
    assert placed == wanted


def test_a_place_from_before_refusals_were_counted_is_that_of_one_never_refused() -> None:
    assert place(make_waiting()) == "9#1795338000000#c1"


@given(st.integers(0, 1200))
def test_a_customer_has_abandoned_who_is_gone_for_longer_than_allowed(seconds: int) -> None:
    now = NOW + seconds * SECOND
    is_gone = timedelta(seconds=seconds) > QUEUE.abandoned_after
    assert is_abandoned(make_waiting(), QUEUE, now) == is_gone
    assert not is_abandoned(make_waiting(channel="sms"), QUEUE, now)
    assert not is_abandoned(make_waiting(status="offered"), QUEUE, now)
    there = {"s": Socket("ada", "https://one", NOW)}
    assert not is_abandoned(make_waiting(sockets=there), QUEUE, now)


def test_the_absence_counts_from_the_last_sign_of_the_customer() -> None:
    minute = 60 * SECOND
    assert make_waiting().gone_since == NOW
    assert make_waiting(left_at=NOW + minute).gone_since == NOW + minute
    wrote = LastMessage("customer", "Still here", NOW + 2 * minute)
    assert make_waiting(left_at=NOW + minute, last_message=wrote).gone_since == NOW + 2 * minute
    answered = LastMessage("agent", "One moment", NOW + 2 * minute)
    assert make_waiting(left_at=NOW + minute, last_message=answered).gone_since == NOW + minute


def test_places_differ_for_those_who_came_together() -> None:
    assert place(make_waiting("a")) != place(make_waiting("b"))


def test_only_the_free_have_a_rank() -> None:
    assert rank(free_agent()) is not None
    assert rank(make_agent(availability="ready")) is None
    assert rank(make_agent(sockets={"s": "https://s"})) is None
    assert rank(free_agent(capacity=1, work={"c1": "offered"})) is None
    assert rank(free_agent(capacity=1, work={"c1": "wrap_up"})) is not None
    assert rank(free_agent(capacity=0)) is None


@given(st.integers(0, 120), st.integers(-60, 120))
def test_a_refusal_holds_until_its_time_is_over_or_the_agent_is_ready_anew(
    passed: int, declared: int
) -> None:
    conversation = make_waiting(refusals={"grace": NOW})
    agent = free_agent(since=NOW + declared * SECOND)
    holds = passed < QUEUE.refusal_holds.total_seconds() and declared <= 0
    assert refuses(agent, conversation, QUEUE, NOW + passed * SECOND) == holds


def test_a_refusal_ends_to_the_millisecond() -> None:
    conversation = make_waiting(refusals={"grace": NOW})
    end = NOW + QUEUE.refusal_holds
    assert refuses(free_agent(), conversation, QUEUE, end - timedelta(milliseconds=1))
    assert not refuses(free_agent(), conversation, QUEUE, end)


def test_a_refusal_is_ones_own() -> None:
    conversation = make_waiting(refusals={"alan": NOW})
    assert not refuses(free_agent(), conversation, QUEUE, NOW)
    assert not refuses(free_agent(), make_waiting(), QUEUE, NOW)


@given(
    free=st.lists(st.integers(0, 9), unique=True),
    waiting=st.lists(st.integers(0, 19), unique=True),
    refused=st.sets(st.tuples(st.integers(0, 9), st.integers(0, 19))),
)
def test_pairs_leave_nobody_beside_somebody(
    free: list[int], waiting: list[int], refused: set[tuple[int, int]]
) -> None:
    found = list(pairs(free, waiting, lambda agent, one: (agent, one) in refused))
    agents, ones = [agent for agent, _ in found], [one for _, one in found]
    assert len(set(agents)) == len(agents)
    assert not refused.intersection(found)
    assert ones == [one for one in waiting if one in ones]
    left = [agent for agent in free if agent not in agents]
    for one in waiting:
        if one not in ones:
            assert all((agent, one) in refused for agent in left)


@given(st.lists(st.integers(), unique=True), st.lists(st.integers(), unique=True))
def test_the_nth_who_waits_is_paired_with_the_nth_agent(
    free: list[int], waiting: list[int]
) -> None:
    assert list(pairs(free, waiting, lambda *_: False)) == list(zip(free, waiting, strict=False))


def test_pairs_are_read_only_as_far_as_they_are_asked_for() -> None:
    free, waiting = iter(range(9)), iter(range(9))
    next(pairs(free, waiting, lambda *_: False))
    assert (next(free), next(waiting)) == (1, 1)


@pytest.mark.parametrize("refused", [0, 1, 5])
def test_a_place_tells_whose_it_is_and_whether_it_was_refused(refused: int) -> None:
    conversation = make_waiting("R0815", refused=refused)
    assert id_at(place(conversation)) == "R0815"
    assert was_refused(place(conversation)) == (refused > 0)
