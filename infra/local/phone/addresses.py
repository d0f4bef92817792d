"""Addresses of phones, and the endings of numbers that stand for trouble.

An address is a number in E.164 form or a short code, with a prefix on the other channels
(`whatsapp:+15550101234`, `messenger:1234567890`). Some endings simulate what happens in the
field, so that a delivery that fails can be shown and tested without waiting for one.
"""

import re
from dataclasses import dataclass

_E164 = re.compile(r"\+[1-9]\d{6,14}")
_CHANNELS = ("whatsapp", "messenger", "rcs")
_MESSENGER_ID = re.compile(r"\d{3,32}")
_SHORT_CODE = re.compile(r"[1-9]\d{2,7}")
_ALPHANUMERIC = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_-]{1,11}")
_RCS_SENDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Trouble:
    """What a number with this ending suffers, in words for the page."""

    ending: str
    title: str
    detail: str


UNREACHABLE = Trouble("0001", "Unreachable", "Sent, then undelivered with error 30003.")
LANDLINE = Trouble("0002", "Landline", "Accepted, then failed with error 30006.")
SHUFFLED = Trouble(
    "0003", "Shuffled callbacks", "Delivered, but the callbacks come out of order and repeated."
)
REFUSED = Trouble("0004", "Not a mobile", "The request itself is refused with error 21614.")
FLAKY = Trouble(
    "0005", "Flaky API", "Every first attempt is answered 503; the same request again succeeds."
)
FILTERED = Trouble("0006", "Filtered", "The carrier filters it: undelivered with error 30007.")
BUSY = Trouble(
    "0007",
    "Busy API",
    "Every first attempt is answered 429 with Retry-After; the same request again succeeds.",
)

TROUBLES = (UNREACHABLE, LANDLINE, SHUFFLED, REFUSED, FLAKY, FILTERED, BUSY)


def trouble(address: str) -> Trouble | None:
    """Return the trouble that an address stands for, if any."""
    return next((one for one in TROUBLES if address.endswith(one.ending)), None)


def channel(address: str) -> str:
    """Return the channel of an address: the prefix, or `sms`."""
    prefix, colon, _ = address.partition(":")
    return prefix if colon else "sms"


def bare(address: str) -> str:
    """Return the address without its channel prefix."""
    return address.partition(":")[2] or address


def is_valid(address: str) -> bool:
    """Tell whether Twilio would take this as an address."""
    kind, rest = channel(address), bare(address)
    if kind == "messenger":
        return bool(_MESSENGER_ID.fullmatch(rest))
    return kind in ("sms", *_CHANNELS) and bool(_E164.fullmatch(rest))


def ours(number: str, customer: str) -> str:
    """Return our number as it is addressed on the customer's channel."""
    kind = channel(customer)
    return number if kind == "sms" else f"{kind}:{number}"


def is_line(address: str) -> bool:
    """Tell whether a company can have this as a sender, and customers write to it."""
    kind, rest = channel(address), bare(address)
    if kind == "sms":
        named = _SHORT_CODE.fullmatch(rest) or _ALPHANUMERIC.fullmatch(rest)
        return bool(named or _E164.fullmatch(rest))
    if kind == "rcs":
        return bool(_RCS_SENDER.fullmatch(rest) or _E164.fullmatch(rest))
    return is_valid(address)
