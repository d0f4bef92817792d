"""REST: who asks, and how errors and replies look."""

import logging
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

import msgspec
from chalice.app import Request, Response

from chalicelib.config import Settings
from chalicelib.domain import access, text
from chalicelib.domain.access import CustomerToken
from chalicelib.domain.errors import (
    Forbidden,
    Internal,
    LambdeskError,
    NotFound,
    Unauthenticated,
    UnsupportedMediaType,
)
from chalicelib.protocol.errors import ErrorDetail, ErrorReply

logger = logging.getLogger(__name__)

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"

_STAFF = frozenset(("agents", "supervisors", "admins"))

View = Callable[..., Response]


def answering(view: View) -> View:
    """Turn errors into replies that say what is wrong, and nothing of what is inside."""

    @wraps(view)
    def answer(*args: Any, **kwargs: Any) -> Response:
        try:
            return view(*args, **kwargs)
        except LambdeskError as error:
            return refusal(error)
        except Exception:
            logger.exception("An unexpected error in %s", view.__name__)
            return refusal(Internal("Something went wrong here. Try again."))

    return answer


def reply(body: msgspec.Struct, status: int = HTTPStatus.OK) -> Response:
    """A struct as JSON."""
    return Response(
        msgspec.json.encode(body).decode(),
        {"Content-Type": "application/json", "Cache-Control": "no-store"},
        status,
    )


def refusal(error: LambdeskError) -> Response:
    """An error as JSON, with the header ``Retry-After`` where the error says when to try again."""
    refused = reply(ErrorReply(ErrorDetail.of(error)), error.status)
    if error.retry_after is not None:
        refused.headers["Retry-After"] = str(error.retry_after)
    return refused


def body_of(request: Request, content_type: str) -> bytes:
    """The body as it came. Raises UnsupportedMediaType when it is of another type, or not UTF-8."""
    given = request.headers.get("content-type", content_type)
    if not _is_utf8(content_type, given):
        raise UnsupportedMediaType(f"Send {content_type} in UTF-8.")
    body = request.raw_body
    return text.well_formed(body).encode() if isinstance(body, str) else body


def _is_utf8(content_type: str, given: str) -> bool:
    kind, _, parameters = given.lower().partition(";")
    charset = parameters.replace(" ", "").replace('"', "")
    return kind.strip() == content_type and charset in ("", "charset=utf-8", "charset=utf8")


def query_of(request: Request) -> dict[str, str]:
    """The query's parameters."""
    return dict(request.query_params or {})


def source_address(request: Request) -> str:
    """Where the request came from, as API Gateway saw it: no header that a client can write."""
    return str(request.context["identity"]["sourceIp"])


def checked_id(value: str) -> str:
    """An id out of a path. Raises NotFound when it cannot be one of ours."""
    if not text.is_id(value):
        raise NotFound("There is no such thing.")
    return value


def customer_token(request: Request) -> CustomerToken:
    """The customer's token. Raises Unauthenticated when there is none or it cannot be one."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("A customer token is needed.")
    return access.read_token(token.strip())


def optional_customer_token(request: Request) -> CustomerToken | None:
    """The customer's token, if one is shown. Raises Unauthenticated when it cannot be one."""
    return customer_token(request) if "authorization" in request.headers else None


def agent_id(request: Request, settings: Settings) -> str:
    """The agent whom API Gateway's Cognito authorizer let in. Raises Forbidden for others.

    The authorizer has checked signature and expiry. It does not look at groups, and lets in whoever
    signed in by any client of the user pool; where it knows scopes, with access tokens too.
    https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-id-token.html
    """
    claims = request.context.get("authorizer", {}).get("claims", {})
    if claims.get("token_use") != "id" or not _is_for_us(claims, settings):
        raise Forbidden("Sign in to this desk, and send the ID token.")
    groups = claims.get("cognito:groups", "")
    names = groups if isinstance(groups, list) else groups.strip("[]").replace(",", " ").split()
    if not _STAFF.intersection(names):
        raise Forbidden("You are not an agent here.")
    return str(claims["sub"])


def _is_for_us(claims: Mapping[str, Any], settings: Settings) -> bool:
    issuer = str(claims.get("iss", "")).rpartition("/")[2]
    return issuer == settings.user_pool_id and claims.get("aud") == settings.user_pool_client_id
