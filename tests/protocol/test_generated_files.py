"""The document, the schema and the types say what the structs say, and leave nothing out."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import (  # type: ignore[import-untyped]
    Draft202012Validator,
    FormatChecker,
    ValidationError,
)
from msgspec import Struct

from chalicelib.protocol import commands, events, frames, routes
from tools.protocol import examples, schema
from tools.protocol.__main__ import generate
from tools.protocol.markdown import every_error, fill, tag_of

_EXAMPLES = [pytest.param(struct, id=type(struct).__name__) for struct in examples.every_struct()]
_DEFINITION = schema.build()
_STRUCTS = schema.wire_structs()
_FILES = {path.name: text for path, text in generate().items()}
_DOCUMENT = _FILES["protocol.md"]


def _validator(name: str) -> Draft202012Validator:
    return Draft202012Validator(
        {**_DEFINITION, **schema.reference(name)}, format_checker=FormatChecker()
    )


def _parts(value: object) -> Iterator[Struct]:
    if isinstance(value, Struct):
        yield value
        for field in value.__struct_fields__:
            yield from _parts(getattr(value, field))
    elif isinstance(value, list):
        for item in value:
            yield from _parts(item)


def _all_parts() -> Iterator[Struct]:
    for example in examples.every_struct():
        yield from _parts(example)


def test_the_files_are_as_generated() -> None:
    check = subprocess.run(
        [sys.executable, "-m", "tools.protocol", "check"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(_DEFINITION)


@pytest.mark.parametrize("example", _EXAMPLES)
def test_examples_follow_the_schema(example: Struct) -> None:
    _validator(type(example).__name__).validate(msgspec.to_builtins(example))


@pytest.mark.parametrize("example", _EXAMPLES)
def test_examples_survive_the_wire(example: Struct) -> None:
    encoded = msgspec.json.encode(example)
    assert msgspec.json.decode(encoded, type=type(example)) == example


@pytest.mark.parametrize("name", sorted(schema.sent_by_clients()))
def test_clients_may_not_send_what_is_not_known(name: str) -> None:
    example = next(part for part in _all_parts() if type(part).__name__ == name)
    with pytest.raises(ValidationError, match="surprise"):
        _validator(name).validate({**msgspec.to_builtins(example), "surprise": True})


def test_the_server_may_send_what_is_not_known() -> None:
    frame = msgspec.to_builtins(examples.FRAMES[0])
    _validator("AnyFrame").validate({**frame, "surprise": True})


def test_the_server_leaves_no_field_out() -> None:
    for name in set(_STRUCTS) - schema.sent_by_clients():
        definition = _DEFINITION["$defs"][name]
        assert definition["required"] == list(definition["properties"]), name


def test_no_struct_goes_both_ways() -> None:
    """Else it could not be told which of its fields may be left out."""
    replies = [route.reply for route in routes.ROUTES if route.reply]
    _, from_server = msgspec.json.schema_components([*replies, frames.AnyFrame])
    assert not schema.sent_by_clients() & set(from_server)


def test_every_struct_has_an_example() -> None:
    assert {type(part).__name__ for part in _all_parts()} == set(_STRUCTS)


def test_every_struct_has_a_docstring_of_its_own() -> None:
    assert not [name for name, struct in _STRUCTS.items() if not vars(struct).get("__doc__")]


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_examples_of_routes_have_their_bodies(route: routes.Route) -> None:
    exchange = examples.EXCHANGES[f"{route.method} {route.path}"]
    pattern = re.sub(r"{\w+}", "[^/?]+", route.path) + r"(\?.*)?"
    assert re.fullmatch(pattern, exchange.target)
    if route.request:
        assert isinstance(exchange.request, route.request)
    if route.reply:
        assert isinstance(exchange.reply, route.reply)


@pytest.mark.parametrize("route", routes.ROUTES, ids=lambda route: f"{route.method} {route.path}")
def test_routes_are_documented(route: routes.Route) -> None:
    assert f"\n### {route.method} {route.path}\n" in _DOCUMENT


@pytest.mark.parametrize(
    "struct",
    [*get_args(commands.AnyCommand), *get_args(frames.AnyFrame), *get_args(events.Event)],
    ids=lambda struct: struct.__name__,
)
def test_commands_frames_and_events_are_documented(struct: type[Struct]) -> None:
    assert f"\n### `{tag_of(struct)}`\n" in _DOCUMENT


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.code)
def test_errors_are_documented(error: Any) -> None:
    assert f"\n| `{error.code}` | {error.status} |" in _DOCUMENT


def test_every_type_is_in_typescript_once() -> None:
    names = re.findall(r"^export (?:type|interface) (\w+)", _FILES["protocol.ts"], re.MULTILINE)
    assert sorted(names) == sorted([*_DEFINITION["$defs"], "Timestamp"])


def test_links_in_the_document_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.+)$", _DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w\- ]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([^)]+)\)", _DOCUMENT)) <= anchors


def test_anchors_in_the_document_are_unambiguous() -> None:
    headings = re.findall(r"^#+ (.+)$", _DOCUMENT, re.MULTILINE)
    assert len(headings) == len({heading.strip("`").lower() for heading in headings})


def test_a_template_and_its_parts_must_fit() -> None:
    assert fill("{{a}} and {{b}}", {"a": "1", "b": "2"}) == "1 and 2"
    with pytest.raises(ValueError, match="b"):
        fill("{{a}}", {"a": "1", "b": "2"})
