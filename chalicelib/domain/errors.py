"""Every error that Lambdesk answers with, and what it maps to on the wire."""

from math import ceil


class LambdeskError(Exception):
    """A request that cannot be carried out.

    ``code`` is the error code on REST and on the socket, ``status`` the HTTP status.
    ``field`` names the field of the request that is wrong, where one is. ``retry_after`` is the
    seconds to wait before the same request is tried again, where that is known.
    """

    code = "internal"
    status = 500
    retry_after: int | None = None

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field


class Malformed(LambdeskError):
    """The body or frame is not what its content type says."""

    code = "malformed"
    status = 400


class Unauthenticated(LambdeskError):
    """The token or ticket is missing, wrong or expired."""

    code = "unauthenticated"
    status = 401


class Forbidden(LambdeskError):
    """Known, but not allowed; or the signature of a webhook is wrong."""

    code = "forbidden"
    status = 403


class NotFound(LambdeskError):
    """There is no such thing for the one who asks."""

    code = "not_found"
    status = 404


class ConversationClosed(LambdeskError):
    """The conversation has ended; nothing can be added to it."""

    code = "conversation_closed"
    status = 409


class OfferGone(LambdeskError):
    """The offer was answered, expired or revoked before."""

    code = "offer_gone"
    status = 409


class OptedOut(LambdeskError):
    """The customer opted out of texts; none can be written until they opt in again."""

    code = "opted_out"
    status = 409


class TooLarge(LambdeskError):
    """The body, the frame or the message is longer than allowed."""

    code = "too_large"
    status = 413


class UnsupportedMediaType(LambdeskError):
    """The request has a body of another content type than the one asked for."""

    code = "unsupported_media_type"
    status = 415


class Invalid(LambdeskError):
    """A field is missing, unknown, of the wrong type or has a value that is not allowed."""

    code = "invalid"
    status = 422


class TooMany(LambdeskError):
    """More than is allowed in this time; nothing was changed. Try again after ``retry_after``."""

    code = "too_many"
    status = 429

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = max(1, ceil(retry_after))


class Busy(LambdeskError):
    """Too many changes at once; nothing was changed. Try again."""

    code = "busy"
    status = 503


class Internal(LambdeskError):
    """Our fault. Try again."""

    code = "internal"
    status = 500


class Conflict(Exception):
    """What was decided on has changed meanwhile: load and decide again."""
