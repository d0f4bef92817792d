"""The OpenAPI and AsyncAPI documents are what they claim to be, and leave nothing out."""

import json
import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]
from msgspec import Struct

from chalicelib.protocol import commands, frames, routes
from chalicelib.protocol.routes import ROUTES, Route
from tools.protocol import examples
from tools.protocol.__main__ import generate
from tools.protocol.markdown import every_error, tag_of

_FILES = {path.name: text for path, text in generate().items()}
_OPENAPI: dict[str, Any] = json.loads(_FILES["openapi.json"])
_ASYNCAPI: dict[str, Any] = json.loads(_FILES["asyncapi.json"])
_DOCUMENTS = [pytest.param(_OPENAPI, id="openapi"), pytest.param(_ASYNCAPI, id="asyncapi")]
_PARTS = [*get_args(commands.AnyCommand), *get_args(frames.AnyFrame)]
_ROUTES = [pytest.param(route, id=f"{route.method} {route.path}") for route in ROUTES]

_TEXT = {"type": "string", "minLength": 1}
_REFERENCE = {
    "type": "object",
    "properties": {"$ref": {"type": "string", "pattern": "^#/"}},
    "required": ["$ref"],
    "additionalProperties": False,
}


def _object(required: dict[str, Any], optional: dict[str, Any] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": required | (optional or {}),
        "required": list(required),
        "additionalProperties": False,
    }


def _each(schema: dict[str, Any], names: str = "") -> dict[str, Any]:
    allowed = {"propertyNames": {"pattern": names}} if names else {}
    return {"type": "object", "minProperties": 1, "additionalProperties": schema, **allowed}


_MEDIA = _each(_object({"schema": {"type": "object"}}, {"example": True}), "^[a-z]+/[a-z-]+$")
_PARAMETER = {
    "oneOf": [
        _object(
            {"name": _TEXT, "in": {"const": "path"}, "required": {"const": True}, "schema": True}
        ),
        _object({"name": _TEXT, "in": {"const": "query"}, "description": _TEXT, "schema": True}),
    ]
}
_OPERATION = _object(
    {
        "operationId": {"type": "string", "pattern": "^[a-z_]+$"},
        "summary": _TEXT,
        "security": {"type": "array", "items": {"type": "object"}},
        "responses": {
            "type": "object",
            "propertyNames": {"pattern": "^([1-5][0-9]{2}|default)$"},
            "additionalProperties": _object({"description": _TEXT}, {"content": _MEDIA}),
        },
    },
    {
        "parameters": {"type": "array", "items": _PARAMETER, "minItems": 1},
        "requestBody": _object({"required": {"const": True}, "content": _MEDIA}),
    },
)
_SHAPE_OF_OPENAPI = _object(
    {
        "openapi": {"type": "string", "pattern": r"^3\.1\.\d+$"},
        "info": _object(
            {"title": _TEXT, "version": _TEXT, "description": _TEXT, "license": {"type": "object"}}
        ),
        "servers": {"type": "array", "minItems": 1},
        "paths": _each(_each(_OPERATION, "^(get|post|put|patch|delete)$"), "^/"),
        "components": _object({"schemas": _each({"type": "object"}), "securitySchemes": _each({})}),
    }
)
"""What https://spec.openapis.org/oas/v3.1.1.html asks for, of what the document has."""

_SHAPE_OF_ASYNCAPI = _object(
    {
        "asyncapi": {"const": "3.0.0"},
        "info": _object(
            {"title": _TEXT, "version": _TEXT, "description": _TEXT, "license": {"type": "object"}}
        ),
        "defaultContentType": {"const": "application/json"},
        "servers": _each(
            _object(
                {"host": _TEXT, "protocol": {"const": "wss"}},
                {
                    "pathname": _TEXT,
                    "description": _TEXT,
                    "variables": _each(_object({"default": _TEXT})),
                    "security": {"type": "array", "items": _REFERENCE},
                },
            )
        ),
        "channels": _each(
            _object(
                {"address": _TEXT, "messages": _each(_REFERENCE)},
                {"description": _TEXT, "bindings": {"type": "object"}},
            )
        ),
        "operations": _each(
            _object(
                {
                    "action": {"enum": ["send", "receive"]},
                    "channel": _REFERENCE,
                    "messages": {"type": "array", "items": _REFERENCE, "minItems": 1},
                },
                {
                    "summary": _TEXT,
                    "reply": _object(
                        {"channel": _REFERENCE, "messages": {"type": "array", "items": _REFERENCE}}
                    ),
                },
            )
        ),
        "components": _object(
            {
                "messages": _each(
                    _object(
                        {"name": _TEXT, "payload": _REFERENCE, "description": _TEXT},
                        {
                            "examples": {"type": "array", "minItems": 1},
                            "correlationId": _object({"location": _TEXT}),
                        },
                    )
                ),
                "schemas": _each({"type": "object"}),
                "securitySchemes": _each({}),
            }
        ),
    }
)
"""What https://www.asyncapi.com/docs/reference/specification/v3.0.0 asks for."""


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "$ref":
                yield part
            else:
                yield from _references(part)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part)


def _found(document: dict[str, Any], reference: str) -> Any:
    part: Any = document
    for step in reference.removeprefix("#/").split("/"):
        part = part[step.replace("~1", "/").replace("~0", "~")]
    return part


def _validator(document: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Of a schema that refers to components of the document."""
    return Draft202012Validator(
        {"components": document["components"], "allOf": [schema]}, format_checker=FormatChecker()
    )


def test_the_openapi_document_has_its_shape() -> None:
    Draft202012Validator(_SHAPE_OF_OPENAPI).validate(_OPENAPI)


def test_the_asyncapi_document_has_its_shape() -> None:
    Draft202012Validator(_SHAPE_OF_ASYNCAPI).validate(_ASYNCAPI)


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_references_lead_somewhere_and_every_type_is_used(document: dict[str, Any]) -> None:
    references = set(_references(document))
    for reference in references:
        assert _found(document, reference)
    types = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert types <= references


@pytest.mark.parametrize("document", _DOCUMENTS)
def test_the_types_are_schemas(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_route_is_there_and_no_other() -> None:
    described = {
        (method.upper(), path)
        for path, operations in _OPENAPI["paths"].items()
        for method in operations
    }
    assert described == {(route.method, route.path) for route in ROUTES}


def test_operations_have_names_of_their_own() -> None:
    names = [operation["operationId"] for _, operation in _operations()]
    assert len(names) == len(set(names)) == len(ROUTES)


def _operations() -> Iterator[tuple[Route, dict[str, Any]]]:
    for route in routes.ROUTES:
        yield route, _OPENAPI["paths"][route.path][route.method.lower()]


@pytest.mark.parametrize("route", _ROUTES)
def test_every_status_of_a_route_is_there_with_its_errors(route: Route) -> None:
    responses = _OPENAPI["paths"][route.path][route.method.lower()]["responses"]
    told = {
        (int(status), code) for status, response in responses.items() for code in _codes(response)
    }
    statuses = {error.code: error.status for error in every_error()}
    assert told == {(statuses[code], code) for code in (*route.errors, "internal")}
    assert set(responses) == {str(s) for s, _ in told} | {str(route.status), "default"}


def _codes(response: dict[str, Any]) -> list[str]:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    if "allOf" not in schema:
        return []
    return list(schema["allOf"][1]["properties"]["error"]["properties"]["code"]["enum"])


@pytest.mark.parametrize("route", _ROUTES)
def test_parameters_are_those_of_the_route(route: Route) -> None:
    operation = _OPENAPI["paths"][route.path][route.method.lower()]
    given = {(each["in"], each["name"]) for each in operation.get("parameters", [])}
    in_path = {("path", name) for name in re.findall(r"{(\w+)}", route.path)}
    assert given == in_path | {("query", name) for name in route.query}


def test_examples_of_bodies_follow_their_schemas() -> None:
    checked = 0
    for _, operation in _operations():
        for body in (operation.get("requestBody", {}), *operation["responses"].values()):
            for media in body.get("content", {}).values():
                if "example" in media:
                    _validator(_OPENAPI, media["schema"]).validate(media["example"])
                    checked += 1
    assert checked == sum(bool(route.request) + bool(route.reply) for route in ROUTES)


def test_an_error_follows_the_schema_of_its_route_only() -> None:
    responses = _OPENAPI["paths"]["/widget/queues/{queue_id}"]["get"]["responses"]
    validator = _validator(_OPENAPI, responses["404"]["content"]["application/json"]["schema"])
    error = {"code": "not_found", "message": "There is none.", "field": None, "retry_after": None}
    reply = {"error": error}
    assert validator.is_valid(reply)
    assert not validator.is_valid({"error": {**reply["error"], "code": "busy"}})


@pytest.mark.parametrize("part", _PARTS, ids=lambda part: part.__name__)
def test_every_command_and_frame_is_a_message(part: type[Struct]) -> None:
    message = _ASYNCAPI["components"]["messages"][tag_of(part)]
    assert message["payload"] == {"$ref": f"#/components/schemas/{part.__name__}"}
    for example in message["examples"]:
        _validator(_ASYNCAPI, message["payload"]).validate(example["payload"])


def test_there_are_no_other_messages() -> None:
    tags = {tag_of(part) for part in _PARTS}
    assert set(_ASYNCAPI["components"]["messages"]) == tags
    assert set(_ASYNCAPI["channels"]["socket"]["messages"]) == tags


def test_every_command_is_received_and_answered_and_every_other_frame_is_pushed() -> None:
    operations = dict(_ASYNCAPI["operations"])
    pushed = {_message_of(reference) for reference in operations.pop("push")["messages"]}
    answers = set()
    for name, operation in operations.items():
        assert operation["action"] == "receive"
        assert [_message_of(each) for each in operation["messages"]] == [name]
        answers |= {_message_of(each) for each in operation["reply"]["messages"]}
    assert set(operations) == {tag_of(command) for command in get_args(commands.AnyCommand)}
    assert answers == {"synced", "ok", "error"}
    assert pushed == {tag_of(frame) for frame in get_args(frames.AnyFrame)} - answers


def _message_of(reference: dict[str, str]) -> str:
    return reference["$ref"].rpartition("/")[2]


def test_the_answers_of_the_examples_are_among_those_told() -> None:
    for command, answer in examples.COMMANDS:
        told = _ASYNCAPI["operations"][tag_of(type(command))]["reply"]["messages"]
        assert tag_of(type(answer)) in [_message_of(each) for each in told]
