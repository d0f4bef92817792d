"""A client as it is built, in a browser, with everything behind it answered by the test."""

import json
import mimetypes
import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, WebSocketRoute

Json = dict[str, Any]


class BuiltClient:
    """Serves the built files at an address, and takes what the client asks and sends."""

    address: str
    """Where the client is, with a slash at its end."""

    def __init__(self, page: Page, built: Path) -> None:
        self.page = page
        self.built = built
        self.sockets: list[WebSocketRoute] = []
        self.answers = True
        """Whether there is a way to the server."""
        host = re.escape(urlsplit(self.address).netloc)
        page.route(self.address + "**", self._answer)
        page.route_web_socket(re.compile(f"wss://{host}/.*"), self._connect)

    @property
    def _config(self) -> Json:
        """What the client reads first."""
        raise NotImplementedError

    def _request(self, route: Route, path: str) -> None:
        """Answer a request to one of our services; its path has no slash in front."""
        raise NotImplementedError

    def _receive(self, socket: WebSocketRoute, command: Json) -> None:
        """Take a command that came over a socket."""
        raise NotImplementedError

    def _remember(self, storage: str, key: str, value: Json) -> None:
        """Put something into the browser's storage, as an earlier page would have."""
        self.page.goto(self.address + "nothing")
        self.page.evaluate(
            "([storage, key, value]) => window[storage].setItem(key, value)",
            [storage, key, json.dumps(value)],
        )

    def _push(self, socket: WebSocketRoute, frame: Json) -> None:
        socket.send(json.dumps(frame))

    def _synced(self, socket: WebSocketRoute, ref: str, **given: Any) -> None:
        frame = {"type": "synced", "ref": ref, "version": 1, "positions": {}, "agent": None}
        self._push(socket, {**frame, **given})

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path.lstrip("/")
        if path == "config.json":
            route.fulfill(json=self._config)
        elif not path.startswith(("api/", "cognito")):
            self._file(route, path)
        elif self.answers:
            self._request(route, path)
        else:
            route.abort()

    def _file(self, route: Route, path: str) -> None:
        file = self.built / (path or "index.html")
        if not file.is_file():
            route.fulfill(status=404, body="There is nothing here.")
            return
        kind, _ = mimetypes.guess_type(file.name)
        route.fulfill(body=file.read_bytes(), content_type=kind or "text/html")

    def _connect(self, socket: WebSocketRoute) -> None:
        if not self.answers:
            socket.close()
            return
        self.sockets.append(socket)
        socket.on_message(lambda text: self._receive(socket, json.loads(text)))


def message_sent(seq: int, at: str, message_id: str, sender: Json, text: str) -> Json:
    """The event in which somebody wrote."""
    return {
        "type": "message.sent",
        "seq": seq,
        "at": at,
        "message_id": message_id,
        "sender": sender,
        "text": text,
        "delivery": None,
    }
