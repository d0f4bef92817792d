"""Tickets open one socket once; sockets are known until they go."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.access import STALE_AFTER, Bearer, Connection, Ticket
from chalicelib.domain.errors import Unauthenticated
from tests.adapters.world import World
from tests.domain.samples import NOW, SECOND

ADA = Bearer("customer", "ada", "c1")
MILLISECOND = timedelta(milliseconds=1)


@pytest.mark.parametrize("bearer", [ADA, Bearer("agent", "grace")])
def test_a_ticket_is_taken_once(world: World, bearer: Bearer) -> None:
    world.ports.access.put_ticket(Ticket("key", bearer, NOW + 30 * SECOND))
    assert world.ports.access.take_ticket("key") == bearer
    with pytest.raises(Unauthenticated):
        world.ports.access.take_ticket("key")


def test_taking_a_ticket_is_one_conditional_call(world: World) -> None:
    world.ports.access.put_ticket(Ticket("key", ADA, NOW + 30 * SECOND))
    world.calls.clear()
    world.ports.access.take_ticket("key")
    assert world.operations == ["DeleteItem"]


def test_a_ticket_expires_though_the_database_deletes_it_late(world: World) -> None:
    world.ports.access.put_ticket(Ticket("key", ADA, NOW + 30 * SECOND))
    world.clock.time += 30 * SECOND
    with pytest.raises(Unauthenticated):
        world.ports.access.take_ticket("key")


@pytest.mark.parametrize("key", ["unknown", "", "\x00", "#" * 500])
def test_an_unknown_ticket_opens_nothing(world: World, key: str) -> None:
    with pytest.raises(Unauthenticated):
        world.ports.access.take_ticket(key)


def test_what_passes_expires_by_itself(world: World) -> None:
    world.ports.access.put_ticket(Ticket("key", ADA, NOW + 30 * SECOND))
    world.ports.access.put_connection(Connection("id", "https://sockets", ADA, NOW - SECOND))
    ticket = world.item("TICKET#key", "TICKET")
    connection = world.item("CONNECTION#id", "CONNECTION")
    seconds = int(NOW.timestamp())
    assert ticket["ttl"] == {"N": str(seconds + 30)}
    assert connection["ttl"] == {"N": str(seconds - 1 + 3 * 3600)}


def test_a_socket_is_known_until_it_is_closed(world: World) -> None:
    connection = Connection("L0SM9cOFvHcCIhw=", "https://sockets", ADA, NOW - SECOND)
    world.ports.access.put_connection(connection)
    assert world.ports.access.connection(connection.id) == connection
    assert world.ports.access.close_connection(connection.id) == connection
    before = world.snapshot()
    with pytest.raises(Unauthenticated):
        world.ports.access.connection(connection.id)
    with pytest.raises(Unauthenticated):
        world.ports.access.see_connection(connection)
    assert world.snapshot() == before


def test_a_closed_socket_is_due_until_it_is_forgotten(world: World) -> None:
    """The worker that closes it may be cut off before it is forgotten everywhere."""
    connection = Connection("L0SM9cOFvHcCIhw=", "https://sockets", ADA, NOW)
    world.ports.access.put_connection(connection)
    world.ports.access.close_connection(connection.id)
    assert stale(world, NOW + MILLISECOND) == [connection.id]
    assert world.ports.access.close_connection(connection.id) == connection
    world.ports.access.forget_connection(connection.id)
    assert stale(world, NOW + MILLISECOND) == []
    assert world.ports.access.close_connection(connection.id) is None
    with pytest.raises(Unauthenticated):
        world.ports.access.see_connection(connection)


def stale(world: World, at: datetime) -> list[str]:
    return [due.id for due in world.conversations.due("stale", at)]


def test_a_socket_is_stale_when_it_gave_no_sign_of_life_for_long(world: World) -> None:
    connection = Connection("L0SM9cOFvHcCIhw=", "https://sockets", ADA, NOW)
    world.ports.access.put_connection(connection)
    limit = NOW + STALE_AFTER
    assert stale(world, limit) == []
    assert stale(world, limit + MILLISECOND) == [connection.id]
    world.ports.access.see_connection(replace(connection, seen_at=NOW + SECOND))
    assert world.ports.access.connection(connection.id).seen_at == NOW + SECOND
    assert stale(world, limit + MILLISECOND) == []
    assert stale(world, limit + SECOND + MILLISECOND) == [connection.id]
    world.ports.access.forget_connection(connection.id)
    assert stale(world, limit + SECOND + MILLISECOND) == []
