"""A step writes all that it changes, and nothing else."""

from dataclasses import fields, replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import codec, transactions
from chalicelib.adapters.dynamodb.models import AddressItem
from chalicelib.domain.access import Bearer, Connection
from chalicelib.domain.conversation import Change, Conversation
from tests.adapters.world import ENDPOINT, World
from tests.domain import samples

DUE = frozenset(("offer", "wrap_up_until", "next_look"))
"""Of these a conversation has one at most."""

NAMES = [field.name for field in fields(Conversation) if field.name != "id"]

on_one_world = settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.generate],  # On moto it takes minutes to make a failing example smaller.
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
numbers = count()


def with_fields_of(
    before: Conversation, other: Conversation, names: set[str] | frozenset[str]
) -> Conversation:
    """The conversation with some fields as another has them."""
    if not DUE.isdisjoint(names):
        names = names | DUE
    changes: dict[str, Any] = {name: getattr(other, name) for name in names}
    return replace(before, **changes)


def stored(conversation: Conversation) -> Conversation:
    """The conversation, under an id of its own, in the table."""
    own = replace(conversation, id=f"c{next(numbers)}")
    codec.conversation_item(own).save()
    return own


def commit(world: World, before: Conversation, after: Conversation) -> None:
    """Write the step, at whatever address it would end."""
    AddressItem(transactions.address_key(after.address), conversation_id=after.id).save()
    world.conversations.commit(Change(before, after, ()))


@pytest.mark.parametrize("name", NAMES)
@on_one_world
@given(data=st.data())
def test_a_changed_field_is_written(world: World, name: str, data: st.DataObject) -> None:
    before = stored(data.draw(samples.conversations()))
    other = data.draw(
        samples.conversations().filter(lambda it: getattr(it, name) != getattr(before, name))
    )
    after = with_fields_of(before, other, {name})
    commit(world, before, after)
    assert world.get(after.id) == after


@on_one_world
@given(samples.conversations(), samples.conversations(), st.frozensets(st.sampled_from(NAMES)))
def test_any_changed_fields_are_written(
    world: World, made_up: Conversation, other: Conversation, names: frozenset[str]
) -> None:
    before = stored(made_up)
    after = replace(with_fields_of(before, other, names), seq=before.seq + 1)
    commit(world, before, after)
    assert world.get(after.id) == after


def test_what_came_and_went_without_a_number_stays(world: World) -> None:
    world.begin()
    grace = world.hire()
    before = world.attach(Connection("s1", ENDPOINT, Bearer("customer", "ada"), samples.NOW))
    made = samples.offered(before, grace)
    left_at = samples.NOW + timedelta(seconds=3)
    world.conversations.detach("c1", ["s1"], left_at)
    world.conversations.commit(made)
    assert world.get() == replace(made.after, sockets={}, left_at=left_at)


def test_a_step_adds_its_sockets_to_those_that_are_there(world: World) -> None:
    world.begin()
    grace = world.hire()
    made = world.offer(grace)
    before = world.attach(Connection("s1", ENDPOINT, Bearer("customer", "ada"), samples.NOW))
    world.conversations.commit(samples.accepted(replace(made, after=before)))
    assert set(world.get().sockets) == {"s1", "socket-of-grace"}


def test_an_unchanged_attribute_is_not_written() -> None:
    before = samples.make_waiting()
    actions = transactions.changes(before, replace(before, seq=before.seq + 1))
    assert [str(action.values[0]) for action in actions] == ["seq"]
