"""Signed requests to the webhooks of the application, as Twilio sends them."""

import http.client
import re
import threading
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass

from twilio.request_validator import RequestValidator

from infra.local.phone import addresses
from infra.local.phone.settings import API_VERSION, PhoneSettings
from infra.local.phone.store import Message

_RETRY_COUNT = re.compile(r"(?:^|&)rc=([0-5])(?:&|$)")

# Places are unknown here; Twilio sends the fields all the same, empty.
_PLACES = ("ToCity", "ToState", "ToZip", "FromCity", "FromState", "FromZip")


@dataclass(frozen=True)
class WebhookAnswer:
    """What became of a webhook: the status is None when there was no answer at all."""

    status: int | None
    body: str
    attempts: int
    error: str = ""

    @property
    def ok(self) -> bool:
        """Tell whether the application took the request."""
        return self.status is not None and 200 <= self.status < 300


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


class WebhookSender:
    """Posts signed forms, and again when the application fails or does not answer."""

    def __init__(self, settings: PhoneSettings) -> None:
        self._settings = settings
        self._validator = RequestValidator(settings.auth_token)
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Give up waiting between attempts."""
        self._stopped.set()

    def post(self, url: str, fields: dict[str, str]) -> WebhookAnswer:
        """Send the form; a repeated attempt is the same request, byte for byte.

        The fragment `#rc=N` of the URL sets the number of repetitions, as at Twilio, and is
        neither sent nor signed.
        """
        target, _, fragment = url.partition("#")
        override = _RETRY_COUNT.search(fragment)
        retries = int(override.group(1)) if override else self._settings.retries
        request = self._request(target, fields)
        answer = self._attempt(request, 1)
        while _worth_retrying(answer) and answer.attempts <= retries:
            if self._stopped.wait(self._settings.retry_delay):
                break
            answer = self._attempt(request, answer.attempts + 1)
        return answer

    def _request(self, url: str, fields: dict[str, str]) -> urllib.request.Request:
        headers = {
            "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
            "I-Twilio-Idempotency-Token": str(uuid.uuid4()),
            "X-Twilio-Signature": self._validator.compute_signature(url, fields),
        }
        data = urllib.parse.urlencode(fields).encode("ascii")
        return urllib.request.Request(url, data=data, headers=headers, method="POST")

    def _attempt(self, request: urllib.request.Request, attempt: int) -> WebhookAnswer:
        try:
            with self._opener.open(request, timeout=self._settings.timeout) as response:
                body = response.read().decode("utf-8", "replace")
                return WebhookAnswer(response.status, body, attempt)
        except urllib.error.HTTPError as error:
            with error:
                body = error.read().decode("utf-8", "replace")
            words = f"The webhook answered {error.code} (11200)"
            return WebhookAnswer(error.code, body, attempt, words)
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            if isinstance(reason, TimeoutError):
                reason = f"no answer within {self._settings.timeout:g} s"
            return WebhookAnswer(
                None, "", attempt, f"No connection to the webhook: {reason} (11205)"
            )


def _worth_retrying(answer: WebhookAnswer) -> bool:
    return answer.status is None or answer.status >= 500


def inbound_fields(settings: PhoneSettings, message: Message, opt_out: str) -> dict[str, str]:
    """Return the form of an incoming message, with every field that Twilio usually sends."""
    fields = dict.fromkeys(_PLACES, "") | {
        "ToCountry": _country(message.recipient),
        "FromCountry": _country(message.phone),
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "SmsMessageSid": message.sid,
        "SmsStatus": "received",
        "AccountSid": settings.account_sid,
        "ApiVersion": API_VERSION,
        "From": message.phone,
        "To": message.recipient,
        "Body": message.body,
        "NumMedia": str(len(message.media)),
        "NumSegments": str(message.num_segments),
        # Twilio adds fields without notice, so the application must accept what it never saw.
        "UnannouncedField": "added without notice",
    }
    for index, one in enumerate(message.media):
        fields[f"MediaUrl{index}"] = one.url
        fields[f"MediaContentType{index}"] = one.content_type
    if opt_out:
        fields["OptOutType"] = opt_out
    return fields | _channel_fields(message)


def _channel_fields(message: Message) -> dict[str, str]:
    if addresses.channel(message.phone) != "whatsapp":
        return {}
    digits = addresses.bare(message.phone).removeprefix("+")
    return {"ProfileName": "Customer", "WaId": digits, "MessageType": "text"}


def status_fields(
    settings: PhoneSettings, message: Message, status: str, error_code: int | None
) -> dict[str, str]:
    """Return the form of a status callback."""
    fields = {
        "MessageSid": message.sid,
        "SmsSid": message.sid,
        "MessageStatus": status,
        "SmsStatus": status,
        "To": message.recipient,
        "From": message.sender or "",
        "AccountSid": settings.account_sid,
        "ApiVersion": API_VERSION,
    }
    if message.messaging_service_sid:
        fields["MessagingServiceSid"] = message.messaging_service_sid
    if error_code is not None:
        fields["ErrorCode"] = str(error_code)
    return fields


def _country(address: str) -> str:
    # Enough for the numbers that the page hands out; Twilio knows every country.
    return "US" if addresses.bare(address).startswith("+1") else ""
