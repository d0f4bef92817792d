"""The providers that tell people from programs. Both speak the same protocol.

https://developers.cloudflare.com/turnstile/get-started/server-side-validation/
https://docs.hcaptcha.com/#verify-the-user-response-server-side
"""

import logging
from collections.abc import Callable
from functools import cached_property
from typing import Any

import msgspec
import urllib3
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.queue import Captcha, CaptchaProvider

logger = logging.getLogger(__name__)

SITEVERIFY: dict[CaptchaProvider, str] = {
    "turnstile": "https://challenges.cloudflare.com/turnstile/v0/siteverify",
    "hcaptcha": "https://api.hcaptcha.com/siteverify",
}

_NOT_ABOUT_THE_CUSTOMER = frozenset(
    (
        "missing-input-secret",
        "invalid-input-secret",
        "sitekey-secret-mismatch",
        "internal-error",
        "bad-request",
    )
)
"""Codes that tell that the question was wrong, or that there is no answer."""


class _Verdict(msgspec.Struct, frozen=True):
    success: bool
    codes: list[str] = msgspec.field(default_factory=list, name="error-codes")


class CaptchaProviders:
    """The port ``Captchas``. The secret is read once, and again when it is refused."""

    def __init__(self, make_ssm: Callable[[], Any], stand_in: str) -> None:
        self._make_ssm = make_ssm
        self._stand_in = stand_in
        self._secrets: dict[str, str] = {}
        self._timeout = urllib3.Timeout(connect=2, read=3)

    @cached_property
    def _ssm(self) -> Any:
        return self._make_ssm()

    @cached_property
    def _http(self) -> urllib3.PoolManager:
        return urllib3.PoolManager()

    def is_solved(self, captcha: Captcha, token: str) -> bool:
        """Whether the provider takes the token; yes where it cannot be asked: limits still hold."""
        try:
            verdict = self._ask(captcha, token)
            if _NOT_ABOUT_THE_CUSTOMER.intersection(verdict.codes):
                self._secrets.pop(captcha.secret_parameter, None)
                verdict = self._ask(captcha, token)
        except (urllib3.exceptions.HTTPError, BotoCoreError, ClientError, msgspec.MsgspecError):
            logger.exception("The provider of a captcha cannot be asked: the start is let through")
            return True
        reasons = _NOT_ABOUT_THE_CUSTOMER.intersection(verdict.codes)
        if reasons:
            logger.error("A captcha cannot be checked (%s): let through", ", ".join(reasons))
            return True
        return verdict.success

    def _ask(self, captcha: Captcha, token: str) -> _Verdict:
        fields = {"secret": self._secret(captcha.secret_parameter), "response": token}
        reply = self._http.request(
            "POST",
            self._stand_in or SITEVERIFY[captcha.provider],
            fields=fields,
            encode_multipart=False,
            timeout=self._timeout,
            retries=False,
        )
        return msgspec.json.decode(reply.data, type=_Verdict)

    def _secret(self, parameter: str) -> str:
        if parameter not in self._secrets:
            found = self._ssm.get_parameter(Name=parameter, WithDecryption=True)
            self._secrets[parameter] = str(found["Parameter"]["Value"])
        return self._secrets[parameter]
