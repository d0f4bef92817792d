"""Deciding again when something changed between loading and writing."""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.domain.errors import Busy, Conflict
from chalicelib.ports import Clock

ATTEMPTS = 8

Result = TypeVar("Result")


def until_settled(clock: Clock, attempt: Callable[[], Result], attempts: int = ATTEMPTS) -> Result:
    """The result of the first attempt that meets no Conflict. Raises Busy after too many."""
    for number in range(attempts):
        try:
            return attempt()
        except Conflict:
            clock.pause(number)
    raise Busy("Too much is happening here at once. Try again.")
