"""What is written is what is read."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.models import (
    ConversationItem,
    DetailsItem,
    EntryItem,
    FlatMapAttribute,
)
from chalicelib.domain.agent import Agent
from chalicelib.domain.conversation import Conversation, Details, Socket
from chalicelib.domain.events import Entry, MessageSent, NumberVoided, Participant
from chalicelib.protocol import events as wire
from tests.adapters.world import World
from tests.domain import samples


def stored(item: Any) -> Any:
    """The item after a journey over the wire."""
    return type(item).from_raw_data(json.loads(json.dumps(item.serialize())))


@given(samples.conversations())
def test_conversations(conversation: Conversation) -> None:
    item = stored(codec.conversation_item(conversation))
    assert isinstance(item, ConversationItem)
    assert codec.read_conversation(item) == conversation


@given(samples.details)
def test_details(details: Details) -> None:
    item = stored(codec.details_item("c1", details))
    assert isinstance(item, DetailsItem)
    assert codec.read_details(item) == details


@given(samples.entries)
def test_entries(entry: Entry) -> None:
    item = stored(codec.entry_item("c1", entry))
    assert isinstance(item, EntryItem)
    assert codec.read_entry(item) == entry


def test_a_stored_name_is_the_wire_name() -> None:
    stored = {name: kind.__name__ for name, kind in codec._KINDS.items()}
    on_the_wire = {
        kind.__struct_config__.tag: kind.__name__ for kind in wire.Entry.__subclasses__()
    }
    assert stored == on_the_wire


@given(samples.moments)
def test_times_are_kept_to_the_millisecond(at: datetime) -> None:
    assert codec.moment(codec.milliseconds(at)) == at
    assert codec.moment(codec.milliseconds(at)).tzinfo is UTC


@given(samples.sockets)
def test_sockets(socket: Socket) -> None:
    assert codec.read_socket(codec.write_socket(socket)) == socket


@given(st.integers(1, 10**9 - 2))
def test_entries_are_sorted_by_their_numbers(seq: int) -> None:
    assert codec.entry_key(seq) < codec.entry_key(seq + 1) < "ENTRY#~"


@given(samples.words)
def test_a_conversations_key_tells_its_id(id: str) -> None:
    assert codec.conversation_id_of(codec.conversation_key(id)) == id


@given(st.dictionaries(samples.ids, st.integers() | samples.words))
def test_flat_maps(value: dict[str, int | str]) -> None:
    attribute = FlatMapAttribute()
    assert attribute.deserialize(attribute.serialize(value)) == value


def test_only_a_text_that_has_to_leave_is_due() -> None:
    ada = Participant("agent", "grace", "Grace")
    pending = codec.entry_item("c1", Entry(3, samples.NOW, MessageSent("m", ada, "Hi", "pending")))
    assert (pending.due_kind, pending.due_at) == ("outbound", codec.milliseconds(samples.NOW))
    for event in (MessageSent("m", ada, "Hi", "sent"), MessageSent("m", ada, "Hi"), NumberVoided()):
        item = codec.entry_item("c1", Entry(3, samples.NOW, event))
        assert item.attribute_values.keys().isdisjoint(("due_kind", "due_at"))


@pytest.mark.parametrize(
    "text", ["", "  \n ", "\x00", "🚲" * 4000, "e\u0301 \u202e שלום", '"\\u0000"', "x" * 12000]
)
def test_any_text_survives_the_database(world: World, text: str) -> None:
    details = samples.make_details(text=text)
    start = world.begin(details=details)
    found = world.conversations.get_with_details(["c1"])
    assert found == {"c1": (start.conversation, details)}
    assert list(world.conversations.entries("c1", 0, 10)) == list(start.entries)


@pytest.mark.parametrize("name", ["", "Søren 🚲", 'O\'Hara "Bo"'])
def test_agents_survive_the_database(world: World, name: str) -> None:
    agent = samples.make_agent(name=name, reason=None, queues=())
    world.agents.create(agent)
    assert world.agents.get("grace") == agent


@given(samples.agents)
def test_agents(agent: Agent) -> None:
    from chalicelib.adapters.dynamodb import agents

    assert agents.read_agent(codec.encode(agent)) == agent
