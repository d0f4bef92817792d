"""The phones' own JSON API, for the page and for tests."""

import base64
import binascii
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from werkzeug.wrappers import Request, Response

from infra.local.phone import addresses
from infra.local.phone.api import MAX_BODY, MAX_MEDIA
from infra.local.phone.errors import DELIVERY_ERRORS, ControlError
from infra.local.phone.inbox import Draft, Inbox, Upload
from infra.local.phone.settings import PhoneSettings
from infra.local.phone.store import Message, MessageFilter, Phone, PhoneStore
from infra.local.phone.webhooks import WebhookAnswer

_MAX_UPLOAD = 5 * 1024 * 1024
_MAX_NAME = 40
_LISTED = 200
_HEARTBEAT = 15.0
_SID = re.compile(r"(SM|MM)[0-9a-f]{32}")
_FIRST_NUMBER = 15550101234


class ControlApi:
    """Adds and removes phones, and sends and shows their messages."""

    def __init__(self, settings: PhoneSettings, store: PhoneStore, inbox: Inbox) -> None:
        self._settings = settings
        self._store = store
        self._inbox = inbox

    def state(self) -> Response:
        """Return everything that the page shows."""
        return _json(
            {
                "company": self._settings.company,
                "number": self._settings.number,
                "webhook_url": self._settings.webhook_url,
                "troubles": [
                    {"ending": one.ending, "title": one.title, "detail": one.detail}
                    for one in addresses.TROUBLES
                ],
                "phones": [
                    _phone(phone) | {"messages": self._messages(phone.address)}
                    for phone in self._store.phones()
                ],
            }
        )

    def phones(self) -> Response:
        """List the phones."""
        return _json({"phones": [_phone(phone) for phone in self._store.phones()]})

    def add_phone(self, request: Request) -> Response:
        """Add a phone; without a number it gets a free one."""
        given = _object(request)
        number = self._address(given, self._free_number())
        if not self._store.add_phone(number, _name(given, "Customer")):
            raise ControlError(f"{number} is already on the page", 409)
        return _json(_phone(self._existing(number)), 201)

    def change_phone(self, request: Request, number: str) -> Response:
        """Rename a phone or give it another number."""
        phone, given = self._existing(number), _object(request)
        wanted = self._address(given, phone.address)
        if wanted != phone.address and self._store.phone(wanted):
            raise ControlError(f"{wanted} is already on the page", 409)
        self._store.change_phone(phone.address, wanted, _name(given, phone.name))
        return _json(_phone(self._existing(wanted)))

    def remove_phone(self, number: str) -> Response:
        """Take a phone off the page."""
        self._store.remove_phone(self._existing(number).address)
        return Response(status=204)

    def messages(self, number: str) -> Response:
        """List the messages of a phone, oldest first."""
        return _json({"messages": self._messages(number)})

    def send(self, request: Request, number: str) -> Response:
        """Send a message from a phone, and return what the webhook answered."""
        if not addresses.is_valid(number):
            raise ControlError(f"{number} is not a number like +15550101234")
        draft = _draft(_object(request))
        self._store.add_phone(number, "Customer")
        message, answer = self._inbox.receive(number, draft)
        return _json({**_message(message), "webhook": _answer(answer)}, 201)

    def media(self, message_sid: str, sid: str) -> Response:
        """Return a picture that a phone sent, for the page."""
        found = self._store.media(message_sid, sid)
        if found is None:
            raise ControlError("There is no such file", 404)
        content_type, content = found
        # A file of any type comes from this origin, so it must not run here.
        headers = {"Content-Security-Policy": "sandbox", "X-Content-Type-Options": "nosniff"}
        return Response(content, content_type=content_type, headers=headers)

    def events(self) -> Response:
        """Stream a line whenever something changed."""
        return Response(
            self._changes(),
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store"},
        )

    def _changes(self) -> Iterator[str]:
        seen = -1
        while (now := self._store.wait_for_change(seen, _HEARTBEAT)) is not None:
            yield f"data: {now}\n\n" if now != seen else ": still here\n\n"
            seen = now

    def _messages(self, number: str) -> list[dict[str, Any]]:
        newest = self._store.messages(MessageFilter(phone=number), _LISTED)
        return [_message(message) for message in reversed(newest)]

    def _existing(self, number: str) -> Phone:
        phone = self._store.phone(number)
        if phone is None:
            raise ControlError(f"There is no phone {number}", 404)
        return phone

    def _address(self, given: dict[str, Any], default: str) -> str:
        wanted = re.sub(r"[\s().-]", "", str(given.get("number") or default))
        if not addresses.is_valid(wanted):
            raise ControlError("A number starts with + and the country code, like +15550101234")
        if addresses.bare(wanted) == self._settings.number:
            raise ControlError("This is the company's own number")
        return wanted

    def _free_number(self) -> str:
        taken = {addresses.bare(phone.address) for phone in self._store.phones()}
        digits = _FIRST_NUMBER
        while f"+{digits}" in taken:
            digits += 1
        return f"+{digits}"


def _object(request: Request) -> dict[str, Any]:
    """Parse the body. Insisting on JSON keeps other sites' pages from posting here."""
    if request.mimetype != "application/json":
        raise ControlError("Send application/json", 415)
    try:
        given = json.loads(request.get_data())
    except ValueError as error:
        raise ControlError("This is not JSON") from error
    if not isinstance(given, dict):
        raise ControlError("Send a JSON object")
    return given


def _name(given: dict[str, Any], default: str) -> str:
    return str(given.get("name") or "").strip()[:_MAX_NAME] or default


def _draft(given: dict[str, Any]) -> Draft:
    body, sid, to = given.get("body", ""), given.get("message_sid", ""), given.get("to", "")
    fields, media = given.get("fields", {}), given.get("media", [])
    if not isinstance(body, str) or len(body) > MAX_BODY:
        raise ControlError(f"body is a text of at most {MAX_BODY} characters")
    if not isinstance(media, list) or len(media) > MAX_MEDIA:
        raise ControlError(f"media is a list of at most {MAX_MEDIA} files")
    if not body and not media and not fields and not sid:
        raise ControlError("A message needs a body or media")
    if sid and not (isinstance(sid, str) and _SID.fullmatch(sid)):
        raise ControlError("message_sid is SM or MM and 32 hexadecimal digits")
    if not isinstance(to, str) or (to and not addresses.is_line(to)):
        raise ControlError("to is a line of the company, such as 12345 or messenger:1234567890")
    if not isinstance(fields, dict):
        raise ControlError("fields is an object of strings")
    texts = {str(name): str(value) for name, value in fields.items()}
    return Draft(body, sid, to, tuple(_upload(one) for one in media), texts)


def _upload(given: Any) -> Upload:
    try:
        content = base64.b64decode(given["content"], validate=True)
        content_type = str(given["content_type"])
    except (KeyError, TypeError, binascii.Error) as error:
        raise ControlError("media have a content_type and a base64 content") from error
    if len(content) > _MAX_UPLOAD:
        raise ControlError("A file is at most 5 MB")
    return Upload(content_type, content)


def _phone(phone: Phone) -> dict[str, Any]:
    trouble = addresses.trouble(phone.address)
    return {
        "number": phone.address,
        "name": phone.name,
        "channel": addresses.channel(phone.address),
        "opted_out": phone.opted_out,
        "trouble": trouble.title if trouble else None,
    }


def _message(message: Message) -> dict[str, Any]:
    inbound = message.direction == "inbound"
    return {
        "sid": message.sid,
        "direction": message.direction,
        "from": message.sender,
        "to": message.recipient,
        "body": message.body,
        "status": message.status,
        "error_code": message.error_code,
        "error": message.webhook_error or DELIVERY_ERRORS.get(message.error_code or 0, ""),
        "num_segments": message.num_segments,
        "created_at": datetime.fromtimestamp(message.created_at, UTC).isoformat(),
        "webhook_status": message.webhook_status,
        "media": [
            {
                "content_type": one.content_type,
                "url": f"/media/{message.sid}/{one.sid}" if inbound else one.url,
            }
            for one in message.media
        ],
    }


def _answer(answer: WebhookAnswer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "body": answer.body,
        "attempts": answer.attempts,
        "error": answer.error,
    }


def _json(body: object, status: int = 200) -> Response:
    return Response(
        json.dumps(body),
        status=status,
        content_type="application/json",
        headers={"Cache-Control": "no-store"},
    )
