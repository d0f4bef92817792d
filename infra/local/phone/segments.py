"""How many segments a text is billed as."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def is_gsm7(text: str) -> bool:
    """Tell whether every character is in the GSM-7 alphabet or its extension."""
    return all(character in _BASIC or character in _EXTENDED for character in text)


def count_segments(text: str) -> int:
    """Return the number of segments: 160 septets or 70 UCS-2 units, 153 or 67 when several."""
    if is_gsm7(text):
        return _pack([2 if one in _EXTENDED else 1 for one in text], single=160, several=153)
    return _pack([2 if ord(one) > 0xFFFF else 1 for one in text], single=70, several=67)


def _pack(widths: list[int], single: int, several: int) -> int:
    if sum(widths) <= single:
        return 1
    # A character of two units is never split between segments.
    segments, used = 1, 0
    for width in widths:
        if used + width > several:
            segments, used = segments + 1, 0
        used += width
    return segments
