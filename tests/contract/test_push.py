"""Frames to sockets: the gateway of the tests, and API Gateway's client."""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from threading import Barrier
from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from moto import mock_aws

from chalicelib.adapters.push import SideBySide, SocketPush, in_turn
from chalicelib.domain.notices import Done, Notice, Parcel
from proof import fakes

ENDPOINT = "https://sockets.execute-api.us-east-1.amazonaws.com"
OTHER_ENDPOINT = "https://others.execute-api.us-east-1.amazonaws.com"


class Case(ABC):
    """A gateway, what was posted to it, and who is gone from it."""

    @abstractmethod
    def make_client(self, endpoint: str) -> Any: ...

    @abstractmethod
    def hang_up(self, connection_id: str) -> None: ...

    @abstractmethod
    def frames(self, connection_id: str) -> list[Any]: ...

    @abstractmethod
    def closed(self) -> list[str]: ...


class FakeCase(Case):
    def __init__(self) -> None:
        self._gateway = fakes.Gateway()

    def make_client(self, endpoint: str) -> Any:  # noqa: ARG002 - one gateway has every endpoint
        return self._gateway

    def hang_up(self, connection_id: str) -> None:
        self._gateway.gone.add(connection_id)

    def frames(self, connection_id: str) -> list[Any]:
        return self._gateway.frames[connection_id]

    def closed(self) -> list[str]:
        return self._gateway.closed


class BotocoreCase(Case):
    """Requests are seen where they leave; 410 comes as it comes over the wire."""

    def __init__(self) -> None:
        self._session = botocore.session.get_session()
        self._gone: set[str] = set()
        self._posted: list[tuple[str, bytes]] = []
        self._closed: list[str] = []

    def make_client(self, endpoint: str) -> Any:
        client = self._session.create_client(
            "apigatewaymanagementapi",
            endpoint_url=endpoint,
            config=Config(retries={"mode": "standard", "total_max_attempts": 1}),
        )
        client.meta.events.register_first("before-send", self._see)
        return client

    def hang_up(self, connection_id: str) -> None:
        self._gone.add(connection_id)

    def frames(self, connection_id: str) -> list[Any]:
        return [json.loads(data) for id, data in self._posted if id == connection_id]

    def closed(self) -> list[str]:
        return self._closed

    def _see(self, request: Any, **_: Any) -> AWSResponse | None:
        connection_id = request.url.rpartition("/@connections/")[2]
        if connection_id in self._gone:
            headers = {"x-amzn-ErrorType": "GoneException"}
            return AWSResponse(request.url, 410, headers, _Body())
        if request.method == "DELETE":
            self._closed.append(connection_id)
            self._gone.add(connection_id)
            return AWSResponse(request.url, 204, {}, _Body())
        self._posted.append((connection_id, request.body))
        return None


class _Body:
    def stream(self) -> Iterator[bytes]:
        yield b"{}"


@pytest.fixture(params=[FakeCase, BotocoreCase])
def case(request: pytest.FixtureRequest) -> Iterator[Case]:
    with mock_aws():
        yield request.param()


@pytest.fixture(params=[in_turn, SideBySide(4)])
def push(request: pytest.FixtureRequest, case: Case) -> SocketPush:
    return SocketPush(case.make_client, request.param)


def parcel(connection_id: str, ref: str, endpoint: str = ENDPOINT) -> Parcel:
    notice: Notice = Done(ref)
    return Parcel(connection_id, endpoint, notice)


def refs(case: Case, connection_id: str) -> list[str]:
    return [frame["ref"] for frame in case.frames(connection_id)]


def test_frames_arrive_in_order_at_their_sockets(case: Case, push: SocketPush) -> None:
    gone = push.send([parcel("a", "1"), parcel("b", "2"), parcel("a", "3", OTHER_ENDPOINT)])
    assert gone == set()
    assert refs(case, "a") == ["1", "3"]
    assert refs(case, "b") == ["2"]


def test_frames_are_json(case: Case) -> None:
    SocketPush(case.make_client).send([parcel("a", "é 🚲 \u2028")])
    (frame,) = case.frames("a")
    assert (frame["type"], frame["ref"]) == ("ok", "é 🚲 \u2028")


def test_who_is_gone_is_told_of_once_and_left_alone(case: Case, push: SocketPush) -> None:
    case.hang_up("a")
    assert push.send([parcel("a", "1"), parcel("b", "2"), parcel("a", "3")]) == {"a"}
    assert refs(case, "a") == []
    assert refs(case, "b") == ["2"]


def test_a_socket_is_ended_once_and_others_stay(case: Case) -> None:
    push = SocketPush(case.make_client)
    push.close("a", ENDPOINT)
    push.close("a", ENDPOINT)
    assert case.closed() == ["a"]
    assert push.send([parcel("a", "1"), parcel("b", "2")]) == {"a"}
    assert refs(case, "b") == ["2"]


def test_nothing_to_send_is_nothing_sent(push: SocketPush) -> None:
    assert push.send([]) == set()


def test_what_fails_otherwise_is_not_gone() -> None:
    """Push is best effort: a throttled or broken gateway loses a frame and no connection."""

    class BrokenCase(BotocoreCase):
        def _see(self, request: Any, **_: Any) -> AWSResponse | None:
            headers = {"x-amzn-ErrorType": "LimitExceededException"}
            return AWSResponse(request.url, 429, headers, _Body())

    push = SocketPush(BrokenCase().make_client)
    assert push.send([parcel("a", "1")]) == set()
    push.close("a", ENDPOINT)


def test_many_sockets_get_their_frames_side_by_side() -> None:
    """Each post ends only when all others have begun."""
    windows = 24
    all_have_begun = Barrier(windows)

    class SlowGateway(fakes.Gateway):
        def post_to_connection(self, *, ConnectionId: str, Data: bytes) -> None:  # noqa: N803
            all_have_begun.wait(30)
            super().post_to_connection(ConnectionId=ConnectionId, Data=Data)

    gateway = SlowGateway()
    push = SocketPush(lambda _endpoint: gateway, SideBySide(windows))
    assert push.send(parcel(f"w{number}", "1") for number in range(windows)) == set()
    assert sorted(gateway.frames) == sorted(f"w{number}" for number in range(windows))


def test_a_fault_of_our_own_is_seen_from_whichever_thread() -> None:
    class FaultyGateway(fakes.Gateway):
        def post_to_connection(self, **_: object) -> None:
            raise ZeroDivisionError

    push = SocketPush(lambda _endpoint: FaultyGateway(), SideBySide(2))
    with pytest.raises(ZeroDivisionError):
        push.send([parcel("a", "1"), parcel("b", "2")])
