"""What stands around the desk in tests: time, randomness, sockets, queues and phones."""

import json
import secrets
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.domain.queue import Captcha
from chalicelib.ports import Text, TextDelayed, TextRefused
from infra.local import limits

Json = dict[str, Any]

DEDUPLICATED_FOR = timedelta(minutes=5)
VISIBILITY = timedelta(seconds=120)
MOST_RECEIVES = 100

_FIXTURES = Path(__file__).parent / "fixtures"


class Crash(BaseException):
    """The function's process ends here: nothing that comes after is done."""


class Clock:
    """Time that stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def pause(self, attempt: int) -> None:
        self.time += timedelta(milliseconds=attempt)


class Ids:
    """Ids that count, and secrets that are secret."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def new(self) -> str:
        return f"{next(self._numbers):024x}"

    def secret(self) -> str:
        return secrets.token_urlsafe(24)

    def below(self, bound: int) -> int:
        return next(self._numbers) % bound


class Gateway:
    """API Gateway's management endpoint: keeps what was posted, and knows who is gone."""

    class exceptions:  # noqa: N801 - botocore's name
        class GoneException(Exception):
            pass

        class PayloadTooLargeException(ClientError):  # type: ignore[misc]
            def __init__(self) -> None:
                error = {"Error": {"Code": "PayloadTooLargeException"}}
                super().__init__(error, "PostToConnection")

    def __init__(self) -> None:
        self.frames: dict[str, list[Json]] = defaultdict(list)
        self.gone: set[str] = set()
        self.refused: list[str] = []
        self.too_large: list[bytes] = []
        self.closed: list[str] = []

    def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
        if ConnectionId in self.gone:
            self.refused.append(ConnectionId)
            raise self.exceptions.GoneException
        if limits.is_frame_too_large(Data):
            self.too_large.append(Data)
            raise self.exceptions.PayloadTooLargeException
        self.frames[ConnectionId].append(json.loads(Data))

    def delete_connection(self, *, ConnectionId: str) -> None:  # noqa: N803
        if ConnectionId in self.gone:
            raise self.exceptions.GoneException
        self.gone.add(ConnectionId)
        self.closed.append(ConnectionId)


class Sqs:
    """SQS: keeps what was sent until it is delivered, and what failed until it is tried again."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._known: dict[str, datetime] = {}
        self._given_out: list[Json] = []
        self.messages: list[Json] = []
        self.dead: list[Json] = []

    def send_message(self, **message: Any) -> None:
        now = self._clock.now()
        name = message.get("MessageDeduplicationId")
        if name in self._known and now - self._known[name] < DEDUPLICATED_FOR:
            return
        if name is not None:
            self._known[name] = now
        due = now + timedelta(seconds=message.get("DelaySeconds", 0))
        self.messages.append({**message, "due": due, "receives": 0})

    def next_due(self, before: datetime) -> Json | None:
        """The message that is due next, taken off the queue."""
        due = [message for message in self.messages if message["due"] <= before]
        chosen = min(due, key=lambda message: message["due"], default=None)
        if chosen is not None:
            self.messages.remove(chosen)
        return chosen

    def change_message_visibility(self, **change: Any) -> None:
        """What is under this receipt comes back then."""
        (message,) = [m for m in self._given_out if receipt_of(m) == change["ReceiptHandle"]]
        message["due"] = self._clock.now() + timedelta(seconds=change["VisibilityTimeout"])

    def first_due(self) -> datetime | None:
        """When the first of those that nothing holds up is due."""
        heads = {message["MessageGroupId"]: message["due"] for message in reversed(self.messages)}
        return min(heads.values(), default=None)

    def deliver(self, function: Callable[[Json, None], object]) -> None:
        """Give each message that is due to its function once; what fails holds up its group."""
        waiting, self.messages = self.messages, []
        kept: list[Json] = []
        for message in waiting:
            is_held_up = any(message["MessageGroupId"] == other["MessageGroupId"] for other in kept)
            if is_held_up or message["due"] > self._clock.now():
                kept.append(message)
                continue
            message["receives"] += 1
            message["due"] = self._clock.now() + VISIBILITY
            self._given_out.append(message)
            try:
                function(sqs_event(message), None)
            except Exception:
                (self.dead if message["receives"] >= MOST_RECEIVES else kept).append(message)
            self._given_out.remove(message)
        self.messages = kept + self.messages


class Phones:
    """The provider of texts: keeps what was sent, and refuses when told to."""

    def __init__(self) -> None:
        self.texts: list[Text] = []
        self.refuse_with: int | None = None
        self.is_down = False
        self.asked_pause: timedelta | None = None
        self.breaks_at: str | None = None

    @property
    def bodies(self) -> list[str]:
        return [text.body for text in self.texts]

    def send(self, text: Text) -> None:
        if self.is_down:
            raise TextDelayed("Twilio is down.", self.asked_pause)
        if text.body == self.breaks_at:
            raise KeyError("Our own code fails at this text.")
        if self.refuse_with is not None:
            raise TextRefused(self.refuse_with)
        self.texts.append(text)


USER_POOL = "us-east-1_desk"
POOL_CLIENT = "client-of-the-desktop"


def claims_of(agent_id: str, groups: str | list[str] = "agents", **others: str) -> Json:
    """The claims of an ID token, as API Gateway's authorizer gives them to the function."""
    return {
        "sub": agent_id,
        "cognito:groups": groups,
        "token_use": "id",
        "aud": POOL_CLIENT,
        "iss": f"https://cognito-idp.us-east-1.amazonaws.com/{USER_POOL}",
        **others,
    }


class Captchas:
    """The provider of captchas: takes each token that it gave out, once."""

    def __init__(self) -> None:
        self.given: set[str] = set()
        self.is_down = False
        self.asked = 0

    def is_solved(self, captcha: Captcha, token: str) -> bool:
        del captcha
        self.asked += 1
        if self.is_down:
            return True
        is_solved = token in self.given
        self.given.discard(token)
        return is_solved


def sqs_event(message: Json) -> Json:
    """The event in which Lambda gets a message of SQS."""
    event = fixture("sqs_event")
    event["Records"][0]["body"] = message["MessageBody"]
    event["Records"][0]["attributes"]["ApproximateReceiveCount"] = str(message["receives"] or 1)
    event["Records"][0]["receiptHandle"] = receipt_of(message)
    return event


def receipt_of(message: Json) -> str:
    """The receipt of a message as it was given out last."""
    return f"{message['MessageBody']} {message['receives']}"


def rest_event(
    method: str,
    path: str,
    resource: str,
    parameters: dict[str, str],
    *,
    body: str,
    headers: dict[str, str],
    query: dict[str, str],
    claims: Json | None,
    source: str | None = None,
) -> Json:
    """The event in which Lambda gets a request of API Gateway."""
    event = fixture("rest_event")
    event.update(
        resource=resource,
        path=path,
        httpMethod=method,
        headers=headers,
        multiValueHeaders={name: [value] for name, value in headers.items()},
        queryStringParameters=query or None,
        multiValueQueryStringParameters={name: [value] for name, value in query.items()} or None,
        pathParameters=parameters or None,
        body=body or None,
    )
    event["requestContext"].update(resourcePath=resource, path=f"/api{path}", httpMethod=method)
    if source is not None:
        event["requestContext"]["identity"]["sourceIp"] = source
    if claims is not None:
        event["requestContext"]["authorizer"] = {"claims": claims}
    return event


def socket_event(type: str, connection_id: str, body: str, ticket: str | None) -> Json:
    """The event in which Lambda gets what happens to a socket."""
    event = fixture("socket_event")
    event["requestContext"].update(
        eventType=type,
        connectionId=connection_id,
        routeKey=f"${type.lower()}" if type != "MESSAGE" else "$default",
    )
    if body:
        event["body"] = body
    if ticket is not None:
        event["queryStringParameters"] = {"ticket": ticket}
    return event


def fixture(name: str) -> Json:
    """A recorded event."""
    content: Json = json.loads(_recorded(name))
    return content


@cache
def _recorded(name: str) -> str:
    return (_FIXTURES / f"{name}.json").read_text()
