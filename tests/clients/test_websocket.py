"""One socket of the reference client, against a server of the same library."""

import json
import threading
from collections.abc import Iterator
from http import HTTPStatus
from queue import Queue

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.sync.server import ServerConnection, serve

from clients.python import Refused
from clients.python.answers import Json
from clients.python.websocket import WebSocket

PATIENCE = 10


class Server:
    """Echoes frames, and tells with which close frame each socket ended."""

    def __init__(self) -> None:
        self.ends: Queue[int | None] = Queue()
        self._server = serve(self._handle, "127.0.0.1", 0, process_request=_refuse_strangers)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()

    def _handle(self, socket: ServerConnection) -> None:
        try:
            for content in socket:
                socket.send(content)
        except ConnectionClosed as closed:
            self.ends.put(closed.rcvd.code if closed.rcvd else None)
        else:
            self.ends.put(1000)


def _refuse_strangers(socket: ServerConnection, request: Request) -> Response | None:
    is_known = request.path.endswith("ticket=good")
    return None if is_known else socket.respond(HTTPStatus.FORBIDDEN, "")


class Window:
    """What holds a socket and hears from it."""

    def __init__(self, server: Server, ticket: str = "good") -> None:
        self.frames: Queue[Json] = Queue()
        self.is_told = threading.Event()
        url = f"{server.url}/?ticket={ticket}"
        self.socket = WebSocket(url, self.frames.put, self.is_told.set)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.stop()


def test_frames_go_both_ways_and_words_of_the_gateway_are_skipped(server: Server) -> None:
    window = Window(server)
    window.socket.send_raw("Internal server error")
    window.socket.send_raw(json.dumps({"message": "no frame of ours"}))
    window.socket.send({"type": "sync", "ref": "👋"})
    assert window.frames.get(timeout=PATIENCE) == {"type": "sync", "ref": "👋"}
    window.socket.close()


def test_it_closes_in_order(server: Server) -> None:
    window = Window(server)
    window.socket.close()
    assert server.ends.get(timeout=PATIENCE) == 1000
    assert window.socket.closed.is_set()
    assert window.is_told.is_set()
    with pytest.raises(ConnectionError):
        window.socket.send({"type": "sync"})


def test_it_breaks_off_without_a_close_frame(server: Server) -> None:
    window = Window(server)
    window.socket.drop()
    assert server.ends.get(timeout=PATIENCE) is None
    assert window.is_told.is_set()
    with pytest.raises(ConnectionError):
        window.socket.send({"type": "sync"})


def test_a_refusal_has_the_status(server: Server) -> None:
    with pytest.raises(Refused) as caught:
        Window(server, ticket="stale")
    assert caught.value.status == HTTPStatus.FORBIDDEN
