"""How large things become on their way out.

A reply is JSON inside the JSON that the function returns, and the runtime of Python 3.11 escapes
there all that is not ASCII: an emoji takes 12 bytes. It is measured so, whatever the runtime.
"""

import json
from collections.abc import Iterable
from dataclasses import asdict, is_dataclass
from typing import Any, TypeVar

NAMES = 500
"""Room for what the wire adds to a part: names of fields, numbers and times."""

Part = TypeVar("Part")


def written_bytes(part: Any) -> int:
    """The most bytes that a dataclass, or several, takes in a reply."""
    plain = asdict(part) if is_dataclass(part) and not isinstance(part, type) else part
    text = json.dumps(plain, ensure_ascii=False, default=_plain)
    return len(json.dumps(text)) + NAMES


def first_that_fit(parts: Iterable[tuple[Part, int]], room: int) -> tuple[list[Part], bool]:
    """Those of the parts that fit, each with its bytes, and whether there are more.

    The first is always among them, so that whoever asks on comes to the end.
    """
    fitting: list[Part] = []
    for part, size in parts:
        room -= size
        if fitting and room < 0:
            return fitting, True
        fitting.append(part)
    return fitting, False


def _plain(value: Any) -> Any:
    return asdict(value) if is_dataclass(value) and not isinstance(value, type) else str(value)
