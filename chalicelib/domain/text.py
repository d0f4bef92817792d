"""Text from outside, made fit to be read by others.

Lengths count code points. The rules are those of the protocol document: clients can apply them too.
"""

import re
import unicodedata

REPLACEMENT = "\ufffd"
"""Stands for what is no character, as in browsers' ``String.prototype.toWellFormed``."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HALF = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile("\r\n|[\r\x85\u2028\u2029]")

_OVERRIDES = "\u202a-\u202e\u2066-\u2069"
"""They turn what follows around, so that a reader sees something else than was written."""

_HARMFUL_IN_LINES = re.compile(rf"[\x00-\x1f\x7f-\x9f{_OVERRIDES}]")
_HARMFUL_IN_MESSAGES = re.compile(rf"[\x00-\x08\x0b-\x1f\x7f-\x9f{_OVERRIDES}]")

_VISIBLE = re.compile(
    r"[^\s\x00-\x1f\x7f-\x9f\u2800\ufff9-\ufffb\U0001d159"
    # Default_Ignorable_Code_Point:
    # https://www.unicode.org/Public/UCD/latest/ucd/DerivedCoreProperties.txt
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    r"\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)

_JOINER = "\u200d"
_CONTINUES = re.compile("[\u200c\u200d\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
_FLAG_HALF = re.compile("[\U0001f1e6-\U0001f1ff]")


def is_id(text: str) -> bool:
    """Whether the text can be an id of ours, and so part of an address."""
    return _ID.fullmatch(text) is not None


def well_formed(text: str) -> str:
    """The text with U+FFFD for each half of a character that has lost its other half."""
    return _HALF.sub(REPLACEMENT, text)


def line(text: str) -> str:
    """The text as one line, such as a name or a title; empty when there is nothing to see.

    Line ends and tabs become blanks. Control characters and overrides of the direction are left
    out, blanks around it too.
    """
    one_line = _LINE_END.sub(" ", well_formed(text)).replace("\n", " ").replace("\t", " ")
    harmless = _HARMFUL_IN_LINES.sub("", one_line).strip()
    return harmless if is_visible(harmless) else ""


def message(text: str) -> str:
    """The text as a message of several lines; empty when there is nothing to see.

    Every kind of line end becomes a line feed. Other control characters than tabs, and overrides
    of the direction, are left out; joiners and marks stay.
    """
    harmless = _HARMFUL_IN_MESSAGES.sub("", _LINE_END.sub("\n", well_formed(text)))
    return harmless if is_visible(harmless) else ""


def is_visible(text: str) -> bool:
    """Whether the text has anything that a reader sees."""
    return _VISIBLE.search(text) is not None


def cut(text: str, length: int) -> str:
    """At most so many code points of the text, and no part of an emoji or of a letter."""
    if len(text) <= length:
        return text
    end = length
    while end > 0 and _is_inside(text, end):
        end -= 1
    # What is longer than all of the room is no emoji.
    return text[: end or length]


def _is_inside(text: str, at: int) -> bool:
    """Whether what stands before this place goes on behind it."""
    if text[at - 1] == _JOINER or _CONTINUES.match(text[at]):
        return True
    if unicodedata.category(text[at]).startswith("M"):
        return True
    return bool(_FLAG_HALF.match(text[at])) and _flag_halves_before(text, at) % 2 == 1


def _flag_halves_before(text: str, at: int) -> int:
    start = at
    while start > 0 and _FLAG_HALF.match(text[start - 1]):
        start -= 1
    return at - start
