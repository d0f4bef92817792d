"""Texts: the channels that leave through a provider, their addresses and their length."""

import re
from dataclasses import dataclass

from chalicelib.domain.errors import Invalid
from chalicelib.domain.events import Channel

TEXT_CHANNELS: tuple[Channel, ...] = ("sms", "whatsapp", "messenger", "rcs")
"""The channels whose messages leave through Twilio."""

TEXT_LENGTH = 1600
"""The most UTF-16 units of a text on any of these channels.

Twilio takes 1,600 characters whatever the channel, and counts a character outside the basic plane,
such as an emoji, more than once: https://www.twilio.com/docs/api/errors/21617
"""

_PHONE = r"\+[1-9][0-9]{6,14}"
_LINES = tuple(
    re.compile(pattern)
    for pattern in (
        _PHONE,
        r"[1-9][0-9]{2,7}",  # a short code
        r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}",  # an alphanumeric sender
        rf"whatsapp:{_PHONE}",
        r"messenger:[0-9]{1,32}",
        r"rcs:[A-Za-z0-9][A-Za-z0-9._-]{0,99}",
    )
)


@dataclass(frozen=True, slots=True)
class TextAddress:
    """Where a customer is reached by text, and found again.

    ``ours`` and ``theirs`` are as Twilio writes them: a phone number, a short code or the name of a
    sender, with a prefix on every channel but SMS.
    """

    channel: Channel
    ours: str
    theirs: str

    @property
    def key(self) -> str:
        """The address as one string."""
        return "|".join((self.channel, _escaped(self.ours), _escaped(self.theirs)))


def text_address(key: str) -> TextAddress:
    """The address of such a string. Raises ValueError when it is none."""
    channel, ours, theirs = key.split("|")
    for known in TEXT_CHANNELS:
        if known == channel:
            return TextAddress(known, _unescaped(ours), _unescaped(theirs))
    raise ValueError("This is no address of a text.")


def lines_of(ours: str) -> tuple[str, ...]:
    """The names under which a queue may list a sender of ours, the closest first.

    A phone number that stands for all channels is listed without a prefix.
    """
    number = phone_of(ours)
    return (ours,) if number is None or number == ours else (ours, number)


def check_line(line: str) -> None:
    """Raises Invalid, naming ``numbers``, when texts cannot reach us there."""
    if not any(pattern.fullmatch(line) for pattern in _LINES):
        raise Invalid(
            "This is no number such as +15550100000, no short code, and no sender such as "
            "whatsapp:+15550100000, messenger:1234567890 or rcs:brand_agent.",
            "numbers",
        )


def phone_of(address: str) -> str | None:
    """The phone number in an address, without a prefix; None where it holds none."""
    number = without_prefix(address)
    return number if re.fullmatch(_PHONE, number) else None


def without_prefix(address: str) -> str:
    """The address without what names its channel."""
    return address.partition(":")[2] or address


def text_length(text: str) -> int:
    """In UTF-16 units, as the limit counts."""
    return len(text.encode("utf-16-le", errors="surrogatepass")) // 2


def _escaped(part: str) -> str:
    return part.replace("%", "%25").replace("|", "%7C")


def _unescaped(part: str) -> str:
    return part.replace("%7C", "|").replace("%25", "%")
