"""What the OpenAPI and the AsyncAPI document have in common: types as components."""

from collections.abc import Iterable, Iterator
from typing import Any

from tools.protocol.schema import Schema

INFO = {
    "title": "Lambdesk",
    "license": {"name": "MIT", "identifier": "MIT"},
}

_IN_SCHEMA, _IN_COMPONENTS = "#/$defs/", "#/components/schemas/"


def reference(name: str) -> Schema:
    """The type of this name, from anywhere in the document."""
    return {"$ref": _IN_COMPONENTS + name}


def schemas(definition: Schema, names: Iterable[str]) -> Schema:
    """These types and all that they are made of, in the order of the schema."""
    needed: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in needed:
            needed.add(name)
            pending += _used_by(definition["$defs"][name])
    return {name: _moved(part) for name, part in definition["$defs"].items() if name in needed}


def _used_by(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for part in value:
            yield from _used_by(part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key == "$ref":
                yield part.removeprefix(_IN_SCHEMA)
            else:
                yield from _used_by(part)


def _moved(value: Any) -> Any:
    """The same with references to where the types are in the document."""
    if isinstance(value, list):
        return [_moved(part) for part in value]
    if isinstance(value, dict):
        return {key: _moved(part) for key, part in value.items()}
    if isinstance(value, str) and value.startswith(_IN_SCHEMA):
        return _IN_COMPONENTS + value.removeprefix(_IN_SCHEMA)
    return value
