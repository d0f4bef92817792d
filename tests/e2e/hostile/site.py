"""Serves the pages from another site than the desk: ``localhost`` is not ``127.0.0.1``."""

import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar
from urllib.parse import urlsplit

from tests.e2e.hostile.pages import HostilePage


class Site:
    """Each page is at ``/name``, and the one that its customer visits next at ``/name/next``."""

    def __init__(self, port: int, desk_url: str, pages: dict[str, HostilePage]) -> None:
        self.url = f"http://localhost:{port}"
        settings = {"desk_url": desk_url, "pages": pages, "port": port}
        self._server = ThreadingHTTPServer(("127.0.0.1", port), type("H", (_Handler,), settings))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    desk_url: ClassVar[str]
    pages: ClassVar[dict[str, HostilePage]]
    port: ClassVar[int]

    def do_GET(self) -> None:
        name = urlsplit(self.path).path.strip("/").split("/")[0]
        page = self.pages.get(name)
        content = page.content(self.desk_url, self.port).encode() if page else b""
        self.send_response(HTTPStatus.OK if page else HTTPStatus.NOT_FOUND)
        self.send_header("Content-Type", page.kind if page else "text/plain")
        self.send_header("Content-Length", str(len(content)))
        for header, value in (page.headers if page else {}).items():
            self.send_header(header, value.replace("DESK", self.desk_url))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent."""
