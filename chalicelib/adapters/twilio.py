"""Texts through Twilio's Messages API: https://www.twilio.com/docs/messaging/api/message-resource"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from requests import exceptions
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from chalicelib.ports import Text, TextDelayed, TextRefused

API = "https://api.twilio.com"
TIMEOUT_SECONDS = 8

VALIDITY = timedelta(hours=4)
"""How long Twilio and the carriers try to deliver a text: one of yesterday helps nobody."""

_PASSING_STATUSES = frozenset((401, 403, 408, 429))
"""Refusals of us rather than of the text: a wrong token can be mended, and limits pass."""

_PASSING_CODES = frozenset((20429, 21611, 30001, 30022, 63018))
"""Full queues and limits of a sender: https://www.twilio.com/docs/api/errors"""


_NO_ANSWER = (exceptions.ConnectionError, exceptions.Timeout, exceptions.ChunkedEncodingError)


class TwilioTexting:
    """The port ``Texting``."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str, base_url: str) -> None:
        self._http = _Http(api_url or API)
        self._client = Client(account_sid, auth_token, http_client=self._http)
        self._base_url = base_url

    def send(self, text: Text) -> None:
        """Hand the text over. Raises TextRefused or TextDelayed; anything else is our fault."""
        callback = (
            f"{self._base_url}/twilio/status"
            f"?conversation={text.conversation_id}&message={text.message_seq}#rc=3&rp=all"
        )
        try:
            self._client.messages.create(
                to=text.to,
                from_=text.sender,
                body=text.body,
                status_callback=callback,
                validity_period=int(VALIDITY.total_seconds()),
            )
        except (TwilioRestException, TwilioServiceException) as error:
            if _passes(error.status, error.code):
                raise TextDelayed(str(error), _asked_pause(self._http.answer)) from error
            raise TextRefused(error.code) from error
        except _NO_ANSWER as error:
            raise TextDelayed("Twilio did not answer.") from error
        except ValueError:
            # An answer that cannot be read: if it says yes, to ask again would send it again.
            if self._http.answer is None or not self._http.answer.ok:
                raise


def _passes(status: int, code: int | None) -> bool:
    return status >= 500 or status in _PASSING_STATUSES or code in _PASSING_CODES


def _asked_pause(answer: Response | None) -> timedelta | None:
    """What ``Retry-After`` says, in seconds or as a date."""
    asked = (answer.headers or {}).get("Retry-After", "") if answer else ""
    if asked.isascii() and asked.isdigit():
        return timedelta(seconds=min(int(asked), 86_400))
    try:
        moment = parsedate_to_datetime(asked)
    except ValueError:
        return None
    return moment.astimezone(UTC) - datetime.now(UTC)


class _Http(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own HTTP client, which keeps the last answer, and may be sent to a stand-in."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._api_url = api_url
        self.answer: Response | None = None

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        """The answer. Raises what ``requests`` raises."""
        self.answer = None
        self.answer = super().request(method, url.replace(API, self._api_url, 1), *args, **kwargs)
        return self.answer
