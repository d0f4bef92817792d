"""Text from outside: what is left out, what counts as empty, and where it may be cut."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import text

ANY = st.text(st.characters(), max_size=60)
"""Every code point there is, halves of characters among them."""

OVERRIDES = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"

INVISIBLE = {
    "blanks": " \t\n\u00a0\u2003\u3000",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff",
    "Hangul filler": "\u3164\u115f\u1160\uffa0",
    "Braille blank": "\u2800\u2800",
    "soft hyphen": "\u00ad",
    "direction marks": "\u200e\u200f\u061c\u202e\u2066",
    "variation selectors": "\ufe0f\ufe00\U000e0100\u180b",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "Khmer vowels": "\u17b4\u17b5",
    "grapheme joiner": "\u034f",
    "controls": "\x00\x07\x1b\x7f\x85\x9f",
    "musical notes of nothing": "\U0001d173\U0001d159",
    "annotations": "\ufff9\ufffa\ufffb",
    "nothing": "",
}

VISIBLE = ["a", "أ", "漢", "👍", "\ufffd", "0", ".", "\u0600", "\U0001fae9", "\ue000", "\u1160a"]

WHOLE = [
    "👨‍👩‍👧",
    "👍🏽",
    "🇩🇪",
    "e\u0301",
    "🏴\U000e0067\U000e0062\U000e007f",
    "❤\ufe0f",
    "क्\u200dष",
]
"""Each is one thing to a reader."""


@pytest.mark.parametrize("kind", INVISIBLE)
def test_what_nobody_sees_is_empty(kind: str) -> None:
    assert not text.is_visible(INVISIBLE[kind])
    assert text.line(INVISIBLE[kind]) == ""
    assert text.message(INVISIBLE[kind]) == ""


@pytest.mark.parametrize("seen", VISIBLE)
def test_what_somebody_sees_is_not_empty(seen: str) -> None:
    hidden = "\u200b\u3164"
    assert text.line(hidden + seen) == hidden + seen
    assert text.message(hidden + seen) == hidden + seen


def test_half_a_character_is_replaced() -> None:
    assert text.line("ab\ud83d") == "ab\ufffd"
    assert text.message("\ude00 ab\ud83d\ud83d") == "\ufffd ab\ufffd\ufffd"


def test_lines_end_in_one_way() -> None:
    assert text.message("a\r\nb\rc\x85d\u2028e\u2029f\n\tg") == "a\nb\nc\nd\ne\nf\n\tg"
    assert text.line(" a\r\nb\rc\x85d\u2028e\tf\n") == "a b c d e f"


@pytest.mark.parametrize("override", OVERRIDES)
def test_nothing_turns_the_direction_around(override: str) -> None:
    assert text.line(f"gpj.{override}exe") == "gpj.exe"
    assert text.message(f"gpj.{override}exe") == "gpj.exe"


@pytest.mark.parametrize("whole", [*WHOLE, "\u200f\u05e9\u05dc\u200f", "نص\u200cدیگر"])
def test_what_writing_needs_stays(whole: str) -> None:
    assert text.line(whole) == whole
    assert text.message(whole) == whole


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("before", ["", "x", "🇫🇷", "👨‍👩‍👧"])
def test_a_cut_goes_through_nothing(whole: str, before: str) -> None:
    for length in range(len(before) + 1, len(before + whole)):
        assert text.cut(before + whole, length) in (before, (before + whole)[:length])
        assert before == "" or text.cut(before + whole, length) == before
    assert text.cut(before + whole, len(before + whole)) == before + whole
    assert text.cut(before + whole + "y", len(before + whole)) == before + whole


def test_marks_without_end_are_cut_all_the_same() -> None:
    assert text.cut("e" + 500 * "\u0301", 80) == "e" + 79 * "\u0301"


@given(ANY)
def test_what_is_left_is_harmless(raw: str) -> None:
    for clean in (text.line(raw), text.message(raw)):
        assert not set(clean) & set(OVERRIDES)
        kinds = {unicodedata.category(char) for char in clean if char not in "\n\t"}
        assert not kinds & {"Cc", "Cs"}
        assert len(clean) <= len(raw)
        clean.encode()
    assert text.line(raw).splitlines() in ([], [text.line(raw)])


@given(ANY)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    assert text.line(text.line(raw)) == text.line(raw)
    assert text.message(text.message(raw)) == text.message(raw)


@given(ANY, st.integers(1, 20))
def test_a_cut_is_a_beginning_of_at_most_that_length(raw: str, length: int) -> None:
    cut = text.cut(raw, length)
    assert raw.startswith(cut)
    assert len(cut) <= length
    assert cut or not raw
