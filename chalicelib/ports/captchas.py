"""Whether somebody is a person."""

from typing import Protocol

from chalicelib.domain.queue import Captcha


class Captchas(Protocol):
    """Providers that tell people from programs."""

    def is_solved(self, captcha: Captcha, token: str) -> bool:
        """Whether the provider takes the token; yes where it cannot be asked."""
