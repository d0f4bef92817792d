"""Addresses of texts, our lines, and how long a text is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.texting import (
    TEXT_CHANNELS,
    TextAddress,
    lines_of,
    phone_of,
    text_address,
    text_length,
)

anything = st.text(st.characters(exclude_categories=["Cs"]))
addresses = st.builds(TextAddress, st.sampled_from(TEXT_CHANNELS), anything, anything)


@given(addresses)
def test_an_address_is_read_as_it_was_written(address: TextAddress) -> None:
    assert text_address(address.key) == address


@given(addresses, addresses)
def test_two_addresses_never_share_a_key(one: TextAddress, other: TextAddress) -> None:
    assert (one.key == other.key) == (one == other)


def test_an_address_of_a_phone_is_plain() -> None:
    """Those that were stored before are read as ever."""
    key = "whatsapp|whatsapp:+15550100000|whatsapp:+15550101234"
    address = TextAddress("whatsapp", "whatsapp:+15550100000", "whatsapp:+15550101234")
    assert (address.key, text_address(key)) == (key, address)


@pytest.mark.parametrize("key", ["", "web:ada:demo", "sms|+1", "sms|+1|+2|+3", "web|+1|+2"])
def test_what_is_no_address_of_a_text_is_refused(key: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        text_address(key)


@pytest.mark.parametrize(
    ("ours", "lines"),
    [
        ("+15550100000", ("+15550100000",)),
        ("whatsapp:+15550100000", ("whatsapp:+15550100000", "+15550100000")),
        ("rcs:+15550100000", ("rcs:+15550100000", "+15550100000")),
        ("rcs:brand_x_agent", ("rcs:brand_x_agent",)),
        ("messenger:12345", ("messenger:12345",)),
        ("12345", ("12345",)),
    ],
)
def test_a_number_stands_for_its_channels_and_a_name_for_itself(
    ours: str, lines: tuple[str, ...]
) -> None:
    """A page of Messenger is no short code."""
    assert lines_of(ours) == lines


@pytest.mark.parametrize(
    ("address", "phone"),
    [
        ("+15550101234", "+15550101234"),
        ("whatsapp:+15550101234", "+15550101234"),
        ("messenger:98765", None),
        ("12345", None),
        ("BRAND", None),
        ("whatsapp:", None),
    ],
)
def test_a_phone_number_is_found_in_an_address(address: str, phone: str | None) -> None:
    assert phone_of(address) == phone


@given(st.text(), st.text())
def test_length_is_what_a_browser_counts(one: str, other: str) -> None:
    """Also of halves of characters, which a JSON string can hold."""
    beyond = sum(ord(character) > 0xFFFF for character in one)
    assert text_length(one) == len(one) + beyond
    assert text_length("\ud83d" + other + "\udca9") == 2 + text_length(other)
