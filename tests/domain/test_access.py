"""Tokens and tickets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import access
from chalicelib.domain.access import Bearer, Connection, CustomerToken, Entrance, Ticket
from chalicelib.domain.errors import Unauthenticated
from tests.domain.samples import NOW, SECOND, ids, words

secrets = st.text("abcdefghijklmnopqrstuvwxyz0123456789_-", min_size=22, max_size=43)


@given(ids, secrets)
def test_a_token_tells_its_customer_and_the_key_it_is_known_by(customer: str, secret: str) -> None:
    token = access.make_token(customer, secret)
    assert access.read_token(token) == CustomerToken(customer, access.key_of(token))


@given(st.text(max_size=250))
def test_any_text_is_a_token_or_refused(text: str) -> None:
    try:
        token = access.read_token(text)
    except Unauthenticated:
        return
    assert len(text) <= 200
    assert text.startswith(f"{token.customer_id}.")


@pytest.mark.parametrize(
    "text", ["", ".", "..", "abc", "abc.", ".secret", " ", "a." + 199 * "b", "\x00"]
)
def test_what_cannot_be_a_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        access.read_token(text)


@given(words, words)
def test_keys_are_fit_for_names_in_a_table_and_differ(one: str, other: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{43}", access.key_of(one))
    assert (access.key_of(one) == access.key_of(other)) == (one == other)


def test_a_key_does_not_tell_the_secret() -> None:
    assert "secret" not in access.key_of("secret")


@given(secrets)
def test_a_start_names_its_customer_and_message_without_telling_its_secret(start: str) -> None:
    customer, message = access.customer_of_start(start), access.message_of_start(start)
    assert customer == access.customer_of_start(start)
    assert message == access.message_of_start(start)
    assert customer != message
    assert start not in customer + message
    assert re.fullmatch("[0-9a-f]{24}", customer)


def test_an_entrance_holds_a_ticket_to_one_conversation() -> None:
    entrance = Entrance("ada", "token-key", NOW + SECOND, "ticket-key", NOW)
    bearer = Bearer("customer", "ada", "c1")
    assert entrance.ticket_to("c1") == Ticket("ticket-key", bearer, NOW)


def test_a_socket_is_seen_often_enough_not_to_be_taken_for_lost() -> None:
    connection = Connection("id", "https://sockets", Bearer("agent", "grace"), NOW)
    assert not connection.is_due_to_be_seen(NOW + access.SEEN_EVERY)
    assert connection.is_due_to_be_seen(NOW + access.SEEN_EVERY + SECOND)
    assert connection.stale_at == NOW + access.STALE_AFTER
    assert access.STALE_AFTER > 3 * access.SEEN_EVERY, "Three heartbeats may be lost."
