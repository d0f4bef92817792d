"""Every kind of event is decided on, stored, shown and described: one that is new is not forgotten.

The kinds come from the union in ``domain/events.py``, so nothing has to be added here.
"""

import json
from dataclasses import fields
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from chalicelib.adapters.dynamodb import codec
from chalicelib.adapters.dynamodb.models import EntryItem
from chalicelib.domain.audience import AUDIENCE, as_seen_by
from chalicelib.domain.events import Entry, Event, Participant
from chalicelib.protocol import events
from chalicelib.protocol.events import event_of
from tests.domain import samples
from tools.protocol import examples, schema
from tools.protocol.__main__ import generate
from tools.protocol.markdown import readers_of, tag_of

KINDS = get_args(Event)
_DOCUMENT = next(text for path, text in generate().items() if path.name == "protocol.md")
_SHOWN = Draft202012Validator(
    {**schema.build(), **schema.reference("Event")}, format_checker=FormatChecker()
)

every_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)


def entries_of(kind: type[Event]) -> st.SearchStrategy[Entry]:
    return st.builds(Entry, st.integers(1, 999), samples.moments, samples.any_of(kind))


def struct_of(kind: type[Event]) -> type[Any]:
    return next(one for one in get_args(events.Event) if one.__name__ == kind.__name__)


@every_kind
def test_who_sees_it_is_decided(kind: type[Event]) -> None:
    assert kind in AUDIENCE


def test_nothing_else_is_decided() -> None:
    assert set(AUDIENCE) == set(KINDS)


@every_kind
@given(data=st.data())
def test_its_audience_sees_it_and_nobody_else(kind: type[Event], data: st.DataObject) -> None:
    entry = data.draw(entries_of(kind))
    assert as_seen_by("agent", entry) == entry
    seen = as_seen_by("customer", entry)
    assert (seen is not None) == (AUDIENCE[kind] == "everybody")


@every_kind
@given(data=st.data())
def test_it_is_read_back_from_storage(kind: type[Event], data: st.DataObject) -> None:
    entry = data.draw(entries_of(kind))
    stored = json.loads(json.dumps(codec.entry_item("c1", entry).serialize()))
    assert codec.read_entry(EntryItem.from_raw_data(stored)) == entry


@every_kind
@given(data=st.data())
def test_it_is_shown_with_all_its_fields(kind: type[Event], data: st.DataObject) -> None:
    entry = data.draw(entries_of(kind))
    shown = event_of(entry)
    assert type(shown) is struct_of(kind)
    assert (shown.seq, shown.at) == (entry.seq, entry.at)
    for field in fields(entry.event):
        meant = getattr(entry.event, field.name)
        if isinstance(meant, Participant):
            meant = events.Participant(meant.role, meant.id, meant.name)
        assert getattr(shown, field.name) == meant


@every_kind
@given(data=st.data())
def test_a_client_decodes_it(kind: type[Event], data: st.DataObject) -> None:
    """By the structs, and by the schema that clients have."""
    shown = event_of(data.draw(entries_of(kind)))
    written = msgspec.json.encode(shown)
    assert msgspec.json.decode(written, type=events.Event) == shown
    _SHOWN.validate(json.loads(written))


@every_kind
def test_it_is_described_with_an_example_and_its_readers(kind: type[Event]) -> None:
    struct = struct_of(kind)
    assert struct in {type(example) for example in examples.EVENTS}
    _, _, described = _DOCUMENT.partition(f"\n### `{tag_of(struct)}`\n")
    described = described.partition("\n### ")[0]
    sees = "the customer and agents" if AUDIENCE[kind] == "everybody" else "agents"
    assert f"\nSeen by {sees}.\n" in described


def test_the_document_is_not_written_while_an_audience_is_not_decided() -> None:
    with pytest.raises(LookupError, match="Who sees Unheard"):
        readers_of("Unheard")
