"""Time and randomness of the machine."""

import random
import secrets
import time
from datetime import UTC, datetime

FIRST_PAUSE = 0.02
LONGEST_PAUSE = 0.5


class SystemClock:
    """The port ``Clock``."""

    def now(self) -> datetime:
        """Now, in UTC, in whole milliseconds."""
        now = datetime.now(UTC)
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def pause(self, attempt: int) -> None:
        """Wait a random moment before the next attempt, longer with each."""
        longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**attempt)
        time.sleep(random.uniform(0, longest))  # noqa: S311 - spreads retries, guards nothing


class SystemIds:
    """The port ``Ids``."""

    def new(self) -> str:
        """24 hexadecimal digits."""
        return secrets.token_hex(12)

    def secret(self) -> str:
        """192 random bits, URL-safe."""
        return secrets.token_urlsafe(24)

    def below(self, bound: int) -> int:
        """A random number from 0 to just below the bound."""
        return secrets.randbelow(bound)
