"""One socket to the desk, on the ``websockets`` library."""

import json
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from clients.python.answers import Json, Refused

PATIENCE = 30.0
"""Seconds after which a missing answer is a failure."""

CLOSING_LASTS = 2.0
"""Seconds in which the server may answer a close frame."""


class WebSocket:
    """One socket. ``on_frame`` and ``on_close`` are called in the thread that reads."""

    def __init__(
        self, url: str, on_frame: Callable[[Json], None], on_close: Callable[[], None]
    ) -> None:
        self._on_frame = on_frame
        self._on_close = on_close
        self.closed = threading.Event()
        self._connection = _open(url)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def close_code(self) -> int | None:
        """The code of the close frame; 1006 without one, None while the socket is open."""
        return self._connection.close_code

    def send(self, frame: Json) -> None:
        """Send one frame. Raises ConnectionError when the socket is closed."""
        # Escaped, an emoji would take three times the room that a frame has for it.
        self.send_raw(json.dumps(frame, ensure_ascii=False))

    def send_raw(self, content: str | bytes) -> None:
        """Send any frame, text or binary. Raises ConnectionError when the socket is closed."""
        try:
            self._connection.send(content)
        except (ConnectionClosed, OSError) as error:
            raise ConnectionError("the socket is closed") from error

    def close(self) -> None:
        """Close in order: a close frame, and the server's answer to it."""
        self._connection.close()
        self._finish()

    def drop(self) -> None:
        """Break the connection off, without a close frame."""
        linger = struct.pack("ii", 1, 0)
        with suppress(OSError):
            self._connection.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._connection.close_socket()
        self._finish()

    def _finish(self) -> None:
        if threading.current_thread() is not self._reader:
            self._reader.join(PATIENCE)
        self.closed.set()

    def _read(self) -> None:
        try:
            for content in self._connection:
                frame = _frame(content)
                if frame is not None:
                    self._on_frame(frame)
        except ConnectionClosed:
            # The socket ended without a close frame, or the close frame told of an error.
            pass
        finally:
            self.closed.set()
            self._on_close()


def _open(url: str) -> ClientConnection:
    """An open socket. Raises Refused and OSError."""
    try:
        return connect(
            url,
            # It lives longer than a `with` block could.
            legacy=True,
            open_timeout=PATIENCE,
            close_timeout=CLOSING_LASTS,
            # API Gateway neither compresses nor bounds what it sends. Commands keep it open.
            compression=None,
            max_size=None,
            ping_interval=None,
            proxy=None,
        )
    except InvalidStatus as error:
        status = error.response.status_code
        raise Refused(status, "socket_refused", "The socket was not opened.") from error
    except InvalidHandshake as error:
        raise ConnectionError("the server speaks no WebSocket") from error


def _frame(content: str | bytes) -> Json | None:
    """A frame of ours. When a function fails, the gateway says so in words of its own."""
    try:
        frame = json.loads(content)
    except ValueError:
        return None
    return frame if isinstance(frame, dict) and "type" in frame else None
