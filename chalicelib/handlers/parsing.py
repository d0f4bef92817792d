"""From bytes to structs, with errors that name the field."""

import re
from typing import TypeVar

import msgspec

from chalicelib.domain.errors import Invalid, LambdeskError, Malformed, TooLarge
from chalicelib.protocol.rest import BODY_BYTES

Parsed = TypeVar("Parsed")

_PATH = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>.*)`)?$", re.DOTALL)
_NAMED_FIELD = re.compile(r"field `(?P<name>[^`]*)`")


def parse(body: bytes, decoder: msgspec.json.Decoder[Parsed]) -> Parsed:
    """The body as the decoder's struct. Raises Malformed, Invalid or TooLarge."""
    if len(body) > BODY_BYTES:
        raise TooLarge(f"At most {BODY_BYTES} bytes are accepted.")
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise _explained(str(error)) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("This is not valid JSON.") from None


def parse_after(value: str | None) -> int:
    """The query parameter ``after``: a number of an event, 0 when it is left out."""
    if value is None:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise Invalid("Give the number of an event.", "after")
    return int(value)


def _explained(error: str) -> LambdeskError:
    """msgspec's ``… - at `$.a.b``` as an error that names ``a.b``."""
    match = _PATH.match(error)
    what, path = (match["what"], match["path"] or "$") if match else (error, "$")
    named = _NAMED_FIELD.search(what)
    path = path.replace("[...]", "")
    steps = [step for step in path.removeprefix("$").strip(".").split(".") if step]
    field = ".".join([*steps, named["name"]] if named else steps) or None
    if "of length <=" in what:
        return TooLarge(f"{what}.", field)
    return Invalid(f"{what}.", field)
