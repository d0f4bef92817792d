"""Texts through Twilio's Messages API: https://www.twilio.com/docs/messaging/api/message-resource"""

from typing import Any

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from chalicelib.ports import Text, TextRefused

API = "https://api.twilio.com"
TIMEOUT_SECONDS = 8

_TRY_AGAIN = (401, 403, 429)
"""Refusals of us rather than of the text: a wrong token can be mended, and limits pass."""


class TwilioTexting:
    """The port ``Texting``."""

    def __init__(self, account_sid: str, auth_token: str, api_url: str, base_url: str) -> None:
        http = _RedirectedHttp(api_url) if api_url else TwilioHttpClient(timeout=TIMEOUT_SECONDS)
        self._client = Client(account_sid, auth_token, http_client=http)
        self._base_url = base_url

    def send(self, text: Text) -> None:
        """Hand the text over. Raises TextRefused when it can never be sent; else try again."""
        callback = (
            f"{self._base_url}/twilio/status"
            f"?conversation={text.conversation_id}&message={text.message_seq}#rc=3&rp=all"
        )
        try:
            self._client.messages.create(
                to=text.to, from_=text.sender, body=text.body, status_callback=callback
            )
        except TwilioRestException as error:
            if error.status < 500 and error.status not in _TRY_AGAIN:
                raise TextRefused(error.code) from error
            raise


class _RedirectedHttp(TwilioHttpClient):  # type: ignore[misc]
    """Twilio's own HTTP client, sent to a stand-in."""

    def __init__(self, api_url: str) -> None:
        super().__init__(timeout=TIMEOUT_SECONDS)
        self._api_url = api_url

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:
        return super().request(method, url.replace(API, self._api_url, 1), *args, **kwargs)
