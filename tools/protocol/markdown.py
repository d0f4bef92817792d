"""``docs/protocol.md``: prose from ``template.md``, the rest from structs, routes and errors."""

import inspect
import json
import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Any, get_args

import msgspec
from msgspec import Struct

from chalicelib.domain.audience import AUDIENCE, Audience
from chalicelib.domain.errors import LambdeskError
from chalicelib.domain.queue import ANSWERS_BYTES, MESSAGE_LENGTH
from chalicelib.domain.texting import TEXT_CHANNELS, TEXT_LENGTH
from chalicelib.protocol import VERSION, frames, rest, routes
from chalicelib.protocol.commands import AgentCommand, AnyCommand
from chalicelib.protocol.routes import Credential, Route
from tools.protocol import examples
from tools.protocol.examples import Exchange
from tools.protocol.schema import (
    UNIONS,
    Schema,
    name_of,
    named_choices,
    plain,
    sent_by_clients,
    wire_structs,
)

_TEMPLATE = Path(__file__).with_name("template.md")
_EXAMPLE_WIDTH = 96

_READERS: dict[Audience, str] = {"everybody": "the customer and agents", "agents": "agents"}

_CREDENTIALS: dict[Credential, str] = {
    "none": "none",
    "optional customer token": (
        "`Authorization: Bearer <customer_token>` from an earlier conversation, if there is one"
    ),
    "customer token": "`Authorization: Bearer <customer_token>`",
    "agent": "`Authorization: <ID token>`",
    "signature": "`X-Twilio-Signature`",
}
_SENT_AS: dict[Credential, list[str]] = {
    "none": [],
    "optional customer token": [],
    "customer token": [f"Authorization: Bearer {examples.CUSTOMER_TOKEN}"],
    "agent": ["Authorization: eyJraWQiOiJ…"],
    "signature": ["X-Twilio-Signature: RSOYDt4T1cUTdK1PDd93/VVr8B8="],
}
_QUERY = {
    "after": "`after`: the number to begin behind; 0 when left out",
    "before": "`before`: the number to end before, with the newest events that fit, in place of "
    "`after`; a number beyond the end gives the newest",
    "page": "`page`: the `next_page` of the reply before; left out for the first",
}


def render(schema: Schema) -> str:
    """The content of ``docs/protocol.md``."""
    parts = {
        "version": str(VERSION),
        "message_length": f"{MESSAGE_LENGTH:,}",
        "text_length": f"{TEXT_LENGTH:,}",
        "text_channels": _alternatives(TEXT_CHANNELS),
        "body_kilobytes": str(rest.BODY_BYTES // 1024),
        "frame_kilobytes": str(frames.FRAME_BYTES // 1024),
        "answers_bytes": f"{ANSWERS_BYTES:,}",
        "url_bytes": f"{rest.URL_BYTES:,}",
        "routes": _join(_route(route, schema) for route in routes.ROUTES),
        "commands": _join(_command(*pair, schema) for pair in examples.COMMANDS),
        "frames": _join(_frame(frame, schema) for frame in examples.FRAMES),
        "events": _join(_event(event, schema) for event in examples.EVENTS),
        "types": _join(_shared_type(name, schema) for name in shared_types()),
        "errors": _errors(),
        "error_example": _fence("json", _json(examples.ERROR)),
        **{name: _alternatives(words) for name, words in named_choices().items()},
    }
    return fill(_TEMPLATE.read_text(encoding="utf-8"), parts)


def fill(template: str, parts: dict[str, str]) -> str:
    """Put the parts into the template; one that is missing on either side is an error."""
    wanted = set(re.findall(r"{{(\w+)}}", template))
    if wanted != set(parts):
        raise ValueError(f"template and parts differ in {sorted(wanted ^ set(parts))}")
    return re.sub(r"{{(\w+)}}", lambda match: parts[match[1]], template)


def every_error() -> list[type[LambdeskError]]:
    """The errors by HTTP status."""
    return sorted(LambdeskError.__subclasses__(), key=lambda error: error.status)


def shared_types() -> list[str]:
    """The structs that have no place of their own in the document, but are parts of others."""
    with_place = {member.__name__ for union in UNIONS.values() for member in get_args(union)}
    with_place |= {route.request.__name__ for route in routes.ROUTES if route.request}
    return [name for name in wire_structs() if name not in with_place]


def _route(route: Route, schema: Schema) -> str:
    operation = f"{route.method} {route.path}"
    return _join(
        (
            f"### {operation}",
            route.summary,
            _facts(route),
            _fields(route.request, schema) if route.request else "",
            _exchange(route, examples.EXCHANGES[operation]),
        )
    )


def _facts(route: Route) -> str:
    facts = [f"Credential: {_CREDENTIALS[route.credential]}"]
    facts += [f"Query: {_QUERY[name]}" for name in route.query]
    reply = f"{route.status} {HTTPStatus(route.status).phrase}"
    if route.reply:
        reply += f" with {_link(route.reply.__name__)}"
    facts += [f"Reply: {reply}", f"Errors: {', '.join(map(_error_link, route.errors))}"]
    return "\n".join(f"- {fact}" for fact in facts)


def _error_link(code: str) -> str:
    status = next(error.status for error in every_error() if error.code == code)
    return f"[`{code}`](#errors) ({status})"


def _exchange(route: Route, exchange: Exchange) -> str:
    request_line = f"{route.method} {exchange.target}"
    request = _http([request_line, *_SENT_AS[route.credential]], exchange.request)
    reply = _http([f"{route.status} {HTTPStatus(route.status).phrase}"], exchange.reply)
    return _join((request, reply))


def _http(head: list[str], body: Struct | str | None) -> str:
    if isinstance(body, Struct):
        head = [*head, "Content-Type: application/json"]
    elif body:
        head = [*head, f"Content-Type: {_content_type(body)}"]
    text = body if isinstance(body, str) else _json(body) if body else ""
    return _fence("http", "\n".join(head) + (f"\n\n{text}" if text else ""))


def _content_type(text: str) -> str:
    return "text/xml" if text.startswith("<") else "application/x-www-form-urlencoded"


def _command(command: AnyCommand, answer: frames.AnyFrame, schema: Schema) -> str:
    senders = "agents" if isinstance(command, AgentCommand) else "customers and agents"
    text = f"{_doc(type(command))}\n\nSent by {senders}."
    answered = _fence("json", _json(answer))
    return _join((_tagged(command, text, schema), "An answer:", answered))


def _frame(frame: frames.AnyFrame, schema: Schema) -> str:
    return _tagged(frame, _doc(type(frame)), schema)


def _event(event: Struct, schema: Schema) -> str:
    text = f"{_doc(type(event))}\n\nSeen by {readers_of(type(event).__name__)}."
    return _tagged(event, text, schema, without=("seq", "at"))


def readers_of(event: str) -> str:
    """Who sees an event of this name. Raises LookupError where nobody has decided it."""
    for kind, audience in AUDIENCE.items():
        if kind.__name__ == event:
            return _READERS[audience]
    raise LookupError(f"Who sees {event}? Decide it in AUDIENCE of chalicelib/domain/audience.py.")


def _doc(struct: type[Struct]) -> str:
    return plain(inspect.getdoc(struct) or "")


def _tagged(struct: Struct, text: str, schema: Schema, without: Sequence[str] = ()) -> str:
    fields = _fields(type(struct), schema, ("type", *without))
    example = _fence("json", _json(struct))
    return _join((f"### `{tag_of(type(struct))}`", text, fields, example))


def tag_of(struct: type[Struct]) -> str:
    """The ``type`` that a command, frame or event carries."""
    return str(struct.__struct_config__.tag)


def _shared_type(name: str, schema: Schema) -> str:
    struct = wire_structs()[name]
    return _join((f"### {name}", _doc(struct), _fields(struct, schema)))


def _fields(struct: type[Struct], schema: Schema, without: Sequence[str] = ()) -> str:
    definition = schema["$defs"][struct.__name__]
    rows = [
        f"| `{name}` | {_type(part)} | {_rules(part, name in definition['required'])} |"
        for name, part in definition["properties"].items()
        if name not in without
    ]
    if not rows:
        return ""
    if struct.__name__ not in sent_by_clients():
        rows = [row.removesuffix("  |") for row in rows]
        return "\n".join(["| field | type |", "|---|---|", *rows])
    return "\n".join(["| field | type | rules |", "|---|---|---|", *rows])


def _type(schema: Schema) -> str:
    if "$ref" in schema:
        return _link(name_of(schema))
    if "enum" in schema:
        return _alternatives(schema["enum"])
    if "anyOf" in schema:
        return " or ".join(map(_type, schema["anyOf"]))
    if schema["type"] == "array":
        return f"list of {_type(schema['items'])}"
    if schema["type"] == "object":
        return f"object of {_type(schema['additionalProperties'])}"
    return "timestamp" if "format" in schema else str(schema["type"])


def _link(name: str) -> str:
    if name in UNIONS:
        return f"[{name}](#events)"
    if name in named_choices():
        return f"[{name}](#words)"
    return f"[{name}](#{name.lower()})"


def _rules(schema: Schema, required: bool) -> str:
    rules = [] if required else ["may be left out"]
    if schema.get("default") is not None:
        rules.append(f"default `{json.dumps(schema['default'])}`")
    for part in schema.get("anyOf", [schema]):
        rules += _limits(part)
    return "; ".join(rules)


def _limits(schema: Schema) -> Iterable[str]:
    if "maxLength" in schema:
        least = f"{schema['minLength']} to" if schema.get("minLength") else "at most"
        yield f"{least} {schema['maxLength']:,} characters"
    if "propertyNames" in schema:
        yield f"names of at most {schema['propertyNames']['maxLength']} characters"
        yield from (f"values of {rule}" for rule in _limits(schema["additionalProperties"]))
    if "pattern" in schema:
        yield f"matches `{schema['pattern']}`"


def _errors() -> str:
    rows = [
        f"| `{error.code}` | {error.status} | {_one_line(plain(inspect.getdoc(error) or ''))} |"
        for error in every_error()
    ]
    return "\n".join(["| code | HTTP status | when |", "|---|---|---|", *rows])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _alternatives(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _json(struct: Struct) -> str:
    return _layout(json.loads(msgspec.json.encode(struct)), 0)


def _layout(value: Any, indent: int, name: str = "") -> str:
    """JSON with short objects and lists on one line; ``name`` is the start of the first line."""
    line = name + json.dumps(value, ensure_ascii=False)
    if indent + len(line) <= _EXAMPLE_WIDTH or not isinstance(value, dict | list):
        return line
    inner = indent + 2
    if isinstance(value, list):
        opening, closing = "[]"
        parts = [_layout(item, inner) for item in value]
    else:
        opening, closing = "{}"
        parts = [_layout(item, inner, f'"{key}": ') for key, item in value.items()]
    body = ",\n".join(" " * inner + part for part in parts)
    return f"{name}{opening}\n{body}\n{' ' * indent}{closing}"


def _fence(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


def _join(paragraphs: Iterable[str]) -> str:
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
