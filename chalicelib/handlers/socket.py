"""Sockets: letting them in, and carrying out their commands."""

import base64
import logging
import re
from typing import Any

import msgspec

from chalicelib.config import Settings
from chalicelib.domain import text
from chalicelib.domain.access import Connection
from chalicelib.domain.errors import (
    Forbidden,
    Internal,
    LambdeskError,
    Malformed,
    Unauthenticated,
)
from chalicelib.domain.notices import Done, Parcel, Refused
from chalicelib.domain.pace import SOCKET_PACE
from chalicelib.handlers.commands import AGENT_COMMANDS
from chalicelib.handlers.parsing import decoded, parse, without_halves
from chalicelib.ports import Ports
from chalicelib.protocol.commands import AnyCommand, Sync
from chalicelib.protocol.frames import FRAME_BYTES
from chalicelib.usecases.presence import presence

logger = logging.getLogger(__name__)

REF_LENGTH = 64
"""Of a ``ref`` that is too long, so much comes back with the error."""

_ANY_REF = re.compile(rb'"ref"\s*:\s*(?P<ref>"(?:[^"\\]|\\.)*")', re.DOTALL)

_COMMAND: msgspec.json.Decoder[AnyCommand] = msgspec.json.Decoder(AnyCommand)


def connect(event: dict[str, Any], ports: Ports, settings: Settings) -> dict[str, int]:
    """Let the socket in, or refuse it."""
    context = event["requestContext"]
    ticket = (event.get("queryStringParameters") or {}).get("ticket", "")
    try:
        presence.connect(ports, ticket, context["connectionId"], endpoint(context, settings))
    except Unauthenticated:
        return {"statusCode": 401}
    return {"statusCode": 200}


def disconnect(event: dict[str, Any], ports: Ports) -> None:
    """Forget the socket."""
    presence.disconnect(ports, event["requestContext"]["connectionId"])


def receive(event: dict[str, Any], ports: Ports, settings: Settings) -> None:
    """Carry out a command and answer it.

    Whatever comes, the socket stays open, but for one that goes on and on when told to wait.
    """
    context = event["requestContext"]
    where = endpoint(context, settings)
    body = _body(event)
    ref: str | None = None
    try:
        ref = _ref(body)
        if not ports.pacing.take(f"socket {context['connectionId']}", SOCKET_PACE):
            ports.push.close(context["connectionId"], where)
            return
        command = _command(event, body)
        connection = ports.access.connection(context["connectionId"])
        answer: Done | Refused | None = _carry_out(ports, connection, command)
    except LambdeskError as error:
        answer = Refused(ref, error)
    except Exception:
        logger.exception("An unexpected error in a command")
        answer = Refused(ref, Internal("Something went wrong here. Try again."))
    if answer is not None:
        ports.push.send([Parcel(context["connectionId"], where, answer)])


def endpoint(context: dict[str, Any], settings: Settings) -> str:
    """Where frames to this socket are posted."""
    return settings.socket_endpoint or f"https://{context['domainName']}/{context['stage']}"


def _carry_out(ports: Ports, connection: Connection, command: AnyCommand) -> Done | None:
    """The answer, unless the use case gave it. Raises Forbidden."""
    if isinstance(command, Sync):
        presence.sync(ports, connection, command.ref)
        return None
    if connection.bearer.kind != "agent":
        raise Forbidden("Only agents do this.")
    return Done(command.ref, AGENT_COMMANDS[type(command)](ports, connection, command))


def _body(event: dict[str, Any]) -> bytes:
    body = event.get("body") or ""
    if event.get("isBase64Encoded"):
        return base64.b64decode(body)
    return text.well_formed(body).encode()


def _command(event: dict[str, Any], body: bytes) -> AnyCommand:
    if event.get("isBase64Encoded"):
        raise Malformed("Send text frames.")
    return parse(body, _COMMAND, FRAME_BYTES)


def _ref(body: bytes) -> str | None:
    """The ref of a command, as far as it can be found in whatever came."""
    whole = without_halves(body)
    frame = decoded(whole)
    ref = frame.get("ref") if isinstance(frame, dict) else None
    if frame is None:
        found = _ANY_REF.search(whole)
        ref = decoded(found["ref"]) if found else None
    return ref[:REF_LENGTH] if isinstance(ref, str) else None
