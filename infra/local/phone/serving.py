"""Serving a WSGI application on this machine only, until told to stop."""

import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from wsgiref.types import WSGIApplication

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

HOST = "127.0.0.1"


class PortBusyError(Exception):
    """Another process listens on the port."""


class _QuietHandler(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing about requests that went through; errors are still logged."""


class LocalServer:
    """A threaded HTTP server on 127.0.0.1. It owns its port from the moment it is made."""

    def __init__(self, port: int) -> None:
        self._socket = _listen(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://localhost:{self.port}"

    def run(self, application: WSGIApplication) -> None:
        """Serve on this thread until SIGTERM or Ctrl-C."""
        signal.signal(signal.SIGTERM, _exit)
        self._make(application).serve_forever(poll_interval=60)

    def start(self, application: WSGIApplication) -> Callable[[], None]:
        """Serve on a thread of its own; return the function that stops it."""
        server = self._make(application)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()

        def stop() -> None:
            server.shutdown()
            thread.join()

        return stop

    def _make(self, application: WSGIApplication) -> BaseWSGIServer:
        fd = self._socket.fileno()
        server = make_server(
            HOST, self.port, application, threaded=True, request_handler=_QuietHandler, fd=fd
        )
        self._socket.close()
        return server


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise PortBusyError(f"cannot listen on {HOST}:{port}: {error.strerror}") from error
    return listener


def _exit(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)
