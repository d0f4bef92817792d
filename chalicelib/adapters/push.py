"""Frames to live sockets, through API Gateway's management endpoint."""

import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from functools import partial
from typing import Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from chalicelib.domain.notices import Parcel
from chalicelib.protocol.frames import frame_of

logger = logging.getLogger(__name__)


AtOnce = Callable[[Sequence[Callable[[], None]]], None]
"""Does some things, in any order or side by side."""

DEADLINE = 4.0
"""Seconds in which all frames of one step leave. A slower socket gets its frame without us."""


def in_turn(things: Sequence[Callable[[], None]]) -> None:
    """One after another."""
    for thing in things:
        thing()


class SideBySide:
    """In threads, which are kept for the next time."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="push")

    def __call__(self, things: Sequence[Callable[[], None]]) -> None:
        """Do the last of them here: one alone needs no thread."""
        if not things:
            return
        begun = [self._threads.submit(thing) for thing in things[:-1]]
        things[-1]()
        for done in wait(begun, DEADLINE).done:
            done.result()


class SocketPush:
    """The port ``Push``. One client for each endpoint, made when it is first needed."""

    def __init__(self, make_client: Callable[[str], Any], at_once: AtOnce = in_turn) -> None:
        self._make_client = make_client
        self._at_once = at_once
        self._clients: dict[str, Any] = {}

    def send(self, parcels: Iterable[Parcel]) -> set[str]:
        """Send each parcel once, best effort; the connections that turned out to be gone.

        Sockets are independent of each other; each gets its parcels in order.
        """
        by_socket: dict[str, list[Parcel]] = defaultdict(list)
        for parcel in parcels:
            self._client(parcel.endpoint)
            by_socket[parcel.connection_id].append(parcel)
        gone: set[str] = set()
        self._at_once([partial(self._post_all, of_one, gone) for of_one in by_socket.values()])
        return set(gone)

    def close(self, connection_id: str, endpoint: str) -> None:
        """End a socket, best effort. It is forgotten when API Gateway tells that it is gone."""
        client = self._client(endpoint)
        try:
            client.delete_connection(ConnectionId=connection_id)
        except client.exceptions.GoneException:
            return
        except (BotoCoreError, ClientError) as error:
            logger.warning("A socket was not closed: %s", type(error).__name__)

    def _post_all(self, parcels: list[Parcel], gone: set[str]) -> None:
        """Send a socket its parcels, and note it when it is gone."""
        if not all(map(self._post, parcels)):
            gone.add(parcels[0].connection_id)

    def _post(self, parcel: Parcel) -> bool:
        """Whether the connection is still there, as far as one can tell."""
        client = self._client(parcel.endpoint)
        data = msgspec.json.encode(frame_of(parcel.notice))
        try:
            client.post_to_connection(ConnectionId=parcel.connection_id, Data=data)
        except client.exceptions.GoneException:
            return False
        except (BotoCoreError, ClientError) as error:
            logger.warning("A frame was not delivered: %s", type(error).__name__)
        return True

    def _client(self, endpoint: str) -> Any:
        if endpoint not in self._clients:
            self._clients[endpoint] = self._make_client(endpoint)
        return self._clients[endpoint]
