"""How queues stand, read from their seats and places, with every call on record."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.adapters.dynamodb import staffing
from chalicelib.adapters.dynamodb.agents import read_agent
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import AgentChange
from chalicelib.domain.staff import Staff, Waiting
from proof.sizes import item_size
from tests.adapters.world import World
from tests.domain.samples import NOW, QUEUE

AGENT_ID = "11111111-2222-3333-4444-555555555555"
WINDOW = "L0SM9cOFvHcCIhw="
ENDPOINT = "https://abcdefghij.execute-api.eu-central-1.amazonaws.com/api"


def test_the_staff_are_those_who_are_there(world: World) -> None:
    world.hire("grace")
    world.hire("linus", capacity=0)
    world.agents.put(AgentChange(paused := world.hire("ada"), replace(paused, sockets={})))
    assert world.ports.staffing.staff(QUEUE.id) == Staff(present=2)
    assert world.ports.staffing.ready(QUEUE.id) == {"grace"}
    assert world.ports.staffing.staff("other") == Staff()


def test_those_who_wait_are_counted_from_the_first(world: World) -> None:
    for number in range(3):
        world.begin(f"c{number}", after=timedelta(seconds=-number))
    found = world.ports.staffing.waiting(QUEUE.id)
    assert found == Waiting(3, NOW - timedelta(seconds=2))
    assert world.ports.staffing.waiting("other") == Waiting()


def test_agents_see_what_was_so_a_moment_ago(world: World) -> None:
    stands = world.ports.staffing
    world.begin()
    assert (stands.waiting(QUEUE.id).count, stands.ready(QUEUE.id)) == (1, frozenset())
    world.hire()
    world.begin("c2")
    world.clock.time += timedelta(seconds=2)
    assert (stands.waiting(QUEUE.id).count, stands.ready(QUEUE.id)) == (2, frozenset({"grace"}))


def test_a_worker_asks_once_in_ten_seconds(world: World) -> None:
    stands = world.ports.staffing
    for _ in range(20):
        for ask in (stands.staff, stands.ready, stands.waiting):
            ask(QUEUE.id)
    assert world.operations == ["Query", "Query", "Query"]
    world.hire()
    world.begin()
    assert world.ports.staffing.staff(QUEUE.id) == Staff()
    world.clock.time += staffing.KEPT
    assert stands.staff(QUEUE.id) == Staff(present=1)
    assert stands.ready(QUEUE.id) == {"grace"}
    assert stands.waiting(QUEUE.id).count == 1


def test_a_crowd_is_not_looked_at_to_its_end(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staffing, "MOST_SEATS", 2)
    for number in range(3):
        world.hire(f"agent-{number}")
    world.calls.clear()
    assert world.ports.staffing.staff(QUEUE.id) is None
    (call,) = world.calls
    assert call.request["Limit"] == 3


def test_agents_stored_before_there_was_a_record_are_read(world: World) -> None:
    world.hire()
    state = json.loads(world.item("AGENT#grace", "AGENT", "agents")["state"]["S"])
    del state["taken"], state["served"]
    old = read_agent(json.dumps(state))
    assert (old.taken, old.served) == ((), {})


def test_an_agent_after_a_busy_shift_is_one_write_unit(world: World) -> None:
    """With three conversations, a window, and eight hours in which something was closed."""
    agent: Agent = world.hire(AGENT_ID, name="Grace Hopper", queues=("care", "orders"), capacity=4)
    after = replace(agent, sockets={WINDOW: ENDPOINT}, version=agent.version + 1)
    for number in range(3):
        after = after.with_work(f"{number:024x}", "active", NOW)
    for half_hours in range(16):
        now = NOW + half_hours * timedelta(minutes=30)
        after = after.having_served(now).having_served(now)
    for minutes in range(4):
        after = after.having_taken("orders", now + timedelta(minutes=minutes))
    world.agents.put(AgentChange(agent, after))
    assert world.agents.get(AGENT_ID) == after
    assert item_size(world.item(f"AGENT#{AGENT_ID}", "AGENT", "agents")) < 1024
    assert item_size(world.item("SEATS#care", f"AGENT#{AGENT_ID}", "agents")) < 1024
