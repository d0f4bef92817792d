"""The JSON Schema of the wire protocol, in which every type has its name once.

The TypeScript types and the tables of the document are made from this schema, not from the structs,
so the three cannot disagree.
"""

import inspect
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

import msgspec
from msgspec import Struct

from chalicelib.protocol import VERSION, commands, errors, events, frames, rest, routes
from chalicelib.protocol.views import conversations, people, queues

Schema = dict[str, Any]

_MODULES = (people, queues, conversations, events, rest, errors, commands, frames)
_REF = "#/$defs/{name}"

UNIONS: dict[str, Any] = {
    "Event": events.Event,
    "AnyCommand": commands.AnyCommand,
    "AnyFrame": frames.AnyFrame,
}
"""The discriminated unions: by ``type`` a reader knows which member it holds."""


def named_choices() -> dict[str, list[str]]:
    """The sets of words that have a name, such as ``Channel``, in the order of their definition."""
    return {
        name: list(get_args(value))
        for module in _MODULES
        for name, value in vars(module).items()
        if get_origin(value) is Literal
    }


def wire_structs() -> dict[str, type[Struct]]:
    """Every struct that crosses the network, by name, in the order of its definition."""
    _, components = _components()
    return {
        struct.__name__: struct
        for module in _MODULES
        for struct in _defined_in(module)
        if struct.__name__ in components
    }


def sent_by_clients() -> set[str]:
    """The names of the structs that clients send; the server sends all others."""
    requests = [route.request for route in routes.ROUTES if route.request is not None]
    _, components = msgspec.json.schema_components([*requests, commands.AnyCommand])
    return set(components)


def build() -> Schema:
    """The whole schema."""
    _, components = _components()
    from_clients = sent_by_clients()
    choices = {name: {"enum": words} for name, words in named_choices().items()}
    unions = {name: {"oneOf": _members(union)} for name, union in UNIONS.items()}
    structs = {
        name: _struct(struct, components[name], name in from_clients)
        for name, struct in wire_structs().items()
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Lambdesk protocol",
        "description": f"Version {VERSION}. What each type is for is told in protocol.md.",
        "$defs": {**choices, **unions, **structs},
    }


def reference(name: str) -> Schema:
    """The schema that is the named type."""
    return {"$ref": _REF.format(name=name)}


def name_of(schema: Schema) -> str:
    """The name of the type that a reference refers to."""
    return str(schema["$ref"]).removeprefix(_REF.format(name=""))


def _components() -> tuple[tuple[Schema, ...], Schema]:
    bodies = [body for route in routes.ROUTES for body in (route.request, route.reply) if body]
    return msgspec.json.schema_components(
        [*UNIONS.values(), *bodies, errors.ErrorReply], ref_template=_REF
    )


def _defined_in(module: ModuleType) -> list[type[Struct]]:
    return [
        value
        for value in vars(module).values()
        if isinstance(value, type)
        and issubclass(value, Struct)
        and value.__module__ == module.__name__
    ]


def _members(union: Any) -> list[Schema]:
    return [reference(member.__name__) for member in get_args(union)]


def _struct(struct: type[Struct], generated: Schema, from_client: bool) -> Schema:
    properties = {name: _tidy(schema) for name, schema in generated["properties"].items()}
    schema = {
        "title": struct.__name__,
        "description": plain(inspect.getdoc(struct) or ""),
        "type": "object",
        "properties": properties,
        "required": generated["required"],
    }
    if from_client:
        return schema | {"additionalProperties": False}
    # The server leaves no field out, so defaults are no business of its readers.
    for definition in properties.values():
        definition.pop("default", None)
    return schema | {"required": list(properties)}


def _tidy(schema: Any) -> Any:
    """Replace what has a name by a reference to it."""
    if isinstance(schema, list):
        return [_tidy(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "discriminator" in schema:
        return reference(_union_of(schema["anyOf"]))
    if "enum" in schema:
        return _choice(schema["enum"]) | {k: v for k, v in schema.items() if k != "enum"}
    return {key: _tidy(value) for key, value in schema.items()}


def _union_of(members: list[Schema]) -> str:
    return next(name for name, union in UNIONS.items() if _members(union) == members)


def _choice(words: list[str]) -> Schema:
    for name, choice in named_choices().items():
        if sorted(choice) == sorted(words):
            return reference(name)
    return {"const": words[0]} if len(words) == 1 else {"enum": words}


def plain(docstring: str) -> str:
    """A docstring as Markdown."""
    return docstring.replace("``", "`")
