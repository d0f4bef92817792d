"""Calls of AWS, and of Twilio, in the order in which they were made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from proof.benchmarks.units import Units

Json = dict[str, Any]


NOTHING = Units()


@dataclass(frozen=True, slots=True)
class Call:
    """One call and what it cost. ``to`` is a socket, a queue or a key; ``frame`` was pushed."""

    service: str
    operation: str
    to: str = ""
    units: Units = NOTHING
    is_refused: bool = False
    frame: Json | None = None

    def shows(self, type: str, socket: str | None = None, **fields: Any) -> bool:
        """Whether it put a frame of this type, with these fields, on that socket or any."""
        frame = self.frame
        if frame is None or frame["type"] != type or socket not in (None, self.to):
            return False
        return all(frame[name] == value for name, value in fields.items())


class Meter:
    """Keeps the calls. ``before_call`` runs before each, for those who interleave them."""

    def __init__(self) -> None:
        self.calls: list[Call] = []
        self.before_call: Callable[[], None] | None = None

    def wait(self) -> None:
        """A call is about to be made."""
        if self.before_call is not None:
            self.before_call()

    def record(self, call: Call) -> None:
        """A call was made."""
        self.calls.append(call)

    def take(self) -> list[Call]:
        """The calls since the last time."""
        taken, self.calls = self.calls, []
        return taken
