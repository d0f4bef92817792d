"""Agents who lost their sockets are missed by their customers, and found."""

from datetime import datetime

from chalicelib.domain import lifecycle
from chalicelib.domain.agent import GRACE
from chalicelib.domain.conversation import AgentChange
from tests.adapters.world import ENDPOINT, World
from tests.domain.samples import NOW, QUEUE, SECOND, agent_after


def away(world: World, at: datetime) -> list[str]:
    return [due.id for due in world.conversations.due("away", at)]


def test_an_agent_who_is_missed_is_found_until_they_come_back(world: World) -> None:
    world.begin()
    agent = agent_after(world.accept(world.hire()))
    gone = agent.without_sockets(set(agent.sockets), NOW)
    world.agents.put(AgentChange(agent, gone))
    limit = NOW + GRACE
    assert away(world, limit) == []
    assert away(world, limit + 1 * SECOND) == ["grace"]
    assert world.agents.get("grace") == gone
    back = gone.with_socket("new", ENDPOINT)
    world.agents.put(AgentChange(gone, back))
    assert away(world, limit + 1 * SECOND) == []


def test_an_agent_is_missed_until_all_of_their_customers_are_with_others(world: World) -> None:
    agent = world.hire()
    for id in ("c1", "c2"):
        world.begin(id)
        agent = agent_after(world.accept(agent, id))
    gone = agent.without_sockets(set(agent.sockets), NOW)
    world.agents.put(AgentChange(agent, gone))
    later = NOW + GRACE + SECOND
    for id, missed in (("c1", ["grace"]), ("c2", [])):
        change = lifecycle.hand_back(world.get(id), world.agents.get("grace"), QUEUE, later)
        assert change is not None
        world.conversations.commit(change)
        assert away(world, later) == missed


def test_nobody_misses_an_agent_without_customers(world: World) -> None:
    agent = world.hire()
    gone = agent.without_sockets(set(agent.sockets), NOW)
    world.agents.put(AgentChange(agent, gone))
    assert away(world, NOW + 2 * GRACE) == []


def test_a_conversation_that_was_handed_back_waits_before_all_others(world: World) -> None:
    agent = world.hire()
    world.begin("c1")
    world.begin("c2", after=-9 * SECOND)
    change = lifecycle.hand_back(world.get("c1"), agent, QUEUE, NOW)
    assert change is None, "Nobody has it."
    change = lifecycle.hand_back(
        world.accept(agent, "c1").after, world.agents.get("grace"), QUEUE, NOW
    )
    assert change is not None
    world.conversations.commit(change)
    assert world.get("c1") == change.after
    assert list(world.waiting(QUEUE.id)) == ["c1", "c2"]
    world.offer(world.hire("alan"), "c1")
    assert list(world.waiting(QUEUE.id)) == ["c2"]
