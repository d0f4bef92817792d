"""What went wrong, over REST and on the socket."""

from __future__ import annotations

from msgspec import Struct

from chalicelib.domain import text
from chalicelib.domain.errors import LambdeskError

FIELD_LENGTH = 100
"""Most characters of a field's name that are sent back: its sender chose it."""


class ErrorDetail(Struct, frozen=True):
    """What went wrong.

    ``field`` names the field of the request that is wrong, else null. ``retry_after`` is how many
    seconds to wait before the same is tried again; null where nothing is said about it.
    """

    code: str
    message: str
    field: str | None = None
    retry_after: int | None = None

    @classmethod
    def of(cls, error: LambdeskError) -> ErrorDetail:
        """An error, for the client that caused it."""
        field = None if error.field is None else text.cut(error.field, FIELD_LENGTH)
        return cls(error.code, error.message, field, error.retry_after)


class ErrorReply(Struct, frozen=True):
    """The body of every refused request."""

    error: ErrorDetail
