"""From bytes to structs, with errors that name the field in plain words."""

import re
from typing import Any, TypeVar

import msgspec

from chalicelib.domain.errors import Invalid, LambdeskError, Malformed, TooLarge

Parsed = TypeVar("Parsed")

_NUMBER = re.compile(r"0|[1-9][0-9]{0,8}", re.ASCII)

_PAGE = re.compile(r"[A-Za-z0-9_-]{1,64}")

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)

_ANY_KEY = "[]"

_ERROR = re.compile(r"^(?P<what>.*?)(?: - at `(?P<path>.*)`)?$", re.DOTALL)
_NAMED_FIELD = re.compile(r"^Object (?P<how>\S+) .*field `(?P<name>.*)`$", re.DOTALL)
_WRONG_TYPE = re.compile(r"^Expected `(?P<wanted>[a-z| ]+)`(?:, got `(?P<got>[a-z]+)`)?$")
_WRONG_LENGTH = re.compile(r"^Expected `.*` of length (?P<bound><=|>=) (?P<length>\d+)$")

_OUT_OF_BOUNDS = re.compile(r"^Expected `int` (?P<bound><=|>=) (?P<number>\d+)$")

_KINDS = {
    "str": "text",
    "int": "a number",
    "float": "a number",
    "bool": "true or false",
    "null": "null",
    "array": "a list",
    "object": "named fields in braces",
}
"""How msgspec names what is in JSON, and how it is called in plain words."""


def parse(body: bytes, decoder: msgspec.json.Decoder[Parsed], most_bytes: int) -> Parsed:
    """The body as the decoder's struct. Raises Malformed, Invalid or TooLarge.

    Half a character becomes U+FFFD, as in browsers.
    """
    if len(body) > most_bytes:
        raise TooLarge(f"At most {most_bytes:,} bytes are accepted.")
    whole = without_halves(body)
    try:
        return decoder.decode(whole)
    except msgspec.ValidationError as error:
        raise _explained(str(error), whole) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed("This is not valid JSON in UTF-8.") from None


def without_halves(body: bytes) -> bytes:
    r"""The JSON with ``\ufffd`` for each escaped surrogate that has lost its other half."""
    if b"\\u" not in body:
        return body
    return _ESCAPE.sub(lambda match: rb"\ufffd" if match["half"] else match[0], body)


def decoded(body: bytes) -> Any:
    """What the JSON says, whatever it is; None when it is not JSON."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def parse_number(value: str | None, parameter: str) -> int:
    """A query parameter that is a number of an event; 0 when it is left out."""
    if value is None:
        return 0
    if not _NUMBER.fullmatch(value):
        raise Invalid("Give the number of an event, such as 0 or 17.", parameter)
    return int(value)


def parse_page(value: str | None, parameter: str) -> str:
    """A query parameter that is the ``next_page`` of a reply; empty when it is left out."""
    if value is None:
        return ""
    if not _PAGE.fullmatch(value):
        raise Invalid("Give the next page that a reply named.", parameter)
    return value


def _explained(error: str, body: bytes) -> LambdeskError:
    """msgspec's ``… - at `$.a.b``` as an error that names ``a.b``."""
    match = _ERROR.match(error)
    what, path = (match["what"], match["path"] or "$") if match else (error, "$")
    names = path.removeprefix("$").replace("[...]", _ANY_KEY).split(".")
    steps = [name for name in names if name]
    named = _NAMED_FIELD.match(what)
    if named:
        field = ".".join([*steps, named["name"]])
        is_missing = named["how"] == "missing"
        return Invalid("This field is missing." if is_missing else "There is no such field.", field)
    where = ".".join(_with_names(steps, body)) or None
    length = _WRONG_LENGTH.match(what)
    if length and length["bound"] == "<=":
        return TooLarge(f"At most {int(length['length']):,} characters are accepted.", where)
    return Invalid(_plain(what, where), where)


def _with_names(steps: list[str], body: bytes) -> list[str]:
    """The steps with the name of the wrong value where msgspec tells only that there is one."""
    if not steps or not steps[-1].endswith(_ANY_KEY):
        return steps
    steps = [*steps[:-1], steps[-1].removesuffix(_ANY_KEY)]
    values = decoded(body)
    for step in steps:
        values = values.get(step) if isinstance(values, dict) else None
    pairs = values.items() if isinstance(values, dict) else ()
    return [*steps, *[name for name, value in pairs if not isinstance(value, str)][:1]]


def _plain(what: str, field: str | None) -> str:
    wrong_type, length = _WRONG_TYPE.match(what), _WRONG_LENGTH.match(what)
    if length:
        least = int(length["length"])
        return f"At least {least} characters are needed." if least > 1 else "This is empty."
    out_of_bounds = _OUT_OF_BOUNDS.match(what)
    if out_of_bounds:
        least = out_of_bounds["bound"] == ">="
        return f"This must be at {'least' if least else 'most'} {int(out_of_bounds['number']):,}."
    if wrong_type:
        wanted = " or ".join(_KINDS[kind] for kind in wrong_type["wanted"].split(" | "))
        got = f", not {_KINDS[wrong_type['got']]}" if wrong_type["got"] else ""
        return f"This must be {wanted}{got}."
    if "matching regex" in what:
        return "Only the letters A to Z and a to z, digits, hyphens and underscores are accepted."
    if field == "type":
        return "There is no such command."
    return "This is none of the words that are accepted here."
