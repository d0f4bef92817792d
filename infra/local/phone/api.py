"""The part of Twilio's REST API that sends and reads messages."""

import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from urllib.parse import urlsplit

from werkzeug.wrappers import Request, Response

from infra.local.phone import addresses
from infra.local.phone.carrier import Carrier
from infra.local.phone.errors import DELIVERY_ERRORS, TwilioError
from infra.local.phone.segments import count_segments
from infra.local.phone.settings import API_VERSION, PhoneSettings
from infra.local.phone.store import Media, Message, MessageFilter, PhoneStore

MAX_BODY = 1600
"""In UTF-16 units: an emoji counts twice."""

MAX_MEDIA = 10
_BUSY_FOR = 3


class TwilioApi:
    """Answers the calls of the Twilio client for messages."""

    def __init__(self, settings: PhoneSettings, store: PhoneStore, carrier: Carrier) -> None:
        self._settings = settings
        self._store = store
        self._carrier = carrier
        self._stumbled: set[tuple[str, str]] = set()

    def answer(self, request: Request, account: str, call: Callable[[], Response]) -> Response:
        """Authenticate, make the call, and turn a refusal into Twilio's JSON error."""
        try:
            self._authenticate(request, account)
            return call()
        except TwilioError as error:
            response = _json(error.as_dict(), error.status)
            if error.status == 401:
                response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
            if error.status == 429:
                response.headers["Retry-After"] = str(_BUSY_FOR)
            return response

    def create(self, request: Request) -> Response:
        """Accept a message to be sent."""
        message = self._parse(request)
        self._refuse_trouble(message)
        self._carrier.send(message)
        return _json(self._resource(message), 201)

    def fetch(self, sid: str) -> Response:
        """Return one message."""
        return _json(self._resource(self._existing(sid)))

    def media(self, message_sid: str, sid: str) -> Response:
        """Return the content of a picture or file that a customer sent."""
        found = self._store.media(message_sid, sid)
        if found is None:
            raise _not_found(f"Messages/{message_sid}/Media/{sid}")
        content_type, content = found
        return Response(content, content_type=content_type)

    def _authenticate(self, request: Request, account: str) -> None:
        expected = (self._settings.account_sid, self._settings.auth_token)
        given = request.authorization
        if given is None or (given.username, given.password) != expected:
            raise TwilioError(20003, "Authenticate", 401)
        if account != self._settings.account_sid:
            raise _not_found(f"Accounts/{account}")

    def _parse(self, request: Request) -> Message:
        form = request.form
        recipient, sender = form.get("To", ""), form.get("From", "")
        service, content_sid = form.get("MessagingServiceSid"), form.get("ContentSid")
        media_urls = form.getlist("MediaUrl")
        body = form.get("Body", "") or (f"Template {content_sid}" if content_sid else "")
        callback = form.get("StatusCallback", "")
        self._check_ends(recipient, sender, service or "")
        _check_content(body, media_urls, callback)
        now = time.time()
        return Message(
            sid=("MM" if media_urls else "SM") + uuid.uuid4().hex,
            phone=recipient,
            direction="outbound-api",
            sender=sender or None,
            recipient=recipient,
            body=body,
            status="queued" if sender else "accepted",
            num_segments=count_segments(body),
            created_at=now,
            updated_at=now,
            sent_at=now,
            media=tuple(Media("ME" + uuid.uuid4().hex, "", url) for url in media_urls),
            messaging_service_sid=service,
            content_sid=content_sid,
            status_callback=callback,
        )

    def _check_ends(self, recipient: str, sender: str, service: str) -> None:
        if not recipient:
            raise TwilioError(21604, "A 'To' phone number is required.")
        if not sender and not service:
            raise TwilioError(21603, "A 'From' phone number is required.")
        if not addresses.is_valid(recipient):
            raise TwilioError(21211, f"The 'To' number {recipient} is not a valid phone number.")
        if recipient == sender:
            raise TwilioError(21266, "'To' and 'From' number cannot be the same")
        if sender and not self._is_ours(sender, recipient):
            raise TwilioError(
                21606,
                f"The 'From' phone number {sender} is not a valid, message-capable inbound "
                "phone number or short code for your account.",
            )

    def _is_ours(self, sender: str, customer: str) -> bool:
        """Our number, or another line of ours to which this customer wrote."""
        if sender == addresses.ours(self._settings.number, customer):
            return True
        wrote = MessageFilter(sender=customer, recipient=sender)
        return bool(self._store.messages(wrote, limit=1))

    def _refuse_trouble(self, message: Message) -> None:
        if self._store.is_opted_out(message.phone):
            raise TwilioError(21610, "Attempt to send to unsubscribed recipient")
        trouble = addresses.trouble(message.phone)
        if trouble == addresses.REFUSED:
            raise TwilioError(
                21614, f"'To' number is not a valid mobile number: {message.recipient}"
            )
        if trouble == addresses.FLAKY:
            self._stumble(message, TwilioError(20503, "Service is unavailable", 503))
        if trouble == addresses.BUSY:
            self._stumble(message, TwilioError(20429, "Too Many Requests", 429))

    def _stumble(self, message: Message, error: TwilioError) -> None:
        attempt = (message.phone, message.body)
        if attempt in self._stumbled:
            self._stumbled.discard(attempt)
            return
        self._stumbled.add(attempt)
        raise error

    def _existing(self, sid: str) -> Message:
        message = self._store.message(sid)
        if message is None:
            raise _not_found(f"Messages/{sid}.json")
        return message

    def _account_path(self) -> str:
        return f"/{API_VERSION}/Accounts/{self._settings.account_sid}"

    def _resource(self, message: Message) -> dict[str, object]:
        path = f"{self._account_path()}/Messages/{message.sid}"
        unassigned = message.sender is None
        return {
            "account_sid": self._settings.account_sid,
            "api_version": API_VERSION,
            "body": message.body,
            "date_created": _rfc2822(message.created_at),
            "date_sent": None
            if message.status in ("accepted", "queued")
            else _rfc2822(message.sent_at or message.created_at),
            "date_updated": _rfc2822(message.updated_at),
            "direction": message.direction,
            "error_code": message.error_code,
            "error_message": DELIVERY_ERRORS.get(message.error_code or 0),
            "from": message.sender,
            "messaging_service_sid": message.messaging_service_sid,
            "num_media": str(len(message.media)),
            "num_segments": "0" if unassigned else str(message.num_segments),
            "price": None,
            "price_unit": "USD",
            "sid": message.sid,
            "status": message.status,
            "subresource_uris": {"media": f"{path}/Media.json"},
            "to": message.recipient,
            "uri": f"{path}.json",
        }


def _check_content(body: str, media_urls: list[str], callback: str) -> None:
    if not body and not media_urls:
        raise TwilioError(21602, "Message body is required.")
    if len(body.encode("utf-16-le")) // 2 > MAX_BODY:
        raise TwilioError(21617, "The concatenated message body exceeds the 1600 character limit")
    if len(media_urls) > MAX_MEDIA:
        raise TwilioError(21623, "Number of media files exceeds allowed limit")
    if any(not _is_http(url) for url in media_urls):
        raise TwilioError(21620, "Invalid media URL(s)")
    if callback and not _is_http(callback):
        raise TwilioError(21609, f"The StatusCallback URL {callback} is not a valid URL.")


def _is_http(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _rfc2822(moment: float) -> str:
    return format_datetime(datetime.fromtimestamp(int(moment), UTC))


def _not_found(path: str) -> TwilioError:
    message = f"The requested resource /{API_VERSION}/{path} was not found"
    return TwilioError(20404, message, 404)


def _json(body: object, status: int = 200) -> Response:
    return Response(json.dumps(body), status=status, content_type="application/json")
