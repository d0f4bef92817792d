"""TypeScript types, made from the schema.

A general converter would have to be told by patches on the schema and on its output what these
lines say directly: which fields may be left out, which unions have a name, no index signatures.
"""

from collections.abc import Iterable

from chalicelib.domain.queue import MESSAGE_LENGTH
from chalicelib.domain.texting import TEXT_CHANNELS, TEXT_LENGTH
from chalicelib.protocol import VERSION, frames, rest
from tools.protocol.schema import Schema, name_of

_HEADER = """\
/**
 * The wire protocol between Lambdesk and its clients.
 *
 * Generated from chalicelib/protocol by `python -m tools.protocol write`; do not edit.
 * What the server sends always has all its fields, null where there is nothing to say.
 */
"""

_TIMESTAMP = """\
/** A moment, as RFC 3339 in UTC: `2026-11-22T09:30:00Z`. */
export type Timestamp = string;
"""

_CONSTANTS = {
    "VERSION": (VERSION, "The version of the protocol that these types describe."),
    "MESSAGE_LENGTH": (MESSAGE_LENGTH, "Most characters of a message."),
    "TEXT_LENGTH": (TEXT_LENGTH, "Most UTF-16 units of a message that leaves as a text."),
    "BODY_BYTES": (rest.BODY_BYTES, "Most bytes of a request body."),
    "FRAME_BYTES": (frames.FRAME_BYTES, "Most bytes of a frame, either way."),
}

_PRIMITIVES = {"string": "string", "integer": "number", "boolean": "boolean", "null": "null"}


def render(schema: Schema) -> str:
    """The content of ``web/shared/protocol.ts``."""
    declarations = [_declaration(name, part) for name, part in schema["$defs"].items()]
    return "\n".join([_HEADER, *_constants(), _text_channels(), _TIMESTAMP, *declarations])


def _constants() -> Iterable[str]:
    for name, (value, doc) in _CONSTANTS.items():
        yield f"/** {doc} */\nexport const {name} = {value};\n"


def _text_channels() -> str:
    words = ", ".join(_literal(channel) for channel in TEXT_CHANNELS)
    return (
        "/** The channels whose messages leave as texts. */\n"
        f"export const TEXT_CHANNELS: readonly Channel[] = [{words}];\n"
    )


def _declaration(name: str, schema: Schema) -> str:
    if "properties" in schema:
        return _interface(name, schema)
    if "oneOf" in schema:
        members = [name_of(member) for member in schema["oneOf"]]
        return f"export type {name} =\n" + "\n".join(f"  | {member}" for member in members) + ";\n"
    return f"export type {name} = {_type(schema)};\n"


def _interface(name: str, schema: Schema) -> str:
    fields = [
        f"  {field}{'' if field in schema['required'] else '?'}: {_type(part)};\n"
        for field, part in schema["properties"].items()
    ]
    return f"{_comment(schema['description'])}export interface {name} {{\n{''.join(fields)}}}\n"


def _comment(text: str) -> str:
    lines = text.splitlines()
    if len(lines) == 1:
        return f"/** {text} */\n"
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return name_of(schema)
    if "const" in schema:
        return _literal(schema["const"])
    if "enum" in schema:
        return " | ".join(map(_literal, schema["enum"]))
    if "anyOf" in schema:
        return " | ".join(map(_type, schema["anyOf"]))
    if schema["type"] == "array":
        return f"{_type(schema['items'])}[]"
    if schema["type"] == "object":
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    if schema.get("format") == "date-time":
        return "Timestamp"
    return _PRIMITIVES[schema["type"]]


def _literal(value: str) -> str:
    return f'"{value}"'
