"""The stand-in for CloudFront: serves the web clients from their bucket."""

import gzip
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import unquote, urlsplit

from botocore.exceptions import BotoCoreError, ClientError

_COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg")
WIDGET_HEADERS = {
    "Cross-Origin-Resource-Policy": "cross-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
}
"""What the policy WidgetHeaders of the template adds: isolated pages refuse frames without."""

_REDIRECTS = {"/": "/desktop/", "/desktop": "/desktop/"}


class Edge:
    """A small web server, in a thread of its own."""

    def __init__(self, port: int, s3: Any, bucket: str) -> None:
        handler = type("Handler", (_Handler,), {"s3": s3, "bucket": bucket})
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, name="edge", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    s3: ClassVar[Any]
    bucket: ClassVar[str]

    def do_GET(self) -> None:
        self._serve()

    def do_HEAD(self) -> None:
        self._serve()

    def log_message(self, format: str, *args: object) -> None:
        """Stay silent: the terminal shows the stack's own lines."""

    def _serve(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path in _REDIRECTS:
            self._answer(HTTPStatus.FOUND, b"", {"Location": _REDIRECTS[path]})
            return
        key = (f"{path}index.html" if path.endswith("/") else path).lstrip("/")
        try:
            found = self.s3.get_object(Bucket=self.bucket, Key=key)
            body = found["Body"].read()
        except ClientError as error:
            missing = error.response["Error"]["Code"] in ("NoSuchKey", "404")
            status = HTTPStatus.NOT_FOUND if missing else HTTPStatus.BAD_GATEWAY
            self._answer(status, b"Not found\n", {"Content-Type": "text/plain"})
            return
        except BotoCoreError:
            self._answer(HTTPStatus.BAD_GATEWAY, b"", {})
            return
        self._send_object(found, body)

    def _send_object(self, found: dict[str, Any], body: bytes) -> None:
        headers = {
            "Content-Type": found["ContentType"],
            "Cache-Control": found.get("CacheControl", "no-cache"),
            "ETag": found["ETag"],
            "Vary": "Accept-Encoding",
        }
        if self.headers.get("If-None-Match") == found["ETag"]:
            self._answer(HTTPStatus.NOT_MODIFIED, b"", headers)
            return
        if self._takes_gzip() and found["ContentType"].startswith(_COMPRESSED):
            body = gzip.compress(body)
            headers["Content-Encoding"] = "gzip"
        self._answer(HTTPStatus.OK, body, headers)

    def _takes_gzip(self) -> bool:
        return "gzip" in self.headers.get("Accept-Encoding", "")

    def _answer(self, status: HTTPStatus, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        # As the distribution: the loader runs on pages of other origins.
        self.send_header("Access-Control-Allow-Origin", "*")
        for name, value in WIDGET_HEADERS.items() if self.path.startswith("/widget/") else ():
            self.send_header(name, value)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD" and status != HTTPStatus.NOT_MODIFIED:
            self.wfile.write(body)
