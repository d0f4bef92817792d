"""How much may be asked for: starts of conversations, commands, requests and windows."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from chalicelib.adapters.pacing import MOST_CLIENTS, WorkersPacing
from chalicelib.domain import limits
from chalicelib.domain.agent import MOST_WINDOWS
from chalicelib.domain.conversation import MOST_SOCKETS
from chalicelib.domain.errors import TooMany
from chalicelib.domain.pace import CUSTOMER_PACE, SOCKET_PACE
from proof.desk import ANSWERS, DEMO_QUEUE, Desk
from proof.fakes import Json
from proof.people import Customer, Socket

HERE, THERE = "192.0.2.1", "192.0.2.2"


def start(desk: Desk, number: int, source: str = HERE, token: str | None = None) -> tuple[int, Any]:
    start_id = f"start-id-of-more-than-22-characters-{number}"
    return desk.start(ANSWERS, start_id=start_id, source=source, token=token)


def allow(desk: Desk, **limits: int) -> None:
    """Nothing is limited but this."""
    off = {"starts_per_address": 0, "starts_per_customer": 0, "starts_per_queue": 0}
    desk.queues.put(replace(DEMO_QUEUE, **{**off, **limits}))
    desk.pass_time(61)


def refused(reply: tuple[int, Json]) -> int:
    """The seconds that a refused start has to wait."""
    status, body = reply
    assert (status, body["error"]["code"]) == (429, "too_many")
    return int(body["error"]["retry_after"])


def test_an_address_starts_ten_conversations_in_ten_minutes(desk: Desk) -> None:
    for number in range(10):
        assert start(desk, number)[0] == 201
    before = desk.stored()
    seconds = refused(start(desk, 10))
    assert desk.stored() == before
    assert 0 < seconds <= 600
    assert start(desk, 10, THERE)[0] == 201
    desk.pass_time(seconds - 1)
    refused(start(desk, 11))
    desk.pass_time(1)
    assert start(desk, 11)[0] == 201


def test_the_reply_names_the_time_in_its_header_too(desk: Desk) -> None:
    allow(desk, starts_per_address=1)
    start(desk, 0)
    body = '{"start_id": "start-id-of-more-than-22-characters", "queue_id": "demo", "answers": %s}'
    answers = '{"name": "Ada", "email": "ada@example.com", "message": "Hello"}'
    headers = {"content-type": "application/json", "x-forwarded-for": "203.0.113.9"}
    reply = desk.request("POST", "/widget/conversations", body % answers, headers, {}, source=HERE)
    assert reply["statusCode"] == 429
    assert int(reply["headers"]["Retry-After"]) > 0
    assert "Retry-After" in reply["headers"]["Access-Control-Expose-Headers"]


def test_a_customer_starts_five_conversations_in_ten_minutes(desk: Desk) -> None:
    """Whatever network they come from."""
    customer = desk.customer()
    customer.end()
    for number in range(5):
        status, body = start(desk, number, f"192.0.2.{number}", customer.token)
        assert status == 201
        customer.id = body["conversation"]["conversation_id"]
        customer.end()
    refused(start(desk, 5, THERE, customer.token))
    assert start(desk, 6, THERE)[0] == 201


def test_a_customer_whose_conversation_is_open_starts_none(desk: Desk) -> None:
    allow(desk, starts_per_customer=1)
    customer = desk.customer()
    for number in range(4):
        assert start(desk, number, token=customer.token)[0] == 201
    assert len(customer.texts) == 5


def test_a_queue_takes_so_many_in_ten_minutes_whoever_starts_them(desk: Desk) -> None:
    allow(desk, starts_per_queue=3)
    for number in range(3):
        assert start(desk, number, f"192.0.2.{number}")[0] == 201
    refused(start(desk, 3, "192.0.2.3"))


def test_a_large_limit_of_a_queue_is_counted_in_parts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that those who start at once do not write the same item."""
    monkeypatch.setattr(limits, "LEAST_OF_PART", 3)
    allow(desk, starts_per_queue=6)
    statuses = [start(desk, number, f"192.0.2.{number}")[0] for number in range(12)]
    assert desk.stored().count('"STARTS"') == 2
    assert 3 <= statuses.count(201) <= 6
    assert set(statuses) == {201, 429}


@pytest.mark.parametrize("limit", ["starts_per_address", "starts_per_customer", "starts_per_queue"])
def test_a_repeated_start_is_never_refused_and_never_counts_twice(desk: Desk, limit: str) -> None:
    allow(desk, **{limit: 2})
    token = None
    if limit == "starts_per_customer":
        customer = desk.customer()
        customer.end()
        token = customer.token
    _, first = start(desk, 0, token=token)
    for _ in range(5):
        assert start(desk, 0, token=token)[0] == 201
    if token is not None:
        customer.id = first["conversation"]["conversation_id"]
        customer.end()
    _, second = start(desk, 1, token=token)
    assert second["conversation"]["conversation_id"] != first["conversation"]["conversation_id"]
    status, again = start(desk, 1, token=token)
    assert (status, again["conversation"]) == (201, second["conversation"])
    if token is not None:
        customer.id = second["conversation"]["conversation_id"]
        customer.end()
    refused(start(desk, 2, token=token))


def test_a_start_that_was_cut_off_is_found_again_where_nothing_more_may_start(desk: Desk) -> None:
    allow(desk, starts_per_address=1)
    desk.ready_agent()
    with desk.crash_before(desk.ports.agents, "free"):
        start(desk, 0)
    refused(start(desk, 1))
    assert start(desk, 0)[0] == 201


def test_a_repeat_is_found_where_nothing_but_the_count_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DynamoDB does not promise to name all conditions that fail."""

    def only_the_count(*_: object) -> None:
        raise TooMany("Too many.", 60)

    customer = desk.customer(start_id="start-id-of-more-than-22-characters-0")
    monkeypatch.setattr(desk.ports.conversations, "begin", only_the_count)
    status, body = start(desk, 0)
    assert (status, body["conversation"]["conversation_id"]) == (201, customer.id)
    refused(start(desk, 1))


def test_of_two_starts_at_once_one_uses_up_the_last_place(desk: Desk) -> None:
    allow(desk, starts_per_address=1)
    replies = []
    desk.meanwhile(desk.ports.conversations, "begin", lambda: replies.append(start(desk, 0)))
    replies.append(start(desk, 1))
    assert sorted(status for status, _ in replies) == [201, 429]


def test_a_neighbour_in_the_same_ipv6_network_is_the_same_address(desk: Desk) -> None:
    allow(desk, starts_per_address=1)
    assert start(desk, 0, "2001:db8:0:1::1")[0] == 201
    refused(start(desk, 1, "2001:db8:0:1:ffff::2"))
    assert start(desk, 2, "2001:db8:0:2::1")[0] == 201
    assert start(desk, 3, "::ffff:192.0.2.7")[0] == 201
    refused(start(desk, 4, "192.0.2.7"))


def test_no_address_is_stored(desk: Desk) -> None:
    start(desk, 0, "192.0.2.123")
    assert "192.0.2.123" not in desk.stored()
    hashes = {
        limits.source_of("192.0.2.123", secret)
        for secret in ("", "another installation", desk.settings.installation_id)
    }
    assert len(hashes) == 3
    assert not any(known in desk.stored() for known in hashes)


def test_what_is_wrong_counts_for_nothing(desk: Desk) -> None:
    allow(desk, starts_per_address=1)
    for _ in range(3):
        start_id = "start-id-of-more-than-22-characters-wrong"
        assert desk.start({"name": "Ada"}, start_id=start_id, source=HERE)[0] == 422
        status, _ = desk.start(ANSWERS, start_id=start_id, queue_id="none", source=HERE)
        assert status == 404
    assert start(desk, 0)[0] == 201


def test_texts_are_never_limited(desk: Desk) -> None:
    allow(desk, starts_per_queue=1, starts_per_address=1, starts_per_customer=1)
    for number in range(4):
        assert desk.text(f"+1555010{number:04d}", "Hello")[0] == 200


def test_zero_is_no_limit(desk: Desk) -> None:
    allow(desk)
    for number in range(12):
        assert start(desk, number)[0] == 201
    assert '"STARTS"' not in desk.stored()


# Commands on a socket


def sync_all(socket: Socket, number: int) -> list[str]:
    """What so many heartbeats are answered with."""
    return [answer.get("error", {}).get("code", "ok") for answer in map_sync(socket, number)]


def map_sync(socket: Socket, number: int) -> list[Json]:
    return [socket.sync() for _ in range(number)]


def test_a_socket_that_sends_too_much_is_told_when_to_go_on(desk: Desk) -> None:
    agent = desk.agent()
    burst = SOCKET_PACE.burst - 1
    assert set(sync_all(agent.socket, burst)) == {"ok"}
    answer = agent.socket.sync()
    assert answer["error"]["code"] == "too_many"
    seconds = answer["error"]["retry_after"]
    assert desk.gateway.closed == []
    desk.pass_time(seconds)
    assert agent.socket.sync()["type"] == "synced"


def test_what_was_too_much_changes_nothing_and_can_be_done_later(desk: Desk) -> None:
    customer = desk.customer()
    agent = desk.ready_agent()
    agent.accept()
    while (answer := agent.socket.sync())["type"] == "synced":
        pass
    before = desk.stored()
    refused = agent.say(customer.id, "Hello", "message-1")
    assert refused["error"]["code"] == "too_many"
    assert desk.stored() == before
    desk.pass_time(answer["error"]["retry_after"] + 1)
    assert agent.say(customer.id, "Hello", "message-1")["type"] == "ok"
    assert customer.texts == ["Where is my bike?", "Hello"]


def test_a_socket_that_pays_no_heed_is_ended(desk: Desk) -> None:
    """Whatever it sends; others are left alone."""
    customer, agent = desk.customer(), desk.agent()
    for _ in range(3 * SOCKET_PACE.burst):
        desk.socket_event("MESSAGE", customer.socket.id, body="garbage")
        if desk.gateway.closed:
            break
    assert desk.gateway.closed == [customer.socket.id]
    frames = len(customer.socket.frames)
    for _ in range(10):
        desk.socket_event("MESSAGE", customer.socket.id, body="garbage")
    assert len(customer.socket.frames) == frames
    assert agent.socket.sync()["type"] == "synced"


def test_another_worker_counts_for_itself(desk: Desk) -> None:
    """The bound of one socket is that of a worker, times the workers that serve it."""
    first, second = WorkersPacing(desk.clock), WorkersPacing(desk.clock)
    for _ in range(SOCKET_PACE.burst):
        assert first.take("socket", SOCKET_PACE)
    with pytest.raises(TooMany):
        first.take("socket", SOCKET_PACE)
    assert second.take("socket", SOCKET_PACE)


def test_a_worker_remembers_a_thousand_clients(desk: Desk) -> None:
    pacing = WorkersPacing(desk.clock)
    for number in range(3 * MOST_CLIENTS):
        pacing.take(f"client {number}", SOCKET_PACE)
    assert len(pacing._buckets) == MOST_CLIENTS


# Requests of a customer


@pytest.mark.parametrize("path", ["/messages", "/socket-tickets"])
def test_a_customer_who_asks_too_fast_has_to_wait(desk: Desk, path: str) -> None:
    customer, other = desk.customer(), desk.customer()
    method = "GET" if path == "/messages" else "POST"
    replies = [customer.rest(method, path) for _ in range(CUSTOMER_PACE.burst + 1)]
    assert {status for status, _ in replies[:-1]} <= {200, 201}
    seconds = refused(replies[-1])
    before = desk.stored()
    refused(customer.say("Hello"))
    assert desk.stored() == before
    assert other.say("Hello")[0] == 201
    desk.pass_time(seconds + 1)
    assert customer.say("Hello")[0] == 201


def test_whoever_has_no_good_token_uses_up_nobodys_requests(desk: Desk) -> None:
    customer = desk.customer()
    stranger = customer.token.partition(".")[0] + ".wrong"
    for _ in range(2 * CUSTOMER_PACE.burst):
        path = f"/widget/conversations/{customer.id}/messages"
        status, _ = desk.rest("GET", path, token=stranger)
        assert status in (401, 429)
    assert customer.say("Hello")[0] == 201


# Windows that have to make room


def test_the_oldest_of_too_many_windows_is_ended(desk: Desk) -> None:
    for person in (desk.agent(), desk.customer()):
        windows = [person.socket, *(person.open_window() for _ in range(14))]
        ended = desk.gateway.closed[-3:]
        assert ended == [window.id for window in windows[:3]]
        for window in windows[:3]:
            told = window.frames[-1]
            assert (told["type"], told["ref"]) == ("error", None)
            assert told["error"]["code"] == "too_many"
            assert told["error"]["retry_after"] > 0
            desk.socket_event("DISCONNECT", window.id)
        assert windows[-1].sync()["type"] == "synced"
    assert len(desk.gateway.closed) == 6


def test_a_window_that_made_room_does_not_come_back_where_it_was_not_hung_up_on(
    desk: Desk,
) -> None:
    """Else the oldest window would crowd out another one with its next heartbeat."""
    agent = desk.agent()
    windows = [agent.socket, *(agent.open_window() for _ in range(MOST_WINDOWS - 1))]
    with desk.crash_before(desk.ports.push, "close"):
        agent.open_window()
    assert windows[0].id not in agent.state.sockets
    registered = set(agent.state.sockets)
    desk.socket_event("MESSAGE", windows[0].id, body='{"type": "sync", "ref": "r1"}')
    assert set(agent.state.sockets) == registered
    assert windows[0].frames[-1]["error"]["code"] == "too_many"
    assert desk.gateway.closed == [windows[0].id]


def test_customers_windows_that_open_in_the_same_moment_are_as_many(desk: Desk) -> None:
    customer = desk.customer()
    windows = [customer.socket, *(customer.open_window() for _ in range(10))]
    for _ in range(3):
        overtaking = partial(_open, customer, windows)
        desk.meanwhile(desk.ports.conversations, "attach", overtaking)
    _open(customer, windows)
    registered = desk.ports.conversations.get(customer.id).sockets
    assert len(registered) == MOST_SOCKETS
    assert desk.gateway.closed == [window.id for window in windows if window.id not in registered]


def _open(customer: Customer, windows: list[Socket]) -> None:
    windows.append(customer.open_window())
