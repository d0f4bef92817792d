"""The condition of a read mark, each part of it alone."""

import pytest

from chalicelib.domain.errors import Invalid, NotFound
from tests.adapters.world import World


@pytest.fixture
def held(world: World) -> World:
    """A conversation that an agent holds."""
    world.begin()
    world.accept(world.hire())
    return world


def test_a_mark_is_written_in_one_call_and_takes_no_number(held: World) -> None:
    before, agent_id = held.get(), _agent(held)
    held.calls.clear()
    after = held.conversations.mark_read("c1", agent_id, before.seq)
    assert held.operations == ["UpdateItem"]
    assert after == held.get()
    assert (held.get().agent_read, held.get().seq) == (before.seq, before.seq)


def test_a_mark_does_not_go_back(held: World) -> None:
    seq = held.get().seq
    held.conversations.mark_read("c1", _agent(held), seq)
    assert held.conversations.mark_read("c1", _agent(held), seq) is None
    assert held.conversations.mark_read("c1", _agent(held), seq - 1) is None
    assert held.get().agent_read == seq


def test_a_mark_is_not_beyond_the_newest_number(held: World) -> None:
    with pytest.raises(Invalid):
        held.conversations.mark_read("c1", _agent(held), held.get().seq + 1)
    assert held.get().agent_read == 0


@pytest.mark.parametrize("conversation_id", ["c1", "c9"])
def test_a_mark_is_of_whoever_holds_the_conversation(held: World, conversation_id: str) -> None:
    before = held.snapshot()
    with pytest.raises(NotFound):
        held.conversations.mark_read(conversation_id, "somebody else", 1)
    assert held.snapshot() == before


def _agent(world: World) -> str:
    assignment = world.get().assignment
    assert assignment is not None
    return assignment.agent.id
