"""What the server answers: content, or a refusal."""

import json
from typing import Any

import urllib3

Json = dict[str, Any]


class Refused(Exception):
    """An answer that says no."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        field: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(f"{status} {code}: {message}" + (f" ({field})" if field else ""))
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.retry_after = retry_after


def content_of(reply: urllib3.BaseHTTPResponse) -> Json:
    """The content of an answer that says yes. Raises Refused."""
    try:
        content: Json = json.loads(reply.data) if reply.data else {}
    except ValueError:
        content = {}
    if reply.status < 300:
        return content
    # Cognito and the gateway have words of their own for a refusal.
    error = content.get("error") or {
        "code": content.get("__type", "gateway"),
        "message": content.get("message", ""),
    }
    raise refusal(reply.status, error)


def pause_before_retry(reply: urllib3.BaseHTTPResponse | None) -> int:
    """The seconds that the server wants us to wait; 0 where it does not say."""
    return int(reply.headers.get("Retry-After", 0)) if reply is not None else 0


def refusal(status: int, error: Json) -> Refused:
    """The exception for an error as the protocol words it."""
    return Refused(
        status, error["code"], error["message"], error.get("field"), error.get("retry_after")
    )
